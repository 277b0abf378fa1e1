"""Telling the films of live photos from videos: by a tag, which `set_info` stores, and by files beside them."""

import os
from collections import defaultdict
from pathlib import Path

from sqlalchemy import bindparam, or_, select, update

from retake_core.cancel import CancelToken
from retake_core.library.database import Database
from retake_core.library.indexing import to_microseconds
from retake_core.library.live_films import LiveSign, is_named_live
from retake_core.library.schema import Presence, file, video
from retake_core.media.video_info import LONGEST_LIVE_FILM


def mark_live_films(database: Database, cancel: CancelToken) -> None:
    """Bring the marks of all live photos' films up to date; those whose files are away keep theirs.

    Raises:
        Cancelled: nothing is stored.
    """
    short = video.c.duration_us.between(1, to_microseconds(LONGEST_LIVE_FILM))
    by_name = video.c.live == LiveSign.NAME
    statement = (
        select(video.c.id, video.c.duration_us, video.c.live, file.c.path)
        .join_from(video, file)
        .where(file.c.missing == Presence.HERE, or_(short & video.c.live.is_(None), by_name))
    )
    before: dict[int, str | None] = {}
    found: dict[int, bool] = defaultdict(bool)
    listed: dict[Path, frozenset[str]] = {}
    with database.reading() as connection:
        rows = connection.execute(statement).all()
    for row in rows:
        cancel.check()
        if row.path.parent not in listed:
            listed[row.path.parent] = _names(row.path.parent)
        before[row.id] = row.live
        is_short = row.duration_us <= to_microseconds(LONGEST_LIVE_FILM)
        found[row.id] |= is_short and is_named_live(row.path, listed[row.path.parent])
    changes = [
        {"video_id": video_id, "sign": LiveSign.NAME if found[video_id] else None}
        for video_id, sign in before.items()
        if found[video_id] != (sign is not None)
    ]
    if changes:
        marked = update(video).where(video.c.id == bindparam("video_id")).values(live=bindparam("sign"))
        with database.writing() as connection:
            connection.execute(marked, changes)


def _names(folder: Path) -> frozenset[str]:
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name.casefold() for entry in entries)
    except OSError:
        return frozenset()
