"""Questions with what is said and written, from the library to the history: real videos, a small model."""

import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.library.history import find_message, messages
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.maintenance.removal import remove_folder
from retake_core.protocol import requests
from retake_core.protocol.question_events import (
    Asked,
    CitedLine,
    Measured,
    PlanMade,
    QuestionEvent,
    SourcesFound,
    WordsGiven,
)
from retake_core.questions.answerer import LocalAnswerer
from retake_core.questions.answering import Questions
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.planning import QuestionOptions
from retake_core.questions.service import QuestionService
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.settings import change_settings, load_settings
from retake_core.videollm import answer
from retake_core.videollm.generate import Ending
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.in_process import decode_in_threads
from tests.support.shelf import run_index, video
from tests.support.tiny import save_tiny

SAID = "Now we cut the cake"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a library of two videos, and a model; copy it, do not change it."""
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("shelf")
    (root / "videos").mkdir()
    make_clip(root / "videos" / "party.mp4", [(10, "red"), (10, "blue")])
    make_clip(root / "videos" / "beach.mp4", [(10, "yellow"), (10, "blue")])
    data = DataDir(root / "data")
    data.create()
    patch = pytest.MonkeyPatch()
    decode_in_threads(patch)
    with closing(Database(data.database)) as database:
        run_index(database, root / "videos", FakeEncoder())
        with database.writing() as connection:
            party = video(database, "party.mp4").id
            said = [NewText(SAID, 12.4, 14.0), NewText("Hello", 1.0, 2.0)]
            replace_texts(connection, party, "beside:party.srt", TextKind.SPOKEN, "1", said)
            screen = [NewText("HAPPY BIRTHDAY", 4.0, 9.0)]
            replace_texts(connection, party, "screen", TextKind.SCREEN, "1", screen)
            waves = [NewText("Listen to the waves", 11.0, 13.0)]
            replace_texts(connection, video(database, "beach.mp4").id, "beside:b.srt", TextKind.SPOKEN, "1", waves)
    patch.undo()
    change_settings(data.settings, model=str(save_tiny("qwen2_vl", root / "model")))
    return root


class Desk:
    """Asks a model that answers as it is told, and sees what it is given."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.data = DataDir(root)
        self.database = Database(self.data.database)
        encoders = SearchEncoder(self.data.vectors, lambda _: FakeEncoder(), lambda: "builtin")
        self.answerer = LocalAnswerer(self.data)
        self.service = QuestionService(self.database, self.data, encoders, self.answerer)
        self.prompts: list[str] = []
        self.answer = "Nothing."
        patch.setattr(answer, "answer_ids", self._generate)

    def _generate(
        self, family: object, _memory: object, ids: list[int], *_: object
    ) -> Generator[int, None, Ending]:
        prompt = family.prompt  # type: ignore[attr-defined]
        self.prompts.append(prompt.text(ids))
        yield from prompt.tokens(self.answer)
        return Ending.COMPLETE

    def ask(self, question: str, name: str | None = "party.mp4", **more: object) -> list[QuestionEvent]:
        told: list[QuestionEvent] = []
        about = None if name is None else video(self.database, name).id
        request = requests.Ask(id=1, question=question, video_id=about, frames=12, **more)  # type: ignore[arg-type]
        self.service.ask(request, CancelToken(), told.append)
        return told


@pytest.fixture
def desk(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    decode_in_threads(monkeypatch)
    shutil.copytree(shelf / "data", tmp_path / "data")
    made = Desk(tmp_path / "data", monkeypatch)
    yield made
    made.database.close()


def given(events: list[QuestionEvent]) -> WordsGiven:
    (plan,) = [event.plan for event in events if isinstance(event, PlanMade)]
    return plan.words


def sources(events: list[QuestionEvent]) -> SourcesFound:
    (found,) = [event for event in events if isinstance(event, SourcesFound)]
    return found


def test_a_video_is_asked_with_its_words_also_from_memory_and_in_a_follow_up(desk: Desk) -> None:
    first = desk.ask("When is the cake cut?")
    assert (given(first).said, given(first).screen) == (2, 1)
    assert isinstance(first[0], Asked)
    second = desk.ask("And then?", conversation_id=first[0].conversation_id)
    assert isinstance(second[-1], Measured)
    assert second[-1].from_memory
    assert given(second) == given(first)
    for prompt, question in zip(desk.prompts, ("When is the cake cut?", "And then?"), strict=True):
        for part in ("party.mp4", f"0:12 {SAID}\n", "0:01 Hello\n", "0:04 HAPPY BIRTHDAY\n"):
            assert prompt.index(part) < prompt.index(question)
    assert desk.prompts[1].index("HAPPY BIRTHDAY") < desk.prompts[1].index("When is the cake cut?")
    assert len(list(desk.data.memories.glob("*.memory"))) == 1  # which knows nothing of words


def test_without_words_the_prompt_is_the_question_alone(desk: Desk) -> None:
    events = desk.ask("When?", words=False)
    assert given(events) == WordsGiven()
    (prompt,) = desk.prompts
    assert desk.answerer.model is not None
    family = desk.answerer.model.family
    assert prompt == family.prompt.text(family.prompt.question("When?"))
    plan = desk.service.plan(
        requests.Plan(id=1, video_id=video(desk.database, "party.mp4").id, words=False), CancelToken()
    )
    assert plan.plan is not None
    assert plan.plan.words == WordsGiven()


def test_moments_of_the_library_bring_the_words_around_them(desk: Desk) -> None:
    events = desk.ask("blue", None)
    (prompt,) = desk.prompts
    for part in ("Clip 1: ", "Clip 2: ", SAID, "Listen to the waves"):
        assert part in prompt
    assert given(events).said == 3
    party = prompt.index("party.mp4")
    assert party < prompt.index(SAID)
    assert (party < prompt.index("beach.mp4")) == (prompt.index(SAID) < prompt.index("Listen to the waves"))


def test_a_cited_line_is_told_and_kept(desk: Desk) -> None:
    desk.answer = "At 0:12 somebody says so."
    events = desk.ask("When is the cake cut?")
    party = video(desk.database, "party.mp4").id
    line = CitedLine(party, 12.4, 14.0, SAID)
    found = sources(events)
    assert found.lines == (line,)
    assert [(time.text, time.supported, time.video_id) for time in found.written] == [("0:12", True, party)]
    assert isinstance(events[0], Asked)
    with desk.database.reading() as connection:
        (message,) = messages(connection, events[0].conversation_id)
    assert message.details.lines == (line,)
    assert message.details.plan is not None
    assert message.details.plan.words == given(events)


def test_lines_of_a_removed_video_leave_the_answers_that_cite_them(desk: Desk, shelf: Path) -> None:
    desk.answer = "She says: now we cut the cake."
    events = desk.ask("blue", None)
    assert [line.text for line in sources(events).lines] == [SAID]
    remove_folder(desk.database, desk.data, shelf / "videos")
    with desk.database.reading() as connection:
        message, _ = find_message(connection)
    assert message.answer == desk.answer
    assert message.details.lines == ()
    assert message.details.plan is not None


def test_a_plan_tells_what_a_small_context_leaves(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    request = requests.Plan(id=1, video_id=video(desk.database, "party.mp4").id, frames=12)

    def words() -> WordsGiven:
        plan = desk.service.plan(request, CancelToken()).plan
        assert plan is not None
        return plan.words

    whole = words()
    assert (whole.said, whole.screen) == (2, 1)
    assert desk.answerer.model is not None
    family = desk.answerer.model.family
    monkeypatch.setattr(type(family), "positions", positions_of(desk) + 80)
    fewer = words()
    assert 0 < fewer.tokens <= 80
    assert fewer.said + fewer.screen < 3
    desk.ask("When is the cake cut?")
    assert sum(part in desk.prompts[-1] for part in (SAID, "Hello", "HAPPY")) < 3


def positions_of(desk: Desk) -> int:
    """Return the positions that a question takes without words."""
    assert desk.answerer.model is not None
    questions = Questions(desk.data, desk.answerer.model, load_settings(desk.data.settings))
    with desk.database.reading() as connection:
        asked = AskedVideo.of(connection, video(desk.database, "party.mp4"))
    plan, _ = questions.plan_video(asked, QuestionOptions(frames=12))
    return plan.counts.positions


def test_a_model_that_was_replaced_since_the_plan_is_opened_anew(desk: Desk, shelf: Path, tmp_path: Path) -> None:
    model = Path(shutil.copytree(shelf / "model", tmp_path / "model"))
    change_settings(desk.data.settings, model=str(model))
    party = video(desk.database, "party.mp4").id
    desk.service.plan(requests.Plan(id=1, video_id=party), CancelToken())
    (model / "model.safetensors").touch()
    with pytest.raises(UserError, match="was changed meanwhile"):
        desk.ask("What is it?")
    assert isinstance(desk.ask("What is it?")[-1], Measured)
