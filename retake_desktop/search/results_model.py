"""Search results as rows: a heading for each video, its moments below, and on request what shows the same."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, Qt

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.search_events import Copy, FoundMoment
from retake_desktop.common import safe_text
from retake_desktop.common.qt_types import ModelIndex

QUOTED = ("said", "on screen", "title", "chapter", "described", "note")
"""Reasons that have words to show; those of the surest are shown."""


class RowKind(enum.Enum):
    """What a row is."""

    SECTION = enum.auto()  # weaker matches begin here
    VIDEO = enum.auto()
    MOMENT = enum.auto()
    COPIES = enum.auto()  # says how many videos show the same as the moment above
    COPY = enum.auto()


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row. All but a section have a video; the hit is the moment that it is about."""

    kind: RowKind
    video: VideoEntry | None = None
    hit: FoundMoment | None = None
    copy: Copy | None = None
    count: int = 0

    @property
    def time(self) -> float:
        """Where a click goes to, in seconds."""
        if self.copy is not None:
            return self.copy.time
        return 0.0 if self.hit is None else self.hit.time


def group(hits: Sequence[FoundMoment], videos: dict[int, VideoEntry]) -> list[ResultRow]:
    """Group moments by video: the video with the best one first, each video's best moment first.

    Weaker matches come after all others, in a section of their own.
    """
    strong = [hit for hit in hits if not hit.weaker]
    rows = _by_video(strong, videos)
    if len(strong) < len(hits):
        rows.append(ResultRow(RowKind.SECTION))
        rows += _by_video([hit for hit in hits if hit.weaker], videos)
    return rows


def _by_video(hits: Sequence[FoundMoment], videos: dict[int, VideoEntry]) -> list[ResultRow]:
    by_video: dict[int, list[FoundMoment]] = {}
    for hit in hits:
        if hit.video_id in videos:  # it may have been removed since
            by_video.setdefault(hit.video_id, []).append(hit)
    rows: list[ResultRow] = []
    for video_id, found in by_video.items():
        video = videos[video_id]
        rows.append(ResultRow(RowKind.VIDEO, video, count=len(found)))
        for hit in found:
            rows.append(ResultRow(RowKind.MOMENT, video, hit))
            if any(copy.video_id in videos for copy in hit.copies):
                rows.append(ResultRow(RowKind.COPIES, video, hit, count=len(hit.copies)))
    return rows


class SearchModel(QAbstractListModel):
    """The rows. `RESULT` gives the ResultRow, `OPEN` whether the copies below it are shown."""

    RESULT = Qt.ItemDataRole.UserRole
    OPEN = Qt.ItemDataRole.UserRole + 1

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ResultRow] = []
        self._videos: dict[int, VideoEntry] = {}

    def show(self, rows: list[ResultRow], videos: dict[int, VideoEntry]) -> None:
        """Replace the results."""
        self.beginResetModel()
        self.rows = rows
        self._videos = videos
        self.endResetModel()

    def toggle(self, row: int) -> None:
        """Show what shows the same as the moment above, or hide it again."""
        result, first = self.rows[row], row + 1
        assert result.hit is not None
        if self._is_open(row):
            last = first
            while last < len(self.rows) and self.rows[last].kind is RowKind.COPY:
                last += 1
            self.beginRemoveRows(QModelIndex(), first, last - 1)
            del self.rows[first:last]
            self.endRemoveRows()
        else:
            copies = [
                ResultRow(RowKind.COPY, self._videos[copy.video_id], result.hit, copy)
                for copy in result.hit.copies
                if copy.video_id in self._videos
            ]
            self.beginInsertRows(QModelIndex(), first, first + len(copies) - 1)
            self.rows[first:first] = copies
            self.endInsertRows()
        self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, hit: FoundMoment) -> int:
        """Return where a moment is, -1 if nowhere."""
        return next((i for i, row in enumerate(self.rows) if row.kind is RowKind.MOMENT and row.hit == hit), -1)

    @property
    def first_moment(self) -> QModelIndex:
        """The best moment."""
        return self.index(next((i for i, row in enumerate(self.rows) if row.kind is RowKind.MOMENT), -1))

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text or result."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == self.RESULT:
            return row
        if role == self.OPEN:
            return self._is_open(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return describe(row)
        return None

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        kind = self.rows[index.row()].kind if index.isValid() else RowKind.SECTION
        if kind is RowKind.SECTION:
            return Qt.ItemFlag.NoItemFlags
        if kind is RowKind.VIDEO:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _is_open(self, row: int) -> bool:
        return row + 1 < len(self.rows) and self.rows[row + 1].kind is RowKind.COPY


def describe(row: ResultRow) -> str:
    """Say in words what a row shows."""
    if row.video is None:
        return _tr("Weaker matches")
    if row.kind is RowKind.COPIES:
        return same(row.count)
    name = safe_text.stem(row.video.path)
    if row.hit is None:
        return name
    parts = [name, clock(row.time)]
    if row.kind is RowKind.MOMENT:
        parts += [*reasons(row.hit), safe_text.line(row.hit.snippet)]
    return ", ".join(part for part in parts if part)


def same(count: int) -> str:
    """Say how many videos show the same."""
    if count == 1:
        return _tr("1 other video shows the same")
    return _tr("{count} other videos show the same").format(count=count)


def reasons(hit: FoundMoment) -> list[str]:
    """Say why a moment matches."""
    words = {
        "picture": _tr("Picture"),
        "said": _tr("Said"),
        "on screen": _tr("On screen"),
        "title": _tr("Title"),
        "chapter": _tr("Chapter"),
        "described": _tr("Described"),
        "note": _tr("Note"),
        "person": _tr("Person"),
    }
    if hit.shows:
        words["picture"] = _tr("Picture: {what}").format(what=", ".join(map(_shown, hit.shows)))
    found = [words[why] for why in hit.why]
    if hit.by_meaning:
        quoted = next((at for at, why in enumerate(hit.why) if why in QUOTED), 0)
        found[quoted] = _tr("{reason}, in other words").format(reason=found[quoted])
    return found


def _shown(name: str) -> str:
    """Say what a picture shows, such as a "red circle"."""
    words = {
        "dark": _tr("dark"),
        "bright": _tr("bright"),
        "red": _tr("red"),
        "orange": _tr("orange"),
        "yellow": _tr("yellow"),
        "green": _tr("green"),
        "blue": _tr("blue"),
        "purple": _tr("purple"),
        "pink": _tr("pink"),
        "black": _tr("black"),
        "white": _tr("white"),
        "circle": _tr("circle"),
        "square": _tr("square"),
        "triangle": _tr("triangle"),
    }
    return " ".join(words[word] for word in name.split())


def _tr(text: str) -> str:
    return QCoreApplication.translate("results", text)
