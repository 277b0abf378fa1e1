"""What readers of the library ask it: videos, keyframes, thumbnails."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from retake_core.errors import UserError
from retake_core.library.schema import file, keyframe, video
from retake_core.library.videos import MICROSECONDS, Depth
from retake_core.paths import absolute

OPENING = 1  # seconds


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


@dataclass(frozen=True, slots=True)
class KeyframeEntry:
    """A keyframe of the library: seconds, and prominence 0..1."""

    id: int
    video_id: int
    time: float
    prominence: float


def videos(connection: Connection, video_id: int | None = None) -> list[VideoEntry]:
    """Return all videos, or one, in order of path."""
    files = select(file).order_by(file.c.missing, file.c.path)
    counted = select(keyframe.c.video_id, func.count().label("keyframes")).group_by(keyframe.c.video_id).subquery()
    rows = select(video, func.coalesce(counted.c.keyframes, 0).label("keyframes")).outerjoin(counted)
    if video_id is not None:
        files = files.where(file.c.video_id == video_id)
        rows = rows.where(video.c.id == video_id)
    paths: dict[int, list[Path]] = {}
    present: set[int] = set()
    modified: dict[int, float] = {}
    for row in connection.execute(files).all():  # all at once is a quarter faster than one by one
        paths.setdefault(row.video_id, []).append(row.path)
        modified.setdefault(row.video_id, row.mtime_ns / 1e9)
        if not row.missing:
            present.add(row.video_id)
    # In the order of the files, which nearly is that of the result: sorting what is in disorder takes so long
    # that a window that shares the process stalls.
    found = {row.id: row for row in connection.execute(rows).all()}
    entries = [
        VideoEntry(
            id=row.id,
            fingerprint=row.fingerprint,
            paths=tuple(paths[row.id]),
            offline=row.id not in present,
            duration=None if row.duration_us is None else row.duration_us / MICROSECONDS,
            width=row.width,
            height=row.height,
            codec=row.codec,
            recorded=row.recorded,
            keyframes=row.keyframes,
            depth=Depth(row.depth),
            error=row.error,
            modified=modified[row.id],
        )
        for row in (found[video_id] for video_id in paths if video_id in found)
    ]
    # As text: comparing paths part by part takes ten times as long.
    return sorted(entries, key=lambda entry: str(entry.path))


def find_video(connection: Connection, name: str) -> VideoEntry:
    """Return the video that a person means by a path, a file name, a name without its ending, or an id.

    Raises:
        UserError: none, or more than one.
    """
    entries = videos(connection)
    whole = absolute(Path(name))
    meanings = (
        [entry for entry in entries if whole in entry.paths],
        [entry for entry in entries if name in {path.name for path in entry.paths}],
        [entry for entry in entries if name in {path.stem for path in entry.paths}],
        [entry for entry in entries if name == str(entry.id)],
    )
    for matches in meanings:
        if len(matches) == 1:
            return matches[0]
        if matches:
            choices = ", ".join(str(entry.path) for entry in matches[:3])
            raise UserError(f"{len(matches)} videos are called {name} ({choices}); give the whole path.")
    raise UserError(f"No video {name} is in the library; `retake videos` lists them, `retake index` adds folders.")


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


def posters(connection: Connection) -> dict[int, int]:
    """Return every video's most prominent keyframe: keyframe ids by video id.

    The first frame, often black, differs from nothing before it: it stands for a video only without a rival.
    """
    # SQLite takes the bare column from the row that holds the maximum.
    best = select(keyframe.c.video_id, keyframe.c.id, func.max(keyframe.c.prominence))
    best = best.group_by(keyframe.c.video_id)
    found: dict[int, int] = {}
    for statement in (best, best.where(keyframe.c.time_us >= OPENING * MICROSECONDS)):
        found |= {row.video_id: row.id for row in connection.execute(statement).all()}
    return found


def thumbnails(connection: Connection, keyframe_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the encoded pictures of keyframes by id; ids that are gone are left out."""
    found: dict[int, bytes] = {}
    for start in range(0, len(keyframe_ids), 500):  # SQLite limits how many parameters a statement has
        part = keyframe_ids[start : start + 500]
        rows = connection.execute(select(keyframe.c.id, keyframe.c.thumbnail).where(keyframe.c.id.in_(part)))
        found |= {row.id: row.thumbnail for row in rows}
    return found
