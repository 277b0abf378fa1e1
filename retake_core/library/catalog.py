"""What readers of the library ask it: videos, keyframes, thumbnails."""

import json
import os
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from retake_core.errors import UserError
from retake_core.library.dates import when
from retake_core.library.indexing import MICROSECONDS, Depth
from retake_core.library.schema import file, keyframe, mark, tag, video, watching
from retake_core.system.files import absolute

OPENING = 1  # seconds
EMPTY = 300  # bytes of a thumbnail: one of a single colour takes 160 to 200, one that shows something 600 and more
VIDEO_GONE = "The video is no longer in the library."


@dataclass(frozen=True, slots=True)
class VideoEntry:
    """A video of the library.

    Attributes:
        fingerprint: of its content.
        paths: its files, those that are there first; copies share one entry.
        offline: none of them is there now.
        duration: seconds, or None before the first pass.
        depth: the deepest pass that is complete.
        error: why it cannot be indexed.
        modified: when its first file was last written to, seconds since 1970.
        recorded: when it was recorded, as the file says; a year, or ISO 8601.
        dated: the same by the best of all that tells it.
        dated_by: what told: a `DateSource`.
        size: of its first file, in bytes.
        stars: that a person gave it, 0 to 5.
        hidden: whether it is left out of lists and searches.
        position: seconds where a person stopped to watch it, or None.
        watched: when that was, seconds since 1970.
        tags: in order of name.
    """

    id: int
    fingerprint: str
    paths: tuple[Path, ...]
    offline: bool
    duration: float | None
    width: int | None
    height: int | None
    codec: str | None
    recorded: str | None
    keyframes: int
    depth: Depth
    error: str | None
    modified: float
    dated: str | None = None
    dated_by: str | None = None
    size: int = 0
    stars: int = 0
    favourite: bool = False
    hidden: bool = False
    position: float | None = None
    watched: float | None = None
    tags: tuple[str, ...] = ()

    @property
    def when(self) -> datetime | None:
        """When it was recorded, with the offset of its place or of this computer; None where nothing tells it."""
        date = self.dated or self.recorded
        return None if date is None else when(date)

    @property
    def path(self) -> Path:
        """The first of its files."""
        return self.paths[0]

    @property
    def state(self) -> str:
        """One word for a person."""
        if self.error is not None:
            return "failed"
        if self.offline:
            return "offline"
        return "waiting" if self.depth == Depth.NONE else self.depth.name.lower()


class VideoRow(NamedTuple):
    """A video as the database has it, for lists of so many that a VideoEntry for each would take seconds.

    Attributes:
        path: of its first file, one that is there if any is; in the file system's own bytes.
        copies: paths of its other files.
        poster: the keyframe that stands for it.
    """

    id: int
    fingerprint: str
    path: bytes
    missing: int
    mtime_ns: int
    duration_us: int | None
    width: int | None
    height: int | None
    codec: str | None
    recorded: str | None
    keyframes: int
    depth: int
    error: str | None
    poster: int | None
    dated: str | None = None
    dated_by: str | None = None
    size: int = 0
    stars: int = 0
    favourite: int = 0
    hidden: int = 0
    position_us: int | None = None
    watched_us: int | None = None
    tags: tuple[str, ...] = ()
    copies: tuple[bytes, ...] = ()

    @property
    def entry(self) -> VideoEntry:
        """The same in the units of the rest of the program."""
        return VideoEntry(
            id=self.id,
            fingerprint=self.fingerprint,
            paths=tuple(Path(os.fsdecode(path)) for path in (self.path, *self.copies)),
            offline=bool(self.missing),
            duration=None if self.duration_us is None else self.duration_us / MICROSECONDS,
            width=self.width,
            height=self.height,
            codec=self.codec,
            recorded=self.recorded,
            keyframes=self.keyframes,
            depth=Depth(self.depth),
            error=self.error,
            modified=self.mtime_ns / 1e9,
            dated=self.dated,
            dated_by=self.dated_by,
            size=self.size,
            stars=self.stars,
            favourite=bool(self.favourite),
            hidden=bool(self.hidden),
            position=None if self.position_us is None else self.position_us / MICROSECONDS,
            watched=None if self.watched_us is None else self.watched_us / MICROSECONDS,
            tags=self.tags,
        )


@dataclass(frozen=True, slots=True)
class KeyframeEntry:
    """A keyframe of the library: seconds, and prominence 0..1."""

    id: int
    video_id: int
    time: float
    prominence: float


def videos(connection: Connection, among: int | Collection[int] | None = None) -> list[VideoEntry]:
    """Return all videos, those of some ids, or the one of an id, in order of path."""
    return [row.entry for row in video_rows(connection, among)]


def videos_by_id(connection: Connection, ids: Collection[int]) -> dict[int, VideoEntry]:
    """Return the videos of these ids by id; those that are gone are left out."""
    return {entry.id: entry for entry in videos(connection, ids)}


def video_by_id(connection: Connection, video_id: int) -> VideoEntry:
    """Return a video.

    Raises:
        UserError: it is gone.
    """
    for entry in videos(connection, video_id):
        return entry
    raise UserError(VIDEO_GONE)


def video_rows(connection: Connection, among: int | Collection[int] | None = None) -> list[VideoRow]:
    """Return all videos, those of some ids, or the one of an id, in order of path."""
    files = select(file.c.id).where(file.c.video_id == video.c.id).order_by(file.c.missing, file.c.path).limit(1)
    counted = select(func.count()).where(keyframe.c.video_id == video.c.id)
    rows = (
        select(
            video.c.id,
            video.c.fingerprint,
            file.c.path,
            file.c.missing,
            file.c.mtime_ns,
            video.c.duration_us,
            video.c.width,
            video.c.height,
            video.c.codec,
            video.c.recorded,
            counted.correlate(video).scalar_subquery(),
            video.c.depth,
            video.c.error,
            _poster(),
            video.c.dated,
            video.c.dated_by,
            file.c.size,
            func.coalesce(mark.c.stars, 0),
            func.coalesce(mark.c.favourite, 0),
            func.coalesce(mark.c.hidden, 0),
            watching.c.position_us,
            watching.c.watched_us,
        )
        .join_from(video, file, file.c.id == files.correlate(video).scalar_subquery())
        .outerjoin(mark, mark.c.video_id == video.c.id)
        .outerjoin(watching, watching.c.video_id == video.c.id)
        .order_by(file.c.path)
    )
    copied = select(file.c.video_id).group_by(file.c.video_id).having(func.count() > 1)
    copies = select(file.c.video_id, file.c.path).order_by(file.c.missing, file.c.path)
    tagged = select(tag.c.video_id, tag.c.name).order_by(tag.c.key)
    if among is None:
        copies = copies.where(file.c.video_id.in_(copied))
    else:
        ids = [among] if isinstance(among, int) else list(among)
        rows = rows.where(video.c.id.in_(ids))
        copies = copies.where(file.c.video_id.in_(ids))
        tagged = tagged.where(tag.c.video_id.in_(ids))
    paths, tags = _grouped(connection, copies), _grouped(connection, tagged)
    entries = [VideoRow(*row) for row in _plain(connection, rows)]
    entries = [row._replace(tags=tuple(tags[row.id])) if row.id in tags else row for row in entries]
    return [row._replace(copies=tuple(paths[row.id][1:])) if row.id in paths else row for row in entries]


def _grouped(connection: Connection, statement: Select[Any]) -> dict[int, list[Any]]:
    """Return the second column of rows by the first one, a video's id."""
    found: dict[int, list[Any]] = {}
    for owner, value in _plain(connection, statement):
        found.setdefault(owner, []).append(value)
    return found


def _poster() -> ColumnElement[int]:
    """The keyframe that stands for a video."""
    own = select(keyframe.c.id).where(keyframe.c.video_id == video.c.id).correlate(video)
    return own.order_by(*_most_telling()).limit(1).scalar_subquery()


def _most_telling() -> tuple[ColumnElement[Any], ...]:
    """The order of keyframes as posters: the most prominent first, but the first frame and empty ones at the end.

    The first frame, often black, differs from nothing before it, and a picture of a single colour tells nothing,
    however prominent after a cut: they stand for a video only without a rival. The size of its file tells an empty
    one without decoding it.
    """
    empty = func.length(keyframe.c.thumbnail) <= EMPTY
    return empty, keyframe.c.time_us < OPENING * MICROSECONDS, keyframe.c.prominence.desc(), keyframe.c.time_us


def _plain(connection: Connection, statement: Select[Any]) -> Sequence[Any]:
    """Return rows as the driver gives them: SQLAlchemy's own take as long again as the query."""
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    return cursor.fetchall()


def find_video(connection: Connection, name: str) -> VideoEntry:
    """Return the video that a person means by a path, a file name, a name without its ending, or an id.

    Raises:
        UserError: none, or more than one.
    """
    entries = videos(connection)
    whole, name = absolute(Path(name)), _composed(name)
    meanings = (
        [entry for entry in entries if whole in entry.paths],
        [entry for entry in entries if name in {_composed(path.name) for path in entry.paths}],
        [entry for entry in entries if name in {_composed(path.stem) for path in entry.paths}],
        [entry for entry in entries if name == str(entry.id)],
    )
    for matches in meanings:
        if len(matches) == 1:
            return matches[0]
        if matches:
            choices = ", ".join(str(entry.path) for entry in matches[:3])
            raise UserError(f"{len(matches)} videos are called {name} ({choices}); give the whole path.")
    raise UserError(f"No video {name} is in the library; `retake videos` lists them, `retake index` adds folders.")


def _composed(name: str) -> str:
    """Return a name with letters and their accents as one: systems differ in how they store them."""
    return unicodedata.normalize("NFC", name)


def keyframes(connection: Connection, video_id: int, top: int | None = None) -> list[KeyframeEntry]:
    """Return a video's keyframes in order of time: all, or the `top` most prominent."""
    statement = (
        select(keyframe.c.id, keyframe.c.video_id, keyframe.c.time_us, keyframe.c.prominence)
        .where(keyframe.c.video_id == video_id)
        .order_by(keyframe.c.prominence.desc(), keyframe.c.time_us)
        .limit(top)
    )
    entries = [
        KeyframeEntry(row.id, row.video_id, row.time_us / MICROSECONDS, row.prominence)
        for row in connection.execute(statement)
    ]
    return sorted(entries, key=lambda entry: entry.time)


@dataclass(frozen=True, slots=True)
class KeyframeSpan:
    """A keyframe and the time that it stands for: seconds, to the next keyframe or the end of the video."""

    id: int
    video_id: int
    time: float
    end: float


def keyframe_spans(connection: Connection, keyframe_ids: Sequence[int]) -> list[KeyframeSpan]:
    """Return what keyframes stand for, in order of video and time; ids that are gone are left out."""
    later = keyframe.alias()
    following = (
        select(func.min(later.c.time_us))
        .where(later.c.video_id == keyframe.c.video_id, later.c.time_us > keyframe.c.time_us)
        .scalar_subquery()
    )
    end = func.coalesce(following, func.max(func.coalesce(video.c.duration_us, 0), keyframe.c.time_us))
    statement = (
        select(keyframe.c.id, keyframe.c.video_id, keyframe.c.time_us, end.label("end_us"))
        .join(video)
        .where(keyframe.c.id.in_(keyframe_ids))
        .order_by(keyframe.c.video_id, keyframe.c.time_us)
    )
    return [
        KeyframeSpan(row.id, row.video_id, row.time_us / MICROSECONDS, row.end_us / MICROSECONDS)
        for row in connection.execute(statement)
    ]


def keyframe_ids(connection: Connection, video_ids: Collection[int]) -> list[int]:
    """Return the ids of all keyframes of some videos."""
    # As text: a filter may let half of a large library through, and SQLAlchemy's rows take ten times as long.
    query = "SELECT keyframe.id FROM json_each(?) AS chosen JOIN keyframe ON keyframe.video_id = chosen.value"
    rows = connection.exec_driver_sql(query, (json.dumps(list(video_ids)),)).cursor.fetchall()
    return [row[0] for row in rows]


def keyframe_at(connection: Connection, video_id: int, time: float) -> KeyframeEntry | None:
    """Return the keyframe that stands for a time, or the first one; None if the video has none."""
    # As text: a search asks it for every moment, and SQLAlchemy takes longer to write it than SQLite to answer.
    query = "SELECT id, time_us, prominence FROM keyframe WHERE video_id = ? AND time_us"
    for rest in ("<= ? ORDER BY time_us DESC LIMIT 1", "> ? ORDER BY time_us LIMIT 1"):
        row = connection.exec_driver_sql(f"{query} {rest}", (video_id, round(time * MICROSECONDS))).first()
        if row is not None:
            return KeyframeEntry(row.id, video_id, row.time_us / MICROSECONDS, row.prominence)
    return None


def next_keyframe(connection: Connection, video_id: int, time: float) -> float | None:
    """Return the time of the first keyframe after a time, in seconds; None if there is none."""
    later = select(func.min(keyframe.c.time_us)).where(keyframe.c.video_id == video_id)
    time_us = connection.scalar(later.where(keyframe.c.time_us > round(time * MICROSECONDS)))
    return None if time_us is None else time_us / MICROSECONDS


def poster(connection: Connection, video_id: int) -> KeyframeEntry | None:
    """Return the keyframe that stands for a video; None if it has none."""
    row = connection.execute(
        select(keyframe.c.id, keyframe.c.time_us, keyframe.c.prominence)
        .where(keyframe.c.video_id == video_id)
        .order_by(*_most_telling())
        .limit(1)
    ).first()
    return None if row is None else KeyframeEntry(row.id, video_id, row.time_us / MICROSECONDS, row.prominence)


def thumbnails(connection: Connection, keyframe_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the encoded pictures of keyframes by id; ids that are gone are left out."""
    pictures: dict[int, bytes] = {}
    for start in range(0, len(keyframe_ids), 500):  # SQLite limits how many parameters a statement has
        part = keyframe_ids[start : start + 500]
        rows = connection.execute(select(keyframe.c.id, keyframe.c.thumbnail).where(keyframe.c.id.in_(part)))
        pictures |= {row.id: row.thumbnail for row in rows}
    return pictures
