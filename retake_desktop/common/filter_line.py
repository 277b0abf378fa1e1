"""A line of text that narrows the list below it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from retake_desktop.common.text_line import TextLine


class FilterLine(TextLine):
    """Down goes on to the list, and Escape empties the line before it means anything else."""

    left_down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window goes back to the library."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._empties(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Act on the keys that do not edit text."""
        if self._empties(event):
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def _empties(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and bool(self.text())


def enter_list(view: QAbstractItemView) -> None:
    """Give a list the focus, on a row that is seen to have it; an empty one does not take it."""
    if not view.model().rowCount():
        return
    if not view.currentIndex().isValid():
        view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
