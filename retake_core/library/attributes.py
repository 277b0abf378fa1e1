"""What was measured in the pictures of keyframes, as search asks for it: see `encoders.attributes`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import MICROSECONDS, bump_generation
from retake_core.library.schema import file, keyframe, keyframe_attributes, video
from retake_core.library.vectors.stored import Vectors, of_keyframes


@dataclass(frozen=True, slots=True)
class UnmeasuredVideo:
    """A video with keyframes that were not measured yet.

    Attributes:
        path: of one of its files.
        duration: seconds.
        keyframes: how many wait.
    """

    video_id: int
    path: Path
    duration: float
    keyframes: int


def unmeasured_videos(connection: Connection, measure: str) -> list[UnmeasuredVideo]:
    """Return the videos with keyframes in whose pictures this was not measured yet, in order of id."""
    path = select(func.min(file.c.path)).where(file.c.video_id == video.c.id).scalar_subquery()
    statement = (
        select(video.c.id, video.c.duration_us, path.label("path"), func.count().label("keyframes"))
        .join_from(keyframe, video)
        .where(keyframe.c.id.not_in(_measured(measure)))
        .group_by(video.c.id)
        .order_by(video.c.id)
    )
    return [
        UnmeasuredVideo(row.id, row.path or Path(), (row.duration_us or 0) / MICROSECONDS, row.keyframes)
        for row in connection.execute(statement)
    ]


def not_measured_in(connection: Connection, measure: str, video_id: int) -> list[int]:
    """Return the ids of a video's keyframes in whose pictures this was not measured yet, in ascending order."""
    waiting = (keyframe.c.video_id == video_id) & keyframe.c.id.not_in(_measured(measure))
    return list(connection.execute(select(keyframe.c.id).where(waiting).order_by(keyframe.c.id)).scalars())


def newest_keyframe(connection: Connection) -> int:
    """Return the greatest id of a keyframe; later ones are greater."""
    return int(connection.execute(select(func.coalesce(func.max(keyframe.c.id), 0))).scalar_one())


def keyframes_after(connection: Connection, number: int, count: int) -> list[int]:
    """Return at most so many ids of keyframes that follow a number, in ascending order."""
    statement = select(keyframe.c.id).where(keyframe.c.id > number).order_by(keyframe.c.id).limit(count)
    return list(connection.execute(statement).scalars())


def _measured(measure: str) -> Select[tuple[int]]:
    return select(keyframe_attributes.c.keyframe_id).where(keyframe_attributes.c.measure == measure)


def store_attributes(connection: Connection, measure: str, numbers: Mapping[int, NDArray[np.float32]]) -> None:
    """Store what was measured: float32 [n], 0..1, by keyframe. Keyframes that are gone by now are left out."""
    here = set(connection.execute(select(keyframe.c.id).where(keyframe.c.id.in_(list(numbers)))).scalars())
    for number in here:
        values = {"keyframe_id": number, "measure": measure, "numbers": numbers[number].astype("<f2").tobytes()}
        connection.execute(insert(keyframe_attributes).prefix_with("OR REPLACE").values(values))
    bump_generation(connection)


OF_ATTRIBUTES = of_keyframes(keyframe_attributes.c.measure, keyframe_attributes.c.numbers)


def attributes_of(connection: Connection, measure: str, ids: Sequence[int]) -> dict[int, Vectors]:
    """Return what was measured, float32 [n] by keyframe; keyframes in which it was not are left out."""
    return OF_ATTRIBUTES.by_id(connection, measure, ids)
