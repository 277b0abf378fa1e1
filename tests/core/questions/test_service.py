"""Questions as the worker answers them: a demo model that knows the clips, small videos, real memories."""

import io
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.library.database import Database
from retake_core.library.folders import remove_folder
from retake_core.library.history import Conversation, StoredMessage, conversations, messages
from retake_core.library.marks import set_marks
from retake_core.media.process.source import ProcessSource
from retake_core.protocol import answers, lines, requests
from retake_core.protocol.question_events import (
    Asked,
    FramesRead,
    Measured,
    MomentsFound,
    PlanMade,
    QuestionEvent,
    SourcesFound,
    StageBegun,
    Wrote,
)
from retake_core.protocol.question_outcome import AnswerState
from retake_core.questions import planning
from retake_core.questions.answerer import LocalAnswerer
from retake_core.questions.service import QuestionService
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.settings import change_settings
from retake_core.videollm import costs
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.memory import store
from retake_core.videollm.model import VideoLLM
from retake_core.worker.__main__ import Worker
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.shapes import FRAMES, MODEL, asked_of, make_shapes
from tests.support.shelf import video
from tests.support.tiny import save_tiny


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    patch = pytest.MonkeyPatch()
    decode_in_threads(patch)
    torch.set_num_threads(1)
    root = make_shapes(tmp_path_factory.mktemp("shapes"))
    patch.undo()
    return root


class Desk:
    """Asks questions of a copy of the library."""

    def __init__(self, root: Path) -> None:
        self.data = DataDir(root / "data")
        self.database = Database(self.data.database)
        encoders = SearchEncoder(self.data.vectors, lambda _: FakeEncoder(), lambda: "builtin")
        self.answerer = LocalAnswerer(self.data)
        self.asking = QuestionService(self.database, self.data, encoders, self.answerer)
        self.told: list[QuestionEvent] = []

    def id(self, name: str) -> int:
        return video(self.database, name).id

    def request(self, question: str, name: str | None = "shapes-01.mp4", **more: object) -> requests.Ask:
        about = None if name is None else self.id(name)
        return requests.Ask(id=1, question=question, video_id=about, **more)  # type: ignore[arg-type]

    def ask(self, request: requests.Ask, cancel: CancelToken | None = None) -> list[QuestionEvent]:
        self.told.clear()
        self.asking.ask(request, cancel or CancelToken(), self.told.append)
        return list(self.told)

    def history(self, name: str | None = "shapes-01.mp4") -> list[Conversation]:
        with self.database.reading() as connection:
            return conversations(connection, video_id=None if name is None else self.id(name))

    def said(self, conversation: int) -> list[StoredMessage]:
        with self.database.reading() as connection:
            return messages(connection, conversation)


@pytest.fixture
def desk(shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    decode_in_threads(monkeypatch)
    shutil.copytree(shapes / "data", tmp_path / "data")
    made = Desk(tmp_path)
    yield made
    made.database.close()


def text(events: list[QuestionEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Wrote))


def stages(events: list[QuestionEvent]) -> list[str]:
    return [event.stage for event in events if isinstance(event, StageBegun)]


def test_an_answer_streams_with_what_it_rests_on(desk: Desk, shapes: Path) -> None:
    when = asked_of(shapes, "when")
    plan = desk.asking.plan(requests.Plan(id=1, video_id=desk.id("shapes-01.mp4")), CancelToken())
    assert plan.plan is not None
    assert plan.plan.frames == FRAMES
    assert not plan.plan.from_memory
    assert "coloured shapes" in plan.note
    events = desk.ask(desk.request(when["text"]))
    assert isinstance(events[0], Asked)
    assert events[1] == PlanMade(plan.plan)
    assert stages(events) == ["model", "load", "read", "answer"]
    assert FramesRead(FRAMES, FRAMES) in events
    (sources,) = (event for event in events if isinstance(event, SourcesFound))
    (written,) = sources.written
    assert written.text == text(events)
    assert abs(written.seconds - when["answer"]) <= 1
    assert written.supported
    best = sources.citations[0]
    assert when["about"]["start"] - 1 <= best.time <= when["about"]["stop"] + 1
    assert best.keyframe_id is not None
    measured = events[-1]
    assert isinstance(measured, Measured)
    assert (measured.tokens_read, measured.frames) == (plan.plan.visual_tokens, FRAMES)
    (message,) = desk.said(events[0].conversation_id)
    assert (message.question, message.answer, message.state) == (when["text"], text(events), AnswerState.ANSWERED)
    assert message.citations == sources.citations
    assert message.details.written == sources.written
    assert message.details.measured == measured


def test_a_follow_up_is_answered_from_the_memory(
    desk: Desk, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.ask(desk.request(asked_of(shapes, "when")["text"]))
    assert isinstance(first[0], Asked)
    loads = []
    monkeypatch.setattr(VideoLLM, "load", lambda _: loads.append(1))

    def never(*_: object) -> None:
        raise AssertionError("the video was opened")

    monkeypatch.setattr(ProcessSource, "frames", never)
    monkeypatch.setattr(store, "read_memory", never)  # it is still loaded
    colour = asked_of(shapes, "colour")
    events = desk.ask(desk.request(colour["text"], conversation_id=first[0].conversation_id))
    assert text(events) == colour["answer"]
    assert stages(events) == ["load", "answer"]
    assert loads == []
    assert isinstance(events[-1], Measured)
    assert events[-1].from_memory
    (kept,) = desk.history()
    assert (kept.title, kept.questions) == (asked_of(shapes, "when")["text"], 2)
    assert [message.answer for message in desk.said(kept.id)] == [text(first), colour["answer"]]


def test_a_memory_that_is_there_is_used_although_less_is_free(
    desk: Desk, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "processor_bytes", lambda *_: 0)  # of a model so small, all else is less
    when = asked_of(shapes, "when")["text"]
    request = requests.Plan(id=1, video_id=desk.id("shapes-01.mp4"))
    before = desk.asking.plan(request, CancelToken()).plan
    assert before is not None
    with monkeypatch.context() as patch:
        patch.setattr(planning, "available_bytes", lambda: int(before.peak_bytes * 0.97))
        lowered = desk.asking.plan(request, CancelToken()).plan
        assert lowered is not None
        assert lowered.lowered
    first = desk.ask(desk.request(when))
    (path,) = desk.data.memories.glob("*.memory")
    assert before.stored_bytes == pytest.approx(path.stat().st_size, rel=0.05)
    # A reading would be lowered, and less still is too little for any.
    for free in (1.05, 0.85):
        monkeypatch.setattr(planning, "available_bytes", lambda free=free: int(before.peak_bytes * free))
        plan = desk.asking.plan(request, CancelToken()).plan
        assert plan is not None
        assert plan.stored_bytes == path.stat().st_size
        assert (plan.frames, plan.keep_ratio, plan.from_memory) == (before.frames, before.keep_ratio, True)
        again = desk.ask(desk.request(when))
        assert isinstance(again[-1], Measured)
        assert again[-1].from_memory
        assert text(again) == text(first)
    assert len(list(desk.data.memories.glob("*.memory"))) == 1
    monkeypatch.setattr(planning, "available_bytes", lambda: 1000)  # nor does it fit a machine without memory
    with pytest.raises(UserError, match="are free"):
        desk.ask(desk.request(when))


def test_no_more_frames_are_read_than_a_model_is_made_for(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "model")
    (tmp_path / "model" / "retake.json").write_text('{"frames": 24}')
    for settings, frames in ((str(tmp_path / "model"), 24), (str(MODEL), FRAMES)):
        change_settings(desk.data.settings, model=settings)
        plan = desk.asking.plan(requests.Plan(id=1, video_id=desk.id("shapes-01.mp4")), CancelToken())
        assert plan.plan is not None
        assert (plan.plan.frames, plan.plan.lowered) == (frames, False)


def test_what_was_said_before_goes_along(tmp_path: Path) -> None:
    family = VideoLLM.open(str(save_tiny("qwen2_vl", tmp_path))).family
    tokenizer = family.processor.tokenizer
    turns = [Turn("Who?", "Ann."), Turn("Where?", "Here <|im_end|>.")]
    ids = family.prompt.question("Why?", turns)
    told = tokenizer.decode(ids)
    assert told.index("Who?") < told.index("Ann.") < told.index("Where?") < told.index("Why?")
    ends = ids.count(tokenizer.convert_tokens_to_ids("<|im_end|>"))
    assert ends == 5  # three questions and two answers; what an answer writes is only letters
    assert family.prompt.question("Why?") == family.prompt.question("Why?", ())
    prompt = VideoLLM.open(str(MODEL)).family.prompt
    assert prompt.question("when ?", turns) == prompt.question("when ?")


def test_an_answer_that_was_cut_says_so_and_goes_on(desk: Desk, shapes: Path) -> None:
    when = asked_of(shapes, "when")["text"]
    whole = desk.ask(desk.request(when))
    assert isinstance(whole[-1], Measured)
    assert not whole[-1].cut
    cut = desk.ask(desk.request(when, max_tokens=2))
    assert isinstance(cut[0], Asked)
    assert isinstance(cut[-1], Measured)
    assert cut[-1].cut
    number, conversation = cut[0].message_id, cut[0].conversation_id
    more = desk.ask(desk.request(when, conversation_id=conversation, continues=number))
    assert text(cut) + text(more) == text(whole)  # the model has only to end it
    assert isinstance(more[-1], Measured)
    assert not more[-1].cut
    (message,) = desk.said(conversation)
    assert (message.id, message.answer, message.state) == (number, text(whole), AnswerState.ANSWERED)
    (sources,) = (event for event in more if isinstance(event, SourcesFound))
    assert message.citations == sources.citations
    with pytest.raises(UserError, match="no such answer"):
        desk.ask(desk.request(when, continues=number + 1000))


@pytest.mark.parametrize("stage", ["model", "load", "read", "answer"])
def test_a_question_stops_in_every_stage(desk: Desk, shapes: Path, stage: str) -> None:
    token = CancelToken()
    told = desk.told

    def stop(event: QuestionEvent) -> None:
        told.append(event)
        if event == StageBegun(stage):  # type: ignore[arg-type]
            token.cancel()

    question = asked_of(shapes, "when")["text"]
    with pytest.raises(Cancelled):
        desk.asking.ask(desk.request(question), token, stop)
    assert text(told) == ""
    assert isinstance(told[0], Asked)
    assert [message.state for message in desk.said(told[0].conversation_id)] == [AnswerState.STOPPED]
    assert text(desk.ask(desk.request(question)))  # and nothing is left half done


def test_modules_are_watched_for_a_stop_while_a_video_is_read_and_not_while_answering(
    desk: Desk, shapes: Path
) -> None:
    hooked: dict[type, bool] = {}

    def look(event: QuestionEvent) -> None:
        model = desk.answerer.model
        if model is not None and model.loaded:
            modules = model.family.model.modules()
            hooked[type(event)] = any(module._forward_pre_hooks for module in modules)

    desk.asking.ask(desk.request(asked_of(shapes, "when")["text"]), CancelToken(), look)
    assert hooked[FramesRead]
    assert not hooked[Wrote]
    assert not hooked[Measured]


def test_without_a_model_the_moments_come_back(desk: Desk) -> None:
    change_settings(desk.data.settings, model=None)
    plan = desk.asking.plan(requests.Plan(id=1, video_id=desk.id("colours.mp4")), CancelToken())
    assert plan.plan is None
    assert "No model" in plan.reason
    events = desk.ask(desk.request("blue", None))
    (found,) = (event for event in events if isinstance(event, MomentsFound))
    assert "No model" in found.reason
    assert found.moments[0].video_id == desk.id("colours.mp4")
    assert 12 <= found.moments[0].time <= 18
    (kept,) = desk.history(None)
    (message,) = desk.said(kept.id)
    assert message.state == AnswerState.MOMENTS
    assert [(cited.video_id, cited.keyframe_id, cited.time) for cited in message.citations] == [
        (moment.video_id, moment.keyframe_id, moment.time) for moment in found.moments
    ]
    assert message.details.reason == found.reason
    (nothing,) = (e for e in desk.ask(desk.request("xyzzy", None)) if isinstance(e, MomentsFound))
    assert nothing.moments == ()
    assert "matches" in nothing.reason


def test_the_library_is_asked_through_its_moments(desk: Desk) -> None:
    plan = desk.asking.plan(requests.Plan(id=1, question="blue"), CancelToken())
    assert plan.plan is not None
    assert desk.asking.plan(requests.Plan(id=1), CancelToken()).plan is None
    events = desk.ask(desk.request("blue", None, frames=16))
    (made,) = (event for event in events if isinstance(event, PlanMade))
    assert {moment.video_id for moment in made.moments} == {desk.id("colours.mp4")}
    assert isinstance(events[-1], Measured)


def test_a_model_of_other_settings_takes_its_place(desk: Desk, shapes: Path) -> None:
    desk.ask(desk.request(asked_of(shapes, "when")["text"]))
    change_settings(desk.data.settings, model="/no/such/model")
    plan = desk.asking.plan(requests.Plan(id=1, video_id=desk.id("shapes-01.mp4")), CancelToken())
    assert plan.model is None
    assert "is not on this computer" in plan.reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "graphics memory ran out"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "memory of this computer ran out"),
    ],
)
def test_too_little_memory_is_one_sentence(
    desk: Desk, shapes: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("retake_core.videollm.answer.answer_ids", fail)
    with pytest.raises(UserError, match=words):
        desk.ask(desk.request(asked_of(shapes, "when")["text"]))
    (message,) = desk.said(desk.history()[0].id)
    assert message.state == AnswerState.FAILED
    assert words in message.details.reason


def test_an_answer_is_kept_while_another_holds_the_library(desk: Desk) -> None:
    change_settings(desk.data.settings, model=None)
    other = Database(desk.data.database)
    with other.writing():
        done = threading.Thread(target=desk.ask, args=(desk.request("blue", None),))
        done.start()
        done.join(0.2)
        assert done.is_alive()
    done.join(60)
    other.close()
    (kept,) = desk.history(None)
    assert desk.said(kept.id)[0].state == AnswerState.MOMENTS


def test_history_goes_with_its_video_and_on_request(desk: Desk, shapes: Path) -> None:
    change_settings(desk.data.settings, model=None)
    for name in ("colours.mp4", None):
        desk.ask(desk.request("blue", name))
    (about_library,) = desk.history(None)
    assert len(desk.history("colours.mp4")) == 1
    with desk.database.writing() as connection:
        remove_folder(connection, shapes / "videos")
    assert [message.citations for message in desk.said(about_library.id)] == [()]
    with desk.database.reading() as connection:
        assert conversations(connection, video_id=1) == []
    request = lines.encode(requests.ForgetConversations(id=1, ids=(about_library.id,)))
    written = io.BytesIO()
    Worker(desk.data, io.BytesIO(request), written, lambda _: FakeEncoder()).run()
    # The input has ended long since: what was to be deleted is deleted all the same.
    assert answers.decode_answer(written.getvalue()) == answers.JobDone(id=1)
    assert desk.history(None) == []


def test_several_videos_are_the_only_ones_that_are_looked_through(desk: Desk) -> None:
    change_settings(desk.data.settings, model=None)
    ids = tuple(map(desk.id, ("shapes-01.mp4", "colours.mp4")))
    with desk.database.writing() as connection:
        set_marks(connection, ids, hidden=True)
    told = desk.ask(desk.request("blue", None, video_ids=ids))  # what was chosen by hand counts, hidden or not
    assert {moment.video_id for e in told if isinstance(e, MomentsFound) for moment in e.moments} == {ids[1]}
    (newest,) = desk.history(None)
    assert newest.video_ids == desk.said(newest.id)[0].details.video_ids == ids
    desk.ask(desk.request("red", None, video_ids=ids, conversation_id=newest.id))
    assert len(desk.said(newest.id)) == 2


def test_several_videos_that_cannot_be_asked_about_are_told_of(desk: Desk) -> None:
    with pytest.raises(UserError, match="no longer in the library"):
        desk.ask(desk.request("blue", None, video_ids=(1, 2, 999)))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM keyframe")
    with pytest.raises(UserError, match="None of these videos is indexed"):
        desk.ask(desk.request("blue", None, video_ids=(1, 2)))
