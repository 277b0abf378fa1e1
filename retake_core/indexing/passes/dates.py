"""Finding out when recordings were made: by what they say of themselves, their names, what lies beside them."""

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

from retake_core.cancel import CancelToken
from retake_core.library.database import Database
from retake_core.library.dates import DateSource, in_name, instant_us, normal, of_timestamp
from retake_core.library.schema import file, video

MAX_JSON = 1 << 20  # bytes of a description beside a recording
_SUFFIX = ".json"

Dated = tuple[str | None, DateSource | None]


def date_videos(database: Database, cancel: CancelToken) -> None:
    """Bring the dates of all videos up to date; those that a person set stay.

    Raises:
        Cancelled: nothing is stored.
    """
    with database.reading() as connection:
        files: dict[int, list[tuple[Path, int]]] = defaultdict(list)
        for row in connection.execute(select(file).order_by(file.c.missing, file.c.path)):
            files[row.video_id].append((row.path, row.mtime_ns))
        columns = (video.c.id, video.c.recorded, video.c.dated, video.c.dated_us, video.c.dated_by)
        rows = connection.execute(select(*columns)).all()
    beside: dict[Path, list[str]] = {}
    changes = []
    for row in rows:
        cancel.check()
        if row.dated_by == DateSource.HAND:
            continue
        dated, source = _dated(row.recorded, files[row.id], beside)
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


def _dated(recorded: str | None, files: Sequence[tuple[Path, int]], beside: dict[Path, list[str]]) -> Dated:
    if recorded is not None and (told := normal(recorded)) is not None:
        return told, DateSource.FILE
    for path, _ in files:
        if (told := in_name(path.stem)) is not None:
            return told, DateSource.NAME
    for path, _ in files:
        if (told := _taken(path, beside)) is not None:
            return told, DateSource.TAKEOUT
    oldest = min((mtime_ns for _, mtime_ns in files), default=None)
    if oldest is not None and (told := of_timestamp(oldest / 1e9)) is not None:
        return told, DateSource.CHANGE
    return None, None


def _taken(path: Path, beside: dict[Path, list[str]]) -> str | None:
    """Return the date that Google Takeout writes beside a recording, as party.mp4.json or with more in between."""
    if path.parent not in beside:
        beside[path.parent] = _descriptions(path.parent)
    # Long names are cut: what comes behind the recording's own name may be.
    own = (f"{path.name}.", f"{path.stem}{_SUFFIX}")
    for name in (name for name in beside[path.parent] if name.startswith(own)):
        described = path.with_name(name)
        try:
            if described.stat().st_size > MAX_JSON:
                continue
            document = json.loads(described.read_bytes())
            return of_timestamp(float(document["photoTakenTime"]["timestamp"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return None


def _descriptions(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.name.endswith(_SUFFIX)]
    except OSError:
        return []
