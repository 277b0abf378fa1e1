"""The windows of the help menu."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMessageBox, QWidget

from retake_core import __version__
from retake_desktop.window.key_sheet import KeySheet


def show_keyboard(window: QMainWindow, play: QAction) -> None:
    """Show which key does what; those of the player stand in the menu of `play`."""
    KeySheet(window, play).open()


def show_about(parent: QWidget) -> None:
    """Show what this is."""
    text = _tr("<b>ReTaKe {version}</b><br>Browse and search your own recordings. Everything stays here.")
    QMessageBox.about(parent, _tr("About ReTaKe"), text.format(version=__version__))


def _tr(text: str) -> str:
    return QCoreApplication.translate("help", text)
