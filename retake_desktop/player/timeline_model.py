"""A video's keyframes and the part of it that is looked at: shared by the timeline and the filmstrip."""

import bisect
from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, Signal

from retake_core.library.keyframes import KeyframeEntry

ZOOM_STEP = 0.7
SAME = 0.002  # seconds: one frame
AGAIN = 1.0  # seconds after its beginning from which on "previous" means the chapter itself
SHORTEST = 2.0  # seconds; the strip shows at least so much


def most_prominent(
    keyframes: Sequence[KeyframeEntry], start: float, end: float, capacity: int, marked: Collection[float] = ()
) -> list[KeyframeEntry]:
    """Return at most `capacity` prominent keyframes of [start, end], in order of time: marked ones first."""
    inside = [entry for entry in keyframes if start <= entry.time <= end]
    if len(inside) > capacity:
        inside = sorted(inside, key=lambda entry: (entry.time not in marked, -entry.prominence, entry.time))
        del inside[capacity:]
    return sorted(inside, key=lambda entry: entry.time)


class Reel(QObject):
    """Keyframes, what is marked and remembered, the playing time, and the range that the filmstrip shows."""

    changed = Signal()
    moved = Signal()
    chosen = Signal(float)  # the user wants to see the frame of this time

    def __init__(self) -> None:
        super().__init__()
        self.keyframes: list[KeyframeEntry] = []
        self.hits: list[tuple[float, float, float]] = []  # start, end, and time of the best keyframe
        self.citations: list[tuple[float, float, float]] = []  # start, end, and time of the cited frame
        self.kept: list[tuple[float, float]] = []  # time, and the share of its tokens that a memory kept
        self.notes: list[tuple[float, str]] = []  # time, and what a person wrote about it
        self.chapters: list[tuple[float, str]] = []  # where each begins, and its title
        self.duration = 0.0
        self.time = 0.0
        self.start = self.end = 0.0

    def load(self, keyframes: Sequence[KeyframeEntry], duration: float, *, keep_range: bool = False) -> None:
        """Show a video's keyframes."""
        whole = not keep_range or (self.start == 0.0 and self.end >= self.duration)
        self.keyframes = list(keyframes)
        last = self.keyframes[-1].time if self.keyframes else 0.0
        self.duration = max(duration, last, 0.001)
        if whole:
            self.start, self.end = 0.0, self.duration
        self.changed.emit()

    def set_hits(self, hits: Sequence[tuple[float, float, float]]) -> None:
        """Mark the moments that a search found."""
        self.hits = list(hits)
        self.changed.emit()

    def set_citations(self, citations: Sequence[tuple[float, float, float]]) -> None:
        """Mark what an answer rests on."""
        self.citations = list(citations)
        self.changed.emit()

    def set_kept(self, kept: Sequence[tuple[float, float]]) -> None:
        """Show what a model kept of the video, with the share 0..1 from each time on."""
        self.kept = list(kept)
        self.changed.emit()

    def set_notes(self, notes: Sequence[tuple[float, str]]) -> None:
        """Mark the times that a person wrote about."""
        if list(notes) != self.notes:
            self.notes = list(notes)
            self.changed.emit()

    def set_chapters(self, chapters: Sequence[tuple[float, str]]) -> None:
        """Mark where chapters begin."""
        if list(chapters) != self.chapters:
            self.chapters = list(chapters)
            self.changed.emit()

    def chapter_at(self, time: float) -> str:
        """Return the title of the chapter that a time is in, or nothing."""
        number = bisect.bisect_right([start for start, _ in self.chapters], time + SAME) - 1
        return self.chapters[number][1] if number >= 0 else ""

    def neighbouring_chapter(self, direction: int) -> float | None:
        """Return where the next chapter (1) begins, or the one that plays, or at its start the previous (-1)."""
        starts = [start for start, _ in self.chapters]
        if direction > 0:
            number = bisect.bisect_right(starts, self.time + SAME)
        else:
            number = bisect.bisect_left(starts, self.time - AGAIN) - 1
        return starts[number] if 0 <= number < len(starts) else None

    @property
    def marked(self) -> frozenset[float]:
        """The times of keyframes that a search found, or that an answer rests on."""
        return frozenset(time for _, _, time in (*self.hits, *self.citations))

    def kept_at(self, time: float) -> float | None:
        """Return the share that was kept at a time, None where nothing is known."""
        i = bisect.bisect_right(self.kept, (time, 2.0)) - 1
        return self.kept[max(i, 0)][1] if self.kept else None

    def set_time(self, time: float) -> None:
        """Follow the player; the range moves along when it is left."""
        self.time = time
        if not self.start <= time <= self.end:
            span = self.end - self.start
            self._look_at(time - span * 0.1, span)
        self.moved.emit()

    def zoom(self, steps: float, around: float | None = None) -> None:
        """Show less of the video, and so more of its keyframes; negative steps zoom out."""
        anchor = self.time if around is None else around
        span = self.end - self.start
        new = min(max(span * ZOOM_STEP**steps, min(SHORTEST, self.duration)), self.duration)
        share = (anchor - self.start) / span if span > 0 else 0.5
        self._look_at(anchor - share * new, new)

    def zoom_out(self) -> None:
        """Show the whole video."""
        self._look_at(0.0, self.duration)

    def pan(self, share: float) -> None:
        """Move the range by a share of its length."""
        span = self.end - self.start
        self._look_at(self.start + share * span, span)

    def neighbour(self, direction: int) -> KeyframeEntry | None:
        """Return the keyframe after (1) or before (-1) the playing time."""
        times = [entry.time for entry in self.keyframes]
        if direction > 0:
            i = bisect.bisect_right(times, self.time + 0.002)
        else:
            i = bisect.bisect_left(times, self.time - 0.002) - 1
        return self.keyframes[i] if 0 <= i < len(times) else None

    def _look_at(self, start: float, span: float) -> None:
        span = min(span, self.duration)
        self.start = min(max(start, 0.0), self.duration - span)
        self.end = self.start + span
        self.changed.emit()
