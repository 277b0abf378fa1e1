"""The range of a video that the user marks, and playing it."""

from PySide6.QtCore import QObject, Signal

from retake_desktop.player.playback import Playback

SHORTEST = 0.04  # seconds of a range
STRIDE = 2.0  # seconds that playing moves at once, at most; further is a seek


class Marks(QObject):
    """Where a range begins and ends. One end alone goes to the start, or to the end, of the video."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._start: float | None = None
        self._end: float | None = None
        self._duration = 0.0

    @property
    def span(self) -> tuple[float, float] | None:
        """Start and end of the range in seconds, or None where nothing is marked."""
        if self._start is None and self._end is None:
            return None
        return self._start or 0.0, self._duration if self._end is None else self._end

    def clear(self) -> None:
        """Mark nothing."""
        self._set(None, None)

    def set_duration(self, duration: float) -> None:
        """Take the length of the video."""
        if duration != self._duration:
            self._duration = duration
            self.changed.emit()

    def mark_start(self, time: float) -> None:
        """Begin the range here; an end that lies before is forgotten."""
        if time <= self._duration - SHORTEST:
            keep = self._end is not None and self._end >= time + SHORTEST
            self._set(time, self._end if keep else None)

    def mark_end(self, time: float) -> None:
        """End the range here; a start that lies behind is forgotten."""
        if time >= SHORTEST:
            keep = self._start is not None and self._start <= time - SHORTEST
            self._set(self._start if keep else None, time)

    def move_start(self, time: float) -> None:
        """Move the start, up to the end at most."""
        if (span := self.span) is not None:
            self._set(min(max(time, 0.0), span[1] - SHORTEST), self._end)

    def move_end(self, time: float) -> None:
        """Move the end, down to the start at most."""
        if (span := self.span) is not None:
            self._set(self._start, max(min(time, self._duration), span[0] + SHORTEST))

    def _set(self, start: float | None, end: float | None) -> None:
        if (start, end) != (self._start, self._end):
            self._start, self._end = start, end
            self.changed.emit()


class RangePlayer(QObject):
    """Plays the marked range once, or over and over; without one the loop is the whole video.

    Attributes:
        loop: whether playing goes back to the start at the end.
    """

    passed = Signal()  # playing came to the end of the video, and nothing keeps it there

    def __init__(self, playback: Playback, marks: Marks) -> None:
        super().__init__(playback)
        self._playback, self._marks = playback, marks
        self.loop = False
        self._once = False
        self._time = 0.0
        playback.moved.connect(self._follow)
        playback.player.ended.connect(self._ended)

    def play(self) -> None:
        """Play the range from its start, and stop at its end."""
        if (span := self._marks.span) is not None:
            self._playback.show_time(span[0], play=True)
            self._once = True

    def _follow(self, time: float) -> None:
        before, self._time = self._time, time
        span, player = self._marks.span, self._playback.player
        if span is None or not player.playing or time < span[1]:
            return
        crossed = before < span[1] and time - before < STRIDE
        if crossed and self.loop:
            self._playback.show_time(span[0], play=True)
        elif crossed and self._once:
            self._playback.show_time(span[1])
        self._once = False

    def _ended(self) -> None:
        once, self._once = self._once, False
        if self.loop:
            span = self._marks.span
            self._playback.show_time(0.0 if span is None else span[0], play=True)
        elif not once:
            self.passed.emit()
