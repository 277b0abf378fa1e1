"""DPSelect: exact on the published code's results, and by its definition."""

import os
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from retake_core.keyframes.dpselect import distances, dpselect, peaks
from tests.support.paths import FIXTURES

GOLDEN = Path(os.environ.get("RETAKE_GOLDEN_DIR", FIXTURES / "golden"))
FILE = "dpselect.safetensors"


def golden_cases() -> list[tuple[Path, str]]:
    """Return every case of a folder that holds the file itself, or folders that hold it."""
    files = [GOLDEN / FILE] if (GOLDEN / FILE).exists() else sorted(GOLDEN.glob(f"*/{FILE}"))
    found = []
    for file in files:
        with safetensors.safe_open(file, "pt") as tensors:
            found += [(file, key.split(".")[1]) for key in tensors.keys() if key.startswith("x.")]  # noqa: SIM118
    return found


def test_there_are_golden_cases() -> None:
    assert golden_cases(), f"no {FILE} in {GOLDEN}"


@pytest.mark.parametrize(("file", "case"), golden_cases(), ids=str)
def test_golden(file: Path, case: str) -> None:
    tensors = safetensors.torch.load_file(file)
    x, keep, sync = tensors[f"x.{case}"], int(tensors[f"keep.{case}"]), bool(tensors[f"sync.{case}"])
    selection = dpselect(x, keep, sync)
    assert torch.equal(selection.kept, tensors[f"kept.{case}"])
    assert torch.equal(selection.pivot, tensors[f"pivot.{case}"])


def naive(x: Tensor, keep: int, sync: bool) -> tuple[list[list[int]], list[list[bool]]]:
    """Return the kept steps and their peak flags, for each position, by loops over the definition."""
    d = distances(x)  # compared with float64 below; here the same numbers decide the same ties
    series = [d.mean(dim=1).tolist()] if sync else d.T.tolist()
    steps, flags = [], []
    for values in series:
        is_peak = []
        for t, value in enumerate(values):
            before = values[t - 1] if t else -np.inf
            after = values[t + 1] if t + 1 < len(values) else -np.inf
            is_peak.append(value > before and value >= after)
        ranked = sorted(range(len(values)), key=lambda t: -np.float32(np.float32(values[t]) + 2 * is_peak[t]))
        kept = sorted(ranked[:keep])
        steps.append(kept)
        flags.append([is_peak[t] for t in kept])
    return steps, flags


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 14), st.booleans(), st.integers(0, 10_000))
def test_equals_a_naive_loop(steps: int, positions: int, keep: int, sync: bool, seed: int) -> None:
    x = torch.randn(steps, positions, 5, generator=torch.Generator().manual_seed(seed))
    keep_of_it = min(keep, steps)
    selection = dpselect(x, keep, sync)
    index, flags = naive(x, keep_of_it, sync)
    got = selection.index[:, None] if sync else selection.index
    assert got.T.tolist() == index
    expected = torch.tensor(flags).T.expand(keep_of_it, positions)
    assert torch.equal(selection.pivot, expected)
    columns = got.expand(keep_of_it, positions)
    for row in range(keep_of_it):
        for n in range(positions):
            assert torch.equal(selection.kept[row, n], x[columns[row, n], n])


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(1, 10), st.integers(1, 4), st.integers(0, 10_000))
def test_distances_are_cosine_distances(steps: int, positions: int, seed: int) -> None:
    x = torch.randn(steps, positions, 5, generator=torch.Generator().manual_seed(seed))
    a = x.double().numpy()
    expected = np.ones((steps, positions))
    for t in range(1, steps):
        for n in range(positions):
            dot = a[t - 1, n] @ a[t, n]
            expected[t, n] = 1 - dot / np.linalg.norm(a[t - 1, n]) / np.linalg.norm(a[t, n])
    np.testing.assert_allclose(distances(x).numpy(), expected, atol=1e-6)


def test_distances_go_on_from_an_earlier_part() -> None:
    x = torch.randn(9, 3, 4, generator=torch.Generator().manual_seed(1))
    assert torch.equal(torch.cat([distances(x[:4]), distances(x[4:], x[3])]), distances(x))


@pytest.mark.parametrize("sync", [False, True])
def test_one_step_and_one_position(sync: bool) -> None:
    one_step = dpselect(torch.randn(1, 3, 4), 1, sync)
    assert one_step.kept.shape == (1, 3, 4)
    assert one_step.pivot.all()
    one_position = dpselect(torch.randn(7, 1, 4), 3, sync)
    assert one_position.kept.shape == (3, 1, 4)


@pytest.mark.parametrize(("keep", "kept"), [(-3, 1), (0, 1), (5, 5), (99, 7)])
def test_keep_is_moved_into_range(keep: int, kept: int) -> None:
    assert len(dpselect(torch.randn(7, 2, 4), keep, True).index) == kept


def test_the_first_of_equals_is_the_peak() -> None:
    assert peaks(torch.tensor([0.5, 0.5, 0.1, 0.3, 0.3, 0.3, 0.2])).tolist() == [
        True,
        False,
        False,
        True,
        False,
        False,
        False,
    ]


def test_a_still_scene_has_one_peak() -> None:
    selection = dpselect(torch.ones(6, 2, 4), 6, True)
    assert selection.pivot[:, 0].tolist() == [True, False, False, False, False, False]


def test_half_precision_is_computed_in_full() -> None:
    generator = torch.Generator().manual_seed(3)
    slow = 1 + 0.02 * torch.randn(60, 4, 32, generator=generator).cumsum(0)
    rounded = slow.bfloat16()
    selection = dpselect(rounded, 20, False)
    exact = dpselect(rounded.float(), 20, False)
    assert distances(rounded).dtype == torch.float32
    assert torch.equal(selection.index, exact.index)
    assert torch.equal(selection.pivot, exact.pivot)
    assert selection.kept.dtype == torch.bfloat16
