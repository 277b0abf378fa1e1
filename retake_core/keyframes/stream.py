"""DPSelect for the library index: keyframes of a video of any length, in bounded memory.

The distances and peaks are those of `dpselect`. What differs is how many are kept: camera noise alone
makes a third of all frames peaks, so a peak counts only above the noise floor of its surroundings, or where
something changes at once and then stays, as a slide does whose picture differs little from the last. Limits
hold how many keyframes a stretch of video may have and must have. Time is cut into windows, each decided by
itself as soon as the first frame behind it is known: `KeyframeStream` and `select_keyframes` therefore agree.

Passes that decode only parts of a video give frames at uneven distances. Frames are neighbours, one of which hides
the other, only when they are near in time: of the cuts of a film, each of which has a codec key frame, none hides
the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from retake_core.keyframes.limits import Limits

Payload = TypeVar("Payload")

TOLERANCE = 0.001  # seconds: containers round times
_SHORTEST = 1e-8  # no vector counts as shorter, as that of a black picture is
_ROUNDING = 3e-7  # of distances between equal pictures, in float32


def distances(features: NDArray[np.float32], previous: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Return how much every position differs from the frame before, as `dpselect.distances` does for tensors.

    Indexing does without PyTorch, which takes more to load than a short clip to be looked at.

    Args:
        features: [T, N, C].
        previous: [N, C], the frame before the first, when the series goes on from an earlier part.

    Returns:
        [T, N]: one minus the cosine; 1 for the first frame of a series.
    """
    exact = features.astype(np.float64)
    before = exact[:1] if previous is None else previous[None].astype(np.float64)
    shifted = np.concatenate([before, exact[:-1]])
    lengths = [np.maximum(np.linalg.norm(each, axis=-1), _SHORTEST) for each in (shifted, exact)]
    d: NDArray[np.float32] = (1 - (shifted * exact).sum(-1) / (lengths[0] * lengths[1])).astype(np.float32)
    if previous is None and len(d):
        d[0] = 1.0
    return d


def select_keyframes(times: NDArray[np.float64], d: NDArray[np.float32], limits: Limits) -> NDArray[np.int64]:
    """Choose keyframes from a whole series.

    Args:
        times: [T], seconds, ascending.
        d: [T, N], the distance of each of a frame's positions to the frame before; of the first, 1.
        limits: how many.

    Returns:
        [k], indices into the series, ascending.
    """
    if not len(times):
        return np.empty(0, np.int64)
    is_peak = find_peaks(times, d.mean(axis=1), limits.reach)
    window = np.floor(times / limits.window)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    indices: list[NDArray[np.int64]] = []
    last: _Last | None = None
    for start, end in zip(starts, [*starts[1:], len(times)], strict=True):
        part = slice(start, end)
        chosen, last = _select_window(times[part], d[part], is_peak[part], limits, last)
        indices.append(start + chosen)
    return np.concatenate(indices)


def find_peaks(times: NDArray[np.float64], d: NDArray[np.float32], reach: float) -> NDArray[np.bool_]:
    """Return which frames differ more from the one before than their neighbours do; the first wins a tie.

    On an evenly sampled series these are the peaks of `dpselect.peaks`, whose window is three frames.

    Args:
        times: [T], seconds, ascending.
        d: [T], each frame's distance to the one before.
        reach: seconds; a frame further away is no neighbour.
    """
    near = np.diff(times) <= reach + TOLERANCE
    before = np.where(near, d[:-1], -np.inf)
    after = np.where(near, d[1:], -np.inf)
    return (d > np.append(-np.inf, before)) & (d >= np.append(after, -np.inf))


def noise_floor(d: NDArray[np.float32], limits: Limits) -> float:
    """Return the distance that a peak must exceed among d, [T], the distances of one window."""
    quiet = limits.noise * float(np.quantile(d, 0.25))
    return min(max(quiet, limits.floor), limits.ceiling)


def lasting_changes(times: NDArray[np.float64], d: NDArray[np.float32], limits: Limits) -> NDArray[np.float32]:
    """Return how much changes in each frame at positions that are steady before and after.

    What moves all the time, such as the speaker in a corner, counts for nothing.

    Args:
        times: [T], seconds, ascending.
        d: [T, N], the distance of each position to the frame before.
        limits: how steady, and for how long.

    Returns:
        [T], means over the positions; 0 where no other frame is near.
    """
    changes = np.zeros(len(times), np.float32)
    first = np.searchsorted(times, times - limits.stay)
    last = np.searchsorted(times, times + limits.stay, side="right")
    for index, time in enumerate(times):
        around = slice(first[index], last[index])
        others = d[around][np.abs(times[around] - time) > limits.reach + TOLERANCE]
        if len(others):
            changes[index] = np.clip(d[index] - limits.steady * others.max(axis=0), 0, None).mean()
    return changes


class _Last(NamedTuple):
    """The keyframe before a window: its time, and the way that the picture's unit vectors have gone since.

    The straight line between two unit vectors is as long as the root of twice their distance, and never longer
    than the way.
    """

    time: float
    way: float


def _select_window(
    times: NDArray[np.float64],
    d: NDArray[np.float32],
    is_peak: NDArray[np.bool_],
    limits: Limits,
    last: _Last | None,
) -> tuple[NDArray[np.int64], _Last]:
    lasting = lasting_changes(times, d, limits)
    # Peaks of their own: beside what moves all the time, a slide that changes is often none of the whole picture.
    lasts = (lasting > limits.lasting) & find_peaks(times, lasting, limits.reach)
    d = d.mean(axis=1)
    order = np.argsort(-(d + 2 * (is_peak | lasts)), kind="stable")
    # The strongest of each cell must be there, however still it is: an 8-hour recording of a street
    # remains browsable.
    _, first_of_cell = np.unique(np.floor(times[order] / limits.gap), return_index=True)
    indices = set(order[first_of_cell].tolist())
    if last is None:
        indices.add(0)
    counts = lasts | (is_peak & (d > noise_floor(d, limits)))
    budget = int((times[-1] - times[0]) / limits.spacing) + 1
    for index in order:
        if len(indices) >= budget:
            break
        if counts[index]:
            indices.add(int(index))
    ways = np.cumsum(np.sqrt(2 * np.where(d > _ROUNDING, d, 0).astype(np.float64)))
    cells = np.floor(times / limits.gap)
    ends = np.searchsorted(cells, cells, side="right") - 1
    kept: list[int] = []
    time, before = (-np.inf, 0.0) if last is None else (last.time, -last.way)
    for index in sorted(indices):
        moved = ways[ends[index]] - before > limits.still
        if counts[index] or moved or times[index] - time >= limits.rest - TOLERANCE:
            kept.append(index)
            time, before = float(times[index]), float(ways[index])
    return np.array(kept, np.int64), _Last(time, float(ways[-1]) - before)


@dataclass(frozen=True, slots=True)
class Keyframe(Generic[Payload]):
    """A frame that was chosen, with what was pushed along with it.

    Attributes:
        time: seconds.
        prominence: 0..1, its distance to the frame before it.
        payload: its own.
        stands_for: the payloads of the frames from it to the next keyframe of its window, its own among them.
    """

    time: float
    prominence: float
    payload: Payload
    stands_for: list[Payload]


@dataclass(frozen=True, slots=True)
class Window(Generic[Payload]):
    """A decided stretch of a video, [start, end) in seconds, and what to resume with at its end."""

    start: float
    end: float
    keyframes: list[Keyframe[Payload]]
    state: bytes


class KeyframeStream(Generic[Payload]):
    """Chooses keyframes while a video is being decoded.

        stream = KeyframeStream[NDArray[np.uint8]](Limits())
        for frame in source.frames(rate=2.0):
            features = encoder.encode_frames([frame.image]).maps
            for window in stream.push([frame.time], features, [frame.image]):
                show(window.keyframes)  # and store window.state to resume behind it
        show(stream.finish())

    Holds one window's distances and payloads and one frame's features, whatever the length of the video.

    Attributes:
        last_distances: the distance of each frame that was pushed last to the one before it.
        last_time: of the last frame of the window that was decided last; None before the first.
    """

    def __init__(self, limits: Limits, state: bytes | None = None) -> None:
        """Start at the beginning of a video, or behind the window that `state` came from."""
        self._limits = limits
        self._times: list[float] = []
        self._d: list[NDArray[np.float32]] = []
        self._payloads: list[Payload] = []
        self._features: NDArray[np.float32] | None = None
        self._d_before = 0.0
        self._last: _Last | None = None
        self.last_distances: list[float] = []
        self.last_time: float | None = None
        if state is not None:
            saved = safetensors.numpy.load(state)
            self._features = saved["features"]
            self._d_before = float(saved["d"])
            self.last_time = float(saved["time"])
            self._last = _Last(*saved["last"].tolist()) if "last" in saved else _Last(self.last_time, np.inf)

    @property
    def held(self) -> int:
        """How many frames' payloads are in memory."""
        return len(self._times)

    def push(
        self, times: Sequence[float], features: NDArray[np.float32], payloads: Sequence[Payload]
    ) -> Iterator[Window[Payload]]:
        """Add frames and yield the windows that they complete.

        Args:
            times: seconds, ascending, behind all earlier ones.
            features: [T, N, C] with T = len(times).
            payloads: kept with the frames that are chosen.
        """
        d = distances(features, self._features)
        means = self.last_distances = d.mean(axis=1).tolist()
        for i, time in enumerate(times):
            if self._times and self._window_of(time) != self._window_of(self._times[0]):
                yield self._close((time, means[i]), features[i - 1] if i else self._features)
            self._times.append(time)
            self._d.append(d[i])
            self._payloads.append(payloads[i])
        if len(times):
            self._features = features[-1].copy()

    def finish(self) -> list[Keyframe[Payload]]:
        """Return the keyframes of the last window."""
        return self._choose([])

    def _window_of(self, time: float) -> int:
        return int(time // self._limits.window)

    def _close(self, after: tuple[float, float], features: NDArray[np.float32] | None) -> Window[Payload]:
        window = self._window_of(self._times[0])
        keyframes = self._choose([after])
        self._d_before, self.last_time = float(self._d[-1].mean()), self._times[-1]
        self._times, self._d, self._payloads = [], [], []
        assert features is not None
        state: dict[str, NDArray[Any]] = {
            "features": np.ascontiguousarray(features),
            "d": np.array(self._d_before, np.float32),
            "time": np.array(self.last_time, np.float64),
            "last": np.array(self._last, np.float64),
        }
        length = self._limits.window
        return Window(window * length, (window + 1) * length, keyframes, safetensors.numpy.save(state))

    def _choose(self, after: list[tuple[float, float]]) -> list[Keyframe[Payload]]:
        """Choose from the window; `after` is the time and distance of the frame behind it."""
        if not self._times:
            return []
        # A peak is larger than its neighbours, which may lie in the windows before and behind.
        before = [] if self.last_time is None else [(self.last_time, self._d_before)]
        d = np.stack(self._d)
        means = d.mean(axis=1)
        series = [*before, *zip(self._times, means.tolist(), strict=True), *after]
        all_times, all_means = np.array(series, np.float64).T
        is_peak = find_peaks(all_times, all_means.astype(np.float32), self._limits.reach)
        is_peak = is_peak[len(before) :][: len(self._times)]
        indices, self._last = _select_window(np.array(self._times), d, is_peak, self._limits, self._last)
        # Frames before the window's first keyframe join it: the one that they follow is stored already.
        borders = [0, *indices[1:].tolist(), len(self._times)]
        return [
            Keyframe(
                time=self._times[i],
                prominence=min(max(float(means[i]), 0.0), 1.0),
                payload=self._payloads[i],
                stands_for=self._payloads[start:end],
            )
            for i, start, end in zip(indices.tolist(), borders, borders[1:], strict=False)
        ]
