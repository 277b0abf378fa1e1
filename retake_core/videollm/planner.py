"""What a question will take on this machine, before it runs, and how to make it fit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from retake_core.display import data_size
from retake_core.errors import UserError
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.videollm.calibration import Calibration, Counts
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import TextPiece
from retake_core.videollm.float16 import running_itemsize
from retake_core.videollm.kv.pivotkv import block_bytes_on, keep_count
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.kv.two_pieces import MIN_KEYS, kernel_for, transient_bytes
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
from retake_core.videollm.shape import ModelShape

USABLE = 0.9
"""The part of the memory that a plan may fill; estimates and other programs need the rest."""
ANSWER_TOKENS = 1024
"""Entries set aside for the question and its answer."""
LINEAR_STRETCH = 64
"""Tokens that linear attention takes at once."""
MOST_WORDS = 3000
"""Tokens that what is said in videos, and stands on their screens, may take in front of a question."""


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


def count(family: Family, reading: Reading, times: Sequence[float], width: int, height: int) -> Counts:
    """Count the tokens and bytes of a reading.

    Args:
        family: without or with its model.
        reading: the settings.
        times: seconds of the frames that will be read; timestamps are text, and longer ones more tokens.
        width: of the video, in pixels.
        height: of the video, in pixels.
    """
    times = times[: reading.frames]
    prompt, vision = family.prompt, family.vision
    size = vision.frame_size(width, height, reading.long_side)
    grid, step = vision.grid(*size), vision.frames_per_step
    steps = vision.step_times(times)
    per_chunk = max(1, reading.chunk_frames // step)
    text = len(prompt.prefix(reading.timestamps)) + len(prompt.ending_ids(reading.timestamps))
    kept = largest = room = 0
    ratio = 1.0 if reading.policy is Policy.FULL else reading.keep_ratio
    cursor, positions = family.cursor(reading), text
    cursor = replace(cursor, free=len(prompt.prefix(reading.timestamps)))
    for start in range(0, len(steps), per_chunk):
        chunk = steps[start : start + per_chunk]
        pieces = prompt.pieces(chunk, reading.timestamps, first=start == 0, apart=step / reading.rate)
        words = sum(len(piece.ids) for piece in pieces if isinstance(piece, TextPiece))
        visual = len(chunk) * grid.size
        for piece in pieces:
            if isinstance(piece, TextPiece):
                cursor = replace(cursor, free=cursor.free + len(piece.ids))
            else:
                cursor = cursor.open_segment() if piece.opens else cursor
                cursor, run = cursor.behind(piece.steps, grid.height, grid.width)
                positions = max(positions, run)
        room = max(room, text + kept + words + visual)
        kept += keep_count(ratio, visual)
        text += words
        largest = max(largest, words + visual)
    itemsize = family.dtype.itemsize
    return Counts(
        frames=len(times),
        visual_tokens=len(steps) * grid.size,
        kept_tokens=kept,
        entries=kept + text,
        kv_bytes=family.shape.kv_bytes(kept + text, itemsize),
        chunk_tokens=largest,
        pixel_bytes=min(len(steps), per_chunk) * step * size[0] * size[1] * 3 * 4,
        room=max(room, kept + text + ANSWER_TOKENS),
        positions=max(positions, cursor.free + len(prompt.ending_ids(reading.timestamps)) + ANSWER_TOKENS),
    )


def peak_bytes(family: Family, counts: Counts, weights: int) -> int:
    """Estimate the peak of memory: weights, cache, features of two chunks, and the transients of one layer.

    Of a layer, full attention counts, or linear attention, or the MLP, whichever takes most.

    Args:
        family: without or with its model.
        counts: from `count`.
        weights: bytes of the model's weights as loaded.
    """
    shape, itemsize = family.shape, family.dtype.itemsize
    chunk, past = counts.chunk_tokens, counts.entries
    features = 2 * chunk * shape.hidden * itemsize
    running = running_itemsize(family.dtype)
    hidden = 4 * chunk * shape.hidden * running
    mlp = (3 if running == itemsize else 4) * chunk * shape.intermediate * running
    mlp += experts_bytes(shape, chunk, running)
    attention = attention_bytes(family, chunk, past)
    if shape.gated:  # of the queries, before and after they are taken apart
        attention += 2 * chunk * shape.heads * shape.head_dim * itemsize
    # One block is held while the next one and its softmax are made.
    scoring = 3 * block_bytes_on(family.device) + 2 * chunk * shape.heads * shape.head_dim * 4
    cache, logits = shape.kv_bytes(counts.room, itemsize), shape.vocabulary * 4
    cache += 2 * shape.state_bytes(itemsize)  # with the copy that is gone back to when memory runs out
    vision = family.vision.transient_bytes(chunk * family.vision.patches_per_token, running)
    passes = max(hidden + max(mlp, attention + scoring, linear_bytes(shape, chunk, itemsize)), vision)
    return weights + cache + 2 * counts.pixel_bytes + features + passes + logits


def attention_bytes(family: Family, length: int, past: int) -> int:
    """Estimate what one layer's attention takes beside its states, at most, while the past grows.

    Args:
        family: without or with its model.
        length: tokens that attend.
        past: entries in front of them in the end.
    """
    shape, itemsize = family.shape, family.dtype.itemsize
    keys, pieces = past + length, 0
    if kernel_for(family.device, family.dtype, shape.head_dim, keys):
        pieces = transient_bytes(shape.heads, shape.head_dim, length, itemsize)
        keys, length = MIN_KEYS - 1, min(length, MIN_KEYS - 1)  # up to here there was a mask
    # The key heads are repeated for the masked attention.
    repeated = shape.layer_bytes(keys, itemsize) * (shape.heads // shape.kv_heads)
    # The mask, and the bias of the states' precision that the kernel makes of it.
    return max(pieces, repeated + length * keys * (1 + itemsize))


def linear_bytes(shape: ModelShape, length: int, itemsize: int) -> int:
    """Estimate what one layer of linear attention takes beside its state, where PyTorch alone computes it.

    Args:
        shape: of the model.
        length: tokens of the pass.
        itemsize: bytes of a number in the model's precision.
    """
    if shape.linear is None:
        return 0
    linear = shape.linear
    # In float32: six forms of queries and keys, four of values, and three squares of each stretch of tokens.
    numbers = linear.value_heads * (6 * linear.key_dim + 4 * linear.value_dim + 3 * LINEAR_STRETCH)
    padded = math.ceil(length / LINEAR_STRETCH) * LINEAR_STRETCH
    # The convolution's input, output and their neighbour; the gate.
    return padded * (4 * numbers + (3 * linear.channels + linear.values) * itemsize)


def experts_bytes(shape: ModelShape, length: int, itemsize: int) -> int:
    """Estimate what a mixture of experts takes beside the one that every token passes; see `linear_bytes`."""
    if shape.experts is None:
        return 0
    # Every token is there once for each of its experts: gathered, inside, and as it comes out.
    return 3 * length * shape.experts.active * (shape.hidden + shape.experts.intermediate) * itemsize


def answer_bytes(family: Family, counts: Counts, weights: int, words: int = 0) -> int:
    """Estimate the peak of memory while a question is answered from a memory; see `peak_bytes`.

    Args:
        family: without or with its model.
        counts: from `count`.
        weights: bytes of the model's weights as loaded.
        words: tokens that stand in front of the question.
    """
    shape, itemsize = family.shape, family.dtype.itemsize
    entries = counts.entries + ANSWER_TOKENS + words
    # A layer grows by an eighth at least, into new storage.
    cache = shape.kv_bytes(max(entries, counts.entries * 9 // 8), itemsize) + shape.layer_bytes(entries, itemsize)
    cache += 2 * shape.state_bytes(itemsize)  # with the copy that is gone back to
    asked = ANSWER_TOKENS + words
    attention = max(attention_bytes(family, asked, counts.entries), linear_bytes(shape, asked, itemsize))
    # Words run in one pass with the question, of which a few hundred tokens alone hardly count.
    states = words * (4 * shape.hidden + 3 * shape.intermediate) * running_itemsize(family.dtype)
    return weights + cache + attention + states + 2 * shape.vocabulary * 4


def words_room(family: Family, counts: Counts, weights: int, available: int) -> int:
    """Return how many tokens of words fit in front of a question, beside what is read; see `answer_bytes`."""
    room = max(0, min(MOST_WORDS, family.positions - counts.positions))
    while room and answer_bytes(family, counts, weights, room) > available:
        room //= 2
    return room


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
        UserError: even the smallest reading does not fit, or the request makes no sense.
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
            raise UserError(
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
