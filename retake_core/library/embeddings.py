"""Vectors of several encoders: who made how many, which are missing, and which are of no more use."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import bump_generation
from retake_core.library.schema import embedding, encoder, keyframe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AT_ONCE = 5_000
"""Vectors that are deleted in one transaction: others may wait for it."""


def embedded_by(connection: Connection) -> dict[str, int]:
    """Return how many keyframes each encoder embedded, by its id."""
    rows = connection.execute(select(embedding.c.encoder, func.count()).group_by(embedding.c.encoder))
    return {row[0]: row[1] for row in rows}


def encoder_of_most(connection: Connection, video_id: int) -> str | None:
    """Return the id of the encoder that embedded most keyframes of a video; None where there is none."""
    count = func.count()
    statement = (
        select(embedding.c.encoder)
        .join(keyframe, keyframe.c.id == embedding.c.keyframe_id)
        .where(keyframe.c.video_id == video_id)
        .group_by(embedding.c.encoder)
        .order_by(count.desc(), embedding.c.encoder)
        .limit(1)
    )
    return connection.scalar(statement)


def encoder_ids(connection: Connection) -> dict[str, str]:
    """Return the ids of encoders by the names that the settings give them."""
    return {row.name: row.id for row in connection.execute(select(encoder))}


def note_encoder(connection: Connection, name: str, encoder_id: str) -> None:
    """Remember which embeddings the encoder of a name makes; one id goes by one name, the latest."""
    connection.execute(delete(encoder).where((encoder.c.name == name) | (encoder.c.id == encoder_id)))
    connection.execute(insert(encoder).values(name=name, id=encoder_id))


def not_embedded_by(connection: Connection, encoder_id: str) -> list[int]:
    """Return the ids of the keyframes that only other encoders embedded, in ascending order."""
    own = select(embedding.c.keyframe_id).where(embedding.c.encoder == encoder_id)
    others = select(embedding.c.keyframe_id).where(
        embedding.c.encoder != encoder_id, embedding.c.keyframe_id.not_in(own)
    )
    return list(connection.execute(others.distinct().order_by(embedding.c.keyframe_id)).scalars())


def only_thumbnails(connection: Connection) -> int:
    """Return how many keyframes are known to an encoder by their thumbnails alone."""
    of_thumbnails = select(embedding.c.keyframe_id).where(embedding.c.from_thumbnail == 1).distinct()
    return connection.execute(select(func.count()).select_from(of_thumbnails.subquery())).scalar_one()


def store_of_thumbnails(
    connection: Connection, encoder_id: str, vectors: "Mapping[int, NDArray[np.float32]]", unreadable: list[int]
) -> None:
    """Store what an encoder made of thumbnails.

    Args:
        connection: a writing transaction.
        encoder_id: of the encoder.
        vectors: float32 [dimension], length 1, by keyframe.
        unreadable: keyframes whose thumbnail is damaged: no encoder can find them until their video is seen again.
    """
    for number, vector in vectors.items():
        values = {"encoder": encoder_id, "keyframe_id": number, "from_thumbnail": 1}
        connection.execute(insert(embedding).values(values | {"vector": vector.astype("<f2").tobytes()}))
    connection.execute(delete(embedding).where(embedding.c.keyframe_id.in_(unreadable)))
    bump_generation(connection)


def drop_others(connection: Connection, encoder_id: str) -> int:
    """Delete vectors of other encoders, some at a time. Returns how many went; 0 when there are no more."""
    others = select(embedding.c.encoder, embedding.c.keyframe_id).where(embedding.c.encoder != encoder_id)
    some = connection.execute(others.limit(AT_ONCE)).all()
    for name in {row.encoder for row in some}:
        numbers = [row.keyframe_id for row in some if row.encoder == name]
        connection.execute(
            delete(embedding).where(embedding.c.encoder == name, embedding.c.keyframe_id.in_(numbers))
        )
    if some:
        connection.execute(delete(encoder).where(encoder.c.id != encoder_id))
        bump_generation(connection)
    return len(some)
