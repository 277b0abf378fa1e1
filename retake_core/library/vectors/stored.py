"""What the database holds of embeddings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from retake_core.library.schema import counter, embedding

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Stored:
    """Vectors in the database, by the ids of what they are of; ids are never used again.

    Attributes:
        generation: returns a number that changes with any of them.
        summary: returns how many of an encoder there are, and the sum of their ids.
        ids: returns the ids of an encoder's beyond one, in ascending order.
        vectors: yields an encoder's of some ids in parts: ids, ascending, and float32 [n, dimension].
    """

    generation: Callable[[Connection], int]
    summary: Callable[[Connection, str], tuple[int, int]]
    ids: Callable[[Connection, str, int], Ids]
    vectors: Callable[[Connection, str, Sequence[int] | Ids], Iterator[tuple[Ids, Vectors]]]


def generation(connection: Connection) -> int:
    """Return the number that is drawn anew with every change of embeddings: caches of another one are stale."""
    statement = select(counter.c.value).where(counter.c.name == "generation")
    return int(connection.execute(statement).scalar_one())


def summary(connection: Connection, encoder: str) -> tuple[int, int]:
    """Return how many keyframes an encoder embedded, and the sum of their ids."""
    statement = select(func.count(), func.total(embedding.c.keyframe_id)).where(embedding.c.encoder == encoder)
    count, total = connection.execute(statement).one()
    return count, int(total)


def stored_ids(connection: Connection, encoder: str, after: int = 0) -> Ids:
    """Return the ids of all keyframes beyond one that an encoder embedded, in ascending order."""
    # An index holds both columns; without SQLAlchemy's rows a million take a third of the time.
    cursor = connection.exec_driver_sql(
        "SELECT keyframe_id FROM embedding WHERE encoder = ? AND keyframe_id > ? ORDER BY keyframe_id",
        (encoder, after),
    )
    return np.fromiter((row[0] for row in cursor), np.int64)


def vectors_of(connection: Connection, encoder: str, ids: Sequence[int] | Ids) -> Iterator[tuple[Ids, Vectors]]:
    """Yield the vectors of keyframes in parts: ids, ascending in each part, and float32 [n, dimension].

    Ids that are gone are left out.
    """
    for start in range(0, len(ids), AT_ONCE):
        part = [int(number) for number in ids[start : start + AT_ONCE]]
        rows = connection.execute(
            select(embedding.c.keyframe_id, embedding.c.vector)
            .where(embedding.c.keyframe_id.in_(part), embedding.c.encoder == encoder)
            .order_by(embedding.c.keyframe_id)
        ).all()
        if rows:
            vectors = np.frombuffer(b"".join(row.vector for row in rows), "<f2").astype(np.float32)
            yield np.array([row.keyframe_id for row in rows], np.int64), vectors.reshape(len(rows), -1)


def embeddings_of(connection: Connection, encoder: str, ids: Sequence[int]) -> dict[int, Vectors]:
    """Return the stored vectors of keyframes, float32 [dimension] by id; those of other encoders are left out."""
    return {
        number: vector
        for numbers, vectors in vectors_of(connection, encoder, ids)
        for number, vector in zip(numbers.tolist(), vectors, strict=True)
    }


OF_KEYFRAMES = Stored(generation, summary, stored_ids, vectors_of)
