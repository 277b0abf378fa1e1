"""Which videos a query's filters let through."""

import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

from retake_core.library.dates import day, of_timestamp
from retake_core.library.folders import left_out_videos
from retake_core.library.indexing import MICROSECONDS
from retake_core.library.live_films import live_films
from retake_core.library.marks import favourites, hidden_videos, videos_of_stars
from retake_core.library.tags import videos_tagged
from retake_core.library.texts import Phrase, TextKind, find_texts, sought_words
from retake_core.library.words import fold
from retake_core.search.query import FAVOURITE, HIDDEN, LIVE, Field, Query, Term, as_date, as_seconds, as_state

EVERY = 1_000_000  # more texts than a filter will ever find
_STATES = {FAVOURITE: favourites, HIDDEN: hidden_videos, LIVE: live_films}
_BY_HAND = (Field.TAG, Field.STARS, Field.IS)
_ABOUT_FILES = (Field.FOLDER, Field.TYPE, Field.AFTER, Field.BEFORE, Field.LONGER, Field.SHORTER)


def videos_in_scope(
    connection: Connection, query: Query, *, folder: Path | None = None, video_ids: frozenset[int] | None = None
) -> set[int] | None:
    """Return the ids of the videos that pass every filter, or None when that is all; what is left out never does.

    Args:
        connection: sees the library.
        query: its filters, excluded ones as well; a plain word that is excluded filters titles. Hidden videos pass
            only where they are asked for, or are among `video_ids`.
        folder: only videos that have a file in it.
        video_ids: only these videos.
    """
    scope = None if video_ids is None else set(video_ids)
    about_files = [term for term in query.terms if term.field in _ABOUT_FILES]
    if about_files or folder is not None:
        passing = {
            candidate.id
            for candidate in _filtered_videos(connection)
            if (folder is None or any(_is_inside(path, folder) for path in candidate.paths))
            and all(_passes(candidate, term) != term.excluded for term in about_files)
        }
        scope = passing if scope is None else scope & passing
    for term in query.having(Field.TITLE):
        titled = _titled(connection, term)
        scope = titled if scope is None else scope & titled
    for term in query.having(*_BY_HAND):
        marked = _marked(connection, term)
        scope = marked if scope is None else scope & marked
    barred = [_titled(connection, t) for t in query.having(Field.TITLE, Field.WORD, Field.PHRASE, excluded=True)]
    barred += [_marked(connection, term) for term in query.having(*_BY_HAND, excluded=True)]
    if video_ids is None and not any(as_state(term.value) == HIDDEN for term in query.having(Field.IS)):
        barred.append(hidden_videos(connection))
    if any(barred):
        if scope is None:
            scope = _all_videos(connection)
        scope = scope.difference(*barred)
    if left_out := left_out_videos(connection):
        scope = (_all_videos(connection) if scope is None else scope) - left_out
    return scope


def _all_videos(connection: Connection) -> set[int]:
    return {row[0] for row in connection.exec_driver_sql("SELECT id FROM video").cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class _FilteredVideo:
    """What filters look at: folders and endings of a video's files, and when it was recorded or last written."""

    id: int
    paths: tuple[str, ...]
    codec: str | None
    seconds: float | None
    recorded: str | None
    written: float

    @property
    def day(self) -> date | None:
        """When it was recorded, or else last written."""
        told = self.recorded or of_timestamp(self.written)
        return None if told is None else _day(told)

    @property
    def folders(self) -> set[str]:
        """The paths of the folders that hold a file of it, folded."""
        return {_folded(path.rpartition(os.sep)[0]) for path in self.paths}


def _filtered_videos(connection: Connection) -> list[_FilteredVideo]:
    # As the driver gives them: a person types, and SQLAlchemy's rows and paths take ten times as long.
    files: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for video_id, path, mtime_ns in connection.exec_driver_sql(
        "SELECT video_id, path, mtime_ns FROM file"
    ).cursor.fetchall():
        files[video_id].append((os.fsdecode(path), mtime_ns))
    videos = []
    for video_id, codec, duration_us, dated in connection.exec_driver_sql(
        "SELECT id, codec, duration_us, coalesce(dated, recorded) FROM video"
    ).cursor.fetchall():
        if video_id in files:
            seconds = None if duration_us is None else duration_us / MICROSECONDS
            paths, times = zip(*files[video_id], strict=True)
            videos.append(_FilteredVideo(video_id, paths, codec, seconds, dated, min(times) / 1e9))
    return videos


@lru_cache(1 << 14)
def _day(dated: str) -> date:
    return day(dated)


@lru_cache(1 << 12)
def _folded(path: str) -> str:
    return fold(os.fsencode(path).decode(errors="replace"))


def _is_inside(path: str, folder: Path) -> bool:
    whole = os.fspath(folder)
    return path == whole or path.startswith(whole.rstrip(os.sep) + os.sep)


def _passes(candidate: _FilteredVideo, term: Term) -> bool:
    match term.field:
        case Field.FOLDER:
            word = fold(term.value)
            return any(word in folder for folder in candidate.folders)
        case Field.TYPE:
            word = fold(term.value)
            endings = {os.path.splitext(path)[1].lower().lstrip(".") for path in candidate.paths}  # noqa: PTH122
            return word.lstrip(".") in endings | {candidate.codec or ""}
        case Field.AFTER | Field.BEFORE:
            limit = as_date(term.value)
            assert limit is not None  # `parse` leaves others out
            return candidate.day is not None and (candidate.day >= limit) == (term.field == Field.AFTER)
        case _:
            length = as_seconds(term.value)
            assert length is not None
            if candidate.seconds is None:
                return False
            return candidate.seconds >= length if term.field == Field.LONGER else candidate.seconds <= length


def _marked(connection: Connection, term: Term) -> set[int]:
    """Return the videos of which a person says what a term asks for."""
    match term.field:
        case Field.TAG:
            return videos_tagged(connection, term.value)
        case Field.STARS:
            return videos_of_stars(connection, int(term.value))
        case _:
            return _STATES[as_state(term.value) or FAVOURITE](connection)


def _titled(connection: Connection, term: Term) -> set[int]:
    """Return the videos that have these words in a title."""
    words = sought_words(connection, term.value)
    phrases: list[Phrase] = [tuple(words)] if term.field == Field.PHRASE else [(word,) for word in words]
    entries = find_texts(connection, [p for p in phrases if p], every=True, kinds=[TextKind.TITLE], limit=EVERY)
    return {entry.video_id for entry in entries}
