"""The services that tools call, on the library as it is now; and how their calls are run and stopped."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir, current_place
from retake_core.encoders import open_encoder, open_for_search
from retake_core.export.service import ExportService
from retake_core.library.database import Database
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.service import SearchService
from retake_core.settings import load_settings

if TYPE_CHECKING:
    from retake_core.questions.service import QuestionService

MODEL_STAYS = 600.0
"""Seconds after a question until the memory of the model is given back: the server may stay for days."""

Lane = Literal["look", "ask", "cut"]
"""Calls of one lane run one after another; a search waits for no question."""


class OpenLibrary:
    """One library, and the services on it; those of a lane are used by one thread at a time."""

    def __init__(self, data_dir: DataDir) -> None:
        """Open it, and make it if there is none.

        Raises:
            UserError: it cannot be opened.
        """
        data_dir.create()
        self.data_dir = data_dir
        self.database = Database(data_dir.database)
        self.identity = _identity(data_dir.database)
        self.searches = SearchService(self.database, self._encoders())
        self._asking = threading.Lock()
        self._rest: threading.Timer | None = None

    @contextmanager
    def asking(self) -> Iterator["QuestionService"]:
        """Lend what answers questions; some time after the last one it lets its model go."""
        with self._asking:
            if self._rest is not None:
                self._rest.cancel()
            try:
                yield self._questions
            finally:
                self._rest = threading.Timer(MODEL_STAYS, self._let_go)
                self._rest.daemon = True
                self._rest.start()

    def _let_go(self) -> None:
        with self._asking:
            if self._rest is threading.current_thread():  # no question has come meanwhile
                self._questions.let_go()

    @cached_property
    def _questions(self) -> "QuestionService":
        from retake_core.questions.service import QuestionService

        return QuestionService(self.database, self.data_dir, self._encoders())

    def _encoders(self) -> SearchEncoder:
        def setting() -> str:
            return load_settings(self.data_dir.settings).encoder

        def sentences() -> str | None:
            return load_settings(self.data_dir.settings).sentences

        opener = partial(open_for_search, vectors=self.data_dir.vectors, whole=open_encoder)
        return SearchEncoder(self.data_dir.vectors, opener, setting, sentences)


class Engine:
    """What tools work with. It opens the library at the first call, and again when another took its place.

    Args:
        root: the data directory.
        exports: the only folder that a clip may be written to; None lets none be written.
    """

    def __init__(self, root: Path, exports: Path | None = None) -> None:
        self.exports = exports
        self._root = root
        self._opening = threading.Lock()
        self._library: OpenLibrary | None = None
        self._decoder = LastingDecoder(DataDir(root).log)
        self._tokens: set[CancelToken] = set()
        self._ended = False

    def library(self) -> OpenLibrary:
        """Return the library, which may have been moved, restored or mended since the last call.

        Raises:
            UserError: it cannot be opened.
        """
        with self._opening:
            data_dir = DataDir(current_place(self._root))
            library = self._library
            if library is not None and library.identity != _identity(data_dir.database):
                library.database.close()
                self._library = library = None
            self._library = library or OpenLibrary(data_dir)
            return self._library

    @property
    def faces(self) -> bool:
        """Whether faces are looked for."""
        return load_settings(DataDir(current_place(self._root)).settings).faces

    def export_service(self) -> ExportService:
        """Return what writes files; it decodes in a process of its own."""
        return ExportService(self.library().database, self._decoder)

    def begin(self) -> CancelToken:
        """Return what stops a call that begins."""
        token = CancelToken()
        self._tokens.add(token)
        if self._ended:
            token.cancel()
        return token

    def finish(self, token: CancelToken) -> None:
        """Forget a call that has ended."""
        self._tokens.discard(token)

    def stop(self) -> None:
        """Ask all calls to end, those that begin later as well."""
        self._ended = True
        for token in tuple(self._tokens):
            token.cancel()

    def close(self) -> None:
        """End the process that decodes, and close the library."""
        self._decoder.close()
        if self._library is not None:
            self._library.database.close()


def _identity(path: Path) -> tuple[str, int, int] | None:
    """Return what tells a file from another one that takes its place; None if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return os.fspath(path), status.st_dev, status.st_ino


class Progress:
    """How far a call has come: written by the thread that works, read by the one that tells the other program.

    Attributes:
        value: only ever grows.
        total: that the value goes up to, if it is known.
    """

    def __init__(self) -> None:
        self.value = 0.0
        self.total: float | None = None
        self.message = ""

    def tell(self, message: str, value: float | None = None, total: float | None = None) -> None:
        """Note how far it is."""
        self.message, self.total = message, total
        self.value = self.value + 1 if value is None else max(self.value, value)
