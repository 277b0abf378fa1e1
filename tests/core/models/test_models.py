"""The models page's engine: what a folder lacks, and what is chosen."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retake_core.cli import __main__ as cli
from retake_core.errors import UserError
from retake_core.models.catalogue import CATALOGUE
from retake_core.models.check import check_folder
from retake_core.models.shelf import choose, delete_model, list_models
from retake_core.protocol import model_messages
from retake_core.protocol.model_messages import ModelKind, ModelState
from retake_core.settings import Settings, change_settings, load_settings
from retake_core.speech import model as speech_library
from tests.support.paths import ROOT
from tests.support.recordings import model_folder, save_speech_model
from tests.support.sentence_models import save_sentence_model
from tests.support.tiny import save_tiny


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
    assert "Apple Machine Learning Research Model: no commercial use" in capsys.readouterr().out
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


@pytest.mark.parametrize(
    ("place", "kind"),
    [("Qwen3-VL-2B", ModelKind.VIDEOLLM), ("models--Qwen--Qwen3-VL-Embedding-2B/snapshots/1", ModelKind.ENCODER)],
)
def test_an_embedding_model_is_told_by_its_name(tmp_path: Path, place: str, kind: ModelKind) -> None:
    folder = save_tiny("qwen3_vl", tmp_path / place)
    assert choose(tmp_path / "settings.toml", str(folder)) is kind
    settings = load_settings(tmp_path / "settings.toml")
    assert settings.encoder == (f"qwen3_vl_embedding:{folder}" if kind is ModelKind.ENCODER else "builtin")
