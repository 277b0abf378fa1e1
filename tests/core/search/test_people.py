"""`person:` and `people:` in a query: moments in which somebody is seen, alone or with others."""

import pytest
from sqlalchemy import select

from retake_core.library import faces, persons
from retake_core.library.catalog import videos_by_id
from retake_core.library.database import Database
from retake_core.library.schema import video
from retake_core.search.all_sources import MomentSearch
from retake_core.search.fusion import Why
from retake_core.search.listing import ids_matching
from retake_core.search.query import FACES, parse
from tests.core.library.test_persons import MODEL, SAME, add_face
from tests.support.colour_library import Library


@pytest.fixture
def seen(library: Library, database: Database) -> Database:
    """Return a library in which Anna and Ben are seen together at 10 s, and each alone elsewhere."""
    for name in ("party.mp4", "lake.mp4", "empty.mp4"):
        library.add(f"/videos/{name}", "red green blue", 90.0)
    with database.writing() as connection:
        party, lake, _ = connection.execute(select(video.c.id).order_by(video.c.id)).scalars()
        for place in ((party, 10, 0), (party, 10, 1), (party, 80, 1), (lake, 30, 0), (lake, 34, 0)):
            add_face(connection, *place)
        faces.group_new_faces(connection, MODEL, SAME)
        anna, ben = (entry.id for entry in persons.people(connection))
        persons.name_person(connection, anna, "Anna Smith")
        persons.name_person(connection, ben, "Ben")
    return database


def found(database: Database, query: str) -> list[tuple[str, float]]:
    with database.reading() as connection:
        moments = MomentSearch(connection, query).by_words()
        return sorted((moment.video.path.stem, moment.time) for moment in moments)


@pytest.mark.parametrize(
    ("query", "moments"),
    [
        ("person:anna", [("lake", 30.0), ("party", 10.0)]),
        ('person:"anna smith"', [("lake", 30.0), ("party", 10.0)]),
        ("person:ben", [("party", 10.0), ("party", 80.0)]),
        ("person:2", [("party", 10.0), ("party", 80.0)]),
        ("person:anna person:ben", [("party", 10.0)]),
        ("person:anna title:lake", [("lake", 30.0)]),
        ("person:anna -person:ben", [("lake", 30.0)]),
        ("people:1", [("lake", 30.0), ("party", 10.0), ("party", 80.0)]),
        ("people:2", [("party", 10.0)]),
        ("people:3", []),
        ("person:nobody", []),
        ("person:ben match:said", []),
        ("person:ben match:person", [("party", 10.0), ("party", 80.0)]),
        ("person:ben -match:person", []),
    ],
)
def test_moments_are_found_by_who_is_seen(seen: Database, query: str, moments: list[tuple[str, float]]) -> None:
    assert found(seen, query) == moments


def test_a_hit_says_who_and_lasts_some_seconds(seen: Database) -> None:
    with seen.reading() as connection:
        (moment,) = MomentSearch(connection, "person:ben title:party").by_words()[-1:]
    assert moment.why == (Why.PERSON,)
    assert moment.snippet.text == "ben"
    assert moment.end - moment.start == 4.0


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("person:anna", {"party", "lake"}),
        ("-person:anna", {"empty"}),
        ("people:2", {"party"}),
        ("people:1", {"party", "lake"}),
    ],
)
def test_lists_of_videos_know_people(seen: Database, query: str, names: set[str]) -> None:
    with seen.reading() as connection:
        ids = ids_matching(connection, parse(query))
        assert {entry.path.stem for entry in videos_by_id(connection, ids).values()} == names


@pytest.mark.parametrize("wrong", ["people:", "people:0", "people:two", "people:-1", "people:1000", "person:"])
def test_what_cannot_be_understood_is_left_out_and_said(wrong: str) -> None:
    query = parse(f"{wrong} cake")
    assert query.description == "cake"
    assert [complaint.field in FACES for complaint in query.complaints] == [True]
