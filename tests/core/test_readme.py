"""Every command that README shows is run, in the order in which it stands there."""

import functools
import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants
from PIL import Image

from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir, default_data_dir
from retake_core.encoders import open_encoder
from retake_core.settings import change_settings, load_settings
from tests.demo_model.recording import write_library
from tests.support.fakes import make_clip
from tests.support.hub_server import Hub
from tests.support.paths import ROOT
from tests.support.tiny import save_tiny

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    words
    for language, block in BLOCKS
    if language == "sh"
    for line in block.replace("\\\n", " ").splitlines()
    if (words := shlex.split(line, comments=True))
]
RETAKE = [words for words in COMMANDS if words[0] == "retake"]
MODULES = [words for words in COMMANDS if words[:2] == ["python", "-m"]]
SCRIPTS = [words for words in COMMANDS if words[0] == "bash"]
SETTING_UP = [words for words in COMMANDS if words[0] in ("sudo", "python3", ".venv/bin/pip")]
WINDOW = [words for words in COMMANDS if words[0] == "retake-desktop"]  # tests/gui runs it
TOO_LONG = ("packaging/build.sh",)  # it packs gigabytes


def named(command: list[str]) -> str:
    return shlex.join(command)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a person's home: the videos, pictures and models that README speaks of, and nothing else."""
    videos = tmp_path / "Videos"
    (videos / "holiday").mkdir(parents=True)
    make_clip(videos / "party.mp4", [(10, "red"), (10, "green"), (10, "blue")])
    (videos / "party.srt").write_text("1\n00:00:05,000 --> 00:00:07,000\nHappy birthday!\n", "utf-8")
    make_clip(videos / "holiday" / "beach.mp4", [(10, "yellow"), (10, "blue")])
    write_library(tmp_path / "build" / "shapes", clips=1, frames=64)
    Image.new("RGB", (320, 240), "green").save(tmp_path / "cake.jpg")
    (tmp_path / "retake_core").symlink_to(ROOT / "retake_core")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr("retake_core.cli.context.open_encoder", functools.cache(open_encoder))
    hub = Hub()
    tiny = save_tiny("qwen2_vl", tmp_path / "published")
    for words in RETAKE:
        if words[1:3] == ["models", "download"]:
            hub.add(words[3], tiny)
    server = hub.served()
    data = DataDir(default_data_dir())
    data.create()
    change_settings(data.settings, hub_endpoint=hub.address)
    yield tmp_path
    server.shutdown()
    server.server_close()


def test_every_command_of_retake(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(RETAKE) > 20
    for command in RETAKE:
        words = [os.path.expanduser(word) for word in command]  # noqa: PTH111 - as a shell does
        code = cli.run(words[1:])
        said = capsys.readouterr()
        assert code == 0, f"{named(command)}: {said.err}"
        assert said.out.strip(), f"{named(command)} says nothing"
    assert default_data_dir().is_relative_to(home)


@pytest.mark.parametrize("command", MODULES, ids=named)
def test_every_module_explains_itself(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They take minutes to hours: what is run here is their parsing of the arguments that README gives."""
    monkeypatch.delitem(sys.modules, command[2], raising=False)
    monkeypatch.setattr(sys, "argv", [command[2], *command[3:], "--help"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module(command[2], run_name="__main__", alter_sys=True)
    assert stopped.value.code == 0
    assert "usage" in capsys.readouterr().out.lower()


@pytest.mark.parametrize("command", SCRIPTS, ids=named)
def test_every_script_is_there_and_run_by_ci(command: list[str]) -> None:
    subprocess.run(["bash", "-n", command[1]], cwd=ROOT, check=True)
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert f"bash {command[1]}" in run or command[1] in (".ci/run", *TOO_LONG)


@pytest.mark.parametrize("command", WINDOW, ids=named)
def test_the_window_knows_its_arguments(command: list[str]) -> None:
    known = subprocess.run([sys.executable, "-m", "retake_desktop.app", "--help"], capture_output=True, check=True)
    assert all(word in known.stdout.decode() for word in command[1:])


def test_no_command_is_left_out() -> None:
    tested = RETAKE + MODULES + SCRIPTS + SETTING_UP + WINDOW
    assert [named(command) for command in COMMANDS if command not in tested] == []


def test_setting_up_names_what_exists() -> None:
    """What the installation asks for is what the scripts install, which CI runs."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    scripts = "".join((ROOT / "packaging" / name).read_text("utf-8") for name in ("environment.sh", "test.sh"))
    for command in SETTING_UP:
        for word in command:
            if match := re.fullmatch(r"\.\[(.*)\]", word):
                assert set(match[1].split(",")) <= extras.keys()
        if "apt-get" in command:
            assert {word for word in command if word.startswith("lib")} <= set(re.findall(r"[\w.+-]+", scripts))


def test_the_settings_are_known(tmp_path: Path) -> None:
    (text,) = [block for language, block in BLOCKS if language == "toml"]
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    settings = load_settings(tmp_path / "settings.toml")
    written = tomllib.loads(text)
    assert {name: getattr(settings, name) for name in written} == written
