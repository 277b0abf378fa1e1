"""Where everything lies, and how large it is."""

import shlex
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton
from sqlalchemy import Connection

from retake_core.data_dir import DataDir
from retake_desktop.common import wording
from retake_desktop.common.desktop_files import show_in_file_manager
from retake_desktop.common.form import Page
from retake_desktop.common.widgets import muted_label
from retake_desktop.engine.background import Background

PARTS = ("library", "copies", "vectors", "memories", "rest")


class DataPage(Page):
    """The data directory."""

    def __init__(self, background: Background, data_dir: DataDir) -> None:
        super().__init__(self.tr("Data"))
        self._background, self._data_dir = background, data_dir
        self.note(self.tr("Everything that ReTaKe knows is kept in one directory. Your videos are not in it."))
        self.place = _copyable(str(data_dir.root), self.tr("The data directory"))
        self.column.addWidget(self.place)
        self.open = QPushButton(self.tr("Show in file manager"))
        self.open.clicked.connect(lambda: show_in_file_manager(data_dir.root))
        self.column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.section(self.tr("Size"))
        self.sizes = {name: muted_label() for name in PARTS}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(0, 1)
        titles = {
            "library": self.tr("Library: keyframes, pictures, texts"),
            "copies": self.tr("Copies of the library; see Backup"),
            "vectors": self.tr("Search index; rebuilt when it is missing"),
            "memories": self.tr("Memories of videos"),
            "rest": self.tr("Settings, log and other small files"),
        }
        for row, name in enumerate(PARTS):
            grid.addWidget(QLabel(titles[name]), row, 0)
            grid.addWidget(self.sizes[name], row, 1, Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(grid)
        self.section(self.tr("Another place"))
        self.note(
            self.tr(
                "To keep the library on another disk, close ReTaKe, move the directory there, and start ReTaKe "
                "with this command and the new place in it. The command line takes the same option."
            )
        )
        self.command = _copyable(
            f"retake-desktop --data-dir {shlex.quote(str(Path.home() / 'ReTaKe'))}", self.tr("Command")
        )
        self.column.addWidget(self.command)
        copy = QPushButton(self.tr("Copy command"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        self.column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        self.section(self.tr("Removing everything"))
        self.note(self.tr("Delete the directory above. Downloaded models are deleted on the Models page."))

    def shown(self) -> None:
        """Measure what lies there."""
        self._background.run(lambda connection: measure(connection, self._data_dir), self._show, key="data sizes")

    def _show(self, sizes: dict[str, int]) -> None:
        for name, count in sizes.items():
            self.sizes[name].setText(wording.size(count))


def measure(_: Connection, data_dir: DataDir) -> dict[str, int]:
    """Return the bytes of each of PARTS."""
    sizes = dict.fromkeys(PARTS, 0)
    for path in data_dir.root.rglob("*"):
        try:
            size = path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
        top = path.relative_to(data_dir.root).parts[0]
        is_library = top.startswith(data_dir.database.name)
        sizes["library" if is_library else top if top in PARTS else "rest"] += size
    return sizes


def _copyable(text: str, name: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setReadOnly(True)
    line.setAccessibleName(name)
    line.setCursorPosition(0)
    return line
