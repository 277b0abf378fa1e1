"""Reading the text on screen: at the keyframes of one video after another, when these are settled."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.indexing.passes.crew import Hire, LocalCrew
from retake_core.indexing.passes.kits import ScreenKit, ScreenPiece, threads_of
from retake_core.indexing.passes.stretch_pass import Stretch, StretchPass
from retake_core.library.database import Database
from retake_core.library.keyframes import thumbnails
from retake_core.library.screen_texts import (
    due_screens,
    finish_screen,
    read_stretches,
    source_of,
    store_stretch,
    stretch_texts,
)
from retake_core.library.settled import KeyframeStretch, SettledVideo
from retake_core.library.texts import NewText
from retake_core.ocr.lasting import LastingText, ScreenReading, joined, lasting_texts
from retake_core.ocr.models import Models
from retake_core.ocr.reader import EngineError, ScreenLine
from retake_core.ocr.screen_task import ReaderLoaded, ScreenRead
from retake_core.protocol.indexing_events import PassName, PassProgress, TextRead

VERSION = "2"  # part of every stamp: raise it when the same pictures would give other texts

SMALL = 0.15  # of what a large picture costs, a tiny one does
LARGE = 1_000_000  # pixels; of larger ones, those whose thumbnails show no text are not read

Lines = dict[float, tuple[ScreenLine, ...]]
"""What stands on screen, by time."""


class ScreenPass(StretchPass[Lines]):
    """Reads the text of all videos that were not read yet; see `StretchPass`."""

    unusable = EngineError
    usual = 0.7

    def __init__(
        self,
        database: Database,
        models: Models,
        cancel: CancelToken,
        log: Path | None = None,
        cores: int = 0,
        hire: Hire = LocalCrew,
    ) -> None:
        kit = ScreenKit(models.id, threads_of(cores), log)
        super().__init__(database, PassName.SCREEN, VERSION, kit, cancel, hire)

    def _cost(self, pixels: int) -> float:
        """Return what reading costs: looking for text, which grows with the picture up to a size; see `SMALL`."""
        return SMALL + (1 - SMALL) * min((pixels or LARGE) / LARGE, 1.0)

    def _due(self, connection: Connection) -> list[SettledVideo]:
        return due_screens(connection, self._engine)

    def _unseen(
        self, connection: Connection, due: SettledVideo, parts: Sequence[KeyframeStretch]
    ) -> list[KeyframeStretch]:
        stamps = read_stretches(connection, due.video_id)
        return [part for part in parts if stamps.get(source_of(part)) != part.stamp]

    def _nothing(self) -> Lines:
        return {}

    def _store(self, connection: Connection, due: SettledVideo, part: KeyframeStretch, found: Lines) -> None:
        texts = lasting_texts([ScreenReading(time, found[time]) for time in sorted(found)], part.end)
        store_stretch(connection, due.video_id, part, _new(texts))

    def _finish(self, due: SettledVideo, parts: Sequence[KeyframeStretch]) -> TextRead:
        """Join what was read over the ends of stretches."""
        with self._database.writing() as connection:
            stored = [stretch_texts(connection, due.video_id, part) for part in parts]
            texts = joined([[_lasting(entry) for entry in part] for part in stored])
            finish_screen(connection, due, _new(texts))
        return TextRead(readable(due.file.path), PassName.SCREEN, len(texts))

    def _piece(self, due: SettledVideo, part: KeyframeStretch) -> ScreenPiece:
        with self._database.reading() as connection:
            pictures = thumbnails(connection, [entry.id for entry in part.keyframes])
        times = tuple(entry.time for entry in part.keyframes)
        shown = tuple(pictures[entry.id] for entry in part.keyframes)
        return ScreenPiece(due.video_id, due.file.path, due.fingerprint, times, shown)

    def _take(self, stretch: Stretch[Lines], part: KeyframeStretch, word: object) -> Iterator[PassProgress]:  # noqa: ARG002
        match word:
            case ReaderLoaded():
                stretch.video.pace.loaded()
            case ScreenRead(time, lines):
                stretch.found[time] = lines
                yield from self._step(stretch)


def _new(texts: Sequence[LastingText]) -> list[NewText]:
    return [NewText(entry.content, *entry.span) for entry in texts]


def _lasting(entry: NewText) -> LastingText:
    assert entry.start is not None
    assert entry.end is not None
    return LastingText(entry.content, (entry.start, entry.end))
