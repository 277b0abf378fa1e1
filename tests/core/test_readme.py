"""What README promises: every command that it shows is run, in its order; every file that it names is there."""

import functools
import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants
from PIL import Image

from retake_core import __version__
from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir, default_data_dir
from retake_core.encoders import open_encoder
from retake_core.models.catalogue import CATALOGUE
from retake_core.models.fitting import blueprint
from retake_core.protocol.model_messages import ModelKind
from retake_core.settings import change_settings, load_settings
from retake_core.videollm import costs
from retake_core.videollm.families import base
from retake_core.videollm.four_bit import four_bit_bytes
from retake_core.videollm.kv.pivotkv import GPU_BLOCK_BYTES
from retake_core.videollm.planner import TYPICAL, USABLE, frames_that_fit, make_plan
from tests.support.fakes import make_clip
from tests.support.hub_server import Hub
from tests.support.paths import ROOT
from tests.support.report import Report
from tests.support.tiny import save_tiny

README = (ROOT / "README.md").read_text("utf-8")
BENCHMARKS = (ROOT / "tests" / "benchmarks" / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README + BENCHMARKS, re.MULTILINE | re.DOTALL)
COMMANDS = [
    words
    for language, block in BLOCKS
    if language == "sh"
    for line in block.replace("\\\n", " ").splitlines()
    if (words := shlex.split(line, comments=True))
]
SERVING = [
    words for words in COMMANDS if words[:2] == ["retake", "mcp"] or words[:3] == ["retake", "cluster", "start"]
]
RETAKE = [words for words in COMMANDS if words[0] == "retake" and words not in SERVING]
MODULES = [words for words in COMMANDS if words[:2] == ["python", "-m"]]
SCRIPTS = [words for words in COMMANDS if words[0] == "bash"]
SETTING_UP = [words for words in COMMANDS if words[0] in ("sudo", "python3", ".venv/bin/pip")]
SECTIONS = re.findall(r"^<!-- (\w+) -->$", BENCHMARKS, re.MULTILINE)
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
        printed = capsys.readouterr()
        assert code == 0, f"{named(command)}: {printed.err}"
        assert printed.out.strip(), f"{named(command)} says nothing"
    assert default_data_dir().is_relative_to(home)


def test_what_serves_others_knows_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert SERVING
    for command in SERVING:
        assert cli.run([*command[1:], "--help"]) == 0, capsys.readouterr().err


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
    usage = capsys.readouterr().out
    assert "usage" in usage.lower()
    assert ("--markdown" in usage) == (command[2].rpartition(".")[2] in SECTIONS)


@pytest.mark.parametrize("command", SCRIPTS, ids=named)
def test_every_script_is_there_and_run_by_ci(command: list[str]) -> None:
    subprocess.run(["bash", "-n", command[1]], cwd=ROOT, check=True)
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert f"bash {command[1]}" in run or command[1] in (".ci/run", *TOO_LONG)


@pytest.mark.parametrize("command", WINDOW, ids=named)
def test_the_window_knows_its_arguments(command: list[str]) -> None:
    usage = subprocess.run([sys.executable, "-m", "retake_desktop.app", "--help"], capture_output=True, check=True)
    assert all(word in usage.stdout.decode() for word in command[1:])


def test_no_command_is_left_out() -> None:
    tested = RETAKE + SERVING + MODULES + SCRIPTS + SETTING_UP + WINDOW
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
    for name, value in written.items():
        held = getattr(settings, name)
        assert (list(held) if isinstance(held, tuple) else held) == value, name


def test_every_file_that_is_named_is_there() -> None:
    for text, folder in ((README, ROOT), (BENCHMARKS, ROOT / "tests" / "benchmarks")):
        links = re.findall(r"\]\((?!http)([^)]+)\)", text)
        assert [link for link in links if not (folder / link).exists()] == []
        named_files = re.findall(r"(?:retake_core|retake_desktop|tests|packaging|resources|\.ci)/[\w./-]*", text)
        assert [name for name in named_files if not (ROOT / name.rstrip(".")).exists()] == []


def test_every_package_has_its_row() -> None:
    rows = _table("| `retake_desktop/` |")
    engine = next(number for number, row in enumerate(rows) if "retake_core" in row[0])
    for root, part in (("retake_desktop", rows[1:engine]), ("retake_core", rows[engine + 1 :])):
        listed = [name for row in part for name in _code(row[0])]
        packages = {f"{file.parent.name}/" for file in (ROOT / root).glob("*/__init__.py")}
        assert {name for name in listed if name.endswith("/")} == packages
        assert all((ROOT / root / name).exists() for name in listed)


def test_a_newcomer_finds_the_files() -> None:
    """A name without a folder lies in the folder that was named last."""
    rows = _table("| to add or change |")
    assert len(rows) == 9
    for row in rows[1:]:
        folder = ROOT
        for name in _code(" ".join(row)):
            if "/" in name and (ROOT / name).exists():
                folder = ROOT / name if name.endswith("/") else (ROOT / name).parent
            elif name.endswith(".py"):
                assert (folder / name).exists(), name
            elif name.isidentifier():
                assert any(name in file.read_text("utf-8") for file in (ROOT / "retake_core").rglob("*.py")), name


def test_what_a_card_holds_is_what_the_plan_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "model_dtype", lambda *_: torch.bfloat16)
    monkeypatch.setattr(costs, "block_bytes_on", lambda _: GPU_BLOCK_BYTES)
    monkeypatch.setattr(costs, "processor_bytes", lambda *_: 0)
    heading, *rows = _table("| model | on disk |")
    cards = [int(cell.removesuffix(" GB")) for cell in heading[2:]]
    models = {model.title: model for model in CATALOGUE}
    listed = [(models[title], row) for row in rows for title in re.sub(r" \(.*\)", "", row[0]).split(", ")]
    assert {model.title for model, _ in listed} == {m.title for m in CATALOGUE if m.kind is ModelKind.VIDEOLLM}
    for model, row in listed:
        assert model.decoder is not None
        family = blueprint(model.decoder)
        weights = 2 * model.parameters
        fits = [frames_that_fit(family, TYPICAL, int(USABLE * card * 1e9), weights) for card in cards]
        assert row[1:] == [f"{model.disk_bytes / 1e9:.1f} GB", *(f"{count:,}" if count else "" for count in fits)]
    larger = models["Qwen2-VL 7B"]
    assert larger.decoder is not None
    family = blueprint(larger.decoder)
    sizes = (four_bit_bytes(family.shape, larger.parameters), 2 * larger.parameters)
    needs = [make_plan(family, TYPICAL, available=1 << 60, weights=size).peak_bytes / 1e9 for size in sizes]
    assert "In 4 bit, Qwen2-VL 7B needs {:.0f} GB in place of {:.0f}.".format(*needs) in " ".join(README.split())


def test_every_section_has_its_command() -> None:
    modules = [command[2].rpartition(".")[2] for command in MODULES]
    assert len(set(SECTIONS)) == len(SECTIONS)
    assert [name for name in SECTIONS if name not in modules or f"<!-- /{name} -->" not in BENCHMARKS] == []


def test_a_benchmark_puts_its_table_into_its_section(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "README.md"
    file.write_text("before\n<!-- gui -->\n\nold\n\n<!-- /gui -->\nafter\n<!-- soak -->\n\nkept\n", "utf-8")
    report = Report("tests.benchmarks.gui", ["100", "--markdown", "--into", str(file)])
    report.publish([{"what": "a step", "ms": 12.345}, {"what": "a stall", "ms": None}], "A remark.")
    section = capsys.readouterr().out.rstrip("\n")
    assert section.startswith("<!-- gui -->\n\n| what | ms |\n| --- | --- |\n| a step | 12.3 |\n| a stall |  |\n")
    assert f"Measured on {date.today().isoformat()} by `python -m tests.benchmarks.gui 100`, on " in section
    assert f"{os.cpu_count()} cores" in section
    assert file.read_text("utf-8") == f"before\n{section}\nafter\n<!-- soak -->\n\nkept\n"


def test_a_section_needs_a_place(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text("no marks\n", "utf-8")
    with pytest.raises(SystemExit, match="write <!-- gui --> and <!-- /gui --> into it"):
        Report("tests.benchmarks.gui", ["--into", str(file)]).publish("a remark")
    assert file.read_text("utf-8") == "no marks\n"


def test_the_notes_of_a_release_are_the_changes() -> None:
    notes = subprocess.run(
        ["bash", "packaging/notes.sh", __version__], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    changes = README.partition("\n## Changes\n")[2].partition("\n## ")[0]
    assert notes.startswith(f"**{__version__}**")
    assert notes.strip() in changes


def _table(start: str) -> list[list[str]]:
    """Return the cells of the README's table whose heading starts so, without the line under it."""
    lines = README[README.index(start) :].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|--")]


def _code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)
