"""Models in four bit: when they are taken, what they lack, and how they answer."""

from pathlib import Path

import numpy as np
import pytest
import torch

from retake_core.cli import __main__ as cli
from retake_core.errors import UserError
from retake_core.models import fitting
from retake_core.models.catalogue import BY_ID
from retake_core.settings import change_settings, load_settings
from retake_core.system.bundled import demo_model
from retake_core.videollm import costs, four_bit
from retake_core.videollm.four_bit import layer_parameters
from retake_core.videollm.kv.two_pieces import kernel_for
from retake_core.videollm.loading import load_family, load_weights, open_family
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.precision import Precision

GB = 10**9


class Card:
    """A graphics card of some size, for tests that only plan."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, size: int, *, package: bool = True) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (size, size))
        for name in ("memory_reserved", "memory_allocated"):
            monkeypatch.setattr(torch.cuda, name, lambda: 0)
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: True)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "A card")
        monkeypatch.setattr(costs, "kernel_for", lambda _, *state: kernel_for(torch.device("cpu"), *state))
        spec = object() if package else None
        monkeypatch.setattr(four_bit, "find_spec", lambda _: spec)


SEVEN, TWO = "Qwen/Qwen2-VL-7B-Instruct", "Qwen/Qwen2-VL-2B-Instruct"


@pytest.mark.parametrize(
    ("size", "precision", "seven", "two"),
    [
        (24 * GB, "auto", (2048, False), (2048, False)),
        (12 * GB, "auto", (2048, True), (2048, False)),
        (12 * GB, "full", (0, False), (2048, False)),
        (12 * GB, "4bit", (2048, True), (2048, True)),
        (4 * GB, "auto", (0, True), (2048, True)),
    ],
)
def test_four_bit_is_taken_where_nothing_else_fits(
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    precision: Precision,
    seven: tuple[int, bool],
    two: tuple[int, bool],
) -> None:
    Card(monkeypatch, size)
    needs = [fitting.need(BY_ID[name], int(0.9 * size), size, precision) for name in (SEVEN, TWO)]
    assert [(need.frames, need.four_bit) for need in needs] == [seven, two]


def test_what_four_bit_lacks_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], model: Path
) -> None:
    with pytest.raises(UserError, match="needs an NVIDIA graphics card"):
        VideoLLM.open(str(model), "4bit")
    assert not VideoLLM.open(str(model)).four_bit
    data = ["--data-dir", str(tmp_path / "data")]
    assert cli.run(["models", "use", str(model), "--precision", "4bit", *data]) == 2
    assert cli.run(["models", "use", str(model), "--precision", "full", *data]) == 0
    assert load_settings(tmp_path / "data" / "settings.toml").precision == "full"
    Card(monkeypatch, 12 * GB, package=False)
    need = fitting.need(BY_ID[SEVEN], 11 * GB, 12 * GB)
    assert (need.frames, need.four_bit, need.fits_in_four_bit) == (0, False, True)
    with pytest.raises(UserError, match=r"pip install 'retake-desktop\[small-gpu\]'"):
        VideoLLM.open(str(model), "4bit")
    change_settings(tmp_path / "data" / "settings.toml", precision="auto")
    assert cli.run(["models", "list", *data]) == 0
    assert "pip install 'retake-desktop[small-gpu]'" in " ".join(capsys.readouterr().out.split())


def test_a_model_in_four_bit_has_memories_of_its_own(monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    whole = VideoLLM.open(str(model))
    Card(monkeypatch, 12 * GB)
    small = VideoLLM.open(str(model), "4bit")
    assert (small.four_bit, small.id.name, small.id.revision != whole.id.revision) == (True, whole.id.name, True)


def test_a_model_in_four_bit_answers_like_the_whole() -> None:
    """On the processor, where no one would want it, its library works the same."""
    pytest.importorskip("bitsandbytes")
    folder, device = demo_model(), torch.device("cpu")
    whole, small = load_family(folder, device), open_family(folder)
    load_weights(small, folder, device, four_bit=True)
    packed = [part for part in small.model.modules() if type(part).__name__ == "Linear4bit"]
    numbers = sum(part.weight.quant_state.shape.numel() for part in packed)
    assert numbers == layer_parameters(small.shape)
    size = sum(part.weight.numel() for part in packed)
    assert size == numbers / 2
    question = whole.prompt.question("What colour is the first shape?")
    embeds = [family.embed(question)[None].float() for family in (whole, small)]
    np.testing.assert_allclose(embeds[0], embeds[1], atol=0.02)
    with torch.inference_mode():
        logits = [
            family.model(input_ids=torch.tensor([question])).logits[0].float().flatten()
            for family in (whole, small)
        ]
    assert torch.cosine_similarity(logits[0], logits[1], dim=0) > 0.9
