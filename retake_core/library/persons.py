"""The people of a library: who they are, where they are seen, and what a person says of the groups of faces.

Whatever a person does to a group makes it theirs: indexing adds faces to it, and changes nothing else.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from retake_core.errors import UserError
from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import face, face_reading, not_person, person
from retake_core.library.tags import tag_key
from retake_core.library.words import tokens

LONGEST_NAME = 100  # characters
GAP_US = 10_000_000  # microseconds without a person that end a moment


@dataclass(frozen=True, slots=True)
class Sighting:
    """A span of a video in which somebody is seen again and again: seconds."""

    video_id: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person of the library.

    Attributes:
        name: None where nobody gave one.
        hidden: whether a list leaves it out, and counts of people.
        faces: how many there are.
        moments: where it is seen, in order of video and time.
    """

    id: int
    name: str | None
    hidden: bool
    faces: int
    moments: tuple[Sighting, ...]

    @property
    def listed(self) -> bool:
        """Whether lists show it: a passer-by without a name, who is seen a single time, is left out."""
        return not self.hidden and (self.name is not None or self.faces > 1)

    @property
    def shown_name(self) -> str:
        """The name, or a word and the number that stand for it."""
        return self.name or f"person {self.id}"


def people(connection: Connection) -> list[PersonEntry]:
    """Return all people: those with names first, then those who are seen most."""
    seen = select(face.c.person_id, face.c.video_id, face.c.time_us).where(face.c.person_id.is_not(None))
    times: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in connection.execute(seen.order_by(face.c.video_id, face.c.time_us)):
        times[row.person_id].append((row.video_id, row.time_us))
    found = [
        PersonEntry(row.id, row.name, bool(row.hidden), len(times[row.id]), tuple(_sightings(times[row.id])))
        for row in connection.execute(select(person))
    ]
    return sorted(found, key=lambda entry: (entry.name is None, -entry.faces, entry.id))


def people_in(connection: Connection, video_id: int) -> list[PersonEntry]:
    """Return who is seen in a video, with the moments there: those with names first, then those seen most in it.

    Left out are hidden people, and who has no name and is seen a single time.
    """
    times: dict[int, list[tuple[int, int]]] = defaultdict(list)
    seen = select(face.c.person_id, face.c.time_us).where(
        face.c.video_id == video_id, face.c.person_id.is_not(None)
    )
    for row in connection.execute(seen.order_by(face.c.time_us)):
        times[row.person_id].append((video_id, row.time_us))
    of_all = (
        select(person, func.count().label("faces"))
        .join(face, face.c.person_id == person.c.id)
        .where(person.c.id.in_(times), person.c.hidden == 0)
        .group_by(person.c.id)
    )
    found = [
        PersonEntry(row.id, row.name, False, row.faces, tuple(_sightings(times[row.id])))
        for row in connection.execute(of_all)
        if row.name is not None or row.faces > 1
    ]
    return sorted(found, key=lambda entry: (entry.name is None, -len(times[entry.id]), entry.id))


def portraits(connection: Connection, person_ids: Collection[int]) -> dict[int, bytes]:
    """Return an encoded picture of each of some people: that of the largest face that has one."""
    area = func.max((face.c.x1 - face.c.x0) * (face.c.y1 - face.c.y0))  # SQLite takes the picture of the same row
    chosen = select(face.c.person_id, face.c.picture, area).where(
        face.c.picture.is_not(None), face.c.person_id.in_(person_ids)
    )
    return {row.person_id: row.picture for row in connection.execute(chosen.group_by(face.c.person_id))}


def find_person(connection: Connection, name: str) -> int:
    """Return the id of a person by name or number.

    Raises:
        UserError: there is none.
    """
    wanted = person.c.id == int(name) if _is_number(name) else person.c.key == tag_key(name)
    found: int | None = connection.scalar(select(person.c.id).where(wanted))
    if found is None:
        raise UserError(f"Nobody is called {name}; `retake people` lists all with their numbers.")
    return found


def name_person(connection: Connection, person_id: int, name: str) -> None:
    """Name a person in a writing transaction.

    Raises:
        UserError: it cannot be a name, or somebody else has it.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or '"' in name or _is_number(name):
        raise UserError(
            f"A name is a word or some, of {LONGEST_NAME} characters at most; no number, no quotation mark."
        )
    other = connection.scalar(select(person.c.id).where(person.c.key == tag_key(name), person.c.id != person_id))
    if other is not None:
        raise UserError(
            f"{name} is the name of person {other}; give another one, or make the two one person by merging them."
        )
    connection.execute(update(person).where(person.c.id == person_id).values(name=name, key=tag_key(name)))


def hide_person(connection: Connection, person_id: int, *, hidden: bool) -> None:
    """Leave a person out of lists and counts, or no longer."""
    connection.execute(update(person).where(person.c.id == person_id).values(hidden=int(hidden)))


def merge_people(connection: Connection, person_id: int, others: Collection[int]) -> None:
    """Make others one with a person, who keeps its name; without one it takes the first that another has."""
    everybody = [person_id, *(other for other in dict.fromkeys(others) if other != person_id)]
    rows = {row.id: row for row in connection.execute(select(person).where(person.c.id.in_(everybody)))}
    if person_id not in rows:
        return
    others = [number for number in everybody[1:] if number in rows]
    everybody = [person_id, *others]
    names = [(rows[number].name, rows[number].key) for number in everybody if rows[number].name is not None]
    theirs = select(face.c.id).where(face.c.person_id.in_(everybody))
    connection.execute(
        delete(not_person).where(not_person.c.person_id.in_(everybody), not_person.c.face_id.in_(theirs))
    )
    connection.execute(
        update(not_person)
        .prefix_with("OR IGNORE")
        .where(not_person.c.person_id.in_(others))
        .values(person_id=person_id)
    )
    connection.execute(update(face).where(face.c.person_id.in_(others)).values(person_id=person_id, by_hand=1))
    connection.execute(delete(person).where(person.c.id.in_(others)))
    if names and rows[person_id].name is None:
        connection.execute(
            update(person).where(person.c.id == person_id).values(name=names[0][0], key=names[0][1])
        )


def split_person(connection: Connection, person_id: int, face_ids: Collection[int]) -> int:
    """Make some faces of a person another one's, and never again this one's. Returns the new person.

    Raises:
        UserError: none of the faces is of this person, or all of them are.
    """
    of_person = set(connection.execute(select(face.c.id).where(face.c.person_id == person_id)).scalars())
    moved = of_person & set(face_ids)
    if not moved:
        raise UserError("No face of this person is there; `retake people` tells where each is seen.")
    if moved == of_person:
        raise UserError("That would be all faces of this person; give the person another name instead.")
    (new,) = connection.execute(insert(person)).inserted_primary_key or (0,)
    for face_id in moved:
        connection.execute(update(face).where(face.c.id == face_id).values(person_id=new, by_hand=1))
        connection.execute(
            insert(not_person).prefix_with("OR IGNORE").values(face_id=face_id, person_id=person_id)
        )
    return int(new)


def faces_at(connection: Connection, person_id: int, video_id: int, time: float) -> list[int]:
    """Return the ids of a person's faces in the moment of a video that a time lies in."""
    rows = connection.execute(
        select(face.c.id, face.c.time_us)
        .where(face.c.person_id == person_id, face.c.video_id == video_id)
        .order_by(face.c.time_us)
    ).all()
    moment = next(
        (
            sighting
            for sighting in _sightings([(video_id, row.time_us) for row in rows])
            if sighting.start - 1 <= time <= sighting.end + 1
        ),
        None,
    )
    if moment is None:
        return []
    return [row.id for row in rows if moment.start <= row.time_us / MICROSECONDS <= moment.end]


def forget_person(connection: Connection, person_id: int) -> int:
    """Delete a person with all faces, in a writing transaction. Returns how many faces that were."""
    gone = connection.execute(delete(face).where(face.c.person_id == person_id)).rowcount
    connection.execute(delete(person).where(person.c.id == person_id))
    return int(gone)


def forget_people(connection: Connection) -> int:
    """Delete all people and faces, and that they were looked for; return how many faces that were."""
    gone = connection.execute(delete(face)).rowcount
    for table in (person, face_reading):
        connection.execute(delete(table))
    return int(gone)


def drop_empty(connection: Connection) -> None:
    """Delete those of whom nothing is left, neither a face nor a name."""
    used = select(face.c.person_id).where(face.c.person_id.is_not(None))
    connection.execute(
        delete(person).where(person.c.name.is_(None), person.c.hidden == 0, person.c.id.not_in(used))
    )


def names_of_people(connection: Connection) -> list[str]:
    """Return the names of the people who have one and are not hidden, in order."""
    named = select(person.c.name).where(person.c.name.is_not(None), person.c.hidden == 0).order_by(person.c.key)
    return list(connection.execute(named).scalars())


def people_called(connection: Connection, name: str) -> set[int]:
    """Return the people who have all these words in their name, or this number."""
    if _is_number(name):
        return {int(name)}
    words = {token.word for token in tokens(name)}
    named = connection.execute(select(person.c.id, person.c.name).where(person.c.name.is_not(None))).all()
    return {row.id for row in named if words and words <= {token.word for token in tokens(row.name)}}


def sightings_of(
    connection: Connection, person_ids: Collection[int], videos: Collection[int] | None = None
) -> list[Sighting]:
    """Return where some people are seen, each alike; in all videos, or only in these."""
    statement = select(face.c.video_id, face.c.time_us).where(face.c.person_id.in_(person_ids))
    return _seen(connection, statement, videos)


def sightings_of_several(
    connection: Connection, least: int, videos: Collection[int] | None = None
) -> list[Sighting]:
    """Return where so many faces, or more, are seen in one picture; those of hidden people do not count."""
    shown = person.c.hidden.is_(None) | (person.c.hidden == 0)
    statement = (
        select(face.c.video_id, face.c.time_us)
        .outerjoin(person, person.c.id == face.c.person_id)
        .where(shown)
        .group_by(face.c.video_id, face.c.time_us)
        .having(func.count() >= least)
    )
    return _seen(connection, statement, videos)


def _seen(
    connection: Connection, statement: Select[tuple[int, int]], videos: Collection[int] | None
) -> list[Sighting]:
    """Return where the faces of a statement are seen; in all videos, or only in these."""
    rows = connection.execute(statement.order_by(face.c.video_id, face.c.time_us))
    return _sightings((row.video_id, row.time_us) for row in rows if videos is None or row.video_id in videos)


def _sightings(times: Iterable[tuple[int, int]]) -> list[Sighting]:
    """Join times, by video and in order, that follow each other closely."""
    spans: list[tuple[int, int, int]] = []
    for video_id, time_us in times:
        if spans and spans[-1][0] == video_id and time_us - spans[-1][2] <= GAP_US:
            spans[-1] = (video_id, spans[-1][1], time_us)
        else:
            spans.append((video_id, time_us, time_us))
    return [Sighting(number, start / MICROSECONDS, end / MICROSECONDS) for number, start, end in spans]


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= 15
