"""What the demo model is for: the answer is in the video, and PivotKV keeps it where other rules lose it."""

from collections.abc import Sequence
from copy import copy
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.system.bundled import demo_model
from retake_core.videollm.families.base import Family
from retake_core.videollm.kv import pivotkv
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.loading import load_family
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading
from tests.benchmarks.small_world import (
    EVICTED,
    Cell,
    Outcome,
    accuracy,
    draw,
    frames_of,
    read,
    run_cells,
    see,
)
from tests.support.tiny import drain

MODEL = demo_model()
CLIPS = 8
FULL, SUNK = Cell(64, "full", 1.0), Cell(64, "full", 1.0, sink=0.8)
CELLS = (
    FULL,
    SUNK,
    Cell(64, EVICTED, 1.0),
    Cell(64, "pivotkv", 0.25),
    Cell(64, "pivotkv", 0.125),
    Cell(64, "random", 0.125),
    Cell(64, "uniform", 0.125),
)
pytestmark = pytest.mark.slow


@cache
def model() -> Family:
    return load_family(MODEL)


@cache
def all_outcomes() -> dict[Cell, list[Outcome]]:
    return run_cells(model(), CELLS, CLIPS)


def outcomes(policy: str, keep_ratio: float) -> Sequence[Outcome]:
    return all_outcomes()[Cell(64, policy, keep_ratio)]


def cited(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Return how often the strongest citation lies in the happening, and how often without the baseline."""
    placed = [outcome for outcome in outcomes if outcome.cited is not None]
    return tuple(
        sum(map(bool, hits)) / len(placed) for hits in zip(*((o.cited, o.plain) for o in placed), strict=True)
    )  # type: ignore[return-value]


def test_small_shapes_are_seen_in_frames_of_twice_the_side() -> None:
    """The model was trained on 48 pixels; a shape of half the size is in 96 what it knows."""
    few, many = (Cell(32, "full", 1.0, long_side=side, small=0.5) for side in (48, 96))
    answered = run_cells(model(), (few, many), CLIPS)
    assert accuracy(answered[many]) > accuracy(answered[few]) + 0.1


def test_a_clip_is_read_as_the_product_reads_it() -> None:
    clip, _ = draw(0, 64)
    reading = Reading(rate=clip.rate, frames=64, keep_ratio=0.25, policy=Policy.PIVOTKV)
    expected = drain(prefill(model(), lambda: frames_of(clip), reading, CancelToken()))
    memory = read(model(), clip, see(model(), clip), Cell(64, "pivotkv", 0.25))
    for layer, other in zip(memory.cache.layers, expected.cache.layers, strict=True):
        assert torch.equal(layer.origin, other.origin)
        assert torch.equal(layer.keys, other.keys)
    assert torch.equal(memory.baseline, expected.baseline)
    assert (memory.free, memory.times) == (expected.free, expected.times)


def test_the_full_cache_answers() -> None:
    assert accuracy(outcomes("full", 1.0)) > 0.9


def test_the_answer_is_in_the_video() -> None:
    assert accuracy(outcomes(EVICTED, 1.0)) < accuracy(outcomes("full", 1.0)) - 0.3


def test_pivotkv_keeps_what_others_lose() -> None:
    kept = accuracy(outcomes("pivotkv", 0.125))
    assert kept > accuracy(outcomes("full", 1.0)) - 0.04
    assert kept > accuracy(outcomes("random", 0.125)) + 0.1
    assert kept > accuracy(outcomes("uniform", 0.125)) + 0.2


def test_a_broken_compressor_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeping the lowest scores instead of the highest costs answers."""
    select = pivotkv.select

    def worst(scores: Tensor, keep: int, *_: Any) -> Tensor:
        return select(-scores, keep)

    monkeypatch.setattr(pivotkv, "select", worst)
    cell = Cell(64, "pivotkv", 0.125)
    assert accuracy(run_cells(model(), [cell], CLIPS)[cell]) < accuracy(outcomes("pivotkv", 0.125)) - 0.1


def test_citations_show_the_happening() -> None:
    assert cited(outcomes("full", 1.0))[0] > 0.92
    assert cited(outcomes("pivotkv", 0.25))[0] > 0.85


def test_a_message_of_the_system_costs_nothing() -> None:
    processor = copy(model().processor)
    opening = "<|im_start|>system\nYou are a helpful assistant that describes the video.<|im_end|>\n"
    processor.chat_template = opening + str(processor.chat_template)
    instructed = type(model())(model().config, processor, model().model)
    assert len(instructed.prompt.prefix(True)) > len(model().prompt.prefix(True)) + 8
    assert accuracy(run_cells(instructed, [FULL], 8)[FULL]) > 0.9


def test_the_baseline_cancels_a_sink() -> None:
    with_baseline, without = cited(all_outcomes()[SUNK])
    assert with_baseline > 0.75
    assert with_baseline > without + 0.15
