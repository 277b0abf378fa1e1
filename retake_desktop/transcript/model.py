"""The lines that are said in a video, all or those with some words."""

import bisect
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from retake_core.display import clock
from retake_core.library.texts import TextEntry
from retake_core.library.words import tokens
from retake_desktop.common import safe_text
from retake_desktop.common.qt_types import ModelIndex


class TranscriptModel(QAbstractListModel):
    """A row for each line, in order of time."""

    LINE = Qt.ItemDataRole.UserRole + 1  # TextEntry
    SPOKEN = Qt.ItemDataRole.UserRole + 2  # whether it is what is said now

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[TextEntry] = []
        self._words = ""
        self._now = -1
        self.lines: list[TextEntry] = []

    def set_lines(self, lines: Sequence[TextEntry]) -> None:
        """Show what is said in a video."""
        if list(lines) != self._all:
            self._all = list(lines)
            self.narrow(self._words)

    def narrow(self, words: str) -> None:
        """Show only the lines with these words; the last word may be unfinished."""
        self._words = words
        self.beginResetModel()
        self.lines = [line for line in self._all if _holds(line, words)]
        self._now = -1
        self.endResetModel()

    @property
    def has_speech(self) -> bool:
        """Whether anything is said in the video, shown or not."""
        return bool(self._all)

    @property
    def narrowed(self) -> bool:
        """Whether lines may be hidden."""
        return bool(self._words.strip())

    def row_at(self, time: float) -> int:
        """Return the row of the last line that begins before a time, -1 if there is none."""
        return bisect.bisect_right([line.start or 0.0 for line in self.lines], time + 0.001) - 1

    def set_time(self, time: float) -> int | None:
        """Mark what is said at a time. Returns its row when that is another than before."""
        row = self.row_at(time)
        if row == self._now:
            return None
        before, self._now = self._now, row
        for changed in (before, row):
            if changed >= 0:
                self.dataChanged.emit(self.index(changed), self.index(changed), [self.SPOKEN])
        return row

    def rowCount(self, parent: ModelIndex | None = None) -> int:  # noqa: N802
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the view asks for."""
        if not 0 <= index.row() < len(self.lines):
            return None
        line = self.lines[index.row()]
        match role:
            case self.LINE:
                return line
            case self.SPOKEN:
                return index.row() == self._now
            case Qt.ItemDataRole.DisplayRole:
                return safe_text.line(line.shown)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{clock(line.start or 0.0)}: {safe_text.line(line.shown)}"
        return None


def _holds(line: TextEntry, words: str) -> bool:
    if words.casefold().strip() in line.content.casefold():
        return True
    held = [token.word for token in line.tokens()]
    return all(any(one.startswith(token.word) for one in held) for token in tokens(words))
