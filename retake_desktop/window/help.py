"""The windows of the help menu."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMessageBox, QWidget

from retake_core import __version__


def show_keyboard(parent: QWidget, actions: Mapping[str, QAction]) -> None:
    """Show which key does what."""
    QMessageBox.information(parent, _tr("Keyboard"), keyboard_help(actions))


def show_about(parent: QWidget) -> None:
    """Show what this is."""
    text = _tr("<b>ReTaKe {version}</b><br>Browse and search your own recordings. Everything stays here.")
    QMessageBox.about(parent, _tr("About ReTaKe"), text.format(version=__version__))


def keyboard_help(actions: Mapping[str, QAction]) -> str:
    """Return a table of all keys, as rich text."""
    rows = []
    for action in actions.values():
        keys = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        if keys:
            rows.append(
                f"<tr><td><b>{keys}</b>&nbsp;&nbsp;&nbsp;</td><td>{action.text().replace('&', '')}</td></tr>"
            )
    return f"<table cellpadding='2'>{''.join(rows)}</table>"


def _tr(text: str) -> str:
    return QCoreApplication.translate("help", text)
