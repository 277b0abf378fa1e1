"""What the demo model is for: the answer is in the video, and PivotKV keeps it where other rules lose it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor

from retake_core.videollm import pivotkv
from retake_core.videollm.families import Family, load_family
from tests.benchmarks.retake_eval import EVICTED, Cell, Outcome, accuracy, run_cell

MODEL = Path(__file__).parents[3] / "resources" / "demo-model"
CLIPS = 16
pytestmark = pytest.mark.slow


@cache
def model() -> Family:
    return load_family(MODEL)


@cache
def outcomes(policy: str, keep_ratio: float) -> Sequence[Outcome]:
    return run_cell(model(), Cell(64, policy, keep_ratio), CLIPS)


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

    def worst(scores: Tensor, keep: int, pivots: Tensor | None = None) -> Tensor:
        return select(-scores, keep, None if pivots is None else torch.zeros_like(pivots))

    monkeypatch.setattr(pivotkv, "select", worst)
    broken = run_cell(model(), Cell(64, "pivotkv", 0.125), CLIPS)
    assert accuracy(broken) < accuracy(outcomes("pivotkv", 0.125)) - 0.1


def test_citations_show_the_happening() -> None:
    for policy, keep_ratio in (("full", 1.0), ("pivotkv", 0.25)):
        cited = [outcome for outcome in outcomes(policy, keep_ratio) if outcome.cited is not None]
        assert sum(bool(outcome.cited) for outcome in cited) > 0.7 * len(cited)
        assert sum(bool(outcome.plain) for outcome in cited) > 0.9 * len(cited)
