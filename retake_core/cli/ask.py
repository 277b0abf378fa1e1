"""The commands that ask: `retake ask`, `plan` and `memories`."""

from pathlib import Path

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, command
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.system.files import absolute

_model = click.option("--model", metavar="DIR_OR_ID", help="The VideoLLM: a folder, or an id in the hub's cache.")
_frames = click.option(
    "--frames",
    type=click.IntRange(1, MAX_FRAMES),
    default=MAX_FRAMES,
    show_default=True,
    help="Read at most so many.",
)
_keep_ratio = click.option(
    "--keep-ratio",
    type=click.FloatRange(0, 1, min_open=True),
    help="Keep this fraction of the visual tokens; without it, as many as the budget of 32,000 holds.",
)


@command
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
    from retake_core.questions.answering import QuestionOptions, Questions
    from retake_core.questions.asked_video import find_asked
    from retake_core.questions.moments import find_moments
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
            wishes, cancel = QuestionOptions(frames, keep_ratio, max_tokens), CancelToken()
            with cancel_on_signal(cancel):
                if about is not None:
                    document = view.follow(questions.ask_video(about, question, wishes, cancel))
                else:
                    document = view.follow(questions.ask_moments(moments or [], question, wishes, cancel))
    context.show(document, answers.print_answer)


@command
@click.option("--video", required=True, help="The video: a path, a file name or an id.")
@_model
@_frames
@_keep_ratio
def plan(context: Context, video: str, model: str | None, frames: int, keep_ratio: float | None) -> None:
    """Tell what a question about a video will take on this computer, before it runs."""
    from retake_core.cli.show import answers
    from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
    from retake_core.questions.answering import QuestionOptions, Questions
    from retake_core.questions.asked_video import find_asked
    from retake_core.videollm.model import VideoLLM

    settings = context.settings()
    name = model or settings.model
    if name is None:
        raise UserError(
            f"Name a VideoLLM: --model DIR_OR_ID, or get one with: retake models download {RECOMMENDED_VIDEOLLM}"
        )
    with context.library() as database:
        with database.reading() as connection:
            about = find_asked(connection, video)
        chosen = VideoLLM.open(name, settings.precision)
        questions = Questions(database, context.data_dir, chosen, settings.memory_quota_gb)
        made = questions.plan(about.material, QuestionOptions(frames, keep_ratio))
        document = answers.plan_document(made, questions.has_memory(about, made.reading))
    document |= {"video": readable(about.entry.path), "model": chosen.id.name}
    context.show(document, answers.print_plan)


@command
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
