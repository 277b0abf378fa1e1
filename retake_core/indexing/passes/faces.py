"""Looking for faces: at the keyframes of one video after another, and between those that show one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.indexing.passes.crew import Hire, LocalCrew
from retake_core.indexing.passes.kits import FacesKit, FacesPiece, threads_of
from retake_core.indexing.passes.stretch_pass import Stretch, StretchPass
from retake_core.library.database import Database
from retake_core.library.faces import (
    NewFace,
    count_faces,
    due_faces,
    finish_faces,
    group_new_faces,
    seen_stretches,
    store_faces,
)
from retake_core.library.settled import KeyframeStretch, SettledVideo
from retake_core.people.faces_task import FacesSeen
from retake_core.people.model import FaceModelError
from retake_core.people.registry import InstalledFaces
from retake_core.protocol.indexing_events import FacesFound, PassName, PassProgress

VERSION = "1"  # part of every stamp: raise it when the same pictures would give other faces


class FacesPass(StretchPass[list[NewFace]]):
    """Finds and groups the faces of all videos that were not looked at yet; see `StretchPass`."""

    unusable = FaceModelError
    usual = 0.2

    def __init__(
        self,
        database: Database,
        model: InstalledFaces,
        cancel: CancelToken,
        log: Path | None = None,
        cores: int = 0,
        hire: Hire = LocalCrew,
    ) -> None:
        super().__init__(database, PassName.FACES, VERSION, FacesKit(model, threads_of(cores), log), cancel, hire)
        self._model = model

    def _due(self, connection: Connection) -> list[SettledVideo]:
        return due_faces(connection, self._engine)

    def _unseen(
        self, connection: Connection, due: SettledVideo, parts: Sequence[KeyframeStretch]
    ) -> list[KeyframeStretch]:
        stamps = seen_stretches(connection, due.video_id)
        return [part for part in parts if stamps.get(part.number) != part.stamp]

    def _nothing(self) -> list[NewFace]:
        return []

    def _store(
        self, connection: Connection, due: SettledVideo, part: KeyframeStretch, found: list[NewFace]
    ) -> None:
        store_faces(connection, due.video_id, part, found, self._model.id)

    def _finish(self, due: SettledVideo, parts: Sequence[KeyframeStretch]) -> FacesFound:  # noqa: ARG002
        while self._group_some():
            self._cancel.check()
        with self._database.writing() as connection:
            finish_faces(connection, due)
            count = count_faces(connection, due.video_id)
        return FacesFound(readable(due.file.path), count)

    def _group_some(self) -> bool:
        """Put faces into groups; return whether some are left."""
        with self._database.writing() as connection:
            return group_new_faces(connection, self._model.id, self._model.same)

    def _piece(self, due: SettledVideo, part: KeyframeStretch) -> FacesPiece:
        times = tuple(entry.time for entry in part.keyframes)
        return FacesPiece(due.video_id, due.file.path, due.fingerprint, times, part.end)

    def _take(
        self, stretch: Stretch[list[NewFace]], part: KeyframeStretch, word: object
    ) -> Iterator[PassProgress]:
        assert isinstance(word, FacesSeen)
        stretch.found += [NewFace(word.time, face.box, face.vector, face.picture) for face in word.faces]
        if any(entry.time == word.asked for entry in part.keyframes):
            yield from self._step(stretch)
        else:
            yield from self.pace.tell()
