"""The picture network as it is run, against the one that its package makes."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from retake_core.encoders import lite0, lite0_shape, threads
from retake_core.encoders.builtin import BuiltinEncoder
from retake_core.encoders.lite0_graph import GraphClassifier


@pytest.mark.parametrize("size", [(160, 288), (224, 224), (96, 512)])
@torch.inference_mode()
def test_what_is_folded_into_convolutions_changes_no_map(size: tuple[int, int]) -> None:
    picture = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(0))
    plain = lite0.load_network()
    x = plain._swish(plain._bn0(plain._conv_stem(picture)))
    for block in plain._blocks:
        x = block(x)
    expected = torch.nn.functional.adaptive_avg_pool2d(x, lite0_shape.MAP_SIDE).flatten(2).transpose(1, 2)
    _, spatial = lite0.Lite0()(picture.contiguous(memory_format=torch.channels_last))
    assert torch.allclose(spatial, expected, atol=1e-3 * float(expected.abs().max()))


def pictures(height: int, width: int) -> list[NDArray[np.uint8]]:
    """Coloured noise, coarse and fine."""
    chance = np.random.default_rng(height * width)
    coarse = np.kron(chance.integers(0, 200, (9, 16, 3)), np.ones((-(-height // 9), -(-width // 16), 1), np.int64))
    return [(coarse[:height, :width] + chance.integers(0, 55, (height, width, 3))).astype(np.uint8) for _ in "ab"]


@pytest.mark.parametrize("size", [(252, 448), (160, 288), (398, 224), (720, 1280), (500, 3), (1, 1)])
def test_the_graph_is_the_network(size: tuple[int, int]) -> None:
    """As near that vectors of both can stand in one library."""
    seen = pictures(*size)
    probabilities, maps = GraphClassifier().classify(seen)
    expected, expected_maps = lite0.TorchClassifier("cpu").classify(seen)
    np.testing.assert_allclose(probabilities, expected, atol=1e-4)
    np.testing.assert_allclose(maps, expected_maps, atol=1e-3 * float(np.abs(expected_maps).max()))


def test_without_its_runtime_pytorch_classifies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delitem(sys.modules, "retake_core.encoders.lite0_graph")
    assert isinstance(BuiltinEncoder("cpu")._classifier, lite0.TorchClassifier)


def test_pictures_are_encoded_without_pytorch() -> None:
    """It takes longer to load than a short clip to be looked at."""
    program = (
        "import sys, numpy; from retake_core.encoders import open_encoder; import retake_core.indexing.run;"
        "open_encoder('builtin', 'cpu').encode_frames([numpy.zeros((90, 160, 3), numpy.uint8)]);"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_pytorch_that_is_loaded_late_keeps_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run bounds the threads before its encoder is there, so that decoders have the cores."""
    before = torch.get_num_threads()
    monkeypatch.setattr(threads, "_threads", 3)
    try:
        torch.set_num_threads(2)
        lite0.TorchClassifier("cpu")
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
