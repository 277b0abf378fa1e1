"""Looking for faces: at the keyframes of one video after another, and between those that show one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError, UserError
from retake_core.indexing.passes.pace import VideoPace
from retake_core.indexing.passes.stretch_pass import StretchPass
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
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.people.faces_task import CannotSee, FacesSeen, FacesTask
from retake_core.people.model import FaceModelError
from retake_core.people.registry import InstalledFaces
from retake_core.protocol.indexing_events import FacesFound, PassName, PassProgress

VERSION = "1"  # part of every stamp: raise it when the same pictures would give other faces
AT_KEYFRAME = 0.02  # seconds within which a keyframe's frame is looked for
BETWEEN = 2  # frames that are looked at between a keyframe with a face and the next one, at most
APART = 1.0  # seconds from one of them to the next, at least
WITHIN = 0.5  # seconds from a time between keyframes on, in which its frame is looked for


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
    ) -> None:
        super().__init__(database, PassName.FACES, f"{VERSION} {model.id}", cancel, log, cores)
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

    def _look_at_stretch(
        self, due: SettledVideo, video: VideoPace, part: KeyframeStretch, found: list[NewFace]
    ) -> Iterator[PassProgress]:
        """Find the faces at the keyframes of a stretch, then between those that show one and the next."""
        times = [entry.time for entry in part.keyframes]
        for seen in self._seen(due, times, AT_KEYFRAME):
            found += [NewFace(seen.time, face.box, face.vector, face.picture) for face in seen.faces]
            yield from self._step(due, video)
        shown = {face.time for face in found}
        between = [
            time
            for start, end in zip(times, [*times[1:], part.end], strict=True)
            if start in shown
            for time in between_keyframes(start, end)
        ]
        for seen in self._seen(due, between, WITHIN):
            found += [NewFace(seen.time, face.box, face.vector, None) for face in seen.faces]
            yield from self.pace.tell()

    def _seen(self, due: SettledVideo, times: Sequence[float], within: float) -> Iterator[FacesSeen]:
        """Yield the faces at some times."""
        left = list(times)

        def task() -> FacesTask | None:
            return FacesTask(due.file.path, tuple(left), within, self._model, self._threads) if left else None

        for message in self._messages(task):
            if isinstance(message, CannotSee):
                raise FaceModelError(message.reason)
            if isinstance(message, FacesSeen):
                self._has_looked = True
                left[:] = [time for time in left if time > message.asked]
                yield message

    def _given_up(self, error: DecoderDiedError) -> UserError:
        if self._has_looked:
            return MediaError(f"The faces in a part of it cannot be found: {error}")
        return FaceModelError(f"What finds faces crashes on this computer ({self._model.kind}); install it again.")


def between_keyframes(start: float, end: float) -> list[float]:
    """Return the times to look at between two keyframes, evenly spread."""
    count = min(BETWEEN, int((end - start) // APART) - 1)
    return [start + (end - start) * number / (count + 1) for number in range(1, count + 1)]
