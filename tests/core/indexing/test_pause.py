"""Indexing that is held up: by whom, where it stops, and that it goes on as if nothing had been."""

import threading
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken, Gate
from retake_core.errors import Cancelled
from retake_core.library.database import Database
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.shelf import contents, run_index

SCENES = [(4, look) for look in ("red", "green", "blue", "white") * 4]


class WatchedToken(CancelToken):
    """Tells when it holds its job up."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(gate)
        self.waits = threading.Event()

    def sleep(self, seconds: float) -> None:
        if self.held:
            self.waits.set()
        super().sleep(seconds)


def test_every_holder_must_let_go() -> None:
    gate = Gate()
    gate.hold("user")
    gate.hold("user")
    gate.hold("question")
    gate.release("question")
    assert gate.closed
    gate.release("user")
    assert not gate.closed
    gate.release("user")
    assert not gate.closed


def test_a_stop_reaches_a_job_that_is_held_up() -> None:
    gate = Gate()
    gate.hold("user")
    token = WatchedToken(gate)

    def stop() -> None:
        token.waits.wait(30)
        token.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        token.check()
    stopper.join()


def test_a_held_pass_encodes_nothing_and_then_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_clip(folder / "long.mp4", SCENES, fps=8, group=4)
    whole = Database(tmp_path / "whole.db")
    run_index(whole, folder, FakeEncoder())

    gate = Gate()
    token = WatchedToken(gate)
    encoder = FakeEncoder(on_batch=lambda: None if token.waits.is_set() else gate.hold("question"))
    library = Database(tmp_path / "held.db")
    runner = threading.Thread(target=run_index, args=(library, folder, encoder), kwargs={"cancel": token})
    runner.start()
    assert token.waits.wait(60)
    seen = encoder.frames
    gate.hold("user")
    gate.release("question")
    runner.join(0.3)
    assert runner.is_alive()
    assert encoder.frames == seen > 0
    gate.release("user")
    runner.join(60)
    assert not runner.is_alive()
    assert encoder.frames > seen
    assert contents(library) == contents(whole)
    for database in (library, whole):
        database.close()
