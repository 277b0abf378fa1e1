"""Embedding what is said: once, on from where it was stopped or killed, and not without the model."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.encoders import minilm, packaged
from retake_core.errors import Cancelled
from retake_core.indexing.passes.meaning import embed_passages
from retake_core.library import passages
from retake_core.library.database import Database
from retake_core.library.passages import passage_texts
from retake_core.library.schema import passage
from retake_core.library.texts import NewText, TextKind, replace_texts
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


def test_every_sentence_is_embedded_once(talk: Database, model: Model) -> None:
    assert embed_passages(talk, CancelToken(), 1) == len(LINES)
    assert embedded(talk) == LINES
    assert embed_passages(talk, CancelToken(), 1) == 0
    assert len(model.texts) == len(LINES)


def test_it_goes_on_where_it_was_stopped(talk: Database, model: Model) -> None:
    token = CancelToken()
    model.after, model.then = 8, token.cancel
    with pytest.raises(Cancelled):
        embed_passages(talk, token, 1)
    assert 0 < len(embedded(talk)) < len(LINES)
    model.after = 99
    embed_passages(talk, CancelToken(), 1)
    assert embedded(talk) == LINES
    assert len(model.texts) == len(LINES)


@pytest.mark.skipif(sys.platform == "win32", reason="There is no fork.")
@pytest.mark.parametrize("after", [1, 8, 16])
def test_it_goes_on_where_it_was_killed(talk: Database, model: Model, after: int) -> None:
    model.after, model.then = after, lambda: os.kill(os.getpid(), signal.SIGKILL)
    child = os.fork()
    if not child:
        embed_passages(Database(talk.path), CancelToken(), 1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    done = embedded(talk)
    assert done == LINES[: len(done)]
    model.after = 99
    embed_passages(talk, CancelToken(), 1)
    assert embedded(talk) == LINES
    assert len(model.texts) == len(LINES) - len(done)


def test_it_gives_way(talk: Database, model: Model) -> None:
    embed_passages(talk, CancelToken(), 1, lambda: bool(model.texts))
    assert 0 < len(embedded(talk)) < len(LINES)


def test_without_the_model_it_does_nothing(talk: Database, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged.PackagedFile, "find", lambda _file: None)
    assert embed_passages(talk, CancelToken(), 1) == 0
    monkeypatch.undo()
    monkeypatch.setattr(minilm, "shared_minilm", lambda: model)
    assert embed_passages(talk, CancelToken(), 1) == len(LINES)
