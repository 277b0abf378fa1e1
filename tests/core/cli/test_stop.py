"""A command that is stopped from outside ends in order, and the next run goes on."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.support import retake_fake
from tests.support.fakes import FakeEncoder
from tests.support.paths import ROOT
from tests.support.shelf import contents, run_index


def start(*arguments: str | Path, **options: Any) -> "subprocess.Popen[str]":
    """Start the command in a process of its own, with the fake encoder."""
    environment = os.environ | {"PYTHONPATH": os.fspath(ROOT), **options.pop("env", {})}
    command = [sys.executable, retake_fake.__file__, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **options
    )


def decodes(child: psutil.Process) -> bool:
    try:
        return any("spawn_main" in word for word in child.cmdline())
    except psutil.Error:  # it has just ended
        return False


def wait_for_decoders(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    while process.poll() is None:
        children = [child for child in parent.children() if decodes(child)]
        if children:
            return children
        time.sleep(0.01)
    raise AssertionError(process.communicate())


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    """Send a signal to a run that decodes; it must end in order, and its decoders with it."""
    children = wait_for_decoders(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out == ""
    assert err == "retake: stopped; run the same command to go on.\n"
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive


def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(tmp_path: Path, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "long.mp4", folder)
    data_dir = DataDir(tmp_path / "data")
    command = ("index", "--data-dir", data_dir.root, "--thorough", folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        with start(*command, env={"RETAKE_TEST_PAUSE": "0.5"}) as process:
            stop(process, number)
    with closing(Database(data_dir.database)) as stopped, closing(Database(tmp_path / "whole.db")) as whole:
        for database in (stopped, whole):
            run_index(database, folder, FakeEncoder(), thorough=True)
        assert contents(stopped) == contents(whole)
