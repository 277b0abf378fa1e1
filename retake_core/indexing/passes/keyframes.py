"""Running a pass over many videos: they are looked at in lanes, here or elsewhere, and stored here."""

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.encoders.base import Encoder
from retake_core.errors import StorageError
from retake_core.indexing.passes.cost import decoding_cost
from retake_core.indexing.passes.lanes import Lane, LaneLostError, Lanes, LocalLanes
from retake_core.indexing.passes.look import DecodedBy, Looked, LookedThrough, Order, Step
from retake_core.indexing.passes.one_video import VideoPass
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.keyframes.limits import Limits
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, DueVideo, begin_job, fail_video, reset_video, retry_with
from retake_core.media.decoders.registry import SAFE
from retake_core.media.hardware.sessions import NO_HARDWARE, HardwareSessions
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.tasks import Opened, TaskFailed
from retake_core.media.video_file import FileChangedError, is_unchanged
from retake_core.media.video_info import OWN_COLOURS
from retake_core.protocol.indexing_events import (
    IndexingEvent,
    PassName,
    Remarked,
    VideoDeferred,
    VideoDone,
    VideoFailed,
)

MAX_FAILURES = 2
_LOOK_AT = 1000  # videos that wait, at most, for one that a free lane can take


@dataclass(frozen=True, slots=True)
class PassSettings:
    """What all videos of a pass have in common.

    Attributes:
        depth: of the pass.
        recipe: names everything that decides which keyframes come out.
        rate: samples per second.
        limits: how many keyframes there may be.
        processes: how many videos are decoded at once on this computer.
        threads: of each decoder.
        log: gets what the decoders print.
        hardware: the graphics devices that may decode on this computer.
    """

    depth: Depth
    recipe: str
    rate: float
    limits: Limits
    processes: int
    threads: int
    log: Path | None = None
    hardware: HardwareSessions = NO_HARDWARE

    @property
    def name(self) -> PassName:
        """What the pass is called."""
        return PassName[self.depth.name]


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A video that is being looked at."""

    due: DueVideo
    video: VideoPass
    pace: VideoPace

    @property
    def path(self) -> Path:
        """Its file."""
        return self.video.job.file.path


class PassRunner:
    """Runs one pass over many videos; use it once.

    Args:
        database: the library.
        encoder: for the frames.
        settings: what all videos have in common.
        cancel: stops the pass within a second.
        lanes: where videos are looked at; None is on this computer.
    """

    def __init__(
        self,
        database: Database,
        encoder: Encoder,
        settings: PassSettings,
        cancel: CancelToken,
        lanes: Lanes | None = None,
    ) -> None:
        self._database = database
        self._encoder = encoder
        self._settings = settings
        self._cancel = cancel
        self._queue: deque[DueVideo] = deque()
        if lanes is None:
            lanes = LocalLanes(encoder, settings.processes, settings.log, settings.hardware)
        self._lanes = lanes
        self._under_way: dict[Lane, _UnderWay] = {}
        self.pace = Pace(settings.name, cancel, self._lanes.count)

    @property
    def video_seconds(self) -> float:
        """Seconds of video that were looked at."""
        return self.pace.seconds

    def run(self, videos: list[DueVideo]) -> Iterator[IndexingEvent]:
        """Index the videos in this order and yield what happens.

        Raises:
            UserError: none of the lanes is left.
            Cancelled: what was decided by then is stored; the next run goes on from there.
        """
        self._queue.extend(videos)
        yield self.pace.start([self._cost(video) for video in videos])
        try:
            while self._queue or self._under_way:
                if self._cancel.held:
                    self._leave_devices()
                self._cancel.check()
                yield from self._start_videos()
                with self.pace.waiting():
                    ready = self._lanes.ready(self._under_way)
                for lane in ready:
                    yield from self._step(lane)
                for remark in self._lanes.remarks():
                    yield Remarked("", remark)
                yield from self.pace.tell()
        finally:
            self._stop()

    def _start_videos(self) -> Iterator[IndexingEvent]:
        for _ in range(min(len(self._queue), _LOOK_AT)):
            if not self._lanes.is_free:
                return
            due = self._queue[0]
            if self._lanes.has_room(due.id):
                self._queue.popleft()
                yield from self._start(due)
            else:  # there may be for another one
                self._queue.rotate(-1)
                self.pace.postpone()

    def _start(self, due: DueVideo) -> Iterator[IndexingEvent]:
        settings = self._settings
        with self._database.writing() as connection:
            job = begin_job(connection, due.id, settings.depth, settings.recipe)
        path, refusal = readable(job.file.path), self._lanes.refusal(due.id)
        if refusal is not None or not is_unchanged(job.file):
            self.pace.end(self.pace.begin(job.file.path))
            yield VideoDeferred(path) if refusal is None else Remarked(path, refusal)
            return
        order = Order(job, settings.depth, settings.rate, settings.limits, settings.threads, due.pixels)
        video = VideoPass(self._database, self._encoder.id, settings.recipe, order)
        at = _UnderWay(due, video, self.pace.begin(job.file.path, video.fraction))
        try:
            lane = self._lanes.begin(order)
        except DecoderDiedError as error:
            yield from self._retry(at, str(error))
        except LaneLostError:
            self._give_back(at)
        else:
            at.pace.computer = lane.where
            self.pace.worked_here |= not lane.where
            self._under_way[lane] = at

    def _cost(self, due: DueVideo) -> float:
        return decoding_cost(due, self._settings.depth, self._settings.rate)

    def _step(self, lane: Lane) -> Iterator[IndexingEvent]:
        try:
            step = lane.receive()
        except DecoderDiedError as error:
            yield from self._retry(self._kill(lane), str(error))
        except LaneLostError:
            self._give_back_stored(self._kill(lane))
        else:
            yield from self._take(lane, step)

    def _take(self, lane: Lane, step: Step) -> Iterator[IndexingEvent]:
        at = self._under_way[lane]
        match step:
            case Opened(info):
                at.video.opened(info)
                if info.own_colours and self._settings.depth == Depth.QUICK:
                    yield Remarked(readable(at.path), OWN_COLOURS)
                known = replace(
                    at.due,
                    duration=info.duration,
                    pixels=info.width * info.height,
                    codec=info.codec,
                    frame_rate=info.frame_rate,
                )
                self.pace.correct(at.pace, self._cost(known))
            case DecodedBy(device):
                at.pace.device = device
            case Looked():
                try:
                    at.video.take(step)
                except FileChangedError:
                    yield self._defer(self._kill(lane))
                    return
                at.pace.advance(at.video.fraction, at.video.progressed)
            case LookedThrough():
                yield self._finish(self._release(lane), step)
            case TaskFailed(reason):
                yield self._give_up(self._release(lane), reason)

    def _finish(self, at: _UnderWay, last: LookedThrough) -> IndexingEvent:
        try:
            at.video.finish(last)
        except FileChangedError:
            return self._defer(at)
        at.pace.advance(1.0, at.video.progressed)
        self.pace.end(at.pace)
        return VideoDone(readable(at.path), self._settings.name, at.video.keyframes)

    def _retry(self, at: _UnderWay, reason: str) -> Iterator[IndexingEvent]:
        """Give the video to a fresh process; what kills two of them is not tried again."""
        failures = at.video.job.failures + 1
        if failures >= MAX_FAILURES:
            yield self._give_up(at, reason)
            return
        with self._database.writing() as connection:
            retry_with(connection, at.due.id, SAFE, failures)
        self._give_back(at)

    def _give_back(self, at: _UnderWay) -> None:
        """Let a video be the next one."""
        self.pace.withdraw(at.pace)
        self._queue.appendleft(at.due)

    def _give_back_stored(self, at: _UnderWay) -> None:
        """Let a video be the next one, and go on from where it is decided."""
        with contextlib.suppress(FileChangedError, StorageError):  # the next look at it finds that out, too
            at.video.store()
        self._give_back(at)

    def _leave_devices(self) -> None:
        """Free the graphics card for what holds this up: its videos go on later, from where they were stored."""
        for lane in self._lanes.leave_devices(self._under_way):
            self._give_back_stored(self._kill(lane))

    def _give_up(self, at: _UnderWay, reason: str) -> IndexingEvent:
        """Mark a video as failed, unless its file was replaced or went away."""
        if not is_unchanged(at.video.job.file):
            return self._defer(at)
        with self._database.writing() as connection:
            fail_video(connection, at.due.id, reason)
        self.pace.end(at.pace)
        return VideoFailed(readable(at.path), reason)

    def _defer(self, at: _UnderWay) -> IndexingEvent:
        """Leave a video for the next run, and drop what was read of a file that was replaced."""
        if os.path.lexists(at.path):  # a file that is gone may come back as it was
            with self._database.writing() as connection:
                reset_video(connection, at.due.id)
        self.pace.end(at.pace)
        return VideoDeferred(readable(at.path))

    def _release(self, lane: Lane) -> _UnderWay:
        lane.release()
        return self._under_way.pop(lane)

    def _kill(self, lane: Lane) -> _UnderWay:
        lane.kill()
        return self._under_way.pop(lane)

    def _stop(self) -> None:
        """Store what is decided and end the processes; also after an error or a cancel."""
        for lane in self._under_way:
            lane.kill()
        self._lanes.rest()
        for at in self._under_way.values():
            # The next run finds again what there is no room for.
            with contextlib.suppress(FileChangedError, StorageError):
                at.video.store()
        self._under_way = {}
