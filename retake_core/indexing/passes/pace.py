"""The pace of a pass: how far it has come, how fast it is, and how long the rest takes."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.indexing.passes.estimate import Estimate, Stopwatch, corrected, makespan
from retake_core.protocol.indexing_events import PassName, PassProgress, PassStarted, VideoProgress
from retake_core.system.throttle import Throttle

MANY = 1000  # videos that wait: with more, no single one decides when the last lane is free


class VideoPace:
    """How far a pass has come with one video.

    Attributes:
        work: how much there is to do.
        guess: how much that was before the video was opened.
        before: fraction of it that an earlier run has done.
        fraction: of the work that is done, 0..1.
        seconds: of the video that this run has looked at.
        device: the graphics device that decodes it; "" for the processor.
        computer: the name of the one that looks at it; "" for this one.

    Args:
        path: of the video's file.
        guess: how much there is to do, in the unit of the pass.
        scale: what the guesses were to be multiplied with so far.
        before: fraction of it that an earlier run has done.
        cancel: the token that the pass looks at.
    """

    def __init__(self, path: Path, guess: float, scale: float, before: float, cancel: CancelToken) -> None:
        self.guess, self.work, self.before = guess, guess * scale, before
        self.device = self.computer = ""
        self._path, self._cancel = path, cancel
        self._watch = Stopwatch(cancel)
        self.fraction, self.seconds = before, 0.0
        self._elapsed = 0.0

    @property
    def done(self) -> float:
        """Work that is done, by this run and earlier ones."""
        return self.work * self.fraction

    @property
    def done_now(self) -> float:
        """Work that this run has done."""
        return self.work * (self.fraction - self.before)

    @property
    def elapsed(self) -> float:
        """Seconds from when it was taken up to the last word of how far it is: what came since is not known."""
        return self._elapsed

    def opened(self, work: float) -> None:
        """Note how much there is to do, and count from now on: what opens it may have had to start first."""
        self.work = work
        self._watch, self._elapsed = Stopwatch(self._cancel), 0.0

    def loaded(self) -> None:
        """Count from now on, if nothing is done yet: what was loaded first is no part of the pace."""
        if self.done_now <= 0:
            self._watch, self._elapsed = Stopwatch(self._cancel), 0.0

    def advance(self, fraction: float, seconds: float) -> None:
        """Note how far the video is: see the attributes."""
        self.fraction, self.seconds = min(fraction, 1.0), seconds
        self._elapsed = self._watch.seconds

    def progress(self) -> VideoProgress:
        """Tell how far the video is."""
        return VideoProgress(
            path=readable(self._path),
            fraction=self.fraction,
            speed=self._watch.speed(self.seconds),
            device=self.device,
            computer=self.computer,
        )


class Pace:
    """How far a pass has come with all its videos.

    Args:
        name: of the pass.
        cancel: the token that the pass looks at.
        lanes: how many videos, or parts of them, are looked at at once; it may be set again.

    Attributes:
        worked_here: whether this computer has done any of it.
    """

    def __init__(self, name: PassName, cancel: CancelToken, lanes: int = 1) -> None:
        self.name, self._cancel, self.lanes = name, cancel, lanes
        self.worked_here = False
        self._watch, self._estimate = Stopwatch(cancel), Estimate(cancel)
        self._throttle = Throttle()
        self._videos, self._fraction = 0, 0.0
        self._queue: deque[float] = deque()  # work
        self._under_way: list[VideoPace] = []
        self._ended = 0  # videos, and of these:
        self._done, self._done_now, self._elapsed, self._seconds = 0.0, 0.0, 0.0, 0.0
        self._over = 0.0  # work of these videos that no earlier run did, also where they ended early
        self._opened, self._guessed = 0.0, 0.0  # work of the videos that were opened, and what it was before
        self._waited = 0.0  # seconds
        self._per_unit: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds of video that this run has looked at."""
        return self._seconds + sum(video.seconds for video in self._under_way)

    @property
    def work_left(self) -> float:
        """Work that is left."""
        return sum(video.work - video.done for video in self._under_way) + self._scale * sum(self._queue)

    @property
    def measured(self) -> tuple[float, float]:
        """Seconds that the lanes have worked in this run, all together, and the work that they got over with."""
        work = self._over + sum(video.done_now for video in self._under_way)
        return self._elapsed + sum(video.elapsed for video in self._under_way), work

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count what is done inside as waiting for the lanes; in all other time they may have to wait."""
        began = time.monotonic()
        yield
        self._waited += time.monotonic() - began

    def start(self, works: Sequence[float], per_unit: float | None = None) -> PassStarted:
        """Begin to count, and tell that the pass starts.

        Args:
            works: how much there is to do in each video, in their order, in a unit that costs alike.
            per_unit: seconds that a lane takes for a unit, by what is known before it begins; None: nothing is.
        """
        self._videos, self._queue, self._per_unit = len(works), deque(works), per_unit
        self._watch, self._estimate = Stopwatch(self._cancel), Estimate(self._cancel, self.left(per_unit))
        return PassStarted(self.name, len(works))

    def begin(self, path: Path, before: float = 0.0) -> VideoPace:
        """Take up the next video of the queue; see `VideoPace`."""
        video = VideoPace(path, self._queue.popleft(), self._scale, before, self._cancel)
        self._under_way.append(video)
        return video

    def postpone(self) -> None:
        """Put the next video of the queue at its end."""
        self._queue.rotate(-1)

    def correct(self, video: VideoPace, work: float) -> None:
        """Note how much there is to do in a video, now that it is open; those that wait are guessed by it."""
        video.opened(work)
        self._opened += work
        self._guessed += video.guess

    def end(self, video: VideoPace) -> None:
        """Count the work on a video as done, whatever came of it."""
        self._under_way.remove(video)
        self._ended += 1
        self._done += video.work
        if video.done_now > 0:  # what came to nothing says nothing of the pace
            self._over += video.work * (1 - video.before)
            self._done_now += video.done_now
            self._elapsed += video.elapsed
        self._seconds += video.seconds

    def withdraw(self, video: VideoPace) -> None:
        """Count nothing of a video: it will be taken up again, as the next one."""
        self._under_way.remove(video)
        self._queue.appendleft(video.guess)

    def tell(self) -> Iterator[PassProgress]:
        """Yield how far the pass is, at most ten times a second."""
        if self._throttle.ready():
            yield self.progress()

    def progress(self) -> PassProgress:
        """Tell how far the pass is."""
        done = self._done + sum(video.done for video in self._under_way)
        work = done + self.work_left
        if work:  # what becomes known of the videos may make it more
            self._fraction = max(self._fraction, min(done / work, 1.0))
        return PassProgress(
            name=self.name,
            done=self._ended,
            videos=self._videos,
            fraction=self._fraction,
            speed=self._watch.speed(self.seconds),
            time_left=self._estimate.left(self.left(self._per_unit)),
            working=tuple(video.progress() for video in self._under_way),
        )

    @property
    def _scale(self) -> float:
        """What to multiply guesses with."""
        return self._opened / self._guessed if self._guessed else 1.0

    def left(self, per_unit: float | None) -> float | None:
        """Return the seconds that the rest takes by all that is known.

        Args:
            per_unit: seconds that a lane was known to take for a unit of work before the pass began.
        """
        measured = self.rest
        if per_unit is None or measured == 0:
            return measured
        _, done = self.measured
        expected = per_unit * self.work_left / self.lanes
        return corrected(expected, measured, done / max(done + self.work_left, 1e-9))

    @property
    def rest(self) -> float | None:
        """Seconds that the rest takes by what this run has done so far; None while that is nothing."""
        under_way = [video.work - video.done for video in self._under_way]
        if not self._queue and not any(under_way):
            return 0.0 if self._done else None
        done = self._done_now + sum(video.done_now for video in self._under_way)
        if done <= 0:
            return None
        elapsed, _ = self.measured
        shared = self.work_left / self.lanes
        if len(self._queue) > MANY:
            return shared * elapsed / done
        alone = makespan(under_way, (self._scale * guess for guess in self._queue), self.lanes)
        # What serves all lanes is as busy with fewer of them: then those that are left are the faster for it.
        busy = 1 - min(self._waited / max(self._watch.seconds, 1e-3), 1.0)
        return (busy * shared + (1 - busy) * alone) * elapsed / done
