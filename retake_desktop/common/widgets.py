"""Small makers of widgets that many places use."""

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from retake_core.display import printable

TITLE_BAR = 32  # pixels that the desktop puts on top of a window


class TextLabel(QLabel):
    """Shows text as it is: no mark-up is read, and what would steer or turn it around is written out."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text."""
        super().setText(printable(text, keep="\n"))


def muted_label(text: str = "") -> TextLabel:
    """Return a label in the theme's quieter colour."""
    label = TextLabel(text)
    label.setObjectName("muted")
    return label


def agreed(parent: QWidget, title: str, question: str) -> bool:
    """Ask for a yes or no, where Enter and Escape mean no; the question may hold names of files."""
    box = QMessageBox(QMessageBox.Icon.Question, title, printable(question, keep="\n"), parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    box.setDefaultButton(QMessageBox.StandardButton.No)
    return box.exec() == QMessageBox.StandardButton.Yes.value


def fit_on_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window a size, or less where the screen is smaller."""
    room = window.screen().availableSize() - QSize(0, TITLE_BAR)
    window.resize(QSize(width, height).boundedTo(room))


def single_shot(parent: QObject, milliseconds: int = 0) -> QTimer:
    """Return a timer that fires once after each start."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
