"""Recordings that cameras write as several files: which videos of the library are pieces of one.

Nothing of it is stored: names, folders, pictures and clocks tell it each time. What is uncertain stays apart.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from retake_core.library.catalog import VideoEntry, VideoRow, video_rows
from retake_core.library.indexing import MICROSECONDS, Depth
from retake_core.library.schema import file
from retake_core.media.recording_date import YEAR, normal, with_offset

Recordings = Mapping[int, tuple[int, ...]]
"""For each video that is a piece of a recording, the pieces of that recording in order."""

_CLOCK = 1.5  # seconds by which clocks that count whole seconds may be apart
_CHAPTER_CLOCK = 5.0  # the same where the names tell it already
_BEHIND = chr(ord(os.sep) + 1)  # sorts a path behind all that is in a folder
_RATE = 0.01  # share by which the frames per second of two pieces may differ

_GOPRO = re.compile(r"(G[HXS])(\d\d)(\d{4})", re.IGNORECASE)
_OLD_GOPRO = re.compile(r"(?:GOPR|GP(\d\d))(\d{4})", re.IGNORECASE)
_INSTA360 = re.compile(r"(VID_\d{8}_\d{6}_\d\d)_(\d{3})", re.IGNORECASE)
_BY_CLOCK = (
    re.compile(r"(?P<key>DJI)_(?P<number>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<key>DJI_\d{4})_(?P<number>\d{3})", re.IGNORECASE),
    re.compile(r"(?P<key>DJI)_(?P<time>\d{14})_(?P<number>\d{4})(?P<view>_[A-Z])?", re.IGNORECASE),
    # Dashcams: when it began, a running number, and which of the cameras it was.
    re.compile(r"(?P<time>\d{4}_?\d{4}_?\d{6})_(?P<number>\d{3,6})(?P<view>_?[A-Z]{1,2})?", re.IGNORECASE),
)


class _Place(NamedTuple):
    """What the name of a file tells: which others it may belong to, and where among them."""

    key: str
    number: int
    named: bool  # the name alone says that it goes on; else the clock has to
    begun: datetime | None = None


class _Piece(NamedTuple):
    """A file that may be a piece."""

    row: VideoRow
    place: _Place
    begun: datetime | None

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return (self.row.duration_us or 0) / MICROSECONDS


def recordings(rows: Iterable[VideoRow]) -> Recordings:
    """Return which of all videos of the library, or of a folder, are pieces of one recording."""
    candidates: dict[tuple[str, str], list[_Piece]] = defaultdict(list)
    for row in rows:
        if row.error is not None or row.depth == Depth.NONE or not row.duration_us or not row.width:
            continue
        for path in (row.path, *row.copies):
            folder, _, name = os.fsdecode(path).rpartition(os.sep)
            place = _place(name)
            if place is not None:
                candidates[folder, place.key].append(_Piece(row, place, place.begun or _begun(row.recorded)))
    return _without_copies(run for pieces in candidates.values() for run in _runs(pieces))


def pieces_of(connection: Connection, entry: VideoEntry) -> list[VideoEntry]:
    """Return the pieces of the recording that a video is one of, in order; none where it is one by itself."""
    folders = {path.parent for path in entry.paths if _place(path.name) is not None}
    if not folders:
        return []
    inside = [file.c.path.between(os.path.join(place, ""), f"{place}{_BEHIND}") for place in folders]  # noqa: PTH118
    beside = connection.execute(select(file.c.video_id).where(or_(*inside))).scalars()
    rows = {row.id: row for row in video_rows(connection, set(beside))}
    return [rows[piece].entry for piece in recordings(rows.values()).get(entry.id, ())]


def rows_as_recordings(rows: Sequence[VideoRow], found: Recordings) -> list[VideoRow]:
    """Return a list in which the first piece stands for its recording, with the length of all its pieces.

    A recording whose pieces are not all in the list is not put together.
    """
    by_id = {row.id: row for row in rows if row.id in found}
    shown = []
    for row in rows:
        ids = found.get(row.id, ())
        pieces = [by_id[piece] for piece in ids if piece in by_id]
        if not pieces or len(pieces) < len(ids):
            shown.append(row)
        elif row is pieces[0]:
            shown.append(_whole(pieces))
    return shown


def _whole(pieces: Sequence[VideoRow]) -> VideoRow:
    return pieces[0]._replace(
        missing=max(piece.missing for piece in pieces),
        duration_us=sum(piece.duration_us or 0 for piece in pieces),
        keyframes=sum(piece.keyframes for piece in pieces),
        size=sum(piece.size for piece in pieces),
        depth=min(piece.depth for piece in pieces),
        pieces=tuple(pieces),
    )


def _place(name: str) -> _Place | None:
    stem, _, ending = name.casefold().rpartition(".")
    if match := _GOPRO.fullmatch(stem):
        return _Place(f"{match[1]}{match[3]}.{ending}", int(match[2]), named=True)
    if match := _OLD_GOPRO.fullmatch(stem):
        return _Place(f"gopr{match[2]}.{ending}", int(match[1] or 0), named=True)
    if match := _INSTA360.fullmatch(stem):  # a camera begins one recording a second at most
        return _Place(f"{match[1]}.{ending}", int(match[2]), named=True)
    for form in _BY_CLOCK:
        if match := form.fullmatch(stem):
            parts = match.groupdict()
            key = f"{parts.get('key') or ''}{parts.get('view') or ''}.{ending}"
            time = parts.get("time")
            begun = None if time is None else _in_digits(time.replace("_", ""))
            if time is None or begun is not None:
                return _Place(key, int(parts["number"]), named=False, begun=begun)
    return None


def _in_digits(time: str) -> datetime | None:
    try:
        return with_offset(datetime.strptime(time, "%Y%m%d%H%M%S"))
    except (ValueError, OverflowError, OSError):
        return None


def _begun(recorded: str | None) -> datetime | None:
    """Return when a file says that it was begun; a day alone is no time."""
    told = None if recorded is None else normal(recorded)
    if told is None or YEAR.fullmatch(told) or "T" not in told:
        return None
    return with_offset(datetime.fromisoformat(told))


def _runs(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the stretches of two or more pieces, each of which goes on where the one before ends."""
    run: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.place.number):
        if run and not _goes_on(run[-1], piece):
            yield from [run] if len(run) > 1 else []
            run = []
        run.append(piece)
    yield from [run] if len(run) > 1 else []


def _goes_on(last: _Piece, piece: _Piece) -> bool:
    if piece.place.number != last.place.number + 1 or not _look_alike(piece.row, last.row):
        return False
    if piece.begun is None or last.begun is None:
        return piece.place.named and piece.begun is last.begun
    later = (piece.begun - last.begun).total_seconds()
    if not piece.place.named:
        return abs(later - last.seconds) <= _CLOCK
    # Some cameras write into each piece when that began, others when the recording did.
    return min(abs(later), abs(later - last.seconds)) <= _CHAPTER_CLOCK


def _look_alike(one: VideoRow, other: VideoRow) -> bool:
    rates = one.frame_rate or 0.0, other.frame_rate or 0.0
    same = (one.width, one.height, one.codec) == (other.width, other.height, other.codec)
    return same and abs(rates[0] - rates[1]) <= _RATE * rates[1]


def _without_copies(runs: Iterable[list[_Piece]]) -> Recordings:
    """Return the longest runs; folders may hold copies of the same pieces, and not all of them."""
    found: dict[int, tuple[int, ...]] = {}
    for run in sorted(runs, key=lambda run: (-len(run), run[0].row.id)):
        ids = tuple(dict.fromkeys(piece.row.id for piece in run))
        if len(ids) == len(run) and found.keys().isdisjoint(ids):
            found |= dict.fromkeys(ids, ids)
    return found
