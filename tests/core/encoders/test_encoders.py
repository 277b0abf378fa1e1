"""What holds for every encoder, and for those by transformers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from transformers import (
    AutoProcessor,
    AutoTokenizer,
    CLIPModel,
    Qwen3VLForConditionalGeneration,
    Siglip2Model,
    SiglipModel,
)

from retake_core.encoders import Encoder, open_encoder
from retake_core.encoders.registry import EMBEDDING, FAMILIES
from retake_core.errors import UserError
from retake_core.hub.model_folder import OPEN_CLIP
from retake_core.hub.recommended import recommended_encoder
from tests.support.tiny_encoders import HERE, SIDE, save_tiny_encoder

Picture = Callable[[int, int], NDArray[np.uint8]]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny model of each family."""
    return {family: save_tiny_encoder(family, tmp_path_factory.mktemp("models") / family) for family in HERE}


@pytest.fixture(params=[name for name in HERE if name != OPEN_CLIP])
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def own(family: str, folders: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of a model that may be harmed."""
    return Path(shutil.copytree(folders[family], tmp_path / "model"))


@pytest.fixture(scope="module", params=["builtin", *HERE])
def encoder(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Encoder:
    name = "builtin" if request.param == "builtin" else f"{request.param}:{folders[request.param]}"
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
    assert maps.dtype == np.float32
    assert np.isfinite(maps).all()
    assert (np.linalg.norm(maps, axis=-1) > 0).all()


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
        np.testing.assert_allclose(batch.maps[index], single.maps[0], atol=1e-3, rtol=1e-3)


def test_deterministic_and_input_untouched(encoder: Encoder, picture: Picture) -> None:
    image = picture(224, 398)
    before = image.copy()
    first, second = encoder.encode_frames([image]), encoder.encode_frames([image])
    np.testing.assert_array_equal(first.embeddings, second.embeddings)
    np.testing.assert_array_equal(first.maps, second.maps)
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
    if encoder.id.startswith("qwen3_vl"):
        pytest.skip("a language model tells Turkey from turkey")
    np.testing.assert_array_equal(encoder.encode_text("A Bicycle"), encoder.encode_text("a bicycle"))


def test_confidence_rises_within_0_and_1(encoder: Encoder) -> None:
    cosine = np.linspace(-1, 1, 2001, dtype=np.float32)
    confidence = encoder.confidence(cosine)
    assert confidence.dtype == np.float32
    assert confidence.shape == cosine.shape
    assert (np.diff(confidence) >= 0).all()
    assert 0 <= confidence[0] < 0.5 < confidence[-1] <= 1


def test_ids_differ(family: str, folders: dict[str, Path], own: Path, tmp_path: Path) -> None:
    first = open_encoder(f"{family}:{folders[family]}", "cpu").id
    assert first.startswith(f"{FAMILIES[family].model_type}:{family}:")
    same = Path(shutil.copytree(own, tmp_path / family))
    assert open_encoder(f"{family}:{same}", "cpu").id == first
    weights = bytearray((same / "model.safetensors").read_bytes())
    weights[-2] ^= 1
    (same / "model.safetensors").write_bytes(weights)
    assert open_encoder(f"{family}:{same}", "cpu").id != first


TEXT = "A bicycle"


def own_answer(family: str, folder: Path, image: NDArray[np.uint8]) -> Any:
    """Return what transformers' own model makes of a picture of its size, and of the text."""
    pixels = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    if family == EMBEDDING:
        return qwen_answer(folder, image)
    if family == "clip":
        mean, std = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
        pixels = (pixels - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
        clip: Any = CLIPModel.from_pretrained(folder)
        return clip(**tokenizer([TEXT.lower()], return_tensors="pt"), pixel_values=pixels)
    words = [4, 2] if family == "siglip" else tokenizer(TEXT.lower())["input_ids"]
    assert len(words) in (2, len(TEXT), len(TEXT) + 1)  # pieces of it, and the end
    ids = torch.tensor([words + [0] * (64 - len(words))])
    pixels = (pixels - 0.5) / 0.5
    if family == "siglip":
        siglip: Any = SiglipModel.from_pretrained(folder)
        return siglip(input_ids=ids, pixel_values=pixels)
    siglip2: Any = Siglip2Model.from_pretrained(folder)
    sides = SIDE // 8
    patches = pixels.reshape(1, 3, sides, 8, sides, 8).permute(0, 2, 4, 3, 5, 1).reshape(1, sides**2, 192)
    return siglip2(
        input_ids=ids,
        pixel_values=patches,
        pixel_attention_mask=torch.ones(1, sides**2, dtype=torch.long),
        spatial_shapes=torch.tensor([[sides, sides]]),
    )


def qwen_answer(folder: Path, image: NDArray[np.uint8]) -> Any:
    """Return what the model as its makers use it says last, of the picture and of the text."""
    model: Any = Qwen3VLForConditionalGeneration.from_pretrained(folder)
    processor: Any = AutoProcessor.from_pretrained(folder)  # type: ignore[no-untyped-call]
    found = {}
    for name, told, content, images in (
        ("image_embeds", "Represent the user's input.", "<|vision_start|><|image_pad|><|vision_end|>", [image]),
        ("text_embeds", "Retrieve images or text relevant to the user's query.", TEXT, None),
    ):
        prompt = f"<|im_start|>system\n{told}<|im_end|>\n<|im_start|>user\n{content}<|im_end|>\n"
        inputs = processor(text=[prompt + "<|im_start|>assistant\n"], images=images, return_tensors="pt")
        states = model.model(**inputs).last_hidden_state[:, -1]
        found[name] = torch.nn.functional.normalize(states, dim=1)
    return SimpleNamespace(**found)


def test_both_sides_equal_the_model_itself(family: str, folders: dict[str, Path], picture: Picture) -> None:
    encoder = open_encoder(f"{family}:{folders[family]}", "cpu")
    image = picture(SIDE, SIDE)
    with torch.no_grad():
        output = own_answer(family, folders[family], image)
    text, frame = encoder.encode_text(TEXT), encoder.encode_frames([image]).embeddings[0]
    np.testing.assert_allclose(text, output.text_embeds[0].numpy(), atol=1e-5)
    np.testing.assert_allclose(frame, output.image_embeds[0].numpy(), atol=1e-5)
    if family.startswith("siglip"):  # the others give no probability of a pair alone
        logit = output.logits_per_image[0, 0].item()
        expected = 1 / (1 + np.exp(np.log(0.003 / 0.997) - logit))
        np.testing.assert_allclose(encoder.confidence(text[None] @ frame), [expected], rtol=1e-3)


def test_clip_sees_the_whole_frame(folders: dict[str, Path]) -> None:
    encoder = open_encoder(f"clip:{folders['clip']}", "cpu")
    middle = np.zeros((90, 160, 3), np.uint8)
    sides = middle.copy()
    sides[:, :30], sides[:, -30:] = 255, 255  # what its own files have cut off
    one, other = encoder.encode_frames([middle, sides]).embeddings
    assert one @ other < 0.99


def test_clip_reads_files_of_the_older_form(folders: dict[str, Path], tmp_path: Path, picture: Picture) -> None:
    """As those of TinyCLIP are: no configuration of the tokenizer, sizes as numbers, and everything said twice."""
    older = Path(shutil.copytree(folders["clip"], tmp_path / "older"))
    (older / "tokenizer_config.json").unlink()
    preprocessor = json.loads((older / "preprocessor_config.json").read_text())
    preprocessor.pop("image_processor_type")
    preprocessor |= {"feature_extractor_type": "CLIPFeatureExtractor", "size": SIDE, "crop_size": SIDE}
    (older / "preprocessor_config.json").write_text(json.dumps(preprocessor))
    config = json.loads((older / "config.json").read_text())
    config["text_config"]["eos_token_id"] = 2
    config |= {"text_config_dict": config["text_config"], "vision_config_dict": config["vision_config"]}
    (older / "config.json").write_text(json.dumps(config))
    encoder, same = (open_encoder(f"clip:{folder}", "cpu") for folder in (older, folders["clip"]))
    image = picture(90, 160)
    np.testing.assert_array_equal(encoder.encode_text(TEXT), same.encode_text(TEXT))
    np.testing.assert_array_equal(
        encoder.encode_frames([image]).embeddings, same.encode_frames([image]).embeddings
    )


def test_naflex_maps_a_picture_in_its_own_shape(folders: dict[str, Path]) -> None:
    encoder = open_encoder(f"siglip2:{folders['siglip2']}", "cpu")
    wide = np.zeros((64, 256, 3), np.uint8)
    wide[:, :128] = 255
    maps = torch.from_numpy(encoder.encode_frames([wide]).maps[0].reshape(7, 7, -1))
    left, right = maps[:, :3].flatten(0, 1), maps[:, 4:].flatten(0, 1)
    within, across = torch.cdist(left, left).mean(), torch.cdist(left, right).mean()
    assert across > 2 * within


def test_another_architecture_is_refused(family: str, own: Path) -> None:
    config = json.loads((own / "config.json").read_text())
    (own / "config.json").write_text(json.dumps(config | {"model_type": "bert"}))
    with pytest.raises(
        UserError, match=f"type bert, and not {FAMILIES[family].model_type}; run: retake models use"
    ):
        open_encoder(f"{family}:{own}", "cpu")


def test_pickled_weights_are_refused(family: str, own: Path) -> None:
    (own / "model.safetensors").unlink()
    (own / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(UserError, match="safetensors"):
        open_encoder(f"{family}:{own}", "cpu")


def test_a_folder_without_a_model_is_refused(family: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"config\.json is missing"):
        open_encoder(f"{family}:{tmp_path}", "cpu")


@pytest.mark.parametrize("part", ["token*", "*processor_config.json"])
def test_a_folder_without_all_parts_is_refused(family: str, own: Path, part: str) -> None:
    for path in own.glob(part):
        path.unlink()
    with pytest.raises(UserError, match="is missing"):
        open_encoder(f"{family}:{own}", "cpu")


@pytest.mark.parametrize("family", ["siglip", "siglip2"])  # that of CLIP is the largest here
def test_the_tokenizer_of_another_model_is_refused(folders: dict[str, Path], own: Path, family: str) -> None:
    for path in folders["clip"].glob("token*"):
        shutil.copy2(path, own)
    with pytest.raises(UserError, match="that of another model"):
        open_encoder(f"{family}:{own}", "cpu")


def test_damaged_weights_are_refused(family: str, own: Path) -> None:
    (own / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(UserError, match="cannot be loaded"):
        open_encoder(f"{family}:{own}", "cpu")


@pytest.mark.parametrize(
    "sizes",
    [
        {"num_hidden_layers": 4},
        {"num_hidden_layers": 1},
        {"intermediate_size": 96},
        {"hidden_size": 64},
        {"patch_size": 16},
    ],
    ids=lambda sizes: next(iter(sizes)) + str(next(iter(sizes.values()))),
)
def test_other_sizes_than_the_config_says_are_refused(family: str, own: Path, sizes: dict[str, int]) -> None:
    config = json.loads((own / "config.json").read_text())
    config["text_config" if family == EMBEDDING and "patch_size" not in sizes else "vision_config"] |= sizes
    (own / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError) as refused:
        open_encoder(f"{family}:{own}", "cpu")
    assert "\n" not in str(refused.value)
    assert "not those that its configuration describes" in str(refused.value)


def test_buffers_in_older_files_do_no_harm(folders: dict[str, Path], own: Path, family: str) -> None:
    weights = load_file(own / "model.safetensors")
    weights["text_model.embeddings.position_ids"] = torch.arange(24)[None]
    save_file(weights, own / "model.safetensors", {"format": "pt"})
    before = open_encoder(f"{family}:{folders[family]}", "cpu").encode_text(TEXT)
    np.testing.assert_array_equal(open_encoder(f"{family}:{own}", "cpu").encode_text(TEXT), before)


def test_files_that_change_do_not_change_what_is_loaded(family: str, own: Path, picture: Picture) -> None:
    encoder = open_encoder(f"{family}:{own}", "cpu")
    image = picture(90, 160)
    before = encoder.encode_text(TEXT), encoder.encode_frames([image]).embeddings
    with (own / "model.safetensors").open("r+b") as file:  # as a copy over it does
        file.truncate(0)
        file.write(b"\0" * 1000)
    np.testing.assert_array_equal(encoder.encode_text(TEXT), before[0])
    np.testing.assert_array_equal(encoder.encode_frames([image]).embeddings, before[1])


@pytest.mark.parametrize(
    ("model", "get"),
    [("nobody/no-such-model", "nobody/no-such-model"), ("not a valid id!", recommended_encoder())],
)
def test_it_is_said_how_to_get_a_missing_model(family: str, model: str, get: str) -> None:
    with pytest.raises(UserError, match=f"not on this computer.*retake models download {get};"):
        open_encoder(f"{family}:{model}", "cpu")


@pytest.mark.parametrize("name", ["clip", "clip:", "bert:/models/bert", ""])
def test_a_name_that_means_no_encoder_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"There is no encoder named .*clip:, qwen3_vl_embedding:"):
        open_encoder(name)


def test_pooling_keeps_one_scene_and_unit_length(encoder: Encoder, picture: Picture) -> None:
    frames = encoder.encode_frames([picture(224, width) for width in (224, 299, 398)]).embeddings
    pooled = encoder.pool(frames)
    assert pooled.shape == (encoder.dimension,)
    assert np.linalg.norm(pooled) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(encoder.pool(frames[:1]), frames[0], atol=1e-5)
    np.testing.assert_allclose(encoder.pool(np.repeat(frames[:1], 4, axis=0)), frames[0], atol=1e-5)
