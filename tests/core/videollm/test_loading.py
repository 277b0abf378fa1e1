"""Loading a VideoLLM: what is loaded depends on its files no longer, and what happens to them is a sentence."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import GenerationConfig

from retake_core.errors import UserError
from retake_core.hub.weights import reading_weights
from retake_core.videollm import loading
from retake_core.videollm.families.base import Family
from retake_core.videollm.loading import load_family, open_family
from retake_core.videollm.model import VideoLLM
from tests.support.tiny import BUILDERS, save_tiny

CPU = torch.device("cpu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_tiny("qwen2_vl", tmp_path / "model")


def weights(folder: Path) -> Path:
    return folder / "model.safetensors"


def overwrite(folder: Path) -> None:
    """Do what a copy over a file does: it is cut, and then filled with something else."""
    with weights(folder).open("r+b") as file:
        file.truncate(0)
        file.write(b"\0" * 1000)


def logits(family: Family) -> Tensor:
    with torch.inference_mode():
        output: Tensor = family.model(input_ids=torch.tensor([family.prompt.question("What is it?")])).logits
    return output


@pytest.mark.parametrize("model_type", sorted(BUILDERS))
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_files_that_change_do_not_change_what_is_loaded(
    model_type: str, dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_tiny(model_type, tmp_path / "model")
    save_file({name: value.to(dtype) for name, value in load_file(weights(folder)).items()}, weights(folder))
    monkeypatch.setattr(loading, "model_dtype", lambda *_: dtype)  # as where it is not converted
    family = load_family(folder, CPU)
    before = logits(family)
    overwrite(folder)
    assert torch.equal(logits(family), before)


@pytest.mark.skipif(sys.platform != "linux", reason="only there can be seen what is mapped")
def test_no_weight_stays_a_view_of_a_file(folder: Path) -> None:
    family = load_family(folder, CPU)
    assert str(weights(folder)) not in Path("/proc/self/maps").read_text()
    assert family.model is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only there can be seen what is mapped")
def test_what_goes_to_a_graphics_card_is_mapped_on_its_way(folder: Path) -> None:
    """The computer's memory need not hold what the card's does."""
    mapped = []
    for staying in (True, False):
        with reading_weights(folder, staying=staying) as read:
            held = [weight[...] for weight in read.values()]
            mapped.append(str(weights(folder)) in Path("/proc/self/maps").read_text())
            del held
    assert mapped == [False, True]


def test_a_file_that_is_cut_while_it_is_read_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    @contextmanager
    def cut(folder: Path, **options: Any) -> Iterator[dict[str, Any]]:
        with reading_weights(folder, **options) as read:
            os.truncate(weights(folder), weights(folder).stat().st_size // 2)
            yield read

    monkeypatch.setattr(loading, "reading_weights", cut)
    with pytest.raises(UserError, match="cannot be loaded") as raised:
        load_family(folder, CPU)
    assert "\n" not in str(raised.value)


def test_a_model_that_is_replaced_before_it_is_loaded_is_a_sentence(folder: Path) -> None:
    model = VideoLLM.open(str(folder))
    changed = {name: value + 1 for name, value in load_file(weights(folder)).items()}
    save_file(changed, weights(folder), {"format": "pt"})
    os.utime(weights(folder), ns=(1, 1))
    with pytest.raises(UserError, match="was changed meanwhile; try again"):
        model.load()
    assert not model.loaded
    again = VideoLLM.open(str(folder))
    again.load()
    assert again.loaded


def test_a_model_of_another_kind_in_the_same_place_is_a_sentence(folder: Path, tmp_path: Path) -> None:
    family = open_family(folder)
    other = save_tiny("llava_onevision", tmp_path / "other")
    weights(other).replace(weights(folder))
    with pytest.raises(UserError, match="get the model again"):
        loading.load_weights(family, folder, CPU)


def test_what_its_makers_say_of_writing_is_heeded(folder: Path) -> None:
    kind: Any = GenerationConfig
    kind(eos_token_id=[3, 5], repetition_penalty=1.25).save_pretrained(folder)
    family = load_family(folder, CPU)
    assert {3, 5} <= family.stop_ids()
    assert family.repetition_penalty == 1.25
    (folder / "generation_config.json").unlink()
    assert load_family(folder, CPU).repetition_penalty == 1.0
