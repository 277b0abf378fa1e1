"""The faces that were found in videos: which are due, what is stored of them, and into which groups they go."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from retake_core.library.grouping import KnownFaces, group_faces
from retake_core.library.indexing import to_microseconds
from retake_core.library.persons import drop_empty
from retake_core.library.schema import face, face_reading, not_person, person
from retake_core.library.settled import KeyframeStretch, SettledVideo, settled_videos
from retake_core.media.boxes import Box, overlap

WHOLE = -1  # stands for all stretches of a video
AT_ONCE = 1000  # faces that are put into groups in one go
NEAR_US = 1_000_000  # microseconds within which a face that is found anew is the one that was known
OVERLAP = 0.5  # intersection over union of its box with that one's


@dataclass(frozen=True, slots=True)
class NewFace:
    """A face to store.

    Attributes:
        time: seconds.
        box: where it is.
        vector: float16 [dimension].
        picture: of the face, encoded; None where another one stands for it.
    """

    time: float
    box: Box
    vector: NDArray[np.float16]
    picture: bytes | None


def due_faces(connection: Connection, engine: str) -> list[SettledVideo]:
    """Return the present, sound videos whose keyframes are settled and were not all looked at by this engine."""
    whole = select(face_reading.c.video_id, face_reading.c.stamp).where(face_reading.c.part == WHOLE)
    stamps = {row.video_id: row.stamp for row in connection.execute(whole)}
    return [entry for entry in settled_videos(connection, engine) if stamps.get(entry.video_id) != entry.stamp]


def looked_for_faces(connection: Connection) -> bool:
    """Whether faces were looked for in any video."""
    return connection.execute(select(face_reading.c.video_id).limit(1)).first() is not None


def seen_stretches(connection: Connection, video_id: int) -> dict[int, str]:
    """Return the stamps of the stretches that an interrupted run has stored, by number."""
    part, stamp = face_reading.c.part, face_reading.c.stamp
    rows = connection.execute(select(part, stamp).where(face_reading.c.video_id == video_id, part != WHOLE))
    return {row.part: row.stamp for row in rows}


def store_faces(
    connection: Connection, video_id: int, stretch: KeyframeStretch, faces: Sequence[NewFace], model: str
) -> None:
    """Store the faces of a stretch in place of those that were known of it; one of these hands its person on."""
    start = face.c.time_us >= (to_microseconds(stretch.keyframes[0].time) if stretch.number else 0)
    here = [face.c.video_id == video_id, start]
    if not stretch.is_last:
        here.append(face.c.time_us < to_microseconds(stretch.end))
    known = connection.execute(select(face).where(*here)).all()
    rejected = _rejections(connection, [row.id for row in known])
    for entry in faces:
        before = _known_as(known, entry)
        values = {
            "video_id": video_id,
            "person_id": None if before is None else before.person_id,
            "by_hand": 0 if before is None else before.by_hand,
            "time_us": to_microseconds(entry.time),
            **dict(zip(("x0", "y0", "x1", "y1"), entry.box, strict=True)),
            "model": model,
            "vector": entry.vector.astype("<f2").tobytes(),
            "picture": entry.picture,
        }
        (new,) = connection.execute(insert(face).values(values)).inserted_primary_key or (None,)
        for person_id in () if before is None else rejected.get(before.id, ()):
            connection.execute(insert(not_person).values(face_id=new, person_id=person_id))
    for row in known:
        connection.execute(delete(face).where(face.c.id == row.id))
    _note(connection, video_id, stretch.number, stretch.stamp)


def finish_faces(connection: Connection, due: SettledVideo) -> None:
    """Note that a whole video was looked at."""
    connection.execute(delete(face_reading).where(face_reading.c.video_id == due.video_id))
    _note(connection, due.video_id, WHOLE, due.stamp)


def group_new_faces(connection: Connection, model: str, same: float) -> bool:
    """Put faces of a model that are in no group into one: so many that others need not wait for the library long.

    Args:
        connection: a writing transaction.
        model: whose vectors are compared.
        same: how far apart two vectors of one person are at most.

    Returns:
        Whether there were more than that, and the rest is to be grouped by the next call.
    """
    ungrouped = select(face.c.id).where(face.c.person_id.is_(None), face.c.model == model).order_by(face.c.id)
    ids = list(connection.execute(ungrouped.limit(AT_ONCE + 1)).scalars())
    if ids:
        _group(connection, ids[:AT_ONCE], model, same)
    drop_empty(connection)
    return len(ids) > AT_ONCE


def count_faces(connection: Connection, video_id: int) -> int:
    """Return how many faces were found in a video."""
    return int(connection.scalar(select(func.count()).where(face.c.video_id == video_id)) or 0)


def _group(connection: Connection, ids: Sequence[int], model: str, same: float) -> None:
    rows = connection.execute(select(face.c.id, face.c.vector).where(face.c.id.in_(ids)))
    vectors = {row.id: row.vector for row in rows}
    rejected = _rejections(connection, ids)
    result = group_faces(
        _stacked([vectors[number] for number in ids]),
        _known_faces(connection, model),
        same,
        {row: rejected[number] for row, number in enumerate(ids) if number in rejected},
    )
    for child, parent in result.joined.items():
        connection.execute(update(face).where(face.c.person_id == child).values(person_id=parent))
        rejected_by = update(not_person).prefix_with("OR IGNORE").where(not_person.c.person_id == child)
        connection.execute(rejected_by.values(person_id=parent))
    made: dict[int, int] = {}
    for number, person_id in zip(ids, result.people, strict=True):
        if person_id < 0 and person_id not in made:
            (made[person_id],) = connection.execute(insert(person)).inserted_primary_key or (0,)
        connection.execute(
            update(face).where(face.c.id == number).values(person_id=made.get(person_id, person_id))
        )


def _known_faces(connection: Connection, model: str) -> KnownFaces:
    rows = connection.execute(
        select(face.c.person_id, face.c.vector, face.c.by_hand).where(
            face.c.person_id.is_not(None), face.c.model == model
        )
    ).all()
    changed = select(face.c.person_id).where(face.c.by_hand == 1, face.c.person_id.is_not(None))
    touched = set(connection.execute(changed).scalars())
    pairs = select(face.c.person_id, not_person.c.person_id.label("other")).join(
        not_person, not_person.c.face_id == face.c.id
    )
    apart = {(row.person_id, row.other) for row in connection.execute(pairs.where(face.c.person_id.is_not(None)))}
    nameless = select(person.c.id).where(person.c.name.is_(None), person.c.hidden == 0)
    return KnownFaces(
        _stacked([row.vector for row in rows]),
        np.array([row.person_id for row in rows], np.int64),
        np.array([row.by_hand == 1 for row in rows], bool),
        set(connection.execute(nameless).scalars()) - touched,
        apart,
    )


def _stacked(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    if not vectors:
        return np.zeros((0, 1), np.float32)
    return np.frombuffer(b"".join(vectors), "<f2").reshape(len(vectors), -1).astype(np.float32)


def _rejections(connection: Connection, ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for first in range(0, len(ids), 500):  # SQLite limits how many parameters a statement has
        some = not_person.c.face_id.in_(ids[first : first + 500])
        for row in connection.execute(select(not_person).where(some)):
            found[row.face_id].add(row.person_id)
    return found


def _known_as(known: Sequence[Row[tuple[object, ...]]], entry: NewFace) -> Row[tuple[object, ...]] | None:
    """Return the face that a new one is found anew, the nearest in time; None where it is another one."""
    time_us = to_microseconds(entry.time)
    near = [row for row in known if abs(row.time_us - time_us) <= NEAR_US]
    over = [row for row in near if overlap((row.x0, row.y0, row.x1, row.y1), entry.box) >= OVERLAP]
    return min(over, key=lambda row: abs(row.time_us - time_us), default=None)


def _note(connection: Connection, video_id: int, part: int, stamp: str) -> None:
    connection.execute(
        insert(face_reading).prefix_with("OR REPLACE").values(video_id=video_id, part=part, stamp=stamp)
    )
