"""What the database holds of embeddings."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Connection, bindparam, func, select
from sqlalchemy.dialects import sqlite

from retake_core.library.schema import counter, embedding
from retake_core.library.written import LISTED

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
        vectors: yields an encoder's of some ids in parts: ids, ascending in each, and float32 [n, dimension]; what
            is gone is left out.
    """

    generation: Callable[[Connection], int]
    summary: Callable[[Connection, str], tuple[int, int]]
    ids: Callable[[Connection, str, int], Ids]
    vectors: Callable[[Connection, str, Sequence[int] | Ids], Iterator[tuple[Ids, Vectors]]]

    def by_id(self, connection: Connection, encoder: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """Return an encoder's vectors, float32 [dimension] by id; ids that it has none of are left out."""
        return {
            number: vector
            for numbers, vectors in self.vectors(connection, encoder, ids)
            for number, vector in zip(numbers.tolist(), vectors, strict=True)
        }


def generation(connection: Connection) -> int:
    """Return the number that is drawn anew with every change of embeddings: caches of another one are stale."""
    statement = select(counter.c.value).where(counter.c.name == "generation")
    return int(connection.execute(statement).scalar_one())


def of_keyframes(maker: Column[str], vector: Column[bytes]) -> Stored:
    """Return what a table holds of keyframes: of each a vector, and what made it, in these columns."""
    number = vector.table.c.keyframe_id
    found = select(number).where(maker == bindparam("maker"), number > bindparam("after")).order_by(number)
    some = select(number, vector).where(number.in_(LISTED), maker == bindparam("maker")).order_by(number)
    chosen = str(some.compile(dialect=sqlite.dialect()))
    beyond = str(found.compile(dialect=sqlite.dialect()))

    def summary(connection: Connection, encoder: str) -> tuple[int, int]:
        statement = select(func.count(), func.total(number)).where(maker == encoder)
        count, total = connection.execute(statement).one()
        return count, int(total)

    def ids(connection: Connection, encoder: str, after: int) -> Ids:
        # An index holds both columns of embeddings; without SQLAlchemy's rows a million take a third of the time.
        return np.fromiter((row[0] for row in connection.exec_driver_sql(beyond, (encoder, after))), np.int64)

    def vectors(connection: Connection, encoder: str, ids: Sequence[int] | Ids) -> Iterator[tuple[Ids, Vectors]]:
        for start in range(0, len(ids), AT_ONCE):
            part = json.dumps([int(each) for each in ids[start : start + AT_ONCE]])
            if rows := connection.exec_driver_sql(chosen, (part, encoder)).cursor.fetchall():
                joined = np.frombuffer(b"".join(row[1] for row in rows), "<f2").astype(np.float32)
                yield np.array([row[0] for row in rows], np.int64), joined.reshape(len(rows), -1)

    return Stored(generation, summary, ids, vectors)


OF_KEYFRAMES = of_keyframes(embedding.c.encoder, embedding.c.vector)


def embeddings_of(connection: Connection, encoder: str, ids: Sequence[int]) -> dict[int, Vectors]:
    """Return the stored vectors of keyframes, float32 [dimension] by id; those of other encoders are left out."""
    return OF_KEYFRAMES.by_id(connection, encoder, ids)
