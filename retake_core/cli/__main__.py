"""The `retake` command. Exits 0 on success, 2 on a user's error, 130 on Ctrl+C, 1 on a defect of its own."""

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from retake_core import __version__
from retake_core.cli.context import Context, cancel_on_signal, with_options
from retake_core.cli.export import export_group
from retake_core.cli.library import backup, doctor, remove, restore
from retake_core.cli.models import models
from retake_core.cli.search import search, searches
from retake_core.cli.show import basics
from retake_core.cli.transcript import transcript
from retake_core.data_dir import absolute, printable, readable
from retake_core.errors import Cancelled, UserError
from retake_core.media.video_file import FoundFile
from retake_core.protocol.indexing_events import CancelToken
from retake_core.system.writer_lock import only_writer

log = logging.getLogger(__name__)


def _command(function: Callable[..., None]) -> click.Command:
    return commands.command()(with_options(function))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="retake")
def commands() -> None:
    """Find moments in folders of videos, and ask about them. Everything stays on this computer."""


@_command
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--thorough", is_flag=True, help="Decode every second, not only where something changes.")
@click.option(
    "--screen-text/--no-screen-text", default=None, help="Read text on screen or not, whatever the settings say."
)
@click.option("--retry", is_flag=True, help="Also try videos again that failed before.")
@click.option("--watch", "follow", is_flag=True, help="Then follow changes in the folders, until Ctrl+C.")
def index(
    context: Context,
    paths: tuple[Path, ...],
    thorough: bool,
    screen_text: bool | None,
    retry: bool,
    follow: bool,
) -> None:
    """Index folders of videos, or single ones. Safe to interrupt and to repeat; without PATH, go on with all."""
    from retake_core.indexing.run import index_folders, leave_cores_to_decoders
    from retake_core.indexing.watching import ChangedFolders
    from retake_core.library import folders
    from retake_core.library.indexing import retry_failed

    cancel = CancelToken()
    leave_cores_to_decoders()
    with context.library() as database:
        settings = context.settings()
        if screen_text is not None:
            settings = msgspec.structs.replace(settings, screen_text=screen_text)
        deep = thorough or settings.thorough

        def known_paths() -> tuple[Path, ...]:
            with database.reading() as connection:
                return tuple(path for _, path in folders.folders(connection))

        def present() -> dict[Path, FoundFile]:
            with database.reading() as connection:
                return folders.present_files(connection)

        def run(places: Sequence[Path]) -> None:
            with only_writer(context.data_dir):
                events = index_folders(
                    database,
                    places,
                    encoder,
                    settings,
                    cancel,
                    thorough=deep,
                    log=context.data_dir.log,
                    vectors=context.data_dir.vectors,
                    give_way=changes.any if follow else None,
                )
                summary = basics.follow_indexing(events)
            context.show(summary, basics.print_indexed)

        changes = ChangedFolders(known_paths, present, cancel)
        if not (paths or known_paths()):
            raise UserError("No folder is in the library yet; name one: retake index DIR")
        if retry:
            with only_writer(context.data_dir), database.writing() as connection:
                retry_failed(connection)
        encoder = context.encoder()
        with cancel_on_signal(cancel):
            run(paths or known_paths())
            while follow:
                run([changes.next()])


@_command
def videos(context: Context) -> None:
    """List the videos: duration, keyframes, state, and why one failed."""
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entries = catalog.videos(connection)
    context.show([basics.video_document(entry) for entry in entries], basics.print_videos)


@_command
@click.argument("video")
@click.option("--top", type=click.IntRange(min=1), help="Only the most prominent ones.")
@click.option(
    "--sheet", type=click.Path(path_type=Path, dir_okay=False), help="Also draw them into this PNG or PDF."
)
def keyframes(context: Context, video: str, top: int | None, sheet: Path | None) -> None:
    """List the keyframes of VIDEO (a path, a file name or an id): times and prominence."""
    from retake_core.export.sheet import write_keyframes
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entry = catalog.find_video(connection, video)
        found = catalog.keyframes(connection, entry.id, top)
        if sheet is not None:
            write_keyframes(connection, absolute(sheet), entry.id, top)
    context.show(basics.keyframes_document(entry, found, sheet), basics.print_keyframes)


_model = click.option("--model", metavar="DIR_OR_ID", help="The VideoLLM: a folder, or an id in the hub's cache.")
_frames = click.option(
    "--frames", type=click.IntRange(1, 2048), default=2048, show_default=True, help="Read at most so many."
)
_keep_ratio = click.option(
    "--keep-ratio",
    type=click.FloatRange(0, 1, min_open=True),
    help="Keep this fraction of the visual tokens; without it, as many as the budget of 32,000 holds.",
)


@_command
@click.argument("question")
@click.option("--video", help="Ask about this video (a path, a file name or an id), not about the library.")
@click.option("--folder", type=click.Path(path_type=Path), help="Only videos in this folder.")
@_model
@_frames
@_keep_ratio
@click.option("--max-tokens", type=click.IntRange(min=1), default=512, show_default=True, help="Of the answer.")
def ask(
    context: Context,
    question: str,
    video: str | None,
    folder: Path | None,
    model: str | None,
    frames: int,
    keep_ratio: float | None,
    max_tokens: int,
) -> None:
    """Answer QUESTION about a video, or about the moments of the library that match it."""
    from retake_core.cli.show import answers
    from retake_core.questions.answering import Questions, Wishes, find_moments
    from retake_core.questions.asked_video import find_asked
    from retake_core.videollm.model import choose_model

    if not question.strip():
        raise UserError("The question is empty.")
    settings = context.settings()
    with context.library() as database:
        with database.reading() as connection:
            about = None if video is None else find_asked(connection, video)
        chosen, reason = choose_model(model, settings.model, settings.precision)
        moments = None
        if about is None or chosen is None:
            inside = None if folder is None else absolute(folder)
            moments = find_moments(database, context.search_encoder(), question, video=about, folder=inside)
        if chosen is None or moments == []:
            document = answers.moments_answer(question, moments or [], reason, chosen is None)
        else:
            # Before Ctrl+C only asks: a model that is being loaded can be left at any point.
            view = answers.AnswerView(question, chosen.load(), context.as_json)
            questions = Questions(database, context.data_dir, chosen, settings.memory_quota_gb)
            wishes, cancel = Wishes(frames, keep_ratio, max_tokens), CancelToken()
            with cancel_on_signal(cancel):
                if about is not None:
                    document = view.follow(questions.ask_video(about, question, wishes, cancel))
                else:
                    document = view.follow(questions.ask_moments(moments or [], question, wishes, cancel))
    context.show(document, answers.print_answer)


@_command
@click.option("--video", required=True, help="The video: a path, a file name or an id.")
@_model
@_frames
@_keep_ratio
def plan(context: Context, video: str, model: str | None, frames: int, keep_ratio: float | None) -> None:
    """Tell what a question about a video will take on this computer, before it runs."""
    from retake_core.cli.show import answers
    from retake_core.hub.local_models import RECOMMENDED_VIDEOLLM
    from retake_core.questions.answering import Questions, Wishes
    from retake_core.questions.asked_video import find_asked
    from retake_core.videollm.model import VideoModel

    settings = context.settings()
    name = model or settings.model
    if name is None:
        raise UserError(
            f"Name a VideoLLM: --model DIR_OR_ID, or get one with: retake models download {RECOMMENDED_VIDEOLLM}"
        )
    with context.library() as database:
        with database.reading() as connection:
            about = find_asked(connection, video)
        chosen = VideoModel.open(name, settings.precision)
        questions = Questions(database, context.data_dir, chosen, settings.memory_quota_gb)
        made = questions.plan(about.material, Wishes(frames, keep_ratio))
        document = answers.plan_document(made, questions.has_memory(about, made.reading))
    document |= {"video": readable(about.entry.path), "model": chosen.id.name}
    context.show(document, answers.print_plan)


@_command
@click.option("--evict", metavar="VIDEO", help="Forget this video, pinned or not.")
@click.option("--pin", metavar="VIDEO", help="Never forget this video to make room.")
@click.option("--unpin", metavar="VIDEO", help="Let this video go when room is needed.")
@click.option(
    "--quota", metavar="SIZE", help="How much disk memories may take, such as 20GB; kept in the settings."
)
def memories(context: Context, evict: str | None, pin: str | None, unpin: str | None, quota: str | None) -> None:
    """List what is remembered of videos, so that questions about them are answered at once."""
    from retake_core.cli.show import answers
    from retake_core.library.catalog import find_video
    from retake_core.questions.answering import memory_store
    from retake_core.questions.memories import change_quota, name_memories

    with context.library() as database, database.reading() as connection:
        if quota is not None:
            change_quota(context.data_dir.settings, quota)
        store = memory_store(context.data_dir, context.settings().memory_quota_gb)
        if evict is not None:
            store.evict(find_video(connection, evict).fingerprint)
        if pin is not None:
            store.pin(find_video(connection, pin).fingerprint)
        if unpin is not None:
            store.pin(find_video(connection, unpin).fingerprint, pinned=False)
        if quota is not None:
            store.enforce_quota()
        entries = name_memories(connection, store.list())
    context.show(answers.memories_document(entries, store.quota), answers.print_memories)


for _more in (export_group, models, search, searches, transcript, remove, backup, restore, doctor):
    commands.add_command(_more)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        commands.main(arguments or ["--help"], prog_name="retake", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"retake: {printable(error.format_message())}", err=True)
        return 2
    except UserError as error:
        click.echo(f"retake: {printable(str(error))}", err=True)
        return 2
    except (Cancelled, KeyboardInterrupt, click.Abort):
        click.echo("retake: stopped; run the same command to go on.", err=True)
        return 130
    except Exception as error:
        log.exception("defect")
        click.echo(f"retake: an unexpected error: {error!r}. Please report it; the log has the rest.", err=True)
        return 1
    return 0


if __name__ == "__main__":
    main()
