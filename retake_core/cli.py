"""The `retake` command. Exits 0 on success, 2 on a user's error, 130 on Ctrl+C, 1 on a defect of its own."""

import functools
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from retake_core import __version__, console
from retake_core.config import Settings, load_settings
from retake_core.encoders import Encoder, open_encoder
from retake_core.errors import Cancelled, UserError
from retake_core.jobs import CancelToken
from retake_core.library.database import Database
from retake_core.paths import DataDir, absolute, default_data_dir, open_private
from retake_core.writer_lock import only_writer

log = logging.getLogger(__name__)


class Context:
    """What every command works with."""

    def __init__(self, data_dir: DataDir, as_json: bool) -> None:
        """Take the options that all commands share."""
        self.data_dir = data_dir
        self.as_json = as_json

    @contextmanager
    def library(self) -> Iterator[Database]:
        """Open the library, and make it if there is none."""
        self.data_dir.create()
        _log_to(self.data_dir.log)
        database = Database(self.data_dir.database)
        try:
            yield database
        finally:
            database.close()

    def settings(self) -> Settings:
        """Read the user's settings."""
        return load_settings(self.data_dir.settings)

    def encoder(self) -> Encoder:
        """Load the encoder that the settings name."""
        return open_encoder(self.settings().encoder)

    def show(self, document: Any, render: Callable[[Any], None]) -> None:
        """Print a result, as JSON or for a person."""
        with _reader_may_leave():
            if self.as_json:
                click.echo(msgspec.json.format(msgspec.json.encode(document, enc_hook=os.fspath)).decode())
            else:
                render(document)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """`head` goes away when it has seen enough: that is no error, nor may Python fail when it flushes."""
    try:
        yield
    except (BrokenPipeError, SystemExit):  # Rich makes the second of the first
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _log_to(path: Path) -> None:
    os.close(open_private(path, os.O_WRONLY))
    logging.basicConfig(
        filename=path,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )


def _command(function: Callable[..., None]) -> click.Command:
    """Make a command with the options that all share."""

    @click.option("--data-dir", type=click.Path(path_type=Path), help="Where the library lies.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @functools.wraps(function)
    def run(data_dir: Path | None, as_json: bool, **arguments: Any) -> None:
        function(Context(DataDir(data_dir or default_data_dir()), as_json), **arguments)

    return commands.command()(run)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="retake")
def commands() -> None:
    """Index folders of videos by their keyframes, and find moments in them. Everything stays on this computer."""


@_command
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="DIR...")
@click.option("--thorough", is_flag=True, help="Decode every second, not only where something changes.")
def index(context: Context, folders: tuple[Path, ...], thorough: bool) -> None:
    """Index folders of videos. Safe to interrupt and to repeat; without DIR, go on with the known folders."""
    from retake_core.indexer import index_folders
    from retake_core.library.folders import folders as known_folders

    cancel = CancelToken()
    _leave_cores_to_decoders()
    with context.library() as database, only_writer(context.data_dir):
        if not folders:
            with database.reading() as connection:
                folders = tuple(path for _, path in known_folders(connection))
        if not folders:
            raise UserError("No folder is in the library yet; name one: retake index DIR")
        settings, encoder = context.settings(), context.encoder()
        with _cancel_on_signal(cancel):
            events = index_folders(
                database, folders, encoder, settings, cancel, thorough=thorough, log=context.data_dir.log
            )
            summary = console.follow_indexing(events)
        context.show(summary, console.print_indexed)


def _leave_cores_to_decoders() -> None:
    """Encoding is a fifth of the work of decoding; more threads would only wait for the decoders' cores."""
    import torch

    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 4))


@contextmanager
def _cancel_on_signal(cancel: CancelToken) -> Iterator[None]:
    """The first Ctrl+C asks the job to stop, the second one does not ask."""

    def handle(_signal: int, _frame: object) -> None:
        if cancel.cancelled:
            raise KeyboardInterrupt
        cancel.cancel()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@_command
def videos(context: Context) -> None:
    """List the videos: duration, keyframes, state, and why one failed."""
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entries = catalog.videos(connection)
    context.show([console.video_document(entry) for entry in entries], console.print_videos)


@_command
@click.argument("video")
@click.option("--top", type=click.IntRange(min=1), help="Only the most prominent ones.")
@click.option("--sheet", type=click.Path(path_type=Path, dir_okay=False), help="Also draw them into this PNG.")
def keyframes(context: Context, video: str, top: int | None, sheet: Path | None) -> None:
    """List the keyframes of VIDEO (a path, a file name or an id): times and prominence."""
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entry = catalog.find_video(connection, video)
        found = catalog.keyframes(connection, entry.id, top)
        if sheet is not None:
            thumbnails = catalog.thumbnails(connection, [keyframe.id for keyframe in found])
            console.write_sheet(sheet, entry, found, thumbnails)
    context.show(console.keyframes_document(entry, found, sheet), console.print_keyframes)


@_command
@click.argument("query")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="At most.")
@click.option("--folder", type=click.Path(path_type=Path), help="Only videos in this folder.")
def search(context: Context, query: str, limit: int, folder: Path | None) -> None:
    """Find the moments that show QUERY, a description in plain words."""
    from retake_core.library.vectors import VectorIndex
    from retake_core.search import search_moments

    if not query.strip():
        raise UserError("The query is empty; describe what is to be seen.")
    with context.library() as database, database.reading() as connection:
        encoder = context.encoder()
        vectors = VectorIndex(context.data_dir.vectors, encoder.id, encoder.dimension)
        inside = None if folder is None else absolute(folder)
        moments = search_moments(connection, vectors, encoder, query, limit=limit, folder=inside)
    context.show([console.moment_document(moment) for moment in moments], console.print_moments)


@_command
def doctor(context: Context) -> None:
    """Tell what this computer offers: Python, torch, GPU, decoders, encoders, paths, free disk."""
    from retake_core.doctor import examine

    context.show(examine(context.data_dir), console.print_report)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        commands.main(arguments or ["--help"], prog_name="retake", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"retake: {error.format_message()}", err=True)
        return 2
    except UserError as error:
        click.echo(f"retake: {error}", err=True)
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
