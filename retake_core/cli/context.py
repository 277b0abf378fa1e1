"""What the commands of `retake` share: their options, and how they are stopped."""

import functools
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir, current_place, default_data_dir
from retake_core.encoders import Encoder, open_encoder, open_for_search
from retake_core.library.database import Database
from retake_core.settings import Settings, load_settings
from retake_core.system.log_file import log_to
from retake_core.system.signals import handling_stops

if TYPE_CHECKING:
    from retake_core.search.encoder_choice import SearchEncoder

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
        log_to(self.data_dir.log, "retake")
        log.debug("%r", sys.argv[1:])
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

    def search_encoder(self) -> "SearchEncoder":
        """Return what chooses the encoder for a search."""
        from retake_core.search.encoder_choice import SearchEncoder

        settings = self.settings()
        opener = partial(open_for_search, vectors=self.data_dir.vectors, whole=open_encoder)
        return SearchEncoder(self.data_dir.vectors, opener, lambda: settings.encoder, lambda: settings.sentences)

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


def with_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that all share."""

    @click.option("--data-dir", type=click.Path(path_type=Path), help="Where the library lies.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @functools.wraps(function)
    def run(data_dir: Path | None, as_json: bool, **arguments: Any) -> None:
        place = current_place(data_dir or default_data_dir())
        function(Context(DataDir(place), as_json), **arguments)

    return run


def command(function: Callable[..., None]) -> click.Command:
    """Make a command of a function, which gets a `Context` first."""
    return click.command()(with_options(function))


@contextmanager
def cancel_on_signal(cancel: CancelToken, at_once: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """The first Ctrl+C asks the job to stop, the second one does not ask.

    Args:
        cancel: stops the job.
        at_once: whether the job is where it looks at no token, so that the first Ctrl+C must not ask, either.
    """

    def handle(_signal: int, _frame: object) -> None:
        if cancel.cancelled or at_once():
            raise KeyboardInterrupt
        cancel.cancel()

    with handling_stops(handle):
        yield
