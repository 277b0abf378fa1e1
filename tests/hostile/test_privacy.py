"""Nothing leaves the computer, nobody else may read what stays, and the log does not tell what was asked."""

import os
import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from retake_core.protocol import answers, lines, requests
from tests.hostile.main_job import QUERY, QUESTION
from tests.support.paths import ROOT

GUARD = Path(__file__).parent / "guard"


def cut_off() -> list[str]:
    """Return what starts a program without a network, where this computer lets us."""
    command = ["unshare", "--map-root-user", "--net"]
    allowed = shutil.which("unshare") and not subprocess.run([*command, "true"], capture_output=True).returncode
    return command if allowed else []


def run(
    arguments: list[str], report: Path, said: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run Python with the guard in it and in all its children."""
    path = os.pathsep.join(map(str, (GUARD, ROOT)))
    environment = (
        os.environ | {"PYTHONPATH": path, "RETAKE_GUARD": str(report), "OMP_NUM_THREADS": "1"} | variables
    )
    command = [*cut_off(), sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=said, capture_output=True, timeout=240, check=False
    )


def test_the_guard_sees_who_reaches_for_the_network(tmp_path: Path) -> None:
    report = tmp_path / "report"
    for code in ("socket.create_connection(('127.0.0.1', 9))", "socket.socket().connect(('127.0.0.1', 9))"):
        assert run(["-c", f"import socket; {code}"], report).returncode == 99
    assert len(report.read_text().splitlines()) == 2


@pytest.mark.slow
def test_the_main_job_is_private(folder: Path, clips: Path, tmp_path: Path) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    data, report = tmp_path / "data", tmp_path / "report"
    done = run(["-m", "tests.hostile.main_job", str(data), str(folder), "short.mp4"], report)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    said = b"".join(
        lines.encode(request)
        for request in (
            requests.Index(id=1),
            requests.Search(id=2, query=QUERY),
            requests.Still(id=3, video_id=1, time=4.0),
            requests.Search(id=4, query="\0" + QUERY),
        )
    )
    worker = run(["-m", "tests.hostile.patient_worker", str(data)], report, said)
    responses = [answers.decode_answer(line) for line in worker.stdout.splitlines()]
    assert {type(answer) for answer in responses} >= {
        answers.JobDone,
        answers.MomentsReady,
        answers.StillReady,
        answers.LineRejected,
    }
    assert not report.exists(), report.read_text()
    assert data.stat().st_mode & 0o777 == 0o700
    for path in data.rglob("*"):
        mode = path.lstat().st_mode
        assert stat.S_IMODE(mode) == (0o700 if stat.S_ISDIR(mode) else 0o600), path
    log = (data / "retake.log").read_text()
    for word in ("zanzibar", "quagmire", *QUERY.split()[1:], *QUESTION.split()[2:]):
        assert word.lower() not in log.lower()


def test_debugging_writes_what_was_asked(tmp_path: Path) -> None:
    run(
        ["-m", "retake_core.cli", "videos", "--data-dir", str(tmp_path / "data")], tmp_path / "r", RETAKE_DEBUG="1"
    )
    assert "'videos'" in (tmp_path / "data" / "retake.log").read_text()


@pytest.mark.parametrize("library", ["onnxruntime", "faster_whisper", "rapidocr", "huggingface_hub", "tokenizers"])
def test_no_library_marks_the_computer(library: str, tmp_path: Path) -> None:
    """Some give it a number when they are imported, and tell their makers of it by sockets that no guard sees."""
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_", "HF_"))
    }
    environment |= {"HOME": os.fspath(tmp_path), "PYTHONPATH": os.fspath(ROOT)}
    command = [*cut_off(), sys.executable, "-c", f"import retake_core, {library}"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=240)
    assert list(tmp_path.rglob("*")) == []
