"""A decoder is ended when it spins or sleeps, not when it had no turn."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from retake_core.media.process import patience
from retake_core.media.process.patience import Limit, Patience

SPIN = "while True: pass"
SLEEP = "import time; print(flush=True); time.sleep(1000)"
LIMIT = Limit(work=0.3, wait=100.0)

Start = Callable[[str], "subprocess.Popen[bytes]"]


class Clock:
    """The clock, in the test's hands."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "monotonic", clock)
    return clock


@pytest.fixture
def start() -> Iterator[Start]:
    processes = []

    def run(code: str) -> "subprocess.Popen[bytes]":
        processes.append(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE))
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def watch(process: "subprocess.Popen[bytes]") -> Patience:
    watched = Patience(process.pid)
    watched.renew(LIMIT)
    return watched


@pytest.mark.usefixtures("clock")
def test_what_spins_is_over_by_its_own_time(start: Start) -> None:
    watched = watch(start(SPIN))
    while not watched.is_over():  # the clock stands still: only what it works counts
        pass
    watched.renew()
    assert not watched.is_over()


def test_what_sleeps_is_over_by_the_clock(start: Start, clock: Clock) -> None:
    process = start(SLEEP)
    assert process.stdout is not None
    process.stdout.readline()
    watched = watch(process)
    for _ in range(100):
        clock.now += 1
        assert not watched.is_over()
    clock.now += 1
    assert watched.is_over()


def test_what_has_no_turn_for_a_while_is_not_over(start: Start, clock: Clock) -> None:
    process = start(SPIN)
    os.kill(process.pid, signal.SIGSTOP)
    watched = watch(process)
    for _ in range(90):
        clock.now += 1
        assert not watched.is_over()
    os.kill(process.pid, signal.SIGCONT)
    assert not watched.is_over()
    watched.renew()  # it has come to its next word
    clock.now += 1
    assert not watched.is_over()


def test_a_night_asleep_is_not_over(start: Start, clock: Clock) -> None:
    watched = watch(start("input()"))
    clock.now += 8 * 3600
    assert not watched.is_over()


def test_what_has_ended_is_not_over(start: Start) -> None:
    process = start("")
    watched = watch(process)
    process.wait()
    assert not watched.is_over()
