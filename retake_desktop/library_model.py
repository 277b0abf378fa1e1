"""The grid's videos: read in a thread, filtered and sorted there, shown through a list model."""

import enum
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from sqlalchemy import Connection

from retake_core.clock import clock
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.folders import folders
from retake_desktop import outside, wording

Index = QModelIndex | QPersistentModelIndex


class Sort(enum.Enum):
    """Orders of the grid."""

    NAME = "name"
    NEWEST = "newest"
    ADDED = "added"
    LONGEST = "longest"
    KEYFRAMES = "keyframes"


class State(enum.Enum):
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
    """

    entry: VideoEntry
    poster: int | None
    ready: bool = False

    @property
    def state(self) -> State:
        """What a badge says."""
        state = self.entry.state
        return State(state) if state in ("failed", "offline", "waiting") else State.INDEXED

    @property
    def date(self) -> datetime:
        """When it was recorded, else when its file was last written to."""
        try:
            return datetime.fromisoformat(self.entry.recorded or "").astimezone()
        except ValueError:
            return datetime.fromtimestamp(self.entry.modified).astimezone()


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
        hidden: folders that are being removed; undo may bring them back.
        hidden_videos: the same of videos, by id.
    """

    folder: Path | None = None
    state: State = State.ALL
    sort: Sort = Sort.NAME
    text: str = ""
    hidden: frozenset[Path] = field(default_factory=frozenset)
    hidden_videos: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Contents:
    """One reading of the library.

    Attributes:
        failed: videos of the whole library that could not be indexed.
        changed: rows that are not as they were before; None when other videos are shown, or in another order.
    """

    folders: tuple[FolderItem, ...] = ()
    shown: tuple[VideoItem, ...] = ()
    videos: int = 0
    keyframes: int = 0
    failed: tuple[VideoItem, ...] = ()
    changed: tuple[int, ...] | None = None


def read_contents(
    connection: Connection,
    arrangement: Arrangement,
    before: tuple[VideoItem, ...] = (),
    ready: frozenset[str] = frozenset(),
) -> Contents:
    """Read the library and arrange it, and compare it with what was shown before. Runs in a thread.

    Args:
        connection: sees the library.
        arrangement: what is shown, in which order.
        before: what was shown.
        ready: fingerprints of videos that the model remembers.
    """
    posters = catalog.posters(connection)
    paths = [path for _, path in folders(connection) if path not in arrangement.hidden]
    items = [
        VideoItem(entry, posters.get(entry.id), entry.fingerprint in ready)
        for entry in catalog.videos(connection)
        if entry.id not in arrangement.hidden_videos
    ]
    items = _inside(items, paths)
    shown = tuple(arrange(items, arrangement))
    return Contents(
        folders=tuple(_folder(path, items) for path in paths),
        shown=shown,
        changed=_changed(before, shown),
        videos=len(items),
        failed=tuple(item for item in items if item.state is State.FAILED),
        keyframes=sum(item.entry.keyframes for item in items),
    )


def arrange(items: Sequence[VideoItem], arrangement: Arrangement) -> list[VideoItem]:
    """Return the items that an arrangement shows, in its order."""
    words = arrangement.text.casefold().split()
    folder = arrangement.folder
    shown = [
        item
        for item in (items if folder is None else _inside(items, [folder]))
        if arrangement.state in (State.ALL, item.state)
        and all(word in str(item.entry.path).casefold() for word in words)
    ]
    match arrangement.sort:
        case Sort.NAME:
            shown.sort(key=lambda item: item.entry.path.name.casefold())
        case Sort.NEWEST:
            shown.sort(key=lambda item: item.date, reverse=True)
        case Sort.ADDED:
            shown.sort(key=lambda item: item.entry.id, reverse=True)
        case Sort.LONGEST:
            shown.sort(key=lambda item: item.entry.duration or 0.0, reverse=True)
        case Sort.KEYFRAMES:
            shown.sort(key=lambda item: item.entry.keyframes, reverse=True)
    return shown


def _inside(items: Sequence[VideoItem], places: Sequence[Path]) -> list[VideoItem]:
    # As text: this runs for every video, and comparing paths part by part takes ten times as long.
    prefixes = tuple(os.path.join(place, "") for place in places)  # noqa: PTH118
    alone = frozenset(os.fspath(place) for place in places)
    return [
        item
        for item in items
        if any(str(path).startswith(prefixes) or str(path) in alone for path in item.entry.paths)
    ]


def _changed(before: tuple[VideoItem, ...], now: tuple[VideoItem, ...]) -> tuple[int, ...] | None:
    if [item.entry.id for item in before] != [item.entry.id for item in now]:
        return None
    return tuple(i for i, (old, new) in enumerate(zip(before, now, strict=True)) if old != new)


def _folder(path: Path, items: Sequence[VideoItem]) -> FolderItem:
    inside = _inside(items, [path])
    return FolderItem(
        path,
        len(inside),
        failed=sum(item.state is State.FAILED for item in inside),
        offline=sum(item.entry.offline for item in inside),
        alone=any(path in item.entry.paths for item in inside),
    )


class VideoModel(QAbstractListModel):
    """The arranged videos. `ITEM` gives the VideoItem."""

    ITEM = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[VideoItem, ...] = ()

    def show(self, contents: Contents) -> None:
        """Replace the videos; as long as they are the same ones, selection and scrolling stay."""
        if contents.changed is not None:
            self.items = contents.shown
            for row in contents.changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.items = contents.shown
        self.endResetModel()

    def row_of(self, video_id: int) -> int:
        """Return where a video is, -1 when it is not shown."""
        return next((row for row, item in enumerate(self.items) if item.entry.id == video_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return how many videos there are."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a video's name, description or item."""
        if not index.isValid():
            return None
        item = self.items[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return outside.stem(item.entry.path)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._describe(item)
            case Qt.ItemDataRole.ToolTipRole:
                return outside.tip(self._describe(item))
            case self.ITEM:
                return item
        return None

    def _describe(self, item: VideoItem) -> str:
        entry = item.entry
        parts = [outside.whole(entry.path)]
        if entry.duration:
            parts.append(clock(entry.duration))
        match item.state:
            case State.FAILED:
                parts.append(outside.line(entry.error or ""))
            case State.OFFLINE:
                parts.append(self.tr("The file is not there now; its keyframes are kept."))
            case State.WAITING:
                parts.append(self.tr("Waits to be indexed."))
            case _:
                parts.append(wording.keyframes(entry.keyframes))
                if item.ready:
                    parts.append(self.tr("Ready to ask: the model remembers it."))
        return "\n".join(parts)
