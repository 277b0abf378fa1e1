"""Asking on another computer: the answer that this one gives, whatever becomes of the other."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from retake_core.cancel import CancelToken
from retake_core.cli import __main__ as cli
from retake_core.cluster.place import ClusterPlace
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.media.hardware.sessions import NO_HARDWARE
from retake_core.protocol import requests
from retake_core.protocol.question_events import (
    FramesRead,
    Measured,
    QuestionEvent,
    SourcesFound,
    StageBegun,
)
from retake_core.protocol.question_outcome import AnswerState
from retake_core.questions.answerer import Answerer
from tests.core.cluster.asking import (
    CLIP,
    Desk,
    Lending,
    Make,
    lending_cluster,
    lent,
    plan_of,
    rests_on,
    steps,
    text,
    when,
)
from tests.core.cluster.conftest import WAIT, kill_node
from tests.core.cluster.test_commands import NOBODY, retake
from tests.support.in_process import decode_in_threads
from tests.support.shapes import FRAMES
from tests.support.shelf import only, video


@pytest.fixture(scope="module")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lending]:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    with lending_cluster(tmp_path_factory.mktemp("lending")) as lending:
        yield lending


@pytest.fixture(scope="module")
def answerer(lending: Lending) -> Iterator[Answerer]:
    with lent(lending) as answerer:
        yield answerer


@pytest.fixture(autouse=True)
def decoding_here_in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    decode_in_threads(monkeypatch)


@pytest.fixture
def desk(lending: Lending) -> Iterator[Callable[..., Desk]]:
    """Return what makes desks."""
    places = [lending.data_dir, *(DataDir(lending.root / name / "data") for name in ("seen", "unseen"))]
    with ExitStack() as stack:

        def make(name: str, elsewhere: Answerer | None = None) -> Desk:
            made = Desk(lending.root / name, elsewhere)
            stack.callback(made.database.close)
            return made

        yield make
    for place in places:
        shutil.rmtree(place.memories, ignore_errors=True)


@pytest.mark.parametrize(
    ("about", "more"),
    [
        (CLIP, {}),
        (CLIP, {"frames": FRAMES // 2}),  # which of them, the index says
        (CLIP, {"frames": FRAMES // 2, "thorough": True}),
        (None, {}),
    ],
)
def test_another_computer_gives_the_answer_that_this_one_gives(
    answerer: Answerer, desk: Make, about: str | None, more: dict[str, Any]
) -> None:
    here, there = desk("seen"), desk("seen", answerer)
    question = when(here) if about else "blue"
    alone = list(here.ask(question, about, **more))
    lent = there.ask(question, about, **more)
    assert text(lent) == text(alone)
    assert text(lent)
    assert rests_on(lent) == rests_on(alone)
    assert steps(lent) == steps(alone)
    assert (plan_of(alone).computer, plan_of(lent).computer) == ("", "two")
    assert plan_of(lent).frames == plan_of(alone).frames
    message = there.message()
    assert (message.answer, message.state) == (text(lent), AnswerState.ANSWERED)
    assert message.details.plan is not None
    assert message.details.plan.computer == "two"


def test_what_is_read_is_remembered_where_it_was_read(lending: Lending, answerer: Answerer, desk: Make) -> None:
    there = desk("seen", answerer)
    first = list(there.ask(when(there)))
    plan = there.service.plan(requests.Plan(id=1, video_id=video(there.database, CLIP).id), CancelToken())
    assert plan.plan is not None
    assert (plan.plan.from_memory, plan.plan.computer) == (True, "two")
    assert len(list(lending.data_dir.memories.glob("*.memory"))) == 1
    assert not there.data.memories.exists()
    again = there.ask(when(there))
    assert text(again) == text(first)
    assert [measured.from_memory for measured in only([*first, *again], Measured)] == [False, True]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, answerer: Answerer) -> list[int]:  # noqa: ARG001 - where Ray is
    """Return the sizes of the frames that are sent, in bytes."""
    from retake_core.cluster import sending

    sizes: list[int] = []
    pack = sending.packed

    def packed(image: NDArray[np.uint8]) -> bytes:
        picture = pack(image)
        sizes.append(len(picture))
        return picture

    monkeypatch.setattr(sending, "packed", packed)
    return sizes


@pytest.mark.parametrize("frames", [FRAMES, FRAMES // 2])
def test_frames_of_a_file_that_it_does_not_see_are_sent(
    answerer: Answerer, desk: Make, sent: list[int], frames: int
) -> None:
    here, there = desk("unseen"), desk("unseen", answerer)
    alone = list(here.ask(when(here), frames=frames))
    lent = there.ask(when(there), frames=frames)
    assert len(sent) == frames
    assert only(lent, FramesRead) == only(alone, FramesRead)
    assert text(lent) == text(alone)
    (found, expected) = (only(events, SourcesFound)[0].citations[0] for events in (lent, alone))
    assert (found.keyframe_id, found.time) == (expected.keyframe_id, expected.time)
    assert only(there.ask(when(there), frames=frames), Measured)[0].from_memory
    assert len(sent) == frames, "what is remembered is not sent again"


def test_what_fails_here_while_frames_are_sent_ends_the_answer(
    answerer: Answerer, desk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retake_core.cluster import sending

    def fail(_: object) -> bytes:
        raise ValueError("no such picture")

    there = desk("unseen", answerer)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "packed", fail)
        with pytest.raises(UserError, match=r"^two: Its frames cannot be sent: no such picture\.$"):
            there.ask(when(there))
    assert text(there.ask(when(there)))


def test_what_it_sees_is_not_sent(answerer: Answerer, desk: Make, sent: list[int]) -> None:
    there = desk("seen", answerer)
    assert only(there.ask(when(there)), FramesRead)
    assert not sent


def test_frames_of_a_second_look_and_of_moments_are_sent(answerer: Answerer, desk: Make, sent: list[int]) -> None:
    there = desk("unseen", answerer)
    (looked,) = only(there.ask(when(there), frames=FRAMES // 2, thorough=True), Measured)
    assert looked.frames_again
    assert len(sent) >= looked.frames + looked.frames_again
    sent.clear()
    (read,) = only(there.ask("blue", None), Measured)
    assert len(sent) >= read.frames > 0


def test_no_log_of_the_computers_holds_what_was_asked(lending: Lending, answerer: Answerer, desk: Make) -> None:
    there = desk("seen", answerer)
    question = "Where are the keys to the summer house?"
    there.ask(question)
    logs = [path for node in lending.nodes for path in Path(node.folder.path).rglob("*") if path.is_file()]
    assert any("raylet" in path.name for path in logs)
    assert not [path for path in logs if question.encode() in path.read_bytes()]


def test_a_file_that_is_gone_is_told_as_it_is_here(answerer: Answerer, desk: Make) -> None:
    there = desk("unseen", answerer)
    path = there.root / "videos" / CLIP
    path.rename(there.root / CLIP)
    try:
        with pytest.raises(UserError, match=rf"^two: .*{CLIP} is not there now; connect its drive"):
            there.ask(when(there))
    finally:
        (there.root / CLIP).rename(path)
    assert there.message().state == AnswerState.FAILED
    assert text(there.ask(when(there)))


@pytest.mark.parametrize("stage", ["model", "read", "answer"])
@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_a_stop_stops_it(answerer: Answerer, desk: Make, name: str, stage: str) -> None:
    there, cancel = desk(name, answerer), CancelToken()

    def stop(event: QuestionEvent) -> None:
        if event == StageBegun(stage):  # type: ignore[arg-type]
            cancel.cancel()

    there.service.let_go()
    with pytest.raises(Cancelled):
        there.ask(when(there), see=stop, cancel=cancel)
    assert there.told[-1] == StageBegun(stage)  # type: ignore[arg-type]
    assert there.message().state == AnswerState.STOPPED
    assert text(there.ask(when(there))), "the next question is answered"


@pytest.mark.slow
def test_a_model_that_nobody_has_is_told(lending: Lending, answerer: Answerer, desk: Make) -> None:
    there = desk("seen", answerer)
    with pytest.raises(UserError) as told:
        there.ask(when(there), model="nobody/has-it")
    assert str(told.value).startswith(
        f"No computer of the cluster at {lending.address} can answer now: "
        "two: The model nobody/has-it is not on this computer."
    )
    assert there.message().details.reason == str(told.value)
    assert text(there.ask(when(there))), "the model of the settings still answers"


@pytest.mark.slow
@pytest.mark.usefixtures("answerer")
@pytest.mark.parametrize("stage", ["model", "read"])
def test_a_computer_that_dies_is_told_and_another_answers(
    lending: Lending, desk: Make, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    from retake_core.cluster import answerer as answering
    from retake_core.cluster import computers, lender

    offered = computers.offered
    monkeypatch.setattr(computers, "offered", lambda: [facts for facts in offered() if facts.name != "two"])
    monkeypatch.setattr(lender, "AHEAD", 1)  # so that it dies in the middle, however fast it is
    there = desk("seen", answering.ClusterAnswerer(str(lending.address), NO_HARDWARE))
    with lending.node(f"doomed-{stage}") as doomed:

        def kill(event: QuestionEvent) -> None:
            if event == StageBegun(stage):  # type: ignore[arg-type]
                kill_node(doomed)

        with pytest.raises(UserError) as told:
            there.ask(when(there), see=kill)
    assert str(told.value) == f"{doomed.name} has stopped answering; ask again."
    message = there.message()
    assert (message.question, message.state) == (when(there), AnswerState.FAILED)
    assert message.details.reason == str(told.value)
    monkeypatch.setattr(computers, "offered", offered)
    assert text(there.ask(when(there)))
    assert plan_of(there.told).computer == "two"


@pytest.mark.slow
def test_a_model_whose_process_dies_is_opened_anew_where_nobody_else_has_it(
    lending: Lending, answerer: Answerer, desk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retake_core.cluster import lender

    monkeypatch.setattr(lender, "AHEAD", 1)
    there = desk("seen", answerer)

    def kill(event: QuestionEvent) -> None:
        if event == StageBegun("read"):
            processes = psutil.Process(lending.nodes[1].pid).children(recursive=True)
            titles = {process: process.as_dict(["cmdline"])["cmdline"] for process in processes}  # None: a zombie
            models = [process for process, title in titles.items() if "LentModel" in " ".join(title or [])]
            for process in models:
                process.kill()
            assert models
            assert not psutil.wait_procs(models, WAIT)[1]

    with pytest.raises(UserError, match=r"^two has stopped answering; ask again\.$"):
        there.ask(when(there), see=kill)
    assert text(there.ask(when(there)))
    assert plan_of(there.told).computer == "two"


def test_a_computer_with_a_graphics_card_comes_first() -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    from retake_core.cluster.answerer import best_first
    from retake_core.cluster.computers import Answer, Facts

    said = Answer("0.1.0")
    nas = Facts("1", "nas", "10.0.0.1", cores=64, cards=0, memory=2**38)
    laptop = Facts("2", "laptop", "10.0.0.2", cores=16, cards=0, memory=2**34)
    workstation = Facts("3", "workstation", "10.0.0.3", cores=8, cards=1, memory=2**35)
    each = [(laptop, said), (nas, said), (workstation, said)]
    assert [facts.name for facts, _ in best_first(each)] == ["workstation", "nas", "laptop"]


@pytest.mark.slow
def test_the_command_says_where_it_was_answered(lending: Lending, desk: Make) -> None:
    there = desk("seen")
    alone = there.ask(when(there))
    shutil.copytree(lending.place.root, there.data.cluster, dirs_exist_ok=True)
    command = ["ask", when(there), "--video", CLIP, "--cluster", str(lending.address)]
    command += ["--data-dir", os.fspath(there.data.root)]
    first = retake(*command, expected=0, patient=True)
    assert first.startswith(text(alone))
    assert re.search(r"\d s on two, read now", first)
    document = json.loads(retake(*command, "--json", expected=0, patient=True))
    assert document["answer"] == text(alone)
    assert document["plan"]["computer"] == "two"
    assert document["from_memory"]
    cited = only(alone, SourcesFound)[0].citations
    assert [each["seconds"] for each in document["citations"]] == [each.time for each in cited]
    assert all(Path(each["thumbnail"]).is_file() for each in document["citations"])


def test_without_a_cluster_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    ClusterPlace.of(DataDir(tmp_path)).make_token()
    assert cli.run(["ask", "When?", "--cluster", NOBODY, "--data-dir", os.fspath(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == (
        f"retake: There is no cluster at {NOBODY}; start one on that computer with: retake cluster start"
    )
