"""What a model's folder says, and what is said of one that is not whole."""

import json
import shutil
from pathlib import Path

import pytest

from retake_core.errors import UserError
from retake_core.hub.model_folder import read_config, weight_files
from retake_core.models.check import check_folder
from retake_core.system.bundled import demo_model
from retake_core.videollm.model import VideoLLM

PARTS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_model(), tmp_path / "model"))


def split_weights(folder: Path) -> None:
    """Let an index name two parts, of which the first is there."""
    (folder / "model.safetensors").rename(folder / PARTS[0])
    index = {"weight_map": {"a": PARTS[1], "b": PARTS[0], "c": PARTS[0]}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def test_the_index_names_the_weights(folder: Path) -> None:
    assert weight_files(folder) == [folder / "model.safetensors"]
    split_weights(folder)
    shutil.copy(folder / PARTS[0], folder / PARTS[1])
    shutil.copy(folder / PARTS[0], folder / "consolidated.safetensors")
    assert weight_files(folder) == [folder / name for name in PARTS]


def test_a_model_of_which_a_part_is_missing_is_not_opened(folder: Path) -> None:
    """Its plan would count too little."""
    split_weights(folder)
    with pytest.raises(UserError, match=f"1 of 2 files of weights are missing, such as {PARTS[1]}"):
        VideoLLM.open(str(folder))


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b"[" * 200_000])
def test_a_damaged_configuration_is_one_sentence(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    with pytest.raises(UserError, match=r"config\.json is damaged; get the model again\.$"):
        check_folder(folder)


def test_an_architecture_that_is_no_word_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps(read_config(folder) | {"model_type": ["qwen2_vl"]}))
    with pytest.raises(UserError, match="which does not work here"):
        check_folder(folder)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"weight_map": 3}', b"[" * 200_000])
def test_a_damaged_index_is_one_sentence(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors.index.json").write_bytes(content)
    with pytest.raises(UserError, match=r"index\.json is damaged"):
        weight_files(folder)
