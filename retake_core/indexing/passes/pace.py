"""The pace of a pass: how far it has come, how fast it is, and how long the rest takes."""

import time
from collections.abc import Iterator
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.protocol.indexing_events import PassName, PassProgress, PassStarted, VideoProgress
from retake_core.system.throttle import Throttle

_TELLING = 2.0  # seconds of work after which the time of the rest can be told from them


class Stopwatch:
    """Counts the seconds of work from now on; those for which somebody holds it up do not count.

    Args:
        cancel: the token that the work looks at.
    """

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._began = time.monotonic() - cancel.held_seconds

    @property
    def seconds(self) -> float:
        """Seconds of work so far."""
        return time.monotonic() - self._cancel.held_seconds - self._began

    def speed(self, seconds: float) -> float:
        """Return how many times faster than a player so many seconds of video were looked at."""
        return seconds / max(self.seconds, 1e-3)

    def time_left(self, done: float, work: float) -> float | None:
        """Return the seconds that the rest takes.

        Args:
            done: how much of the work was done in the time of this watch.
            work: how much there was to do, in the same unit.

        Returns:
            None while too little is done to tell.
        """
        elapsed = self.seconds
        if done >= work > 0:
            return 0.0
        return elapsed * (work - done) / done if done > 0 and elapsed >= _TELLING else None


class VideoPace:
    """How far a pass has come with one video.

    Attributes:
        work: how much there is to do.
        fraction: of the work that is done, 0..1.
        seconds: of the video that this run has looked at.

    Args:
        path: of the video's file.
        work: how much there is to do, in the unit of the pass.
        before: fraction of it that an earlier run has done.
        cancel: the token that the pass looks at.
    """

    def __init__(self, path: Path, work: float, before: float, cancel: CancelToken) -> None:
        self.work = work
        self._path, self._before = path, before
        self._watch = Stopwatch(cancel)
        self.fraction, self.seconds = before, 0.0

    @property
    def done(self) -> float:
        """Work that is done, by this run and earlier ones."""
        return self.work * self.fraction

    @property
    def done_before(self) -> float:
        """Work that earlier runs have done."""
        return self.work * self._before

    def advance(self, fraction: float, seconds: float) -> None:
        """Note how far the video is: see the attributes."""
        self.fraction, self.seconds = min(fraction, 1.0), seconds

    def progress(self) -> VideoProgress:
        """Tell how far the video is."""
        return VideoProgress(
            path=readable(self._path),
            fraction=self.fraction,
            speed=self._watch.speed(self.seconds),
            time_left=self._watch.time_left(self.fraction - self._before, 1 - self._before),
        )


class Pace:
    """How far a pass has come with all its videos.

    Args:
        name: of the pass.
        cancel: the token that the pass looks at.
    """

    def __init__(self, name: PassName, cancel: CancelToken) -> None:
        self._name, self._cancel = name, cancel
        self._watch = Stopwatch(cancel)
        self._throttle = Throttle()
        self._videos, self._work = 0, 0.0
        self._under_way: list[VideoPace] = []
        self._ended = 0  # videos, and of these:
        self._done, self._done_before, self._seconds = 0.0, 0.0, 0.0

    @property
    def seconds(self) -> float:
        """Seconds of video that this run has looked at."""
        return self._seconds + sum(video.seconds for video in self._under_way)

    def start(self, videos: int, work: float) -> PassStarted:
        """Begin to count, and tell that the pass starts.

        Args:
            videos: how many there are.
            work: how much there is to do in all of them, in a unit that costs alike: bytes, keyframes or seconds.
        """
        self._videos, self._work = videos, work
        self._watch = Stopwatch(self._cancel)
        return PassStarted(self._name, videos)

    def begin(self, path: Path, work: float, before: float = 0.0) -> VideoPace:
        """Take up a video; see `VideoPace`."""
        video = VideoPace(path, work, before, self._cancel)
        self._under_way.append(video)
        return video

    def end(self, video: VideoPace) -> None:
        """Count the work on a video as done, whatever came of it."""
        self._under_way.remove(video)
        self._ended += 1
        self._done += video.work
        self._done_before += video.done_before
        self._seconds += video.seconds

    def withdraw(self, video: VideoPace) -> None:
        """Count nothing of a video: it will be taken up again."""
        self._under_way.remove(video)

    def tell(self) -> Iterator[PassProgress]:
        """Yield how far the pass is, at most ten times a second."""
        if self._throttle.ready():
            yield self.progress()

    def progress(self) -> PassProgress:
        """Tell how far the pass is."""
        done = self._done + sum(video.done for video in self._under_way)
        before = self._done_before + sum(video.done_before for video in self._under_way)
        return PassProgress(
            name=self._name,
            done=self._ended,
            videos=self._videos,
            fraction=min(done / self._work, 1.0) if self._work else 0.0,
            speed=self._watch.speed(self.seconds),
            time_left=self._watch.time_left(done - before, self._work - before),
            working=tuple(video.progress() for video in self._under_way),
        )
