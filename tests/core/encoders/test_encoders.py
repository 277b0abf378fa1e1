"""What holds for every encoder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from transformers import PreTrainedTokenizerFast, SiglipConfig, SiglipImageProcessor, SiglipModel

from retake_core.encoders import Encoder, open_encoder
from retake_core.errors import UserError

Picture = Callable[[int, int], NDArray[np.uint8]]


@pytest.fixture(scope="module")
def siglip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-siglip"
    torch.manual_seed(0)
    common = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    text = {"vocab_size": 16, "max_position_embeddings": 64, "projection_size": 32, **common}
    model = SiglipModel(
        SiglipConfig(text_config=text, vision_config={"image_size": 64, "patch_size": 8, **common})
    )
    with torch.no_grad():
        model.logit_scale.fill_(4.7)
        model.logit_bias.fill_(-16.5)
    model.save_pretrained(folder)
    words = ["<pad>", "<unk>", "bicycle", "street", "a", "in", "the"]
    tokenizer = Tokenizer(WordLevel({word: index for index, word in enumerate(words)}, unk_token=words[1]))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    fast_tokenizer: Any = PreTrainedTokenizerFast
    fast = fast_tokenizer(tokenizer_object=tokenizer, pad_token=words[0], unk_token=words[1])
    fast.save_pretrained(folder)
    SiglipImageProcessor(size={"height": 64, "width": 64}).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["builtin", "siglip"])
def encoder(request: pytest.FixtureRequest, siglip_folder: Path) -> Encoder:
    name = "builtin" if request.param == "builtin" else f"siglip:{siglip_folder}"
    return open_encoder(name, "cpu")


@pytest.fixture
def picture() -> Picture:
    """Smooth, coloured noise: deterministic, and unlike for every size."""

    def make(height: int, width: int) -> NDArray[np.uint8]:
        rng = np.random.default_rng(height * 10_000 + width)
        coarse = torch.from_numpy(rng.random((1, 3, 4, 4), np.float32))
        smooth = torch.nn.functional.interpolate(coarse, (height, width), mode="bilinear")
        return (smooth[0].permute(1, 2, 0) * 255).byte().numpy()

    return make


def test_vectors_have_the_dimension_and_length_one(encoder: Encoder, picture: Picture) -> None:
    frames = encoder.encode_frames([picture(224, 398), picture(224, 299)])
    text = encoder.encode_text("a bicycle in the street")
    assert frames.embeddings.shape == (2, encoder.dimension)
    assert frames.embeddings.dtype == text.dtype == np.float32
    assert text.shape == (encoder.dimension,)
    np.testing.assert_allclose(np.linalg.norm(frames.embeddings, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(text), 1, atol=1e-5)


def test_maps_are_49_finite_float_positions(encoder: Encoder, picture: Picture) -> None:
    maps = encoder.encode_frames([picture(224, 398), picture(224, 398)]).maps
    assert maps.shape[:2] == (2, 49)
    assert maps.dtype == torch.float32
    assert bool(maps.isfinite().all())
    assert bool((maps.norm(dim=-1) > 0).all())


@pytest.mark.parametrize(("height", "width"), [(398, 224), (3, 3), (1, 1), (2, 300), (500, 3), (720, 1280)])
def test_any_size(encoder: Encoder, picture: Picture, height: int, width: int) -> None:
    frames = encoder.encode_frames([picture(height, width)])
    assert np.isfinite(frames.embeddings).all()
    assert frames.maps.shape[:2] == (1, 49)


def test_a_batch_equals_its_single_frames(encoder: Encoder, picture: Picture) -> None:
    images = [picture(*size) for size in [(224, 398), (398, 224), (224, 398), (90, 90), (224, 390), (224, 398)]]
    batch = encoder.encode_frames(images)
    for index, image in enumerate(images):
        single = encoder.encode_frames([image])
        np.testing.assert_allclose(batch.embeddings[index], single.embeddings[0], atol=1e-4)
        torch.testing.assert_close(batch.maps[index], single.maps[0], atol=1e-3, rtol=1e-3)


def test_deterministic_and_input_untouched(encoder: Encoder, picture: Picture) -> None:
    image = picture(224, 398)
    before = image.copy()
    first, second = encoder.encode_frames([image]), encoder.encode_frames([image])
    np.testing.assert_array_equal(first.embeddings, second.embeddings)
    assert torch.equal(first.maps, second.maps)
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(encoder.encode_text("a street"), encoder.encode_text("a street"))


def test_views_are_accepted(encoder: Encoder, picture: Picture) -> None:
    image = picture(100, 120)
    flipped = encoder.encode_frames([image[:, ::-1]])
    np.testing.assert_allclose(flipped.embeddings, encoder.encode_frames([image[:, ::-1].copy()]).embeddings)


def test_an_empty_batch(encoder: Encoder) -> None:
    frames = encoder.encode_frames([])
    assert frames.embeddings.shape == (0, encoder.dimension)
    assert frames.maps.shape[0] == 0


@pytest.mark.parametrize("text", ["", "a", "the", "Ein Fahrrad 🚲", "word " * 500])
def test_any_text(encoder: Encoder, text: str) -> None:
    np.testing.assert_allclose(np.linalg.norm(encoder.encode_text(text)), 1, atol=1e-5)


def test_case_does_not_matter(encoder: Encoder) -> None:
    np.testing.assert_array_equal(encoder.encode_text("A Bicycle"), encoder.encode_text("a bicycle"))


def test_confidence_rises_within_0_and_1(encoder: Encoder) -> None:
    cosine = np.linspace(-1, 1, 2001, dtype=np.float32)
    confidence = encoder.confidence(cosine)
    assert confidence.dtype == np.float32
    assert confidence.shape == cosine.shape
    assert (np.diff(confidence) >= 0).all()
    assert 0 <= confidence[0] < 0.5 < confidence[-1] <= 1


def test_ids_differ(siglip_folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / siglip_folder.name
    changed.mkdir()
    for file in siglip_folder.iterdir():
        (changed / file.name).write_bytes(file.read_bytes())
    assert open_encoder(f"siglip:{changed}", "cpu").id == open_encoder(f"siglip:{siglip_folder}", "cpu").id
    weights = bytearray((changed / "model.safetensors").read_bytes())
    weights[-2] ^= 1
    (changed / "model.safetensors").write_bytes(weights)
    assert open_encoder(f"siglip:{changed}", "cpu").id != open_encoder(f"siglip:{siglip_folder}", "cpu").id


def test_siglip_equals_the_model_itself(siglip_folder: Path, picture: Picture) -> None:
    encoder = open_encoder(f"siglip:{siglip_folder}", "cpu")
    image = picture(64, 64)
    model: Any = SiglipModel.from_pretrained(siglip_folder)
    ids = torch.zeros(1, 64, dtype=torch.long)
    ids[0, :2] = torch.tensor([4, 2])
    pixels = (torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255 - 0.5) / 0.5
    with torch.no_grad():
        output = model(input_ids=ids, pixel_values=pixels)
    text, frame = encoder.encode_text("A bicycle"), encoder.encode_frames([image]).embeddings[0]
    np.testing.assert_allclose(text, output.text_embeds[0].numpy(), atol=1e-5)
    np.testing.assert_allclose(frame, output.image_embeds[0].numpy(), atol=1e-5)
    logit = output.logits_per_image[0, 0].item()
    cutoff = float(np.log(0.003 / 0.997))
    expected = 1 / (1 + np.exp(cutoff - logit))
    np.testing.assert_allclose(encoder.confidence(text[None] @ frame), [expected], rtol=1e-3)


def test_siglip_refuses_another_architecture(siglip_folder: Path, tmp_path: Path) -> None:
    config = json.loads((siglip_folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"model_type": "clip"}))
    with pytest.raises(UserError, match=r"type clip.*google/siglip2-base-patch16-224"):
        open_encoder(f"siglip:{tmp_path}", "cpu")


def test_siglip_refuses_pickled_weights(siglip_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((siglip_folder / "config.json").read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(UserError, match="safetensors"):
        open_encoder(f"siglip:{tmp_path}", "cpu")


def test_siglip_refuses_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"config\.json is missing"):
        open_encoder(f"siglip:{tmp_path}", "cpu")


def test_siglip_refuses_damaged_weights(siglip_folder: Path, tmp_path: Path) -> None:
    for file in siglip_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(UserError, match="cannot be loaded"):
        open_encoder(f"siglip:{tmp_path}", "cpu")


@pytest.mark.parametrize("model", ["nobody/no-such-model", "not a valid id!"])
def test_siglip_says_how_to_get_a_missing_model(model: str) -> None:
    with pytest.raises(UserError, match=r"not on this computer.*retake models download"):
        open_encoder(f"siglip:{model}", "cpu")


def test_pooling_keeps_one_scene_and_unit_length(encoder: Encoder, picture: Picture) -> None:
    frames = encoder.encode_frames([picture(224, width) for width in (224, 299, 398)]).embeddings
    pooled = encoder.pool(frames)
    assert pooled.shape == (encoder.dimension,)
    assert np.linalg.norm(pooled) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(encoder.pool(frames[:1]), frames[0], atol=1e-5)
    np.testing.assert_allclose(encoder.pool(np.repeat(frames[:1], 4, axis=0)), frames[0], atol=1e-5)
