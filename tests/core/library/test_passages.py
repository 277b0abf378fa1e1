"""Which texts are embedded together, and what becomes of the vectors when the texts change."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from retake_core.library import passages
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file, video_of
from retake_core.library.passages import (
    OF_PASSAGES,
    begin_passages,
    count_passages,
    has_unread,
    join_texts,
    passage_texts,
    passages_of,
    store_passages,
    unread_texts,
)
from retake_core.library.schema import passage, text
from retake_core.library.texts import NewText, TextKind, forget_texts, replace_texts
from retake_core.media.video_file import FoundFile

ENCODER = "fake"
STEP = 2.0  # seconds of a cue


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "library.db")) as database:
        with database.writing() as connection:
            folder = add_folder(connection, tmp_path)
            for name in ("one", "two"):
                put_file(connection, folder, FoundFile(tmp_path / f"{name}.mp4", 1, 1), name)
        yield database


def say(
    database: Database,
    lines: Sequence[str],
    video: str = "one",
    source: str = "beside:one.srt",
    language: str | None = None,
    gap: float = 0.0,
    kind: TextKind = TextKind.SPOKEN,
) -> None:
    new = [NewText(line, at * (STEP + gap), at * (STEP + gap) + STEP, language) for at, line in enumerate(lines)]
    with database.writing() as connection:
        number = video_of(connection, video)
        assert number is not None
        replace_texts(connection, number, source, kind, "1", new)


def embed(database: Database, encoder: str = ENCODER) -> list[str]:
    """Embed all that is new as the pass does, and return what."""
    with database.writing() as connection:
        begin_passages(connection, encoder)
        done: list[str] = []
        while has_unread(connection, encoder):
            unread = unread_texts(connection, encoder)
            vectors = np.full((len(unread.passages), 4), 0.5, np.float32)
            store_passages(connection, encoder, unread.passages, vectors, unread.seen)
            done += [each.content for each in unread.passages]
    return done


def stored(connection: Connection) -> list[str]:
    ids = connection.execute(select(passage.c.text_id).order_by(passage.c.text_id)).scalars().all()
    found = passage_texts(connection, ids)
    return [found[number].content for number in ids]


def test_halves_of_a_sentence_are_one_passage_and_sentences_are_not(database: Database) -> None:
    say(database, ["We really can't afford", "a new roof before spring.", "Did you feed the cat?", "Yes."])
    assert embed(database) == ["We really can't afford a new roof before spring.", "Did you feed the cat?"]
    with database.reading() as connection:
        assert stored(connection) == ["We really can't afford a new roof before spring.", "Did you feed the cat?"]
        ids = OF_PASSAGES.ids(connection, ENCODER, 0).tolist()
        first = passage_texts(connection, ids)[ids[0]]
    assert (first.start, first.end, first.kind) == (0.0, 2 * STEP, TextKind.SPOKEN)


def test_silence_and_length_end_a_passage(database: Database) -> None:
    say(database, ["so we went", "to the lake"], gap=2.0)
    assert embed(database) == ["so we went", "to the lake"]
    say(database, ["one two three four five six"] * 5, source="inside:2")
    assert embed(database) == ["one two three four five six one two three four five six"] * 2 + [
        "one two three four five six"
    ]


def test_slides_and_notes_stand_for_themselves_and_titles_are_left_to_words(database: Database) -> None:
    say(database, ["Roadmap\nfor the year", "Costs and\nrisks"], source="screen", kind=TextKind.SCREEN)
    say(database, ["Grandma laughs"], source="note:1", kind=TextKind.NOTE)
    say(database, ["holiday 2019 lake"], source="names", kind=TextKind.TITLE)
    assert embed(database) == ["Roadmap for the year", "Costs and risks", "Grandma laughs"]


@pytest.mark.parametrize(
    ("language", "embedded"), [("de", False), ("de-AT", False), ("en-GB", True), (None, True)]
)
def test_texts_known_to_be_in_another_language_stay_out(
    database: Database, language: str | None, embedded: bool
) -> None:
    say(database, ["Kannst du mir das Salz geben?"], language=language)
    assert bool(embed(database)) == embedded
    with database.reading() as connection:
        assert not has_unread(connection, ENCODER)


def test_only_what_is_new_is_embedded(database: Database) -> None:
    say(database, ["The first one is here."])
    assert embed(database) == ["The first one is here."]
    assert embed(database) == []
    say(database, ["Another one came."], video="two", source="beside:two.srt")
    assert embed(database) == ["Another one came."]


def test_texts_that_change_or_go_take_their_vectors_along(database: Database) -> None:
    say(database, ["The first one is here.", "And a second one."])
    say(database, ["Somebody else speaks."], video="two", source="beside:two.srt")
    embed(database)
    with database.reading() as connection:
        before = OF_PASSAGES.generation(connection)
    say(database, ["It was changed since."])
    with database.reading() as connection:
        assert stored(connection) == ["Somebody else speaks."]
        assert OF_PASSAGES.generation(connection) != before
        assert has_unread(connection, ENCODER)
    assert embed(database) == ["It was changed since."]
    with database.writing() as connection:
        number = video_of(connection, "two")
        assert number is not None
        assert len(passages_of(connection, [number])) == 1
        forget_texts(connection, number, "beside:two.srt")
        assert stored(connection) == ["It was changed since."]


def test_texts_that_went_while_they_were_embedded_are_left_out(database: Database) -> None:
    say(database, ["The first one is here."])
    with database.writing() as connection:
        begin_passages(connection, ENCODER)
        unread = unread_texts(connection, ENCODER)
        forget_texts(connection, 1, "beside:one.srt")
        store_passages(connection, ENCODER, unread.passages, np.ones((1, 4), np.float32), unread.seen)
        assert count_passages(connection, ENCODER) == 0


def test_another_encoder_begins_anew(database: Database) -> None:
    say(database, ["The first one is here."])
    embed(database)
    assert embed(database, "other") == ["The first one is here."]
    with database.reading() as connection:
        assert (count_passages(connection, "other"), count_passages(connection, ENCODER)) == (1, 0)


def test_a_sentence_over_the_end_of_a_batch_stays_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "AT_ONCE", 3)
    say(database, ["It was here.", "We really", "can't afford", "a new roof.", "That was all."])
    assert embed(database) == ["It was here.", "We really can't afford a new roof.", "That was all."]


LINE = st.tuples(st.text("ab .?", min_size=1, max_size=30), st.floats(0, 20), st.sampled_from(["", "Anna"]))


@given(st.lists(LINE, max_size=12))
def test_every_text_is_in_one_passage(lines: list[tuple[str, float, str]]) -> None:
    rows = [
        _Row(at + 1, content, round(start * 1e6), speaker or None)
        for at, (content, start, speaker) in enumerate(lines)
    ]
    joined = list(join_texts(rows))  # type: ignore[arg-type]
    taken = [number for each in joined for number in range(each.first_id, each.last_id + 1)]
    assert taken == [row.id for row in rows]


class _Row:
    """A row of texts."""

    video_id, source, kind, language = 1, "beside:a.srt", TextKind.SPOKEN, None

    def __init__(self, number: int, content: str, start_us: int, speaker: str | None) -> None:
        self.id, self.content, self.start_us, self.speaker = number, content, start_us, speaker
        self.end_us = start_us + 1_000_000


def test_ids_of_texts_are_never_used_again(database: Database) -> None:
    """What was seen is known by one number for this."""
    say(database, ["The first one is here."])
    with database.writing() as connection:
        last = connection.execute(select(text.c.id)).scalar_one()
        forget_texts(connection, 1, "beside:one.srt")
    say(database, ["It was changed since."])
    with database.reading() as connection:
        assert connection.execute(select(text.c.id)).scalar_one() > last
