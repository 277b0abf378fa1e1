"""OpenCLIP's models: both sides are the package's own, and nothing but numbers is taken from a folder."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file, save_file

from retake_core.encoders import open_encoder
from retake_core.encoders.open_clip import OpenClipEncoder
from retake_core.errors import UserError
from retake_core.models.catalogue import BY_ID
from retake_core.models.check import check_folder
from retake_core.protocol.model_messages import ModelKind

open_clip: Any = pytest.importorskip("open_clip")

from tests.support.tiny_open_clip import KINDS, SIDE, make, save_tiny_open_clip  # noqa: E402 - needs the package

TEXT = "A bicycle in the Street"
IMAGE = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


@pytest.fixture(params=KINDS)
def config(request: pytest.FixtureRequest) -> dict[str, Any]:
    chosen: dict[str, Any] = KINDS[request.param]
    return chosen


@pytest.fixture
def folder(config: dict[str, Any], tmp_path: Path) -> Path:
    return save_tiny_open_clip(tmp_path / "tiny", config)


def change(folder: Path, **parts: dict[str, Any]) -> None:
    path = folder / "open_clip_config.json"
    config = json.loads(path.read_text())
    for part, values in parts.items():
        config["model_cfg"][part] |= values
    path.write_text(json.dumps(config))


def own_pixels(config: dict[str, Any], image: NDArray[np.uint8]) -> torch.Tensor:
    looks = open_clip.transform.PreprocessCfg(size=SIDE, **config["preprocess_cfg"] | {"resize_mode": "squash"})
    pixels: torch.Tensor = open_clip.transform.image_transform_v2(looks, is_train=False)(Image.fromarray(image))
    return pixels[None]


def test_both_sides_equal_the_model_itself(config: dict[str, Any], folder: Path) -> None:
    encoder, model = open_encoder(f"open_clip:{folder}", "cpu"), make(config)
    tokens = open_clip.SimpleTokenizer(context_length=config["model_cfg"]["text_cfg"]["context_length"])([TEXT])
    with torch.inference_mode():
        image, text, scale = model(own_pixels(config, IMAGE), tokens)[:3]
    frames = encoder.encode_frames([IMAGE])
    np.testing.assert_allclose(frames.embeddings[0], image[0].numpy(), atol=2e-5)
    np.testing.assert_allclose(encoder.encode_text(TEXT), text[0].numpy(), atol=1e-5)
    assert encoder.dimension == 24
    assert float(encoder.confidence(np.array([0.25 + 1 / scale], np.float32))[0]) == pytest.approx(
        1 / (1 + np.exp(-1))
    )
    assert frames.maps.shape[:2] == (1, 49)


def test_in_half_precision_it_sees_and_reads_the_same(folder: Path) -> None:
    """As on graphics cards."""
    whole, half = OpenClipEncoder(str(folder)), OpenClipEncoder(str(folder), dtype=torch.bfloat16)
    assert whole.encode_frames([IMAGE]).embeddings[0] @ half.encode_frames([IMAGE]).embeddings[0] > 0.99
    assert whole.encode_text(TEXT) @ half.encode_text(TEXT) > 0.99


def test_a_wide_frame_is_seen_whole(config: dict[str, Any], folder: Path) -> None:
    small = Image.fromarray(np.random.default_rng(4).integers(0, 256, (9, 16, 3), np.uint8))
    wide = np.array(small.resize((160, 90)))
    with torch.inference_mode():
        expected = make(config).encode_image(own_pixels(config, wide), normalize=True)[0].numpy()
    found = open_encoder(f"open_clip:{folder}", "cpu").encode_frames([wide]).embeddings[0]
    assert found @ expected > 0.999  # Pillow rounds between the two directions


def test_a_folder_is_checked_and_loaded_without_the_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", never)
    assert check_folder(folder) is ModelKind.ENCODER
    change(folder, vision_cfg={"timm_model_pretrained": True})
    assert open_encoder(f"open_clip:{folder}", "cpu").dimension == 24


OTHERS = "are not those that its configuration describes"
HARMS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "other layers": (
        lambda folder: change(folder, text_cfg={"layers": 1}),
        "are not those that its configuration describes",
    ),
    "other sizes": (
        lambda folder: change(folder, text_cfg={"width": 32}),
        "are not those that its configuration describes",
    ),
    "another tokenizer": (
        lambda folder: change(folder, text_cfg={"hf_tokenizer_name": "nobody/words"}),
        "works here only in the form of transformers",
    ),
    "unknown tower": (lambda folder: change(folder, vision_cfg={"timm_model_name": "none"}), "cannot be loaded"),
    "no weights": (lambda folder: (folder / "open_clip_model.safetensors").unlink(), "but it has none"),
    "pickles": (
        lambda folder: (folder / "open_clip_model.safetensors").rename(folder / "open_clip_pytorch_model.bin"),
        r"its weights are \.bin files",
    ),
    "cut short": (
        lambda folder: (folder / "open_clip_model.safetensors").write_bytes(b"\0" * 100),
        "cannot be loaded",
    ),
    "no configuration": (lambda folder: (folder / "open_clip_config.json").unlink(), r"config\.json is missing"),
    "damaged configuration": (lambda folder: (folder / "open_clip_config.json").write_text("{"), "is damaged"),
    "part of one": (
        lambda folder: (folder / "open_clip_config.json").write_text('{"model_cfg": {}}'),
        "cannot be loaded",
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_wrong_with_a_folder_is_a_sentence(tmp_path: Path, harm: str) -> None:
    folder = save_tiny_open_clip(tmp_path / "tiny")
    change_it, says = HARMS[harm]
    change_it(folder)
    with pytest.raises(UserError, match=says) as raised:
        open_encoder(f"open_clip:{folder}", "cpu")
    assert "\n" not in str(raised.value)


def test_files_that_change_do_not_change_what_is_loaded(folder: Path) -> None:
    encoder = open_encoder(f"open_clip:{folder}", "cpu")
    before = encoder.encode_text(TEXT), encoder.encode_frames([IMAGE]).embeddings
    weights = folder / "open_clip_model.safetensors"
    tensors = {name: value * 2 for name, value in load_file(weights).items()}
    with weights.open("r+b") as file:
        file.truncate(0)
    np.testing.assert_array_equal(encoder.encode_text(TEXT), before[0])
    np.testing.assert_array_equal(encoder.encode_frames([IMAGE]).embeddings, before[1])
    save_file(tensors, weights)
    assert open_encoder(f"open_clip:{folder}", "cpu").id != encoder.id


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("timm/MobileCLIP2-S0-OpenCLIP", "MobileCLIP2-S0"),
        ("timm/MobileCLIP2-S2-OpenCLIP", "MobileCLIP2-S2"),
        ("timm/MobileCLIP2-B-OpenCLIP", "MobileCLIP2-B"),
        ("timm/PE-Core-S-16-384", "PE-Core-S-16-384"),
        ("timm/PE-Core-B-16", "PE-Core-B-16"),
        ("timm/PE-Core-L-14-336", "PE-Core-L-14-336"),
    ],
)
def test_those_offered_have_the_published_number_of_parameters(model: str, name: str) -> None:
    parts = dict(open_clip.get_model_config(name))
    assert parts.pop("custom_text")
    with torch.device("meta"):
        made = open_clip.CustomTextCLIP(**parts)
    assert sum(parameter.numel() for parameter in made.parameters()) == BY_ID[model].parameters
    (tag,) = open_clip.pretrained.list_pretrained_tags_by_model(name)
    assert open_clip.get_pretrained_cfg(name, tag)["hf_hub"].rstrip("/") == model
