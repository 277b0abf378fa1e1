"""A line of text beside actions that have keys of their own."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_EDITING = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.SelectAll,
)


class TextLine(QLineEdit):
    """Leaves letters with Ctrl to the window's actions, but for those that edit: X11 would keep Ctrl+E here."""

    def event(self, event: QEvent) -> bool:
        """Let the actions see a key first."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _leaves(event):
            event.ignore()
            return True
        return super().event(event)


def _leaves(event: QKeyEvent) -> bool:
    letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return letter and control and not any(event.matches(key) for key in _EDITING)
