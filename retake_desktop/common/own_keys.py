"""Keys that a control takes for itself, though elsewhere they belong to an action of the window, or to nothing."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def claims_key(event: QEvent, keys: Collection[int], *, shifted: bool = True) -> bool:
    """Claim a key before the actions see it; return whether it was claimed.

    Args:
        event: any that a control gets.
        keys: which it needs.
        shifted: whether it needs them with Shift, too.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or event.key() not in keys:
        return False
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not shifted:
        return False
    if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return False
    event.accept()
    return True


def enter_clicks(window: QWidget, event: QKeyEvent) -> bool:
    """Let Enter click the button that has the focus, which Qt does in dialogs only; return whether it did."""
    button = window.focusWidget()
    if event.key() not in ENTER or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    if not isinstance(button, QAbstractButton):
        return False
    button.click()
    return True
