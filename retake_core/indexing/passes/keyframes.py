"""Running a pass over many videos: decoding in child processes, encoding and storing here."""

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.encoders.base import Encoder
from retake_core.errors import MediaError, StorageError
from retake_core.indexing.passes.cost import decoding_cost
from retake_core.indexing.passes.one_video import VideoPass
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.keyframes.limits import Limits
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, DueVideo, Job, begin_job, fail_video, reset_video, retry_with
from retake_core.media.decoders.key_frames import PacketIndex
from retake_core.media.decoders.registry import AUTO, SAFE
from retake_core.media.hardware.news import DeviceJudged, DeviceLeft, DeviceMissing, DeviceTaken
from retake_core.media.hardware.sessions import NO_HARDWARE, HardwareSessions, Session
from retake_core.media.process.decode_process import HUNG, DecodeProcess, DecoderDiedError
from retake_core.media.process.memory_limit import fair_share
from retake_core.media.process.tasks import Batch, DecodeTask, KeyFrameTask, Opened, Task, TaskDone, TaskFailed
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
_POLL = 0.1  # seconds to wait for a word of the decoders


@dataclass(frozen=True, slots=True)
class PassSettings:
    """What all videos of a pass have in common.

    Attributes:
        depth: of the pass.
        recipe: names everything that decides which keyframes come out.
        rate: samples per second.
        limits: how many keyframes there may be.
        processes: how many videos are decoded at once.
        threads: of each decoder.
        log: gets what the decoders print.
        hardware: the graphics devices that may decode.
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


@dataclass(slots=True)
class _Lane:
    """A decoder and the video it works on."""

    process: DecodeProcess
    due: DueVideo
    video: VideoPass
    pace: VideoPace
    session: Session


class PassRunner:
    """Runs one pass over many videos; use it once."""

    def __init__(self, database: Database, encoder: Encoder, settings: PassSettings, cancel: CancelToken) -> None:
        self._database = database
        self._encoder = encoder
        self._settings = settings
        self._cancel = cancel
        self._queue: deque[DueVideo] = deque()
        self._lanes: list[_Lane] = []
        self._idle: list[DecodeProcess] = []
        self.pace = Pace(settings.name, cancel, settings.processes)

    @property
    def video_seconds(self) -> float:
        """Seconds of video that were looked at."""
        return self.pace.seconds

    def run(self, videos: list[DueVideo]) -> Iterator[IndexingEvent]:
        """Index the videos in this order and yield what happens.

        Raises:
            Cancelled: what was decided by then is stored; the next run goes on from there.
        """
        self._queue.extend(videos)
        yield self.pace.start([self._cost(video) for video in videos])
        try:
            while self._queue or self._lanes:
                if self._cancel.held:
                    self._leave_devices()
                self._cancel.check()
                yield from self._start_videos()
                for lane in self._ready():
                    yield from self._step(lane)
                yield from self._end_hung()
                yield from self.pace.tell()
        finally:
            self._stop()

    def _start_videos(self) -> Iterator[IndexingEvent]:
        while self._queue and len(self._lanes) < self._settings.processes:
            due = self._queue.popleft()
            with self._database.writing() as connection:
                job = begin_job(connection, due.id, self._settings.depth, self._settings.recipe)
            if not is_unchanged(job.file):
                self.pace.end(self.pace.begin(job.file.path))
                yield VideoDeferred(readable(job.file.path))
                continue
            settings = self._settings
            video = VideoPass(self._database, self._encoder, settings.limits, settings.recipe, settings.depth, job)
            process = (
                self._idle.pop() if self._idle else DecodeProcess(settings.log, fair_share(settings.processes))
            )
            session = self._session(due, job)
            lane = _Lane(process, due, video, self.pace.begin(job.file.path, video.fraction), session)
            self._lanes.append(lane)
            try:
                process.submit(self._task(video, session))
            except DecoderDiedError as error:
                yield from self._retry(lane, str(error))

    def _cost(self, due: DueVideo) -> float:
        return decoding_cost(due, self._settings.depth, self._settings.rate)

    def _session(self, due: DueVideo, job: Job) -> Session:
        """Return what a video may have of the graphics card: what ended a process before gets nothing."""
        by_processor = self._settings.depth == Depth.QUICK or job.decoder == SAFE
        return (NO_HARDWARE if by_processor else self._settings.hardware).begin(due.pixels)

    def _task(self, video: VideoPass, session: Session) -> Task:
        settings, path = self._settings, video.job.file.path
        if settings.depth == Depth.QUICK:
            return KeyFrameTask(path, settings.rate, settings.limits.window, settings.threads)
        return DecodeTask(
            path=path,
            rate=settings.rate,
            spans=video.remaining_spans(settings.rate),
            decoder=SAFE if video.job.decoder == SAFE else AUTO,
            window=settings.limits.window,
            threads=settings.threads,
            hardware=session.order,
        )

    def _ready(self) -> list[_Lane]:
        with self.pace.waiting():
            connections = wait([lane.process.connection for lane in self._lanes], timeout=_POLL)
        return [lane for lane in self._lanes if lane.process.connection in connections]

    def _step(self, lane: _Lane) -> Iterator[IndexingEvent]:
        try:
            message = lane.process.receive()
        except DecoderDiedError as error:
            yield from self._retry(lane, str(error))
            return
        yield from self._take(lane, message)

    def _take(self, lane: _Lane, message: object) -> Iterator[IndexingEvent]:
        match message:
            case Opened(info):
                lane.video.opened(info)
                if info.own_colours and self._settings.depth == Depth.QUICK:
                    yield Remarked(readable(lane.video.job.file.path), OWN_COLOURS)
                known = replace(
                    lane.due,
                    duration=info.duration,
                    pixels=info.width * info.height,
                    codec=info.codec,
                    frame_rate=info.frame_rate,
                )
                self.pace.correct(lane.pace, self._cost(known))
            case DeviceMissing() | DeviceTaken() | DeviceJudged() | DeviceLeft():
                lane.session.hear(message)
                lane.pace.device = lane.session.device
            case Batch(times, images):
                try:
                    lane.video.add(times, images)
                except FileChangedError:
                    self._end(lane)
                    yield self._defer(lane)
                    return
                lane.pace.advance(lane.video.fraction, lane.video.progressed)
            case TaskDone(packets):
                yield from self._finish(lane, packets)
            case TaskFailed(reason):
                self._release(lane)
                yield self._give_up(lane, reason)

    def _finish(self, lane: _Lane, packets: PacketIndex | None) -> Iterator[IndexingEvent]:
        self._release(lane)
        try:
            lane.video.finish(packets)
        except FileChangedError:
            yield self._defer(lane)
            return
        except MediaError as error:
            yield self._give_up(lane, str(error))
            return
        lane.pace.advance(1.0, lane.video.progressed)
        self.pace.end(lane.pace)
        path = readable(lane.video.job.file.path)
        yield VideoDone(path, self._settings.name, lane.video.keyframes)

    def _retry(self, lane: _Lane, reason: str) -> Iterator[IndexingEvent]:
        """Give the video to a fresh process; what kills two of them is not tried again."""
        lane.session.died()
        self._end(lane)
        job = lane.video.job
        failures = job.failures + 1
        if failures >= MAX_FAILURES:
            yield self._give_up(lane, reason)
            return
        with self._database.writing() as connection:
            retry_with(connection, lane.due.id, SAFE, failures)
        self.pace.withdraw(lane.pace)
        self._queue.appendleft(lane.due)

    def _give_up(self, lane: _Lane, reason: str) -> IndexingEvent:
        """Mark a video as failed, unless its file was replaced or went away."""
        if not is_unchanged(lane.video.job.file):
            return self._defer(lane)
        with self._database.writing() as connection:
            fail_video(connection, lane.due.id, reason)
        self.pace.end(lane.pace)
        return VideoFailed(readable(lane.video.job.file.path), reason)

    def _defer(self, lane: _Lane) -> IndexingEvent:
        """Leave a video for the next run, and drop what was read of a file that was replaced."""
        path = lane.video.job.file.path
        if os.path.lexists(path):  # a file that is gone may come back as it was
            with self._database.writing() as connection:
                reset_video(connection, lane.due.id)
        self.pace.end(lane.pace)
        return VideoDeferred(readable(path))

    def _end_hung(self) -> Iterator[IndexingEvent]:
        for lane in [lane for lane in self._lanes if lane.process.is_hung]:
            yield from self._retry(lane, HUNG)

    def _leave_devices(self) -> None:
        """Free the graphics card for what holds this up: its videos go on later, from where they were stored."""
        for lane in [lane for lane in self._lanes if lane.session.is_open]:
            self._end(lane)
            with contextlib.suppress(FileChangedError, StorageError):  # the next look at it finds that out, too
                lane.video.store()
            self.pace.withdraw(lane.pace)
            self._queue.appendleft(lane.due)
        if self._settings.hardware.used:
            for process in self._idle:
                process.kill()  # it may hold a device open for the next file
            self._idle = []

    def _end(self, lane: _Lane) -> None:
        """End a lane and its process."""
        self._lanes.remove(lane)
        lane.process.kill()
        lane.session.end()

    def _release(self, lane: _Lane) -> None:
        """End a lane; its process waits for the next video."""
        lane.session.end()
        self._lanes.remove(lane)
        self._idle.append(lane.process)

    def _stop(self) -> None:
        """Store what is decided and end the processes; also after an error or a cancel."""
        for process in [lane.process for lane in self._lanes] + self._idle:
            process.kill()
        for lane in self._lanes:
            # The next run finds again what there is no room for.
            with contextlib.suppress(FileChangedError, StorageError):
                lane.video.store()
        self._lanes, self._idle = [], []
