"""What nodes leave in the folder for temporary files: nothing of one that was killed, all of one that lives."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from retake_core.cluster.node_folder import NodeFolder

HOLD = """
import sys
from retake_core.cluster.node_folder import NodeFolder
folder = NodeFolder()
print(folder.path, flush=True)
sys.stdin.read()
"""
AGE = 3600.0  # seconds


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", os.fspath(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path))


def age_lock(folder: Path) -> None:
    before = time.time() - AGE
    os.utime(folder / "owner.lock", (before, before))


def test_what_a_killed_one_left_goes_with_the_next_start() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        (folder / "session").mkdir()
        age_lock(folder)
        NodeFolder().remove()
        assert (folder / "session").is_dir(), "its owner lives"
        age_lock(folder)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        NodeFolder().remove()
        assert not folder.exists()


def test_folders_of_this_process_stay_and_go_when_they_are_removed() -> None:
    first = NodeFolder()
    age_lock(first.path)
    second = NodeFolder()
    assert first.path.is_dir()
    for folder in (first, second):
        folder.remove()
        assert not folder.path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_what_nobody_locked_and_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "retake-ray-just-made").mkdir()
    target = tmp_path / "precious"
    target.mkdir()
    (target / "owner.lock").touch()
    age_lock(target)
    (tmp_path / "retake-ray-link").symlink_to(target)
    linked = tmp_path / "retake-ray-linked-lock"
    linked.mkdir()
    (linked / "owner.lock").symlink_to(target / "owner.lock")
    NodeFolder().remove()
    assert {path.name for path in tmp_path.iterdir()} == {
        "precious",
        "retake-ray-just-made",
        "retake-ray-link",
        "retake-ray-linked-lock",
    }
    assert (target / "owner.lock").is_file()
