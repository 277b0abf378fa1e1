"""Encoders as a user has them: chosen by a folder, and what is said of folders that do not work."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retake_core.encoders.noise_words import SUFFIX
from retake_core.encoders.registry import FAMILIES
from retake_core.settings import change_settings, load_settings
from tests.support.command import Retake
from tests.support.in_process import decode_in_threads
from tests.support.tiny_encoders import HERE, save_tiny_encoder

Harm = Callable[[Path], Any]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("models")
    return {name: save_tiny_encoder(name, place / FAMILIES[name].title.replace(" ", "-")) for name in HERE}


@pytest.fixture
def retake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> Retake:
    decode_in_threads(monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")
    shutil.copy2(clips / "short.mp4", folder)
    return Retake(capsys, tmp_path / "library")


def encoder_of(retake: Retake) -> str:
    return load_settings(retake.data_dir / "settings.toml").encoder


@pytest.mark.parametrize("family", HERE)
def test_a_folder_is_taken_into_use_indexed_and_searched(
    retake: Retake, models: dict[str, Path], folder: Path, family: str
) -> None:
    assert "can search" in retake(("models", "check"), models[family]).out
    assert "is made ready by" in retake(("models", "use"), models[family]).out
    assert encoder_of(retake) == f"{family}:{models[family]}"
    assert retake("index", folder).code == 0
    assert len(list((retake.data_dir / "vectors").glob(f"*{SUFFIX}"))) == 1
    outcome = retake("search", "a bicycle", "--json", "--weaker")
    assert (outcome.code, outcome.err) == (0, "")
    assert all(0 <= moment["score"] <= 1 for moment in outcome.document)


def another_kind(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "bert"}))


def another_family(folder: Path) -> None:
    shutil.rmtree(folder)
    save_tiny_encoder("siglip", folder)


def other_sizes(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    for side in ("vision_config", "text_config"):
        config[side]["num_hidden_layers"] += 1
    (folder / "config.json").write_text(json.dumps(config))


def cut_short(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def no_tokenizer(folder: Path) -> None:
    for path in folder.glob("token*"):
        path.unlink()


HARMS: dict[str, Harm] = {
    "another kind": another_kind,
    "another family": another_family,
    "other sizes": other_sizes,
    "cut short": cut_short,
    "no tokenizer": no_tokenizer,
    "gone": shutil.rmtree,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_search_goes_on_with_the_encoder_before(
    retake: Retake, models: dict[str, Path], folder: Path, tmp_path: Path, harm: Harm
) -> None:
    settings = retake.data_dir / "settings.toml"
    assert retake(("models", "use"), models["siglip2"]).code == 0
    assert retake("index", folder).code == 0
    broken = Path(shutil.copytree(models["clip"], tmp_path / "broken"))
    harm(broken)
    change_settings(settings, encoder=f"clip:{broken}")
    refused = retake.refused("index", folder)
    assert str(broken) in refused
    outcome = retake("search", "a bicycle", "--json", "--weaker")
    assert outcome.code == 0
    assert outcome.err.startswith("retake: Search still uses SigLIP-2-NaFlex")
    assert outcome.err.count("\n") == 1
    change_settings(settings, encoder=f"siglip2:{models['siglip2']}")
    assert retake("search", "a bicycle", "--json", "--weaker").document == outcome.document


@pytest.mark.parametrize("harm", [another_family, other_sizes, shutil.rmtree])
def test_a_folder_that_broke_later_is_told_in_one_sentence(
    retake: Retake, models: dict[str, Path], folder: Path, tmp_path: Path, harm: Harm
) -> None:
    own = Path(shutil.copytree(models["clip"], tmp_path / "own"))
    assert retake(("models", "use"), own).code == 0
    assert retake("index", folder).code == 0
    harm(own)
    assert str(own) in retake.refused("search", "a bicycle")


@pytest.mark.parametrize("harm", [another_kind, cut_short, no_tokenizer, shutil.rmtree])
def test_a_broken_folder_is_not_taken_into_use(
    retake: Retake, models: dict[str, Path], tmp_path: Path, harm: Harm
) -> None:
    broken = Path(shutil.copytree(models["clip"], tmp_path / "broken"))
    harm(broken)
    assert str(broken) in retake.refused(("models", "use"), broken)
    assert encoder_of(retake) == "builtin"
