"""Finding out when recordings were made: by what they say of themselves, their names, what lies beside them."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

from retake_core.cancel import CancelToken
from retake_core.indexing.takeout import Descriptions
from retake_core.library.database import Database
from retake_core.library.dates import DateSource, in_name, instant_us, of_timestamp
from retake_core.library.schema import file, video
from retake_core.media.recording_date import normal

Dated = tuple[str | None, DateSource | None]


def date_videos(database: Database, folders: Sequence[Path], cancel: CancelToken) -> None:
    """Bring the dates of videos up to date; those that a person set stay.

    Args:
        database: the library.
        folders: where to look for descriptions that came or changed; elsewhere only where a video has no date yet.
        cancel: looked at for each video.

    Raises:
        Cancelled: nothing is stored.
    """
    with database.reading() as connection:
        files: dict[int, list[tuple[Path, int]]] = defaultdict(list)
        for row in connection.execute(select(file).order_by(file.c.missing, file.c.path)):
            files[row.video_id].append((row.path, row.mtime_ns))
        columns = (video.c.id, video.c.recorded, video.c.dated, video.c.dated_us, video.c.dated_by)
        statement = select(*columns).where(video.c.dated_by.is_distinct_from(DateSource.HAND))
        rows = connection.execute(statement).all()
    descriptions = Descriptions()
    changes = []
    for row in rows:
        cancel.check()
        own = files[row.id]
        dated, source = _by_itself(row.recorded, own)
        if source is None and (row.dated_by is None or _is_in(folders, own)):
            dated, source = _by_description(own, descriptions)
        elif source is None and row.dated_by == DateSource.TAKEOUT:
            continue
        if source is None:
            dated, source = _by_change(own)
        us = None if dated is None else instant_us(dated)
        if (dated, us, source) != (row.dated, row.dated_us, row.dated_by):
            changes.append({"video_id": row.id, "new": dated, "us": us, "source": source})
    if changes:
        values: dict[str, Any] = {
            "dated": bindparam("new"),
            "dated_us": bindparam("us"),
            "dated_by": bindparam("source"),
        }
        with database.writing() as connection:
            connection.execute(update(video).where(video.c.id == bindparam("video_id")).values(values), changes)


def _is_in(folders: Sequence[Path], files: Sequence[tuple[Path, int]]) -> bool:
    return any(path.is_relative_to(folder) for path, _ in files for folder in folders)


def _by_itself(recorded: str | None, files: Sequence[tuple[Path, int]]) -> Dated:
    if recorded is not None and (told := normal(recorded)) is not None:
        return told, DateSource.FILE
    for path, _ in files:
        if (told := in_name(path.stem)) is not None:
            return told, DateSource.NAME
    return None, None


def _by_description(files: Sequence[tuple[Path, int]], descriptions: Descriptions) -> Dated:
    for path, _ in files:
        if (told := descriptions.taken(path)) is not None:
            return told, DateSource.TAKEOUT
    return None, None


def _by_change(files: Sequence[tuple[Path, int]]) -> Dated:
    oldest = min((mtime_ns for _, mtime_ns in files), default=None)
    if oldest is not None and (told := of_timestamp(oldest / 1e9)) is not None:
        return told, DateSource.CHANGE
    return None, None
