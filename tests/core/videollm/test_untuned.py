"""The second world and its model: nothing was chosen on them, so what they say of the rules is worth reporting."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from retake_core.videollm.loading import load_family
from tests.benchmarks import retake_eval, untuned
from tests.benchmarks.outcomes import ResultFile
from tests.benchmarks.second_world import MODEL, SECOND
from tests.benchmarks.small_world import EVICTED, Cell, Outcome, accuracy, draw, run_cells

CLIPS = 8
FULL, GONE = Cell(64, "full", 1.0, world="second"), Cell(64, EVICTED, 1.0, world="second")
PIVOTKV, UNIFORM = (Cell(64, policy, 0.25, world="second") for policy in ("pivotkv", "uniform"))


@cache
def outcomes() -> dict[Cell, list[Outcome]]:
    return run_cells(load_family(MODEL), (FULL, GONE, PIVOTKV, UNIFORM), CLIPS)


def test_no_time_is_asked_for_where_none_is_written() -> None:
    _, questions = draw(0, 64, world=SECOND)
    assert {question.kind for question in questions} <= {"colour", "shape", "first", "last", "count", "exists"}


@pytest.mark.slow
def test_the_untuned_model_knows_its_world() -> None:
    assert accuracy(outcomes()[FULL]) > 0.95
    assert accuracy(outcomes()[GONE]) < accuracy(outcomes()[FULL]) - 0.3


@pytest.mark.slow
def test_pivotkv_keeps_what_it_knows() -> None:
    assert accuracy(outcomes()[PIVOTKV]) > accuracy(outcomes()[FULL]) - 0.05
    assert accuracy(outcomes()[PIVOTKV]) > accuracy(outcomes()[UNIFORM]) + 0.15


def told(right: int, wrong: int) -> list[Outcome]:
    return [Outcome("count", number < right, None, None, None) for number in range(right + wrong)]


def test_the_table_tells_what_each_rule_costs_each_model() -> None:
    cells = {
        Cell(64, policy, ratio, world=world): told(90, 10)
        for world in untuned.MODELS
        for policy, ratio in untuned.WAYS
    }
    cells[Cell(64, "pivotkv", 0.25, world="second")] = told(87, 13)
    rows = {(row["policy"], row["keep"]): row for row in untuned.rows(cells)}
    row = rows["pivotkv", "0.25"]
    assert row["demo model, short of everything"] == "0.0"
    assert row["untuned model, short of everything"] == "3.0"
    assert str(row["untuned model, right %"]).startswith("87.0 ")
    assert len(rows) == len(untuned.WAYS)


@pytest.mark.slow
def test_a_measure_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retake_eval, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(workers))
    monkeypatch.setattr(untuned, "FRAMES", 32)
    monkeypatch.setattr(untuned, "WAYS", (("full", 1.0), ("pivotkv", 0.25)))
    results = ResultFile(tmp_path / "results.jsonl")
    first = untuned.measure(results, clips=1, workers=1)
    assert {(cell.world, cell.policy) for cell in first} == set(product(untuned.MODELS, ("full", "pivotkv")))
    assert all(first.values())
    monkeypatch.setattr(untuned, "MODELS", dict.fromkeys(untuned.MODELS, tmp_path / "gone"))
    assert untuned.measure(results, clips=1, workers=1) == first
