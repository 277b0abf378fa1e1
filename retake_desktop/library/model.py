"""The grid's videos: read in a thread, filtered and sorted there, shown through a list model."""

import enum
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from sqlalchemy import Connection

from retake_core.display import clock
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry, VideoRow
from retake_core.library.folders import folders
from retake_core.library.recordings import Recordings, recordings, rows_as_recordings
from retake_core.search.listing import ids_matching
from retake_core.search.query import parse
from retake_desktop.common import safe_text, wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.library import mark_words
from retake_desktop.library.days import Day, days_of
from retake_desktop.library.edits import Edits, compare
from retake_desktop.library.folder_tree import FolderTree
from retake_desktop.library.sorting import Sort, sorted_rows


class Place(enum.Enum):
    """What of the library the grid can show besides its folders."""

    ALL = "all"
    ALBUM = "album"
    UNFINISHED = "unfinished"
    FAVOURITES = "favourites"
    HIDDEN = "hidden"


class ShownVideos(enum.Enum):
    """Which videos the grid shows."""

    ALL = "all"
    INDEXED = "indexed"
    WAITING = "waiting"
    FAILED = "failed"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class VideoItem:
    """A video of the grid.

    Attributes:
        poster: the keyframe that stands for it.
        ready: whether the model remembers it, so that questions are answered at once.
        path: of its files, the one that stands in the folder that is shown.
        pieces: of the recording, where it stands for a whole one that its camera wrote as several files.
    """

    entry: VideoEntry
    poster: int | None
    ready: bool
    path: Path
    pieces: tuple[VideoEntry, ...] = ()

    @classmethod
    def of(cls, row: VideoRow, *, ready: bool = False, folder: Path | None = None) -> "VideoItem":
        """Make one of what the database has."""
        entry, pieces = row.entry, tuple(piece.entry for piece in row.pieces)
        return cls(entry, row.poster, ready, path_in(folder, entry), pieces)

    @property
    def videos(self) -> tuple[VideoEntry, ...]:
        """What it stands for: itself, or the pieces of a recording."""
        return self.pieces or (self.entry,)

    @property
    def state(self) -> ShownVideos:
        """What a badge says."""
        state = self.entry.state
        return ShownVideos(state) if state in ("failed", "offline", "waiting") else ShownVideos.INDEXED

    @property
    def date(self) -> datetime:
        """When it was recorded, else when its file was last written to."""
        return self.entry.when or datetime.fromtimestamp(self.entry.modified).astimezone()


def path_in(folder: Path | None, video: VideoEntry) -> Path:
    """Return the file of a video that stands in a folder, else the first one."""
    if folder is None:
        return video.path
    return next((path for path in video.paths if path.is_relative_to(folder)), video.path)


@dataclass(frozen=True, slots=True)
class FolderItem:
    """A folder with what it holds; or a single file that is in the library by itself."""

    path: Path
    videos: int
    failed: int
    offline: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the grid shows, and in which order.

    Attributes:
        query: of the album.
        backwards: whether the order is turned round.
        hidden: folders that are being removed; undo may bring them back.
        hidden_videos: the same of videos, by id.
    """

    place: Place = Place.ALL
    query: str = ""
    folder: Path | None = None
    state: ShownVideos = ShownVideos.ALL
    sort: Sort = Sort.NAME
    backwards: bool = False
    text: str = ""
    hidden: frozenset[Path] = field(default_factory=frozenset)
    hidden_videos: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class GridContents:
    """One reading of the library.

    Attributes:
        folder: that is shown; None where it is a place of the whole library.
        ready: fingerprints of videos that the model remembers.
        days: of `shown`, where it goes by date.
        videos: how many the library has without hidden ones.
        unfinished: how many of them were left while they played; `favourites` and `hidden` likewise.
        failed: videos of the whole library that could not be indexed.
        edits: how `shown` differs from what was shown before; None when it has little to do with it.
    """

    folders: tuple[FolderItem, ...] = ()
    folder: Path | None = None
    shown: Sequence[VideoRow] = ()
    ready: frozenset[str] = frozenset()
    days: tuple[Day, ...] = ()
    tree: FolderTree = field(default_factory=FolderTree)
    videos: int = 0
    unfinished: int = 0
    favourites: int = 0
    hidden: int = 0
    keyframes: int = 0
    failed: tuple[VideoItem, ...] = ()
    edits: Edits | None = None


def read_contents(
    connection: Connection,
    arrangement: Arrangement,
    before: GridContents,
    ready: frozenset[str] = frozenset(),
) -> GridContents:
    """Read the library and arrange it, and compare it with what was shown before.

    Runs in a thread.

    Args:
        connection: sees the library.
        arrangement: what is shown, in which order.
        before: what was shown.
        ready: fingerprints of videos that the model remembers.
    """
    paths = [path for _, path in folders(connection) if path not in arrangement.hidden]
    every: Sequence[VideoRow] = catalog.video_rows(connection)
    if arrangement.hidden_videos:
        every = [row for row in every if row.id not in arrangement.hidden_videos]
    if arrangement.hidden:
        every = _inside(every, paths)
    rows = [row for row in every if not row.hidden]
    found = recordings(every)
    if arrangement.place is Place.ALBUM:
        within = ids_matching(connection, parse(arrangement.query))
        shown = arrange([row for row in every if row.id in within], arrangement, found)
    else:
        shown = arrange(every, arrangement, found)
    return GridContents(
        folders=tuple(_folder(path, rows) for path in paths),
        folder=arrangement.folder,
        shown=shown,
        ready=ready,
        days=days_of(shown) if _sort(arrangement) is Sort.DATE else (),
        tree=FolderTree.of(rows),
        videos=len(rows),
        unfinished=sum(row.position_us is not None for row in rows),
        favourites=sum(row.favourite for row in rows),
        hidden=len(every) - len(rows),
        keyframes=sum(row.keyframes for row in rows),
        failed=tuple(
            item for row in rows if row.error and (item := VideoItem.of(row)).state is ShownVideos.FAILED
        ),
        edits=compare(before.shown, shown, before.ready ^ ready),
    )


def arrange(
    rows: Sequence[VideoRow], arrangement: Arrangement, found: Recordings = MappingProxyType({})
) -> list[VideoRow]:
    """Return the rows that an arrangement shows, in its order; they come in order of path.

    The pieces of a recording that are all shown are put together.
    """
    words = arrangement.text.casefold().split()
    hidden = arrangement.place is Place.HIDDEN
    shown = rows
    if arrangement.place is not Place.ALBUM:  # whose query may ask for hidden ones
        shown = [row for row in rows if bool(row.hidden) is hidden]
    if arrangement.place is Place.UNFINISHED:
        shown = [row for row in shown if row.position_us is not None]
    if arrangement.place is Place.FAVOURITES:
        shown = [row for row in shown if row.favourite]
    if arrangement.folder is not None:
        shown = _inside(shown, [arrangement.folder])
    if arrangement.state is not ShownVideos.ALL:
        shown = [row for row in shown if VideoItem.of(row).state is arrangement.state]
    if words:
        shown = [row for row in shown if all(word in os.fsdecode(row.path).casefold() for word in words)]
    shown = rows_as_recordings(shown, found)
    sort = _sort(arrangement)
    return sorted_rows(shown, sort, backwards=arrangement.backwards)


def _sort(arrangement: Arrangement) -> Sort:
    return Sort.WATCHED if arrangement.place is Place.UNFINISHED else arrangement.sort


def _inside(rows: Sequence[VideoRow], places: Sequence[Path]) -> list[VideoRow]:
    # As text: this runs for every video, and comparing paths part by part takes ten times as long.
    prefixes = tuple(os.fsencode(os.path.join(place, "")) for place in places)  # noqa: PTH118
    alone = frozenset(os.fsencode(place) for place in places)
    return [
        row
        for row in rows
        if row.path.startswith(prefixes)
        or row.path in alone
        or (row.copies and any(copy.startswith(prefixes) or copy in alone for copy in row.copies))
    ]


def _folder(path: Path, rows: Sequence[VideoRow]) -> FolderItem:
    inside, place = _inside(rows, [path]), os.fsencode(path)
    return FolderItem(
        path,
        len(inside),
        failed=sum(bool(row.error) and VideoItem.of(row).state is ShownVideos.FAILED for row in inside),
        offline=sum(bool(row.missing) for row in inside),
        alone=any(place == row.path or place in row.copies for row in inside),
    )


class VideoGridModel(QStringListModel):
    """The arranged videos. `ITEM` gives the VideoItem.

    Built on a list of empty strings, which only count: to lay out 50,000 videos a view asks 100,000 times how many
    there are, and with an answer in Python that takes 60 ms.
    """

    ITEM = Qt.ItemDataRole.UserRole
    rename_wanted = Signal(object, str)  # VideoItem, the new name without its ending

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[VideoRow] = []
        self._ready: frozenset[str] = frozenset()
        self._folder: Path | None = None

    @property
    def items(self) -> list[VideoItem]:
        """All videos, made anew: not for large libraries."""
        return [self._item(i) for i in range(len(self._rows))]

    def show(self, contents: GridContents) -> None:
        """Take other videos; with few changes, selection and scrolling stay."""
        self._ready, self._folder = contents.ready, contents.folder
        if contents.edits is None:
            self._rows = list(contents.shown)
            self.setStringList([""] * len(self._rows))
        else:
            self._edit(contents.shown, contents.edits)

    def _edit(self, shown: Sequence[VideoRow], edits: Edits) -> None:
        for first, count in reversed(edits.gone):
            self.removeRows(first, count)  # the selection moves away first, and asks what the rows are
            del self._rows[first : first + count]
        for first, count in edits.come:
            self._rows[first:first] = shown[first : first + count]
            self.insertRows(first, count)
        self._rows = list(shown)
        if edits.changed is not None:  # told in one: a view draws what is in sight, and each signal costs
            self.dataChanged.emit(*map(self.index, edits.changed))

    def videos_at(self, row: int) -> tuple[VideoRow, ...]:
        """Return what a row stands for: a video, or the pieces of a recording."""
        found = self._rows[row]
        return found.pieces or (found,)

    def row_of(self, video_id: int) -> int:
        """Return where a video is, -1 when it is not shown."""
        return next((i for i, row in enumerate(self._rows) if row.id == video_id), -1)

    def flags(self, _index: ModelIndex) -> Qt.ItemFlag:
        """Let videos be chosen and renamed."""
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable | flag.ItemNeverHasChildren

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Ask for another name of a video; the grid shows it when the file has it."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        self.rename_wanted.emit(self._item(index.row()), value)
        return True

    def _item(self, row: int) -> VideoItem:
        found = self._rows[row]
        return VideoItem.of(found, ready=found.fingerprint in self._ready, folder=self._folder)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a video's name, description or item."""
        if not index.isValid():
            return None
        item = self._item(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return safe_text.stem(item.path)
            case Qt.ItemDataRole.EditRole:
                return item.path.stem
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._describe(item)
            case Qt.ItemDataRole.ToolTipRole:
                return safe_text.tip(self._describe(item))
            case self.ITEM:
                return item
        return None

    def _describe(self, item: VideoItem) -> str:
        entry = item.entry
        parts = [safe_text.whole(item.path)]
        parts += self._what_was_said(entry)
        if entry.duration:
            parts.append(clock(entry.duration))
        if item.pieces:
            parts.append(wording.pieces(len(item.pieces)))
        if entry.live:
            parts.append(self.tr("The film of a live photo."))
        match item.state:
            case ShownVideos.FAILED:
                parts.append(safe_text.line(translated(entry.error or "")))
            case ShownVideos.OFFLINE:
                parts.append(self.tr("The file is not there now; its keyframes are kept."))
            case ShownVideos.WAITING:
                parts.append(self.tr("Waiting to be indexed."))
            case _:
                parts.append(wording.keyframes(entry.keyframes))
                if item.ready:
                    parts.append(self.tr("Ready to ask: the model remembers it."))
        return "\n".join(parts)

    def _what_was_said(self, entry: VideoEntry) -> list[str]:
        """Return what a person said of a video, and how far it was watched."""
        parts: list[str] = []
        if entry.favourite:
            parts.append(self.tr("Favourite"))
        if entry.stars:
            parts.append(mark_words.stars(entry.stars))
        if entry.position is not None:
            parts.append(self.tr("Left at {time}").format(time=clock(entry.position)))
        if entry.tags:
            parts.append(self.tr("Tags: {tags}").format(tags=safe_text.line(", ".join(entry.tags))))
        return parts
