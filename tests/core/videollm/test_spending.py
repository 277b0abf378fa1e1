"""What a card is spent on where a short video leaves room: larger frames, then denser ones."""

from dataclasses import replace

import pytest
import torch

from retake_core.models.catalogue import CATALOGUE
from retake_core.models.fitting import blueprint
from retake_core.videollm.families import base
from retake_core.videollm.families.base import Family
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.planner import ReadingPlan, Recording, make_plan
from retake_core.videollm.reading import DEFAULT_BUDGET, LONG_SIDE, MAX_RATE, Reading, lowered, unspent

LARGE_CARD = 1 << 40


def published(title: str, monkeypatch: pytest.MonkeyPatch) -> Family:
    (offered,) = (model for model in CATALOGUE if model.title == title)
    assert offered.decoder is not None
    monkeypatch.setattr(base, "model_dtype", lambda _: torch.bfloat16)
    return blueprint(offered.decoder)


def plan_of(family: Family, seconds: float, *, available: int = LARGE_CARD, spend: bool = True) -> ReadingPlan:
    return make_plan(family, Recording(seconds, 1920, 1080, 30.0), available, 0, spend=spend)


@pytest.mark.parametrize(
    ("seconds", "side", "rate"),
    [(10, 1008, 4.0), (30, 1008, 2.0), (100, 672, 2.0), (200, 448, 2.0), (600, 448, 2.0)],
)
def test_short_videos_are_read_large_and_dense(
    seconds: float, side: int, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = published("Qwen2-VL 7B", monkeypatch)
    usual, spent = plan_of(family, seconds, spend=False), plan_of(family, seconds)
    assert (usual.reading.long_side, usual.reading.rate) == (LONG_SIDE, MAX_RATE)
    assert (spent.reading.long_side, spent.reading.rate) == (side, rate)
    assert spent.counts.kept_tokens >= usual.counts.kept_tokens
    assert spent.counts.kept_tokens <= DEFAULT_BUDGET
    assert not spent.lowered


def test_thirty_seconds_use_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    family = published("Qwen2-VL 7B", monkeypatch)
    tokens = [plan_of(family, 30, spend=spend).counts.visual_tokens for spend in (False, True)]
    assert tokens == [4320, 21_600]


def test_only_what_fits_the_card_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    family = published("Qwen2-VL 7B", monkeypatch)
    least, most = (plan_of(family, 30, spend=spend).peak_bytes for spend in (False, True))
    sides = []
    for step in range(5):
        available = least + (most - least) * step // 4
        plan = plan_of(family, 30, available=available)
        assert plan.peak_bytes <= available
        assert plan.reading.keep_ratio == 1.0
        sides.append(plan.reading.long_side)
    assert sides == sorted(sides)
    assert sides[0] < sides[-1] == 1008


def test_small_videos_are_not_made_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    family = published("Qwen2-VL 7B", monkeypatch)
    plan = make_plan(family, Recording(60.0, 320, 240, 30.0), LARGE_CARD, 0, spend=True)
    size, usual = (family.vision.frame_size(320, 240, side) for side in (plan.reading.long_side, LONG_SIDE))
    assert size == usual
    slow = Recording(60.0, 320, 240, 1.0)
    assert make_plan(family, slow, LARGE_CARD, 0, spend=True).counts.frames == 60, "it has no more"


def test_a_step_of_qwen3_vl_has_its_least_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    vision = published("Qwen3-VL 2B", monkeypatch).vision
    for width, height in ((1920, 1080), (1080, 1920), (1280, 720), (640, 480), (2560, 1080)):
        assert 128 <= vision.grid(*vision.frame_size(width, height, LONG_SIDE)).size < 192
    assert vision.frame_size(320, 180, LONG_SIDE)[0] <= 320, "a small video is not made larger"


def test_where_memory_runs_out_spending_is_given_up_first() -> None:
    spent = Reading(rate=4.0, frames=41, long_side=1008)
    assert unspent(spent) == Reading(rate=2.0, frames=21)
    assert lowered(spent) == unspent(spent)
    assert lowered(unspent(spent)) == Reading(rate=2.0, frames=21, keep_ratio=0.5)


def test_a_memory_serves_whatever_a_card_would_be_spent_on() -> None:
    def key(reading: Reading) -> MemoryKey:
        return MemoryKey("video", "model", "1", "float32", reading)

    spent, plain = key(Reading(rate=4.0, frames=40, long_side=1008)), key(Reading(rate=2.0, frames=20))
    assert spent.serves(plain)
    assert plain.serves(spent), "what is there is not read again"
    assert not key(replace(plain.reading, long_side=224)).serves(spent)
    assert not key(replace(plain.reading, rate=1.0, frames=10)).serves(spent)
