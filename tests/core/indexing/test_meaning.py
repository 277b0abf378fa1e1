"""Embedding what is said: once, on from where it was stopped or killed, and not without the model."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.encoders import minilm, packaged
from retake_core.encoders.sentences import chosen_sentences
from retake_core.errors import Cancelled, UserError
from retake_core.indexing.passes.meaning import MeaningPass
from retake_core.library import passages
from retake_core.library.database import Database
from retake_core.library.passages import passage_texts
from retake_core.library.schema import passage
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, PassStarted, Remarked
from retake_core.system import throttle
from tests.support.shelf import only
from tests.support.vectors import add_video, some

LINES = [f"This is sentence number {number}." for number in range(20)]


class Model:
    """Embeds nothing, and counts what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.after = len(LINES)
        self.then = CancelToken().check

    def embed_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        if len(self.texts) >= self.after:
            self.then()
        return np.full((len(texts), minilm.DIMENSION), minilm.DIMENSION**-0.5, np.float32)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    made = Model()
    monkeypatch.setattr(minilm, "shared_minilm", lambda: made)
    monkeypatch.setattr(passages, "AT_ONCE", 6)
    return made


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "library.db")) as database:
        video_id = add_video(database, "talk.mp4", some(1, 1))
        texts = [NewText(line, 3.0 * at, 3.0 * at + 2) for at, line in enumerate(LINES)]
        with database.writing() as connection:
            replace_texts(connection, video_id, "beside:talk.srt", TextKind.SPOKEN, "1", texts)
        yield database


def embedded(database: Database) -> list[str]:
    with database.reading() as connection:
        ids = connection.execute(select(passage.c.text_id).order_by(passage.c.text_id)).scalars().all()
        found = passage_texts(connection, ids)
    return [found[number].content for number in ids]


def embed(
    database: Database, token: CancelToken | None = None, give_way: Callable[[], bool] = lambda: False
) -> list[IndexingEvent]:
    return list(MeaningPass(database, chosen_sentences(None), token or CancelToken(), 1).run((), give_way))


def test_every_sentence_is_embedded_once(talk: Database, model: Model) -> None:
    embed(talk)
    assert embedded(talk) == LINES
    assert embed(talk) == []
    assert len(model.texts) == len(LINES)


def test_it_tells_how_far_it_has_come(talk: Database, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    other = add_video(talk, "other.mp4", some(1, 2))
    with talk.writing() as connection:
        replace_texts(connection, other, "names", TextKind.TITLE, "1", [NewText("other")])
        replace_texts(connection, other, "notes", TextKind.NOTE, "1", [NewText("a note of it", 1.0, 2.0)])
    started, *told = embed(talk)
    assert started == PassStarted(PassName.MEANING, 2)
    assert [type(event) for event in told] == [PassProgress] * len(told)
    fractions = [event.fraction for event in only(told, PassProgress)]
    assert len(fractions) > 3
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] == 1
    first, last = told[0], told[-1]
    assert isinstance(first, PassProgress)
    assert isinstance(last, PassProgress)
    assert (first.done, [Path(video.path).name for video in first.working]) == (0, ["talk.mp4"])
    assert (last.done, last.working) == (2, ())
    assert len(model.texts) == len(LINES) + 1


def test_titles_are_passed_over_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "shared_minilm", lambda: pytest.fail("Nothing is to be embedded."))
    with closing(Database(tmp_path / "library.db")) as database:
        video_id = add_video(database, "talk.mp4", some(1, 1))
        with database.writing() as connection:
            replace_texts(connection, video_id, "names", TextKind.TITLE, "1", [NewText("a talk")])
        assert embed(database) == []
        with database.reading() as connection:
            assert not passages.has_unread(connection, packaged.MINILM_ID)


def test_a_damaged_model_is_told_once_and_stops_nothing(talk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise UserError("MiniLM is damaged.")

    monkeypatch.setattr(minilm, "shared_minilm", damaged)
    meaning = MeaningPass(talk, chosen_sentences(None), CancelToken(), 1)
    assert list(meaning.run()) == [Remarked("", "MiniLM is damaged.")]
    assert list(meaning.run()) == []
    assert embedded(talk) == []


def test_it_goes_on_where_it_was_stopped(talk: Database, model: Model) -> None:
    token = CancelToken()
    model.after, model.then = 8, token.cancel
    with pytest.raises(Cancelled):
        embed(talk, token)
    assert 0 < len(embedded(talk)) < len(LINES)
    model.after = 99
    embed(talk)
    assert embedded(talk) == LINES
    assert len(model.texts) == len(LINES)


@pytest.mark.skipif(sys.platform == "win32", reason="There is no fork.")
@pytest.mark.parametrize("after", [1, 8, 16])
def test_it_goes_on_where_it_was_killed(talk: Database, model: Model, after: int) -> None:
    model.after, model.then = after, lambda: os.kill(os.getpid(), signal.SIGKILL)
    child = os.fork()
    if not child:
        embed(Database(talk.path))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    done = embedded(talk)
    assert done == LINES[: len(done)]
    model.after = 99
    embed(talk)
    assert embedded(talk) == LINES
    assert len(model.texts) == len(LINES) - len(done)


def test_it_gives_way(talk: Database, model: Model) -> None:
    embed(talk, give_way=lambda: bool(model.texts))
    assert 0 < len(embedded(talk)) < len(LINES)


def test_without_the_model_it_does_nothing(talk: Database, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged.PackagedFile, "find", lambda _file: None)
    assert embed(talk) == []
    assert embedded(talk) == []
    monkeypatch.undo()
    monkeypatch.setattr(minilm, "shared_minilm", lambda: model)
    embed(talk)
    assert embedded(talk) == LINES
