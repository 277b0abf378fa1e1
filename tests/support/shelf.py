"""What tests ask of a library: run the indexer on it, and see all that it holds."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.encoders import Encoder
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.keyframes import keyframes
from retake_core.library.schema import embedding, keyframe
from retake_core.protocol.events import Event
from retake_core.settings import Settings
from tests.support.fakes import age

Shelf = dict[str, tuple[object, ...]]
"""By file name: state, depth, error, duration, and of every keyframe time, prominence, picture and vector."""

Some = TypeVar("Some", bound=Event)


def run_index(
    database: Database,
    folder: Path,
    encoder: Encoder,
    *,
    settings: Settings | None = None,
    cancel: CancelToken | None = None,
    thorough: bool = False,
) -> list[Event]:
    """Index a folder and return what was told."""
    token = cancel or CancelToken()
    return list(
        index_folders(IndexRun(database, encoder, settings or Settings(), token, thorough=thorough), [folder])
    )


def only(events: Sequence[Event], kind: type[Some]) -> list[Some]:
    """Return the events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def video(database: Database, name: str) -> catalog.VideoEntry:
    """Return a video by file name."""
    with database.reading() as connection:
        return catalog.find_video(connection, name)


def keyframe_times(database: Database, name: str) -> list[float]:
    """Return the times of a video's keyframes."""
    with database.reading() as connection:
        return [entry.time for entry in keyframes(connection, catalog.find_video(connection, name).id)]


def keyframe_ids(database: Database, name: str) -> list[int]:
    """Return the ids of a video's keyframes."""
    with database.reading() as connection:
        return [entry.id for entry in keyframes(connection, catalog.find_video(connection, name).id)]


def contents(database: Database) -> Shelf:
    """Return all that a library holds, but for ids and whole paths."""
    with database.reading() as connection:
        shelf: Shelf = {}
        for entry in catalog.videos(connection):
            rows = connection.execute(
                select(keyframe.c.time_us, keyframe.c.prominence, keyframe.c.thumbnail, embedding.c.vector)
                .join(embedding)
                .where(keyframe.c.video_id == entry.id)
                .order_by(keyframe.c.time_us)
            )
            names = tuple(path.name for path in entry.paths)
            shelf[entry.path.name] = (
                names,
                entry.state,
                entry.depth,
                entry.error,
                entry.duration,
                tuple(tuple(row) for row in rows),
            )
        return shelf


def put(path: Path, content: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.fsencode(path.name) * 50 if content is None else content)
    age(path)
    return path
