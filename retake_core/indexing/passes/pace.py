"""The pace of a pass: how far it has come, how fast it is, and how long the rest takes."""

import time
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.protocol.indexing_events import PassName, PassProgress, VideoProgress

TELL_EVERY = 0.1  # seconds between two events of progress
_TELLING = 0.01  # share of the work after which the time that it took says something


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


class Pace:
    """Measures one pass.

    Args:
        name: of the pass.
        videos: how many it looks at.
        work: all that is to be done, in whatever costs alike: bytes, keyframes or seconds.
        cancel: the token that the pass looks at.
    """

    def __init__(self, name: PassName, videos: int, work: float, cancel: CancelToken) -> None:
        self._name, self._videos, self._work = name, videos, work
        self._watch = Stopwatch(cancel)
        self._told = -TELL_EVERY

    @property
    def elapsed(self) -> float:
        """Seconds of work."""
        return self._watch.seconds

    @property
    def is_due(self) -> bool:
        """Whether progress was told long enough ago."""
        return time.monotonic() - self._told >= TELL_EVERY

    def progress(
        self, ended: int, done: float, seconds: float, *working: VideoProgress, before: float = 0.0
    ) -> PassProgress:
        """Return how far the pass has come.

        Args:
            ended: videos that are complete or have failed.
            done: work that this run has done.
            seconds: of video that this run has looked at.
            working: the videos under way.
            before: work that earlier runs have done.
        """
        self._told = time.monotonic()
        return PassProgress(
            name=self._name,
            done=ended,
            videos=self._videos,
            fraction=min((done + before) / self._work, 1.0) if self._work else 0.0,
            speed=seconds / max(self.elapsed, 1e-3),
            time_left=time_left(self.elapsed, done, self._work - before),
            working=working,
        )

    def of_video(
        self, path: Path, done: float, work: float, seconds: float, *, since: float = 0.0, before: float = 0.0
    ) -> VideoProgress:
        """Return how far one video has come; see `progress`.

        Args:
            path: of its file.
            done: work that this run has done on it.
            work: that there is on it in all; 0.0 while that is unknown.
            seconds: of it that this run has looked at.
            since: `elapsed` when this run began with it.
            before: work that earlier runs have done on it.
        """
        elapsed = self.elapsed - since
        return VideoProgress(
            path=readable(path),
            fraction=min((done + before) / work, 1.0) if work else 0.0,
            speed=seconds / max(elapsed, 1e-3),
            time_left=time_left(elapsed, done, work - before),
        )


def time_left(elapsed: float, done: float, work: float) -> float | None:
    """Return the seconds that the rest of some work takes; None before the first of it tells anything."""
    return elapsed * max(work - done, 0.0) / done if done > _TELLING * work else None
