"""Search results as rows: a heading for each video, and its moments below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from retake_core.clock import clock
from retake_core.library.catalog import VideoEntry
from retake_core.protocol import Hit
from retake_desktop import outside

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Result:
    """A moment, or with no hit the heading of a video."""

    video: VideoEntry
    hit: Hit | None
    count: int = 0


def group(hits: Sequence[Hit], videos: dict[int, VideoEntry]) -> list[Result]:
    """Group moments by video: the video with the best one first, each video's best moment first."""
    by_video: dict[int, list[Hit]] = {}
    for hit in hits:
        if hit.video_id in videos:  # it may have been removed since
            by_video.setdefault(hit.video_id, []).append(hit)
    rows: list[Result] = []
    for video_id, found in by_video.items():
        rows.append(Result(videos[video_id], None, len(found)))
        rows += [Result(videos[video_id], hit) for hit in found]
    return rows


class SearchModel(QAbstractListModel):
    """The rows. `RESULT` gives the Result."""

    RESULT = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Result] = []

    def show(self, rows: list[Result]) -> None:
        """Replace the results."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text or result."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == self.RESULT:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.hit is None:
                return outside.stem(row.video.path)
            return f"{outside.stem(row.video.path)}, {clock(row.hit.time)}, {row.hit.score:.0%}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        if index.isValid() and self.rows[index.row()].hit is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
