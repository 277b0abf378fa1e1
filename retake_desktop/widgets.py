"""Small makers of widgets that many places use."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLabel


def muted_label(text: str = "") -> QLabel:
    """Return a label in the theme's quieter colour."""
    label = QLabel(text)
    label.setObjectName("muted")
    return label


def single_shot(parent: QObject, milliseconds: int = 0) -> QTimer:
    """Return a timer that fires once after each start."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
