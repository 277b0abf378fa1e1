"""The models page's engine: what a folder lacks, what a model needs, what is chosen."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    CLIPConfig,
    CLIPModel,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    SiglipConfig,
    SiglipModel,
)

from retake_core.cli import __main__ as cli
from retake_core.errors import UserError
from retake_core.hub import recommended
from retake_core.hub.recommended import RECOMMENDED_SIGLIP, RECOMMENDED_SMALL_ENCODER
from retake_core.models import fitting
from retake_core.models.catalogue import BY_ID, CATALOGUE, LanguageModelSizes
from retake_core.models.check import check_folder
from retake_core.models.shelf import choose, delete_model, list_models
from retake_core.protocol import model_messages
from retake_core.protocol.model_messages import ModelKind, ModelState
from retake_core.settings import Settings, change_settings, load_settings
from retake_core.speech import model as speech_library
from retake_core.videollm.four_bit import layer_parameters
from retake_core.videollm.loading import load_family
from retake_core.videollm.planner import Recording
from retake_core.videollm.reading import Reading
from retake_core.videollm.shape import ModelShape
from tests.benchmarks.published_shapes import build, configuration
from tests.support.paths import ROOT
from tests.support.recordings import model_folder, save_speech_model
from tests.support.sentence_models import save_sentence_model
from tests.support.tiny import save_tiny

GB = 10**9


def sharded(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    weights = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weights}))


def retyped(folder: Path, name: str) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": name}))


def shortened(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


FAULTS: list[tuple[Callable[[Path], Any], str]] = [
    (lambda folder: shutil.rmtree(folder), "There is no folder"),
    (lambda folder: (folder / "config.json").unlink(), "config.json is missing"),
    (lambda folder: (folder / "config.json").write_text("{"), "config.json is damaged"),
    (lambda folder: (folder / "config.json").write_text("[]"), "config.json is damaged"),
    (lambda folder: retyped(folder, "llama"), "is a llama, which does not work here"),
    (lambda folder: (folder / "model.safetensors").unlink(), "but it has none"),
    (
        lambda folder: (folder / "model.safetensors").rename(folder / "pytorch_model.bin"),
        r"but its weights are \.bin files",
    ),
    (sharded, "1 of 2 files of weights are missing, such as model-00002-of-00002"),
    (shortened, "is cut short"),
    (lambda folder: (folder / "model.safetensors").write_bytes(b"\xff" * 100), "is damaged"),
    (lambda folder: (folder / "tokenizer.json").unlink(), "has no tokenizer"),
    (lambda folder: (folder / "processor_config.json").unlink(), "has no preprocessor"),
]


@pytest.mark.parametrize(("harm", "says"), FAULTS)
def test_a_folder_that_cannot_be_used_says_why_in_a_sentence(
    model: Path, harm: Callable[[Path], Any], says: str
) -> None:
    assert check_folder(model) is ModelKind.VIDEOLLM
    harm(model)
    with pytest.raises(UserError, match=says) as raised:
        check_folder(model)
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_folder_too_high_is_told_the_right_one(model: Path) -> None:
    with pytest.raises(UserError, match=f"choose {model}"):
        check_folder(model.parent)


def text_config(decoder: LanguageModelSizes) -> dict[str, Any]:
    return {
        "num_hidden_layers": decoder.layers,
        "num_attention_heads": decoder.heads,
        "num_key_value_heads": decoder.kv_heads,
        "head_dim": decoder.head_dim,
        "hidden_size": decoder.hidden,
        "intermediate_size": decoder.intermediate,
        "vocab_size": decoder.vocabulary,
    }


@pytest.mark.parametrize(
    "name", ["Qwen/Qwen2-VL-2B-Instruct", "Qwen/Qwen2-VL-7B-Instruct", "Qwen/Qwen2.5-VL-3B-Instruct"]
)
def test_the_shapes_give_the_published_number_of_parameters(name: str) -> None:
    entry = BY_ID[name]
    decoder = entry.decoder
    assert decoder is not None
    tied = decoder.hidden < 3000
    text = text_config(decoder) | {"tie_word_embeddings": tied}
    config: Any
    if decoder.model_type == "qwen2_vl":
        vision: dict[str, Any] = {"hidden_size": decoder.hidden}
        config = Qwen2VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tied)
        kind: Any = Qwen2VLForConditionalGeneration
    else:
        vision = {"out_hidden_size": decoder.hidden, "hidden_size": 1280, "intermediate_size": 3420}
        config = Qwen2_5_VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tied)
        kind = Qwen2_5_VLForConditionalGeneration
    assert fitting.blueprint(decoder).shape == ModelShape.of(config.get_text_config())
    with torch.device("meta"):
        model = kind(config)
    assert sum(parameter.numel() for parameter in model.parameters()) == entry.parameters
    layers = model.model.language_model.layers
    matrices = [part for part in layers.modules() if isinstance(part, torch.nn.Linear)]
    assert layer_parameters(fitting.blueprint(decoder).shape) == sum(part.weight.numel() for part in matrices)


@pytest.mark.parametrize("name", ["Qwen/Qwen3.5-2B", "Qwen/Qwen3.5-4B", "Qwen/Qwen3.5-9B"])
def test_a_hybrid_is_planned_as_its_configuration_says(name: str) -> None:
    entry = BY_ID[name]
    assert entry.decoder is not None
    config = configuration(entry)
    shape = fitting.blueprint(entry.decoder).shape
    assert shape == ModelShape.of(config.get_text_config())
    assert shape.attention_layers * 4 == shape.layers
    model = build(config, torch.device("meta"))
    assert sum(parameter.numel() for parameter in model.parameters()) == entry.parameters
    layers = model.model.language_model.layers
    matrices = [part for part in layers.modules() if isinstance(part, torch.nn.Linear)]
    assert layer_parameters(shape) == sum(part.weight.numel() for part in matrices)


def test_the_recommended_encoder_has_the_published_number_of_parameters() -> None:
    common = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
    text = common | {"vocab_size": 256_000, "projection_size": 768}
    with torch.device("meta"):
        model = SiglipModel(SiglipConfig(text_config=text, vision_config=common | {"patch_size": 16}))
    assert sum(parameter.numel() for parameter in model.parameters()) == BY_ID[RECOMMENDED_SIGLIP].parameters


@pytest.mark.parametrize(
    ("name", "vision", "text"),
    [
        ("ViT-8M-16-Text-3M-YFCC15M", (256, 10, 16), (256, 3)),
        ("ViT-40M-32-Text-19M-LAION400M", (512, 12, 32), (512, 6)),
        ("ViT-61M-32-Text-29M-LAION400M", (640, 12, 32), (512, 9)),
    ],
)
def test_small_encoders_have_the_published_number_of_parameters(
    name: str, vision: tuple[int, int, int], text: tuple[int, int]
) -> None:
    def sizes(width: int, layers: int) -> dict[str, int]:
        return {
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "num_hidden_layers": layers,
            "num_attention_heads": width // 64,
        }

    width, layers, patch = vision
    config = CLIPConfig(
        text_config=sizes(*text),
        vision_config=sizes(width, layers) | {"patch_size": patch},
        projection_dim=512,
    )
    with torch.device("meta"):
        model = CLIPModel(config)
    entry = BY_ID[f"wkcn/TinyCLIP-{name}"]
    assert sum(parameter.numel() for parameter in model.parameters()) == entry.parameters
    # A multiplication and an addition for each weight and patch; attention itself and the rest are little more.
    multiplied = 12 * width**2 * layers * 2 * ((224 // patch) ** 2 + 1)
    assert multiplied < entry.picture_work < 1.3 * multiplied


@pytest.mark.parametrize(("card", "name"), [(True, RECOMMENDED_SIGLIP), (False, RECOMMENDED_SMALL_ENCODER)])
def test_what_is_recommended_depends_on_the_graphics_card(
    monkeypatch: pytest.MonkeyPatch, *, card: bool, name: str
) -> None:
    monkeypatch.setattr(recommended, "has_nvidia_card", lambda: card)
    recommended.recommended_encoder.cache_clear()
    try:
        (entry,) = [entry for entry in CATALOGUE if entry.kind is ModelKind.ENCODER and entry.recommended]
    finally:
        recommended.recommended_encoder.cache_clear()
    assert entry.id == name


def test_a_blueprint_counts_what_the_model_itself_counts(saved: Path) -> None:
    family = load_family(saved)
    text, vision = family.config.get_text_config(), family.config.vision_config
    shape = family.shape
    decoder = LanguageModelSizes(
        "qwen2_vl",
        shape.layers,
        shape.heads,
        shape.kv_heads,
        shape.head_dim,
        shape.hidden,
        shape.intermediate,
        text.vocab_size,
        vision.patch_size,
    )
    recording, reading = Recording(60.0, 448, 252), Reading(rate=1.0, frames=60, keep_ratio=0.5)
    ours, real = recording.count(fitting.blueprint(decoder), reading), recording.count(family, reading)
    assert (ours.frames, ours.visual_tokens, ours.kept_tokens) == (
        real.frames,
        real.visual_tokens,
        real.kept_tokens,
    )
    assert ours.pixel_bytes == real.pixel_bytes


def test_compression_saves_memory_and_less_of_it_means_fewer_frames() -> None:
    for entry in CATALOGUE:
        roomy = fitting.need(entry, 1 << 50)
        if entry.decoder is None:
            assert (roomy.full_bytes, roomy.frames) == (None, 1)
            continue
        assert roomy.frames == 2048
        assert roomy.full_bytes is not None
        assert entry.parameters * 2 < roomy.compressed_bytes < roomy.full_bytes
        assert fitting.need(entry, roomy.compressed_bytes).frames == 2048
        assert fitting.need(entry, 1 * GB).frames == 0
    tight = fitting.need(BY_ID["Qwen/Qwen2.5-VL-7B-Instruct"], 37 * GB)
    assert 0 < tight.frames <= 2048


def test_a_folder_is_chosen_for_what_it_is(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert choose(path, str(model)) is ModelKind.VIDEOLLM
    (entry,) = [entry for entry in list_models(load_settings(path)).models if entry.id == str(model)]
    assert (entry.state, entry.chosen, entry.removable, entry.title) == (ModelState.READY, True, False, "model")
    shortened(model)
    (entry,) = [entry for entry in list_models(load_settings(path)).models if entry.id == str(model)]
    assert entry.state is ModelState.BROKEN
    assert "cut short" in entry.reason
    with pytest.raises(UserError, match="cut short"):
        choose(path, str(model))
    retyped(model, "siglip")
    with pytest.raises(UserError, match="delete it with the program"):
        delete_model(str(model), load_settings(path))
    assert choose(path, "builtin") is ModelKind.ENCODER


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Return the smallest model that looks like Whisper to CTranslate2."""
    return save_speech_model(tmp_path / "whisper")


def test_a_speech_model_is_told_by_its_weights(speech: Path) -> None:
    assert check_folder(speech) is ModelKind.SPEECH
    assert check_folder(model_folder()) is ModelKind.SPEECH


def cut_at(folder: Path, end: int) -> None:
    path = folder / "model.bin"
    path.write_bytes(path.read_bytes()[:end])


SPEECH_FAULTS: list[tuple[Callable[[Path], Any], str]] = [
    (lambda folder: (folder / "model.bin").write_bytes(b"\x80\x04pickled code"), r"its weights are \.bin files"),
    (lambda folder: cut_at(folder, -3), "is cut short"),
    (
        lambda folder: (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:30]),
        "damaged or cut",
    ),
    (lambda folder: (folder / "tokenizer.json").unlink(), "has no tokenizer"),
    (lambda folder: (folder / "vocabulary.txt").unlink(), "has no vocabulary"),
]


@pytest.mark.parametrize(("harm", "says"), SPEECH_FAULTS)
def test_a_speech_model_that_cannot_be_used_says_why(speech: Path, harm: Callable[[Path], Any], says: str) -> None:
    harm(speech)
    if (speech / "model.bin").read_bytes().startswith(b"\x80"):
        retyped(speech, "siglip")  # which a pickle may come with
    with pytest.raises(UserError, match=says):
        check_folder(speech)


def test_a_speech_model_is_chosen_and_let_go(
    speech: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ["--data-dir", str(tmp_path / "data")]
    settings = tmp_path / "data" / "settings.toml"
    assert cli.run(["models", "use", str(speech), *data]) == 0
    assert "writes down what is said" in capsys.readouterr().out
    assert load_settings(settings).speech == str(speech)
    (entry,) = [entry for entry in list_models(load_settings(settings)).models if entry.id == str(speech)]
    assert (entry.kind, entry.state, entry.chosen) == (ModelKind.SPEECH, ModelState.READY, True)
    assert cli.run(["models", "stop", str(speech), *data]) == 0
    assert load_settings(settings).speech is None
    assert cli.run(["models", "stop", str(speech), *data]) == 2
    monkeypatch.setattr(speech_library, "find_spec", lambda _: None)
    assert cli.run(["models", "use", str(speech), *data]) == 2
    assert speech_library.INSTALL in capsys.readouterr().err
    assert list_models(load_settings(settings)).speech == speech_library.INSTALL


def test_a_sentence_model_is_chosen_and_let_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = save_sentence_model(tmp_path / "sentences")
    data = ["--data-dir", str(tmp_path / "data")]
    settings = tmp_path / "data" / "settings.toml"
    assert cli.run(["models", "check", str(folder)]) == 0
    assert cli.run(["models", "use", str(folder), *data]) == 0
    assert "in other words" in capsys.readouterr().out
    assert load_settings(settings).sentences == str(folder)
    (entry,) = [entry for entry in list_models(load_settings(settings)).models if entry.id == str(folder)]
    assert (entry.kind, entry.state, entry.chosen) == (ModelKind.SENTENCES, ModelState.READY, True)
    assert cli.run(["models", "stop", str(folder), *data]) == 0
    assert load_settings(settings).sentences is None
    (folder / "1_Pooling" / "config.json").unlink()
    with pytest.raises(UserError, match="does not embed sentences"):
        check_folder(folder)


def test_the_encoder_in_use_cannot_be_deleted(cache: Path) -> None:
    (cache / "models--google--siglip2-base-patch16-224").mkdir(parents=True)
    with pytest.raises(UserError, match="choose another encoder"):
        delete_model("google/siglip2-base-patch16-224", Settings(encoder="siglip"))


def test_the_command_line(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data-dir", str(tmp_path / "data")]
    assert cli.run(["models", "list", "--json", *data]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [model["id"] for model in document["models"]] == [entry.id for entry in CATALOGUE]
    assert document["machine"]["total_bytes"] >= document["machine"]["free_bytes"] > 0
    assert cli.run(["models", "list", *data]) == 0
    assert cli.run(["models", "check", str(model)]) == 0
    assert cli.run(["models", "use", str(model), *data]) == 0
    assert load_settings(tmp_path / "data" / "settings.toml").model == str(model)
    capsys.readouterr()
    assert cli.run(["models", "check", str(tmp_path)]) == 2
    assert cli.run(["models", "delete", "nobody/nothing", *data]) == 2
    change_settings(tmp_path / "data" / "settings.toml", offline=True)
    assert cli.run(["models", "download", "nobody/nothing", *data]) == 2
    assert "switched off" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "kind"), [("list", model_messages.Listed), ("measure", model_messages.MachineMeasured)]
)
def test_the_process_for_the_window(tmp_path: Path, command: str, kind: type[model_messages.ModelMessage]) -> None:
    line = [sys.executable, "-m", "retake_core.worker.models", "--data-dir", str(tmp_path / "data"), command]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        messages = [model_messages.decode(line) for line in process.stdout]
    assert [type(message) for message in messages] == [kind, model_messages.ModelFinished]


def test_an_hour_of_video_takes_longer_with_larger_models_and_slower_machines() -> None:
    small, large = BY_ID["Qwen/Qwen2-VL-2B-Instruct"], BY_ID["Qwen/Qwen2-VL-7B-Instruct"]
    fast, slow = (fitting.need(small, 1 << 50, speed=speed).hour_seconds for speed in (1e14, 1e11))
    assert fast is not None
    assert slow is not None
    assert slow == pytest.approx(1000 * fast)
    assert 3600 < slow < 36_000  # hours on a processor
    more = fitting.need(large, 1 << 50, speed=1e11).hour_seconds
    assert more is not None
    assert more > 2 * slow
    for kind in (ModelKind.ENCODER, ModelKind.SPEECH):
        times = [
            fitting.need(model, 1 << 50, speed=1e11).hour_seconds for model in CATALOGUE if model.kind is kind
        ]
        assert all(time is not None and 5 < time < 300_000 for time in times)  # the largest are for graphics cards
    assert fitting.need(small, 1 << 50).hour_seconds is None  # where nothing was measured


def test_what_fits_is_told_by_the_memory_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "total_bytes", lambda: 64 * GB)
    monkeypatch.setattr(fitting, "available_bytes", lambda: 1 * GB)
    measured = fitting.measure()
    needs = {need.id: need for need in measured.needs}
    assert (measured.free_bytes, measured.total_bytes) == (1 * GB, 64 * GB)
    assert needs["Qwen/Qwen2-VL-2B-Instruct"].frames
    assert all(need.hour_seconds for need in measured.needs)


@pytest.mark.parametrize(
    ("place", "kind"),
    [("Qwen3-VL-2B", ModelKind.VIDEOLLM), ("models--Qwen--Qwen3-VL-Embedding-2B/snapshots/1", ModelKind.ENCODER)],
)
def test_an_embedding_model_is_told_by_its_name(tmp_path: Path, place: str, kind: ModelKind) -> None:
    folder = save_tiny("qwen3_vl", tmp_path / place)
    assert choose(tmp_path / "settings.toml", str(folder)) is kind
    settings = load_settings(tmp_path / "settings.toml")
    assert settings.encoder == (f"qwen3_vl_embedding:{folder}" if kind is ModelKind.ENCODER else "builtin")
