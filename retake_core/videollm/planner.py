"""What a question will take on this machine, before it runs, and how to make it fit."""

import math
from dataclasses import dataclass, replace
from typing import Protocol

from retake_core.display import data_size
from retake_core.errors import DoesNotFitError, UserError
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.videollm.calibration import Calibration, Counts
from retake_core.videollm.costs import MOST_WORDS, count, peak_bytes
from retake_core.videollm.families.base import Family
from retake_core.videollm.reading import (
    CHUNKS,
    LONG_SIDES,
    MAX_RATE,
    MIN_FRAMES,
    MIN_KEEP_RATIO,
    PLAIN,
    Detail,
    Reading,
    keep_ratio_for,
)

USABLE = 0.9
"""The part of the memory that a plan may fill; estimates and other programs need the rest."""


@dataclass(frozen=True)
class ReadingPlan:
    """A reading that fits, and what it will take.

    Attributes:
        reading: the settings.
        counts: exact numbers.
        peak_bytes: estimated peak, weights included.
        seconds: predicted time of each phase; empty on a machine that has not run yet.
        lowered: whether frames or keep ratio are below the request.
    """

    reading: Reading
    counts: Counts
    peak_bytes: int
    seconds: dict[str, float]
    lowered: bool


def sample_times(duration: float, frames: int, max_rate: float = MAX_RATE) -> tuple[float, list[float]]:
    """Return the rate and the nominal times at which a video of `duration` seconds is read.

    The frames are even over the whole video: all at `max_rate`, or fewer for a long one.
    """
    duration = max(duration, 1e-3)
    rate = min(max_rate, frames / duration)
    number = max(1, min(frames, math.ceil(duration * rate - 1e-6)))
    return rate, [index / rate for index in range(number)]


class Material(Protocol):
    """What is to be read."""

    def sample(self, frames: int, max_rate: float = MAX_RATE) -> tuple[float, int]:
        """Return the rate, `max_rate` at most, and the number of frames when about `frames` at most are read."""
        ...

    def count(self, family: Family, reading: Reading) -> Counts:
        """Count the tokens and bytes of a reading."""
        ...

    def guided(self, rate: float) -> bool:
        """Return whether an index knows which frames to read at a rate."""
        ...


@dataclass(frozen=True)
class Recording:
    """A whole video.

    Attributes:
        duration: seconds.
        width: pixels.
        height: pixels.
        frame_rate: frames a second on average, 0.0 when unknown.
        indexed: whether an index has looked at it, and says which frames tell most.
    """

    duration: float
    width: int
    height: int
    frame_rate: float = 0.0
    indexed: bool = False

    @property
    def frame_count(self) -> int | None:
        """How many frames it has, None when unknown."""
        return max(1, round(self.duration * self.frame_rate)) if self.frame_rate > 0 else None

    def sample(self, frames: int, max_rate: float = MAX_RATE) -> tuple[float, int]:
        """See `sample_times`; no more frames than there are.

        The rate stays: where frames come in bursts, a lower one would miss most of them.
        """
        rate, times = sample_times(self.duration, frames, max_rate)
        return rate, len(times) if self.frame_count is None else min(len(times), self.frame_count)

    def guided(self, rate: float) -> bool:
        """Return whether the index knows more than frames at a rate would show."""
        return self.indexed and rate < MAX_RATE

    def short_side(self, family: Family, reading: Reading) -> int:
        """Return the pixels of the shorter side at which frames are decoded: no more than the model takes."""
        size = family.vision.frame_size(self.width, self.height, reading.long_side)
        longer, shorter = max(self.width, self.height), min(self.width, self.height)
        return max(min(size), math.ceil(shorter * max(size) / longer))

    def count(self, family: Family, reading: Reading) -> Counts:
        """See `count`."""
        times = [index / reading.rate for index in range(reading.frames)]
        return count(family, reading, times, self.width, self.height)


def make_plan(
    family: Family,
    material: Material,
    available: int,
    weights: int,
    frames: int = MAX_FRAMES,
    keep_ratio: float | None = None,
    budget: int | None = None,
    calibration: Calibration | None = None,
    detail: Detail = PLAIN,
) -> ReadingPlan:
    """Plan a reading that fits the memory and the model's positions.

    First fewer frames are read at once, then the keep ratio is lowered, then the number of frames. Where nothing
    is lowered, what is left of the budget and the memory goes into larger frames, and then into more of them.

    Args:
        family: without or with its model.
        material: what is to be read.
        available: bytes that the whole model may take, weights included.
        weights: bytes of the weights.
        frames: at most so many are read.
        keep_ratio: the fraction of visual tokens to keep; None follows the budget.
        budget: visual entries for each layer; None is the family's.
        calibration: how fast this machine is.
        detail: how closely a video may be read that leaves room.

    Raises:
        DoesNotFitError: even the smallest reading does not.
        UserError: the request makes no sense.
    """
    budget = family.prompt.budget if budget is None else budget
    if frames < 1 or budget < 1 or not 0 < (1.0 if keep_ratio is None else keep_ratio) <= 1:
        raise UserError("Frames and budget are at least 1, and a keep ratio lies above 0 and not above 1.")
    most, fit = frames, _Fit(family, material, available, weights)
    while True:
        rate, number = material.sample(frames, min(MAX_RATE, detail.rate))
        side = min(LONG_SIDES[0], detail.long_side)
        reading = Reading(rate, number, side, budget=budget, guided=material.guided(rate))
        visual = material.count(family, reading).visual_tokens
        ratio = keep_ratio if keep_ratio is not None else keep_ratio_for(budget, visual)
        for lower in _ratios(ratio):
            plan, peak = fit.plan(replace(reading, keep_ratio=lower))
            if plan is not None:
                lowered = lower < ratio or frames < most
                plan = plan if lowered else _spent(plan, fit, frames, detail)
                seconds = calibration.predict(plan.counts) if calibration else {}
                return replace(plan, seconds=seconds, lowered=lowered)
        if number <= MIN_FRAMES or frames <= MIN_FRAMES:
            raise DoesNotFitError(
                f"This model needs about {data_size(peak)}, and {data_size(available)} are free. "
                "Close other programs, or choose a smaller model."
            )
        frames = max(MIN_FRAMES, min(frames, number) // 2)


@dataclass(frozen=True)
class _Fit:
    """What a reading has to fit: bytes that the whole model may take, of which some are its weights."""

    family: Family
    material: Material
    available: int
    weights: int

    def plan(self, reading: Reading, room: int = 0) -> tuple[ReadingPlan | None, int]:
        """Plan a reading in as large pieces as fit.

        Args:
            reading: the settings, but for the size of its pieces.
            room: positions that are to be left.

        Returns:
            The plan, None where it does not fit, and the peak of the smallest pieces that were tried, in bytes.
        """
        peak = 0
        for chunk in CHUNKS:
            candidate = replace(reading, chunk_frames=chunk)
            counts = self.material.count(self.family, candidate)
            peak = peak_bytes(self.family, counts, self.weights)
            if peak <= self.available and counts.positions + room <= self.family.positions:
                return ReadingPlan(candidate, counts, peak, {}, lowered=False), peak
        return None, peak


def _spent(plan: ReadingPlan, fit: _Fit, frames: int, detail: Detail) -> ReadingPlan:
    """Return the closest reading that still fits: nothing more is evicted for it, and no words are left out."""

    def closer(reading: Reading) -> ReadingPlan | None:
        found, _ = fit.plan(reading, room=MOST_WORDS)
        if found is None or found.counts.visual_tokens * reading.keep_ratio > reading.budget:
            return None
        return found

    for side in LONG_SIDES:
        if plan.reading.long_side < side <= detail.long_side:
            larger = closer(replace(plan.reading, long_side=side))
            if larger is None:
                break
            if larger.counts.visual_tokens > plan.counts.visual_tokens:  # else the video has no larger frames
                plan = larger
    rate, number = fit.material.sample(frames, detail.rate)
    if plan.reading.rate < rate == detail.rate and number > plan.reading.frames:
        plan = closer(replace(plan.reading, rate=rate, frames=number)) or plan
    return plan


TYPICAL = Recording(duration=3600.0, width=1920, height=1080)
"""The recording that needs are stated for: long enough for every frame that is ever read."""


def frames_that_fit(family: Family, material: Material, available: int, weights: int) -> int:
    """Return how many frames can be read in a memory, 0 if the model does not fit at all; see `make_plan`."""
    try:
        return make_plan(family, material, available, weights).reading.frames
    except UserError:
        return 0


def _ratios(first: float) -> list[float]:
    ratios = [first]
    while ratios[-1] / 2 >= MIN_KEEP_RATIO:
        ratios.append(ratios[-1] / 2)
    return ratios
