"""The command with which one more computer joins a cluster, for copying."""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from retake_desktop.common import safe_text
from retake_desktop.common.form import paragraph

_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


class JoinBox(QWidget):
    """Shows the command, and asks how that computer calls the folders of the library."""

    def __init__(self) -> None:
        super().__init__()
        self._address = ""
        self._folders: tuple[Path, ...] = ()
        self._there: dict[Path, str] = {}  # how the other computer calls a folder
        self.about = paragraph()
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setAccessibleName(self.tr("Command for the other computer"))
        self.copy = QPushButton(self.tr("Copy"))
        self.folder = QComboBox()
        self.folder.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.folder.setMinimumContentsLength(12)
        self.there = QLineEdit()
        self.there.setPlaceholderText(self.tr("The same"))
        self.mapping = QWidget()
        grid = QGridLayout(self.mapping)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        labels = (self.tr("This folder"), self.folder), (self.tr("is there"), self.there)
        for row, (name, control) in enumerate(labels):
            label = QLabel(name)
            label.setBuddy(control)
            control.setAccessibleName(name)
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.command, 1)
        line.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addWidget(self.mapping)
        column.addLayout(line)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        self.folder.currentIndexChanged.connect(lambda _: self._show_folder())
        self.there.textEdited.connect(self._call)
        self._show()

    def show_address(self, address: str) -> None:
        """Show the command for a cluster; without one, that which begins it."""
        self._address = address
        self._show()

    def show_folders(self, folders: Sequence[Path]) -> None:
        """Offer the folders of the library."""
        if tuple(folders) == self._folders:
            return
        self._folders = tuple(folders)
        self.folder.blockSignals(True)
        self.folder.clear()
        for folder in folders:
            self.folder.addItem(safe_text.whole(folder), folder)
        self.folder.blockSignals(False)
        self._show_folder()
        self._show()

    def _show_folder(self) -> None:
        self.there.setText(self._there.get(self.folder.currentData(), ""))

    def _call(self, there: str) -> None:
        self._there[self.folder.currentData()] = there.strip()
        self._show()

    def _show(self) -> None:
        if self._address:
            self.about.setText(
                self.tr(
                    "Each further computer needs ReTaKe with the extra “cluster”, and a copy of the token. If a "
                    "folder of the library lies elsewhere there, say where, and run this command on it:"
                )
            )
        else:
            self.about.setText(
                self.tr(
                    "Install ReTaKe with the extra “cluster” on the other computer. If a folder of the library "
                    "lies elsewhere there, say where, and run this command on it; it tells the address, and the "
                    "file of the token:"
                )
            )
        self.mapping.setVisible(bool(self._folders))
        there = {folder: self._there[folder] for folder in self._folders if self._there.get(folder)}
        self.command.setText(command(self._address, there))
        self.command.setCursorPosition(0)


def command(address: str, there: Mapping[Path, str]) -> str:
    """Return what another computer runs.

    Args:
        address: of the cluster; "" lets that computer begin one.
        there: folders of this computer that it calls otherwise.
    """
    words = ["retake cluster", f"join {_quoted(address)}" if address else "start"]
    words += [f"--path {_quoted(f'{name}={folder}')}" for folder, name in there.items()]
    return " ".join(words)


def _quoted(word: str) -> str:
    """Return a word for the shell of a computer of which only a path tells the kind."""
    if _PLAIN.fullmatch(word):
        return word
    return shlex.quote(word) if word.startswith("/") else f'"{word}"'
