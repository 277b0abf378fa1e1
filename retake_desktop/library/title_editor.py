"""Renaming a video where its name stands in the grid."""

from PySide6.QtCore import QAbstractItemModel, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from retake_desktop.common.qt_types import ModelIndex

LONGEST_NAME = 255  # characters, what file systems allow


class TitleEditor(QLineEdit):
    """The line over a card's title; the file's ending is not in it and stays."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST_NAME)
        self.setAccessibleName(self.tr("New name of the video"))

    def begin(self, name: str) -> None:
        """Show the name that the file has."""
        self.setText(name)
        self.selectAll()

    def finish(self, model: QAbstractItemModel, index: ModelIndex) -> None:
        """Hand over what was typed, if it is something else."""
        name = self.text().strip()
        if name and name != index.data(Qt.ItemDataRole.EditRole):
            model.setData(index, name, Qt.ItemDataRole.EditRole)

    def place(self, title: QRect) -> None:
        """Lie over the title, a little higher than it."""
        self.setGeometry(title.adjusted(-4, -4, 4, 4))
