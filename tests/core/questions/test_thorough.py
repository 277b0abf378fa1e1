"""A thorough answer, from the request to the history: the demo model on a clip that it knows."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled
from retake_core.library.database import Database
from retake_core.library.history import find_message
from retake_core.protocol import requests
from retake_core.protocol.question_events import (
    Asked,
    FramesRead,
    Measured,
    Noticed,
    PlanMade,
    QuestionEvent,
    SourcesFound,
    StageBegun,
    Wrote,
)
from retake_core.protocol.question_outcome import AnswerState
from retake_core.questions.service import QuestionService
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.videollm import second_look
from retake_core.videollm.evidence import Citation
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.shapes import FRAMES, asked_of, make_shapes
from tests.support.shelf import video


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    patch = pytest.MonkeyPatch()
    decode_in_threads(patch)
    torch.set_num_threads(1)
    root = make_shapes(tmp_path_factory.mktemp("shapes"))
    patch.undo()
    return root


class Desk:
    """Asks thoroughly."""

    def __init__(self, root: Path) -> None:
        self.data = DataDir(root)
        self.database = Database(self.data.database)
        encoders = SearchEncoder(self.data.vectors, lambda _: FakeEncoder(), lambda: "builtin")
        self.service = QuestionService(self.database, self.data, encoders)
        self.told: list[QuestionEvent] = []

    def ask(
        self, question: str, frames: int = FRAMES // 2, cancel: CancelToken | None = None, *, library: bool = False
    ) -> list[QuestionEvent]:
        about = None if library else video(self.database, "shapes-01.mp4").id
        request = requests.Ask(id=1, question=question, video_id=about, frames=frames, thorough=True)
        self.told = []
        self.service.ask(request, cancel or CancelToken(), self.told.append)
        return self.told


@pytest.fixture
def desk(shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    decode_in_threads(monkeypatch)
    shutil.copytree(shapes / "data", tmp_path / "data")
    made = Desk(tmp_path / "data")
    with closing(made.database):
        yield made


def stages(events: list[QuestionEvent]) -> list[str]:
    return [event.stage for event in events if isinstance(event, StageBegun)]


def notices(events: list[QuestionEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Noticed)]


def test_what_a_first_answer_points_at_is_looked_at_again(desk: Desk, shapes: Path) -> None:
    when = asked_of(shapes, "when")
    request = requests.Plan(
        id=1, video_id=video(desk.database, "shapes-01.mp4").id, frames=FRAMES // 2, thorough=True
    )
    planned = desk.service.plan(request, CancelToken()).plan
    assert planned is not None
    assert planned.second is not None
    assert (planned.frames, planned.rate, planned.second.rate) == (FRAMES // 2, 1.0, 2.0)
    events = desk.ask(when["text"])
    assert PlanMade(planned) in events, "the plan tells what it costs before it runs"
    assert stages(events) == ["search", "model", "load", "read", "draft", "look", "answer"]
    look = events.index(StageBegun("look"))
    again = [event for event in events[look:] if isinstance(event, FramesRead)]
    assert 0 < again[-1].frames == again[-1].total <= planned.second.frames
    assert not any(isinstance(event, Wrote) for event in events[:look]), "the first answer is not told"
    (sources,) = (event for event in events if isinstance(event, SourcesFound))
    best = sources.citations[0]
    assert best.confirmed is True
    assert when["about"]["start"] - 2 <= best.time <= when["about"]["stop"] + 2
    measured = events[-1]
    assert isinstance(measured, Measured)
    assert (measured.frames, measured.frames_again) == (FRAMES // 2, again[-1].total)
    # From memory it looks again all the same, and knows by now how long that takes.
    second = desk.ask(when["text"])
    assert stages(second) == ["search", "load", "draft", "look", "answer"]
    (plan,) = (event.plan for event in second if isinstance(event, PlanMade))
    assert plan.second is not None
    assert plan.second.seconds
    text = "".join(event.text for event in events if isinstance(event, Wrote))
    assert text == "".join(event.text for event in second if isinstance(event, Wrote))


def test_what_is_not_confirmed_stays_marked_in_the_history(
    desk: Desk, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful = [Citation(4.0, 3.0, 5.0, 0.6, confirmed=True), Citation(20.0, 19.0, 21.0, 0.4, confirmed=False)]
    monkeypatch.setattr(second_look, "cite_both", lambda *_: doubtful)
    events = desk.ask(asked_of(shapes, "colour")["text"])
    (sources,) = (event for event in events if isinstance(event, SourcesFound))
    assert [cited.confirmed for cited in sources.citations] == [True, False]
    (asked,) = (event for event in events if isinstance(event, Asked))
    with desk.database.reading() as connection:
        message, _ = find_message(connection, asked.message_id)
    assert [cited.confirmed is False for cited in message.citations] == [False, True]


def test_a_stop_while_looking_again_leaves_the_memory_for_the_next_question(desk: Desk, shapes: Path) -> None:
    colour, cancel = asked_of(shapes, "colour"), CancelToken()

    class Stops(list[QuestionEvent]):
        def append(self, event: QuestionEvent) -> None:
            super().append(event)
            if event == StageBegun("look"):
                cancel.cancel()

    told = Stops()
    request = requests.Ask(
        id=1,
        question=colour["text"],
        video_id=video(desk.database, "shapes-01.mp4").id,
        frames=FRAMES // 2,
        thorough=True,
    )
    with pytest.raises(Cancelled):
        desk.service.ask(request, cancel, told.append)
    (asked,) = (event for event in told if isinstance(event, Asked))
    with desk.database.reading() as connection:
        assert find_message(connection, asked.message_id)[0].state == AnswerState.STOPPED
    again = desk.ask(colour["text"])
    assert stages(again) == ["search", "load", "draft", "look", "answer"]
    assert "".join(event.text for event in again if isinstance(event, Wrote)) == colour["answer"]


def test_where_no_closer_look_is_possible_the_user_is_told(desk: Desk, shapes: Path) -> None:
    events = desk.ask(asked_of(shapes, "when")["text"], FRAMES)
    assert stages(events)[-1] == "answer"
    assert "look" not in stages(events)
    assert any("cannot be looked at more closely" in text for text in notices(events))
    assert any("Only a question about one video" in text for text in notices(desk.ask("red", library=True)))
