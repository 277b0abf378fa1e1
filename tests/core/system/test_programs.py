"""How the app finds its own modules and files."""

import subprocess
import sys
from pathlib import Path

import pytest

from retake_core.system.bundled import demo_model
from retake_core.system.programs import module_command


def test_a_module_is_run_by_this_python() -> None:
    command = [*module_command("retake_core.cli"), "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("retake, version ")


@pytest.mark.parametrize(
    ("running", "suffix"), [("retake-desktop", ""), ("retake", ""), ("retake-desktop", ".exe")]
)
def test_the_frozen_build_runs_a_module_by_its_command_line(
    running: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / f"{running}{suffix}"))
    assert module_command("retake_core.worker") == (str(tmp_path / f"retake{suffix}"), "-m", "retake_core.worker")


def test_the_demo_model_comes_with_the_app() -> None:
    assert (demo_model() / "model.safetensors").is_file()
