"""Looking for faces: at the keyframes of one video after another, and between those that show one."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError, UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
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
from retake_core.library.keyframes import keyframes
from retake_core.library.settled import KeyframeStretch, SettledVideo, stretches
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.video_file import is_unchanged
from retake_core.people.faces_task import CannotSee, FacesSeen, FacesTask
from retake_core.people.model import FaceModelError
from retake_core.people.registry import InstalledFaces
from retake_core.protocol.indexing_events import FacesFound, IndexingEvent, PassName, PassProgress, Remarked
from retake_core.system.processor import usable_cores

VERSION = "1"  # part of every stamp: raise it when the same pictures would give other faces
STRETCH = 24  # keyframes; what a stop may cost
MAX_FAILURES = 2  # crashes on one stretch, or stretches of a video that fail
AT_KEYFRAME = 0.02  # seconds within which a keyframe's frame is looked for
BETWEEN = 2  # frames that are looked at between a keyframe with a face and the next one, at most
APART = 1.0  # seconds from one of them to the next, at least
WITHIN = 0.5  # seconds from a time between keyframes on, in which its frame is looked for


class FacesPass:
    """Finds and groups the faces of all videos that were not looked at yet; use it once.

    Args:
        database: the library.
        model: what finds faces.
        cancel: stops it within a second.
        log: gets what its libraries print.
        cores: that may be used; 0 is all.
    """

    def __init__(
        self,
        database: Database,
        model: InstalledFaces,
        cancel: CancelToken,
        log: Path | None = None,
        cores: int = 0,
    ) -> None:
        self._database, self._model = database, model
        self._engine = f"{VERSION} {model.id}"
        self._cancel = cancel
        self._decoder = LastingDecoder(log)
        self._threads = max(1, (cores or usable_cores()) // 2)
        self._pace = Pace(PassName.FACES, cancel)
        self._has_seen = False  # anything
        self._give_way: Callable[[], bool] = lambda: False

    def run(
        self, first: Collection[int] = (), give_way: Callable[[], bool] | None = None
    ) -> Iterator[IndexingEvent]:
        """Look for faces, and yield what happens.

        Args:
            first: ids of videos that come before the others.
            give_way: asked after every stretch: whether something else is more urgent; then it ends early.

        Raises:
            Cancelled: what was found by then is stored; the next run goes on from there.
        """
        with self._database.reading() as connection:
            videos = due_faces(connection, self._engine)
        if not videos:
            return
        self._give_way = give_way or self._give_way
        videos.sort(key=lambda due: due.video_id not in first)
        yield self._pace.start([due.keyframes for due in videos])
        try:
            for due in videos:
                yield from self._look_at_video(due)
                if self._give_way():
                    return
        except FaceModelError as error:
            yield Remarked("", str(error))
        finally:
            self._decoder.close()

    def _look_at_video(self, due: SettledVideo) -> Iterator[IndexingEvent]:
        with self._database.reading() as connection:
            entries = keyframes(connection, due.video_id)
            stamps = seen_stretches(connection, due.video_id)
        parts = stretches(due.duration, entries, self._engine, STRETCH)
        unseen = [part for part in parts if stamps.get(part.number) != part.stamp]
        video = self._pace.begin(due.file.path, 1 - sum(len(part.keyframes) for part in unseen) / due.keyframes)
        problems = 0
        for part in unseen:
            self._cancel.check()
            faces: list[NewFace] = []
            try:
                yield from self._look_at_stretch(due, video, part, faces)
            except MediaError as error:
                problems += 1
                if problems == 1 and is_unchanged(due.file):
                    yield Remarked(readable(due.file.path), str(error))
            if not is_unchanged(due.file):
                self._pace.end(video)
                return  # the next run looks at what it holds then, if it is there
            with self._database.writing() as connection:
                store_faces(connection, due.video_id, part, faces, self._model.id)
            if problems == MAX_FAILURES:
                break
            if part is not unseen[-1] and self._give_way():
                return
        while self._group_some():
            self._cancel.check()
        with self._database.writing() as connection:
            finish_faces(connection, due)
            count = count_faces(connection, due.video_id)
        self._pace.end(video)
        yield FacesFound(readable(due.file.path), count)

    def _group_some(self) -> bool:
        """Put faces into groups; return whether some are left."""
        with self._database.writing() as connection:
            return group_new_faces(connection, self._model.id, self._model.same)

    def _look_at_stretch(
        self, due: SettledVideo, video: VideoPace, part: KeyframeStretch, faces: list[NewFace]
    ) -> Iterator[PassProgress]:
        """Find the faces of a stretch: at its keyframes, then between those that show one and the next.

        Raises:
            MediaError: nothing can be decoded, or looking ends the process again.
            FaceModelError: no faces can be found on this computer.
        """
        times = [entry.time for entry in part.keyframes]
        share = 1 / due.keyframes
        for seen in self._seen(due, times, AT_KEYFRAME):
            faces += [NewFace(seen.time, face.box, face.vector, face.picture) for face in seen.faces]
            video.advance(video.fraction + share, video.seconds + due.duration * share)
            yield from self._pace.tell()
        shown = {face.time for face in faces}
        between = [
            time
            for start, end in zip(times, [*times[1:], part.end], strict=True)
            if start in shown
            for time in between_keyframes(start, end)
        ]
        for seen in self._seen(due, between, WITHIN):
            faces += [NewFace(seen.time, face.box, face.vector, None) for face in seen.faces]
            yield from self._pace.tell()

    def _seen(self, due: SettledVideo, times: Sequence[float], within: float) -> Iterator[FacesSeen]:
        """Yield the faces at some times; what ends the process that looks is tried once more."""
        left = list(times)
        for failures in range(1, MAX_FAILURES + 1):
            if not left:
                return
            task = FacesTask(due.file.path, tuple(left), within, self._model, self._threads)
            try:
                for message in self._decoder.messages(task, self._cancel):
                    if isinstance(message, CannotSee):
                        raise FaceModelError(message.reason)
                    if isinstance(message, FacesSeen):
                        self._has_seen = True
                        left = [time for time in left if time > message.asked]
                        yield message
            except DecoderDiedError as error:
                if failures == MAX_FAILURES:
                    raise self._given_up(error) from error
            else:
                return

    def _given_up(self, error: DecoderDiedError) -> UserError:
        """Tell whether a video ends the process that looks, or anything would."""
        if self._has_seen:
            return MediaError(f"The faces in a part of it cannot be found: {error}")
        return FaceModelError(f"What finds faces crashes on this computer ({self._model.kind}); install it again.")


def between_keyframes(start: float, end: float) -> list[float]:
    """Return the times to look at between two keyframes, evenly spread."""
    count = min(BETWEEN, int((end - start) // APART) - 1)
    return [start + (end - start) * number / (count + 1) for number in range(1, count + 1)]
