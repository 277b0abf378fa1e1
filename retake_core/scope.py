"""Which videos a query's filters let through."""

import os
from collections import defaultdict
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from retake_core.library.schema import file, video
from retake_core.library.texts import Kind, find_texts
from retake_core.library.videos import MICROSECONDS
from retake_core.query import Field, Query, Term, as_date, as_seconds
from retake_core.words import fold, tokens

EVERY = 1_000_000  # more texts than a filter will ever find
_ABOUT_FILES = (Field.FOLDER, Field.TYPE, Field.AFTER, Field.BEFORE, Field.LONGER, Field.SHORTER)


def videos_in_scope(
    connection: Connection, query: Query, *, folder: Path | None = None, video_id: int | None = None
) -> set[int] | None:
    """Return the ids of the videos that pass every filter, or None when nothing is filtered.

    Args:
        connection: sees the library.
        query: its filters, excluded ones as well; a plain word that is excluded filters titles.
        folder: only videos that have a file in it.
        video_id: only this video.
    """
    scope = None if video_id is None else {video_id}
    about_files = [term for term in query.terms if term.field in _ABOUT_FILES]
    if about_files or folder is not None:
        found = {
            known.id
            for known in _known_videos(connection)
            if (folder is None or any(path.is_relative_to(folder) for path in known.paths))
            and all(_passes(known, term) != term.excluded for term in about_files)
        }
        scope = found if scope is None else scope & found
    for term in query.having(Field.TITLE):
        titled = _titled(connection, term)
        scope = titled if scope is None else scope & titled
    barred = [_titled(connection, t) for t in query.having(Field.TITLE, Field.WORD, Field.PHRASE, excluded=True)]
    if any(barred):
        if scope is None:
            scope = set(connection.execute(select(video.c.id)).scalars())
        scope = scope.difference(*barred)
    return scope


class _Known:
    """What filters look at: files, and when a video was recorded."""

    def __init__(
        self, video_id: int, paths: list[Path], codec: str | None, seconds: float | None, day: str
    ) -> None:
        self.id, self.paths, self.codec, self.seconds, self.day = video_id, paths, codec, seconds, day


def _known_videos(connection: Connection) -> list[_Known]:
    files = defaultdict(list)
    for entry in connection.execute(select(file.c.video_id, file.c.path, file.c.mtime_ns)):
        files[entry.video_id].append(entry)
    known = []
    for row in connection.execute(select(video.c.id, video.c.codec, video.c.duration_us, video.c.recorded)):
        if row.id in files:
            oldest = min(found.mtime_ns for found in files[row.id]) / 1e9
            day = row.recorded[:10] if row.recorded else date.fromtimestamp(oldest).isoformat()
            seconds = None if row.duration_us is None else row.duration_us / MICROSECONDS
            known.append(_Known(row.id, [found.path for found in files[row.id]], row.codec, seconds, day))
    return known


def _passes(known: _Known, term: Term) -> bool:
    wanted = fold(term.value)
    match term.field:
        case Field.FOLDER:
            folders = {path.parent for path in known.paths}
            return any(wanted in fold(os.fsencode(path).decode(errors="replace")) for path in folders)
        case Field.TYPE:
            endings = {path.suffix.lower().lstrip(".") for path in known.paths}
            return wanted.lstrip(".") in endings | {known.codec or ""}
        case Field.AFTER | Field.BEFORE:
            limit = as_date(term.value)
            assert limit is not None  # `parse` leaves others out
            return (known.day >= limit.isoformat()) == (term.field == Field.AFTER)
        case _:
            length = as_seconds(term.value)
            assert length is not None
            if known.seconds is None:
                return False
            return known.seconds >= length if term.field == Field.LONGER else known.seconds <= length


def _titled(connection: Connection, term: Term) -> set[int]:
    """Return the videos that have these words in a title."""
    stems = [(token.stem,) for token in tokens(term.value)]
    phrases = [tuple(stem for (stem,) in stems)] if term.field == Field.PHRASE else stems
    entries = find_texts(connection, [p for p in phrases if p], every=True, kinds=[Kind.TITLE], limit=EVERY)
    return {entry.video_id for entry in entries}
