"""On one computer of a cluster, what indexes waits while a model answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster import giving_way
from retake_core.cluster.giving_way import Answering, AnsweringGate, answering_folder
from retake_core.cluster.place import DATA
from retake_core.errors import Cancelled
from retake_core.indexing.passes.crew import Piece, PieceDone
from retake_core.media.video_file import fingerprint
from retake_core.protocol.indexing_events import PassName
from retake_core.protocol.question_events import StageBegun
from tests.support.paths import ROOT

ANSWER = """
import sys
from retake_core.cluster.giving_way import Answering, answering_folder
with Answering(answering_folder()):
    print("answering", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _on_a_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, os.fspath(tmp_path / "data"))
    monkeypatch.setattr(giving_way, "LOOK", 0.0)


@pytest.fixture
def gate() -> AnsweringGate:
    return AnsweringGate(answering_folder())


@pytest.fixture
def answers() -> Iterator["subprocess.Popen[str]"]:
    """Return another process, which answers."""
    with subprocess.Popen(
        [sys.executable, "-c", ANSWER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.fspath(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "answering\n"
        yield process
        process.kill()


def test_the_gate_is_closed_while_one_of_them_answers(gate: AnsweringGate) -> None:
    assert not gate.closed, "nobody ever has"
    answering = Answering(answering_folder())
    assert not gate.closed
    for _ in range(2):
        with answering:
            assert gate.closed
        assert not gate.closed


def test_what_is_killed_while_it_answers_holds_nothing_up(
    gate: AnsweringGate, answers: "subprocess.Popen[str]"
) -> None:
    assert gate.closed
    with Answering(answering_folder()):
        answers.kill()
        answers.wait()
        assert gate.closed, "another one answers"
    assert not gate.closed
    Answering(answering_folder())
    assert len(list(answering_folder().iterdir())) <= 1, "what is left of it goes"


def test_a_folder_that_cannot_be_written_stops_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Answering(tmp_path / "file" / "answering"):
        assert not AnsweringGate(tmp_path / "file" / "answering").closed


class Waiting:
    """A kit that works when nobody answers any more."""

    id = "waiting"

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:  # noqa: ARG002
        assert cancel.held
        self._answering.__exit__()
        cancel.check()
        yield "done"

    def close(self) -> None: ...


class Stopped(Waiting):
    """A kit whose work is wanted no longer while it waits."""

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:  # noqa: ARG002
        cancel.cancel()
        with pytest.raises(Cancelled):
            cancel.check()
        yield "stopped"


@pytest.mark.parametrize(("kind", "word"), [(Waiting, "done"), (Stopped, "stopped")])
def test_what_indexes_waits_and_can_be_stopped(kind: type[Waiting], word: str, tmp_path: Path) -> None:
    from retake_core.cluster.looker import Looker

    path = tmp_path / "clip.mp4"
    path.write_bytes(b"a clip")
    looker, answering = Looker(), Answering(answering_folder())
    looker._kits[PassName.SCREEN] = [kind(answering)]
    with answering:
        assert list(looker.work(PassName.SCREEN, 1, Piece(1, path, fingerprint(path)))) == [word, PieceDone()]


def test_a_lent_model_tells_that_it_answers(gate: AnsweringGate, monkeypatch: pytest.MonkeyPatch) -> None:
    from retake_core.cluster import lent_model

    seen: list[bool] = []

    class Model:
        def __init__(self, _: object) -> None: ...

        def answer(self, *_: object) -> Iterator[StageBegun]:
            seen.append(gate.closed)
            yield StageBegun("answer")

    class Question:
        def seen_by(self, _: object) -> Any:
            return self

    monkeypatch.setattr(lent_model, "LocalDescriber", Model)
    lent = lent_model.LentModel(1)
    assert not gate.closed
    assert list(lent.answer(1, Question())) == [[StageBegun("answer")]]  # type: ignore[arg-type]
    assert seen == [True]
    assert not gate.closed
