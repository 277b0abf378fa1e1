"""What a person says of groups of faces: names, merging, splitting, hiding; and where people are seen."""

import numpy as np
import pytest
from sqlalchemy import Connection, insert, select, update

from retake_core.errors import UserError
from retake_core.library import faces, persons
from retake_core.library.database import Database
from retake_core.library.marks import hand_on
from retake_core.library.schema import face, file, not_person, person, video
from tests.support.colour_library import Library
from tests.support.fake_faces import INSTALLED, vector

MODEL, SAME = INSTALLED.id, INSTALLED.same


@pytest.fixture
def seen(library: Library, database: Database) -> Database:
    """Return a library of two films: somebody at 0, 4 and 60 s of one, another at 4 s, both in the second."""
    for name in ("party.mp4", "lake.mp4"):
        library.add(f"/videos/{name}", "red green blue", 90.0)
    with database.writing() as connection:
        first, second = connection.execute(select(video.c.id).order_by(video.c.id)).scalars()
        for place in (
            (first, 0, 0),
            (first, 4, 0),
            (first, 4, 1),
            (first, 60, 0),
            (second, 30, 0),
            (second, 50, 1),
        ):
            add_face(connection, *place)
        faces.group_new_faces(connection, MODEL, SAME)
    return database


def add_face(connection: Connection, video_id: int, second: float, who: int) -> int:
    values = {
        "video_id": video_id,
        "time_us": round(second * 1e6),
        **dict(zip(("x0", "y0", "x1", "y1"), (0.1, 0.1, 0.3, 0.4), strict=True)),
        "model": MODEL,
        "vector": vector(who).astype("<f2").tobytes(),
    }
    return int((connection.execute(insert(face).values(values)).inserted_primary_key or (0,))[0])


def state(database: Database) -> dict[int, tuple[str | None, int]]:
    with database.reading() as connection:
        return {entry.id: (entry.name, entry.faces) for entry in persons.people(connection)}


def test_people_are_listed_with_where_they_are_seen(seen: Database) -> None:
    with seen.reading() as connection:
        zero, one = persons.people(connection)
    assert [(moment.video_id, moment.start, moment.end) for moment in zero.moments] == [
        (1, 0.0, 4.0),
        (1, 60.0, 60.0),
        (2, 30.0, 30.0),
    ]
    assert (zero.faces, one.faces, zero.name, zero.shown_name) == (4, 2, None, f"person {zero.id}")


def test_who_is_seen_in_a_video(seen: Database) -> None:
    with seen.writing() as connection:
        zero, one = persons.people(connection)
        add_face(connection, 1, 70, 2)
        faces.group_new_faces(connection, MODEL, SAME)
        assert [(entry.id, entry.faces, len(entry.moments)) for entry in persons.people_in(connection, 1)] == [
            (zero.id, 4, 2),
            (one.id, 2, 1),
        ], "who is seen a single time is left out"
        persons.name_person(connection, one.id, "Ben")
        assert [entry.name for entry in persons.people_in(connection, 1)] == ["Ben", None]
        persons.hide_person(connection, zero.id, hidden=True)
        assert [entry.id for entry in persons.people_in(connection, 1)] == [one.id]
        assert persons.people_in(connection, 99) == []


def test_a_name_is_of_one_person_and_is_found_however_it_is_written(seen: Database) -> None:
    with seen.writing() as connection:
        zero, one = (entry.id for entry in persons.people(connection))
        persons.name_person(connection, zero, "  Anna   Žižka ")
        assert persons.find_person(connection, "ANNA žižka") == zero
        assert persons.find_person(connection, str(one)) == one
        assert persons.people_called(connection, "zizka") == {zero}
        assert persons.people_called(connection, "žižka anna") == {zero}
        assert persons.people_called(connection, "ann") == set()
        assert persons.people_called(connection, str(one)) == {one}
        with pytest.raises(UserError, match="merging"):
            persons.name_person(connection, one, "anna žižka")
        persons.name_person(connection, zero, "Anna Žižka")  # as before
        for wrong in ("", " ", "7", 'a "b"', "x" * 101, "a\u0000b"):
            with pytest.raises(UserError, match="A name is"):
                persons.name_person(connection, one, wrong)
        for nobody in ("999", "Bob"):
            with pytest.raises(UserError, match="Nobody is called"):
                persons.find_person(connection, nobody)


def test_merging_keeps_the_name_and_survives_new_faces(seen: Database) -> None:
    with seen.writing() as connection:
        zero, one = (entry.id for entry in persons.people(connection))
        persons.name_person(connection, one, "Ben")
        persons.merge_people(connection, zero, [one])
    assert state(seen) == {zero: ("Ben", 6)}
    with seen.writing() as connection:
        add_face(connection, 2, 70, 0)
        add_face(connection, 2, 71, 1)
        faces.group_new_faces(connection, MODEL, SAME)
    assert state(seen) == {zero: ("Ben", 8)}


def test_who_was_split_off_stays_apart(seen: Database) -> None:
    with seen.writing() as connection:
        zero, _ = (entry.id for entry in persons.people(connection))
        moved = persons.faces_at(connection, zero, 2, 30)
        assert len(moved) == 1
        assert persons.faces_at(connection, zero, 2, 10) == []
        new = persons.split_person(connection, zero, moved)
        with pytest.raises(UserError, match="No face of this person"):
            persons.split_person(connection, zero, moved)
        with pytest.raises(UserError, match="all faces"):
            persons.split_person(connection, new, moved)
    before = state(seen)
    assert (before[zero], before[new]) == ((None, 3), (None, 1))
    with seen.writing() as connection:
        add_face(connection, 2, 80, 0)
        faces.group_new_faces(connection, MODEL, SAME)
    after = state(seen)
    assert (after[zero][1], after[new][1]) in ((4, 1), (3, 2)), "the two groups are no more one than before"
    with seen.writing() as connection:  # grouped anew, by whatever cause
        connection.execute(update(face).where(face.c.id.in_(moved)).values(person_id=None))
        faces.group_new_faces(connection, MODEL, SAME)
        assert connection.scalar(select(face.c.person_id).where(face.c.id == moved[0])) != zero
        persons.merge_people(connection, zero, [n for n in state(seen) if n != zero])
        assert connection.execute(select(not_person)).first() is None, "merging takes back what splitting said"


def test_who_is_hidden_does_not_count(seen: Database) -> None:
    with seen.writing() as connection:
        zero, one = (entry.id for entry in persons.people(connection))
        assert [(s.video_id, s.start) for s in persons.sightings_of_several(connection, 2)] == [(1, 4.0)]
        assert persons.sightings_of_several(connection, 2, videos={2}) == []
        assert persons.sightings_of_several(connection, 3) == []
        persons.name_person(connection, one, "Ben")
        assert persons.names_of_people(connection) == ["Ben"]
        persons.hide_person(connection, one, hidden=True)
        assert persons.sightings_of_several(connection, 2) == []
        assert persons.names_of_people(connection) == []
        assert [s.start for s in persons.sightings_of(connection, {one})] == [4.0, 50.0]
        persons.hide_person(connection, one, hidden=False)
        assert persons.names_of_people(connection) == ["Ben"]
        assert zero != one


def test_a_name_outlives_its_faces_and_nobody_else_does(seen: Database) -> None:
    with seen.writing() as connection:
        zero, one = (entry.id for entry in persons.people(connection))
        persons.name_person(connection, one, "Ben")
        connection.execute(face.delete())
        faces.group_new_faces(connection, MODEL, SAME)
    assert state(seen) == {one: ("Ben", 0)}
    assert zero not in state(seen)


def test_removing_a_video_takes_its_faces_along(seen: Database) -> None:
    with seen.writing() as connection:
        connection.execute(video.delete().where(video.c.id == 1))
        faces.group_new_faces(connection, MODEL, SAME)
    assert sorted(count for _, count in state(seen).values()) == [1, 1]


def test_many_faces_come_into_groups_part_by_part(seen: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "AT_ONCE", 7)
    with seen.writing() as connection:
        for number in range(60):
            add_face(connection, 2, 100 + number, number % 3)
        while faces.group_new_faces(connection, MODEL, SAME):
            pass
        vectors = connection.execute(select(face.c.person_id, face.c.vector)).all()
        people = connection.execute(select(person.c.id)).scalars().all()
    looks = {(row.person_id, int(np.frombuffer(row.vector, "<f2")[:3].argmax())) for row in vectors}
    assert len(looks) == len(people) == 3


def test_faces_go_where_a_mended_file_goes(seen: Database) -> None:
    with seen.writing() as connection:
        connection.execute(file.delete().where(file.c.video_id == 1))
        hand_on(connection, [(1, 2)])
        assert {moment.video_id for entry in persons.people(connection) for moment in entry.moments} == {2}
