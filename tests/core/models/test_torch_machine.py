"""Graphics cards that are there and cannot be used are told of, with what to do."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from retake_core.models import torch_machine
from retake_core.system.nvidia import has_nvidia_card
from tests.support.command import Retake


def test_an_nvidia_card_that_is_not_used_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # where no nvidia-smi is
    device = tmp_path / "sys" / "bus" / "pci" / "devices" / "0000:01:00.0"
    device.mkdir(parents=True)
    (device / "vendor").write_text("0x10de\n")
    (device / "class").write_text("0x040300\n")  # the card's sound
    assert not has_nvidia_card(tmp_path)
    (device / "class").write_text("0x030000\n")
    assert has_nvidia_card(tmp_path)
    for index, place in enumerate(("dev/nvidia0", "proc/driver/nvidia/gpus/0000:01:00.0")):
        container = tmp_path / str(index)
        (container / place).mkdir(parents=True)
        assert has_nvidia_card(container)
    (tmp_path / "only" / "dev" / "nvidiactl").mkdir(parents=True)
    assert not has_nvidia_card(tmp_path / "only")
    monkeypatch.setattr(torch_machine, "has_nvidia_card", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", None)
    assert f"{sys.executable} -m pip install" in torch_machine.card_problem()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "Install the one for NVIDIA cards." in torch_machine.card_problem()
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    assert "driver" in torch_machine.card_problem()
    monkeypatch.setattr(torch_machine, "has_nvidia_card", lambda: False)
    assert torch_machine.card_problem() == ""


@pytest.mark.parametrize(
    ("capability", "built_for", "runs"),
    [
        ((6, 1), ["sm_75", "sm_80"], False),  # older than all
        ((7, 5), ["sm_75", "sm_80"], True),
        ((8, 9), ["sm_80", "sm_86", "sm_90"], True),  # machine code of its generation
        ((8, 0), ["sm_75", "sm_86"], False),  # it has no code of an earlier generation, nor of a later card
        ((12, 0), ["sm_80", "sm_90"], False),
        ((12, 0), ["sm_80", "sm_90", "compute_90"], True),  # PTX is translated for later cards
        ((8, 0), ["compute_90"], False),
        ((9, 0), ["sm_90a"], True),
        ((10, 0), ["compute_90a"], False),
        ((10, 3), ["sm_100f"], True),
        ((6, 1), ["gfx90a"], False),
    ],
)
def test_cards_run_what_pytorch_was_built_for(
    capability: tuple[int, int], built_for: list[str], runs: bool
) -> None:
    assert torch_machine.runs_on(capability, built_for) is runs


@pytest.mark.parametrize(
    ("capability", "built_for", "said"),
    [
        ((6, 1), ["sm_75", "sm_120"], "whl/cu126"),
        ((3, 5), ["sm_75", "sm_120"], "cannot run"),
        ((13, 0), ["sm_75", "sm_120"], "too new"),
        ((7, 5), ["sm_75", "sm_120"], ""),
        ((6, 1), [], ""),  # PyTorch does not say
    ],
)
def test_a_card_that_pytorch_does_not_support_is_explained(
    capability: tuple[int, int], built_for: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = SimpleNamespace(
        is_available=lambda: True,
        device_count=lambda: 1,
        get_device_name=lambda _: "GeForce",
        get_device_capability=lambda _: capability,
        get_arch_list=lambda: built_for,
    )
    fake = SimpleNamespace(cuda=card, version=SimpleNamespace(cuda="13.0"), __version__="2.14")
    monkeypatch.setattr(torch_machine, "torch", fake)
    problem = torch_machine.card_problem()
    assert said in problem
    assert bool(said) == bool(problem)


def test_doctor_names_a_card_that_pytorch_does_not_support(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retake_core.cli.context.log_to", lambda *_: None)
    retake = Retake(capsys, tmp_path / "library")
    for name, value in {
        "is_available": True,
        "device_count": 1,
        "get_device_name": "GeForce GTX 1080",
        "get_device_capability": (6, 1),
        "get_arch_list": ["sm_75", "sm_80", "sm_90", "compute_90"],
        "mem_get_info": (7_000_000_000, 8_000_000_000),
        "is_bf16_supported": False,
    }.items():
        monkeypatch.setattr(torch.cuda, name, lambda *_, value=value, **__: value)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    problem = retake("doctor", "--json").document["torch"]["card_problem"]
    assert "GeForce GTX 1080 (compute capability 6.1) is too old" in problem
    assert "needs 7.5 or more" in problem
    assert "too old" in retake("doctor").out
