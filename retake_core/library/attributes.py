"""What was measured in the pictures of keyframes, as search asks for it: see `encoders.attributes`."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import bump_generation
from retake_core.library.schema import keyframe, keyframe_attributes
from retake_core.library.vectors.stored import AT_ONCE, Ids, Stored, Vectors, generation

_ID, _NUMBERS = keyframe_attributes.c.keyframe_id, keyframe_attributes.c.numbers


def not_measured(connection: Connection, measure: str) -> list[int]:
    """Return the ids of the keyframes in whose pictures this was not measured yet, in ascending order."""
    done = select(_ID).where(keyframe_attributes.c.measure == measure)
    return list(connection.execute(select(keyframe.c.id).where(keyframe.c.id.not_in(done))).scalars())


def store_attributes(connection: Connection, measure: str, numbers: Mapping[int, NDArray[np.float32]]) -> None:
    """Store what was measured: float32 [n], 0..1, by keyframe. Keyframes that are gone by now are left out."""
    here = set(connection.execute(select(keyframe.c.id).where(keyframe.c.id.in_(list(numbers)))).scalars())
    for number in here:
        values = {"keyframe_id": number, "measure": measure, "numbers": numbers[number].astype("<f2").tobytes()}
        connection.execute(insert(keyframe_attributes).prefix_with("OR REPLACE").values(values))
    bump_generation(connection)


def attributes_of(connection: Connection, measure: str, ids: Sequence[int]) -> dict[int, Vectors]:
    """Return what was measured, float32 [n] by keyframe; keyframes in which it was not are left out."""
    return {
        number: row
        for numbers, rows in _vectors_of(connection, measure, ids)
        for number, row in zip(numbers.tolist(), rows, strict=True)
    }


def _summary(connection: Connection, measure: str) -> tuple[int, int]:
    statement = select(func.count(), func.total(_ID)).where(keyframe_attributes.c.measure == measure)
    count, total = connection.execute(statement).one()
    return count, int(total)


def _stored_ids(connection: Connection, measure: str, after: int = 0) -> Ids:
    # Without SQLAlchemy's rows a million take a third of the time.
    cursor = connection.exec_driver_sql(
        "SELECT keyframe_id FROM keyframe_attributes WHERE measure = ? AND keyframe_id > ? ORDER BY keyframe_id",
        (measure, after),
    )
    return np.fromiter((row[0] for row in cursor), np.int64)


def _vectors_of(connection: Connection, measure: str, ids: Sequence[int] | Ids) -> Iterator[tuple[Ids, Vectors]]:
    for start in range(0, len(ids), AT_ONCE):
        part = [int(number) for number in ids[start : start + AT_ONCE]]
        statement = select(_ID, _NUMBERS).where(_ID.in_(part), keyframe_attributes.c.measure == measure)
        rows = connection.execute(statement.order_by(_ID)).all()
        if rows:
            numbers = np.frombuffer(b"".join(row.numbers for row in rows), "<f2").astype(np.float32)
            yield np.array([row.keyframe_id for row in rows], np.int64), numbers.reshape(len(rows), -1)


OF_ATTRIBUTES = Stored(generation, _summary, _stored_ids, _vectors_of)
