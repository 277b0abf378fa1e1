"""The text side alone: it makes of texts what the whole model does; where in doubt, that is loaded."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from retake_core.cancel import CancelToken
from retake_core.encoders import open_encoder, open_for_search, registry
from retake_core.encoders.calibrated import CalibratedEncoder
from retake_core.encoders.noise_words import SUFFIX, write_noise
from retake_core.encoders.text_side import FAMILIES, TextSide
from retake_core.encoders.transformer import gelu
from retake_core.errors import UserError
from tests.support.tiny_encoders import save_tiny_encoder

TEXTS = ["a bicycle", "A Bicycle in the STREET, twice", "", "Ein Fahrrad 🚲", "word " * 500]


@pytest.fixture(scope="module", params=FAMILIES)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny model, and what the whole of it made of the noise words."""
    work = tmp_path_factory.mktemp(request.param)
    folder = save_tiny_encoder(request.param, work / request.param)
    whole = open_encoder(f"{request.param}:{folder}", "cpu")
    assert isinstance(whole, CalibratedEncoder)
    write_noise(work / "vectors", whole, CancelToken())
    return folder, work / "vectors"


@pytest.fixture
def own(saved: tuple[Path, Path], tmp_path: Path) -> tuple[str, Path]:
    """The name of a model that may be harmed, and the folder of vectors."""
    folder = Path(shutil.copytree(saved[0], tmp_path / saved[0].name))
    return f"{folder.name}:{folder}", Path(shutil.copytree(saved[1], tmp_path / "vectors"))


@pytest.fixture(autouse=True)
def _no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "has_nvidia_card", lambda: False)


def test_texts_become_what_the_whole_model_makes_of_them(own: tuple[str, Path]) -> None:
    side, whole = open_for_search(*own), open_encoder(own[0], "cpu")
    assert isinstance(side, TextSide)
    assert isinstance(whole, CalibratedEncoder)
    assert (side.id, side.dimension) == (whole.id, whole.dimension)
    levels = [side.levels, whole.levels]
    np.testing.assert_allclose(levels[0].floor, levels[1].floor, rtol=1e-5)
    np.testing.assert_allclose(levels[0].slope, levels[1].slope, rtol=1e-5)
    np.testing.assert_allclose(side.encode_texts(TEXTS), whole.encode_texts(TEXTS), atol=1e-5)


def test_pictures_are_seen_by_the_whole_model(own: tuple[str, Path]) -> None:
    image = np.random.default_rng(0).integers(0, 255, (90, 160, 3), np.uint8)
    side, whole = open_for_search(*own), open_encoder(own[0], "cpu")
    np.testing.assert_array_equal(side.encode_frames([image]).embeddings, whole.encode_frames([image]).embeddings)


def test_a_model_that_changed_meanwhile_sees_no_pictures(own: tuple[str, Path]) -> None:
    side = open_for_search(*own)
    path = Path(own[0].partition(":")[2], "model.safetensors")
    weights = load_file(path)
    save_file({name: value + 1 for name, value in weights.items()}, path, {"format": "pt"})
    with pytest.raises(UserError, match="was changed meanwhile"):
        side.encode_frames([np.zeros((9, 9, 3), np.uint8)])


def _forget_noise(_model: Path, vectors: Path) -> None:
    next(vectors.glob(f"*{SUFFIX}")).unlink()


def _other_noise(_model: Path, vectors: Path) -> None:
    path = next(vectors.glob(f"*{SUFFIX}"))
    np.save(path, np.roll(np.load(path), 1, axis=1))


def _other_activation(model: Path, _vectors: Path) -> None:
    config = json.loads((model / "config.json").read_text())
    config["text_config"]["hidden_act"] = "relu"
    (model / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize("harm", [_forget_noise, _other_noise, _other_activation])
def test_in_doubt_the_whole_model_is_loaded(own: tuple[str, Path], harm: Callable[[Path, Path], Any]) -> None:
    harm(Path(own[0].partition(":")[2]), own[1])
    assert not isinstance(open_for_search(*own), TextSide)


def test_bfloat16_is_left_to_the_whole_model(own: tuple[str, Path]) -> None:
    path = Path(own[0].partition(":")[2], "model.safetensors")
    save_file({name: value.bfloat16() for name, value in load_file(path).items()}, path, {"format": "pt"})
    assert not isinstance(open_for_search(*own), TextSide)


def test_what_cannot_be_used_is_said_in_one_sentence(own: tuple[str, Path]) -> None:
    path = Path(own[0].partition(":")[2], "model.safetensors")
    path.write_bytes(b"\0" * 100)
    with pytest.raises(UserError, match=r"^The model .* cannot be loaded") as refused:
        open_for_search(*own)
    assert "\n" not in str(refused.value)


def test_other_sizes_than_the_files_hold_are_refused(own: tuple[str, Path]) -> None:
    path = Path(own[0].partition(":")[2], "config.json")
    config = json.loads(path.read_text())
    config["text_config"]["num_hidden_layers"] = 1
    path.write_text(json.dumps(config))
    with pytest.raises(UserError, match="not those that its configuration describes"):
        open_for_search(*own)


def test_with_a_card_the_whole_model_is_loaded(own: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "has_nvidia_card", lambda: True)
    assert not isinstance(open_for_search(*own), TextSide)


def test_neither_pytorch_nor_transformers_is_loaded(own: tuple[str, Path]) -> None:
    program = (
        "import sys; from pathlib import Path; from retake_core.encoders import open_for_search, registry;"
        "from retake_core.encoders.sentences import MINILM;"
        "registry.has_nvidia_card = lambda: False;"
        "open_for_search(sys.argv[1], Path(sys.argv[2])).encode_text('a bicycle');"
        "MINILM.vector('a bicycle');"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    command = [sys.executable, "-c", program, own[0], str(own[1])]
    assert subprocess.run(command, check=False).returncode == 0


def test_gelu_is_that_of_the_error_function() -> None:
    x = torch.linspace(-8, 8, 4001)
    np.testing.assert_allclose(gelu(x.numpy()), torch.nn.functional.gelu(x).numpy(), atol=2e-6, rtol=0)
