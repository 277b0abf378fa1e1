"""What readers of the library ask it of videos."""

import json
import os
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, null, select

from retake_core.errors import UserError
from retake_core.library.dates import when
from retake_core.library.indexing import MICROSECONDS, Depth
from retake_core.library.keyframes import most_telling
from retake_core.library.schema import Presence, file, keyframe, mark, tag, video, watching
from retake_core.library.written import LISTED, written
from retake_core.media.video_info import DOLBY_VISION
from retake_core.system.files import absolute

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
        live: whether it is the film of a live photo.
        frame_rate: frames a second on average, 0.0 when unknown.
        sound_track: that a person chose, counted from 1.
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
    live: bool = False
    frame_rate: float = 0.0
    sound_track: int | None = None
    tags: tuple[str, ...] = ()

    @property
    def when(self) -> datetime | None:
        """When it was recorded, with the offset of its place or of this computer; None where nothing tells it."""
        date = self.dated or self.recorded
        return None if date is None else when(date)

    @property
    def own_colours(self) -> bool:
        """Whether only Dolby Vision's own screens can show its colours right."""
        return self.codec == DOLBY_VISION

    @property
    def path(self) -> Path:
        """The first of its files."""
        return self.paths[0]

    @property
    def state(self) -> str:
        """One word for a person."""
        return _state(self.error, self.offline, self.depth)


def _state(error: str | None, offline: bool, depth: Depth) -> str:
    if error is not None:
        return "failed"
    if offline:
        return "offline"
    return "waiting" if depth == Depth.NONE else depth.name.lower()


class VideoRow(NamedTuple):
    """A video as the database has it, for lists of so many that a VideoEntry for each would take seconds.

    Attributes:
        path: of its first file, one that is there if any is; in the file system's own bytes.
        copies: paths of its other files.
        poster: the keyframe that stands for it.
        pieces: of the recording, where it stands for a whole one that its camera wrote as several files.
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
    live: int = 0
    frame_rate: float | None = None
    sound_track: int | None = None
    tags: tuple[str, ...] = ()
    copies: tuple[bytes, ...] = ()
    pieces: tuple["VideoRow", ...] = ()

    @property
    def offline(self) -> bool:
        """Whether none of its files is there now."""
        return bool(self.missing)

    @property
    def state(self) -> str:
        """One word for a person."""
        return _state(self.error, self.offline, Depth(self.depth))

    @property
    def position(self) -> float | None:
        """Seconds where a person stopped to watch it, or None."""
        return None if self.position_us is None else self.position_us / MICROSECONDS

    @property
    def entry(self) -> VideoEntry:
        """The same in the units of the rest of the program."""
        return VideoEntry(
            id=self.id,
            fingerprint=self.fingerprint,
            paths=tuple(Path(os.fsdecode(path)) for path in (self.path, *self.copies)),
            offline=self.offline,
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
            position=self.position,
            watched=None if self.watched_us is None else self.watched_us / MICROSECONDS,
            live=bool(self.live),
            frame_rate=self.frame_rate or 0.0,
            sound_track=self.sound_track,
            tags=self.tags,
        )


def videos(connection: Connection, among: int | Collection[int] | None = None) -> list[VideoEntry]:
    """Return all videos, those of some ids, or the one of an id, in order of path."""
    return [row.entry for row in video_rows(connection, among, posters=False)]


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


def video_rows(
    connection: Connection, among: int | Collection[int] | None = None, *, posters: bool = True
) -> list[VideoRow]:
    """Return all videos, those of some ids, or the one of an id, in order of path; not what is left out.

    Args:
        connection: sees the library.
        among: ids, or one; None is all.
        posters: whether to choose them: to compare the keyframes of 50 videos takes 20 ms.
    """
    queries = _queries(among=among is not None, posters=posters)
    # The ids as one text: to write a statement for so many takes SQLAlchemy longer than SQLite to answer it.
    ids = () if among is None else (json.dumps([among] if isinstance(among, int) else list(among)),)

    def rows(query: str) -> Sequence[Any]:
        return connection.exec_driver_sql(query, ids).cursor.fetchall()

    paths, tags = _grouped(rows(queries.copies)), _grouped(rows(queries.tags))
    entries = [VideoRow(*row) for row in rows(queries.videos)]
    entries = [row._replace(tags=tuple(tags[row.id])) if row.id in tags else row for row in entries]
    return [row._replace(copies=tuple(paths[row.id][1:])) if row.id in paths else row for row in entries]


class _Queries(NamedTuple):
    """What is asked of videos, as text: the same again and again."""

    videos: str
    copies: str
    tags: str


@cache
def _queries(*, among: bool, posters: bool) -> _Queries:
    """Write what is asked of all videos, or of some ids, which are a parameter then: a list in JSON."""
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
            _poster() if posters else null(),
            video.c.dated,
            video.c.dated_by,
            file.c.size,
            func.coalesce(mark.c.stars, 0),
            func.coalesce(mark.c.favourite, 0),
            func.coalesce(mark.c.hidden, 0),
            watching.c.position_us,
            watching.c.watched_us,
            video.c.live.is_not(None),
            video.c.frame_rate,
            video.c.sound_track,
        )
        .join_from(video, file, file.c.id == files.correlate(video).scalar_subquery())
        .outerjoin(mark, mark.c.video_id == video.c.id)
        .outerjoin(watching, watching.c.video_id == video.c.id)
        .where(file.c.missing != Presence.LEFT_OUT)
        .order_by(file.c.path)
    )
    copied = select(file.c.video_id).group_by(file.c.video_id).having(func.count() > 1)
    copies = select(file.c.video_id, file.c.path).where(file.c.missing != Presence.LEFT_OUT)
    copies = copies.order_by(file.c.missing, file.c.path)
    tagged = select(tag.c.video_id, tag.c.name).order_by(tag.c.key)
    if among:
        rows = rows.where(video.c.id.in_(LISTED))
        copies = copies.where(file.c.video_id.in_(LISTED))
        tagged = tagged.where(tag.c.video_id.in_(LISTED))
    else:
        copies = copies.where(file.c.video_id.in_(copied))
    return _Queries(*map(written, (rows, copies, tagged)))


def _grouped(rows: Sequence[Any]) -> dict[int, list[Any]]:
    """Return the second column of rows by the first one, a video's id."""
    found: dict[int, list[Any]] = {}
    for owner, value in rows:
        found.setdefault(owner, []).append(value)
    return found


def _poster() -> ColumnElement[int]:
    """The keyframe that stands for a video."""
    own = select(keyframe.c.id).where(keyframe.c.video_id == video.c.id).correlate(video)
    return own.order_by(*most_telling()).limit(1).scalar_subquery()


def find_video(connection: Connection, name: str, *, hidden: bool = True) -> VideoEntry:
    """Return the video that a person means by a path, a file name, a name without its ending, or an id.

    Args:
        connection: sees the library.
        name: what the person wrote.
        hidden: whether it may be one that lists and searches leave out.

    Raises:
        UserError: none, or more than one.
    """
    entries = [entry for entry in videos(connection) if hidden or not entry.hidden]
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
