"""Whether the model for questions describes recordings, and those of which folders."""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem

from retake_desktop.common import safe_text
from retake_desktop.common.form import Page
from retake_desktop.engine.settings_store import SettingsStore


class DescribingPage(Page):
    """The switch, what it does and takes, and the folders, all of which are checked at first."""

    wanted = Signal()  # there may be something to describe now

    def __init__(self, store: SettingsStore) -> None:
        super().__init__(self.tr("Descriptions"))
        self._store = store
        self._folders: tuple[Path, ...] = ()
        self.note(
            self.tr(
                "When this is on, the model for questions reads each video once and writes a title, a summary and "
                "chapters. Search finds them, and what you write yourself is never overwritten."
            )
        )
        self.describe = QCheckBox()
        self._about = self.row(self.tr("Describe recordings"), self.describe, " ")
        self.section(self.tr("In these folders"))
        self.list = QListWidget()
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("Folders whose recordings are described"))
        self.list.setMinimumHeight(150)
        self.column.addWidget(self.list, 1)
        self.describe.toggled.connect(self._switch)
        self.list.itemChanged.connect(lambda _: self._choose())
        store.changed.connect(self._show)
        self._show()

    def show_folders(self, folders: Sequence[Path]) -> None:
        """Show the folders of the library."""
        if tuple(folders) != self._folders:
            self._folders = tuple(folders)
            self._show()

    def _switch(self, on: bool) -> None:
        self._store.change(describe=on)
        if on:
            self.wanted.emit()

    def _choose(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        chosen = [
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked
        ]
        if not chosen:  # no folder is as good as the switch being off
            self._store.change(describe=False, describe_folders=())
        elif len(chosen) == len(items):
            self._store.change(describe_folders=())
        else:
            self._store.change(describe_folders=tuple(map(os.fspath, chosen)))
        if self._store.settings.describe:
            self.wanted.emit()

    def _show(self) -> None:
        settings = self._store.settings
        self.describe.blockSignals(True)
        self.describe.setChecked(settings.describe)
        self.describe.blockSignals(False)
        self.describe.setEnabled(settings.model is not None or settings.describe)
        about = _about(settings.model)
        self._about.setText(about)
        self.describe.setAccessibleDescription(about)
        self.list.setEnabled(settings.describe)
        self.list.blockSignals(True)
        self.list.clear()
        for folder in self._folders:
            item = QListWidgetItem(safe_text.whole(folder))
            item.setData(Qt.ItemDataRole.UserRole, folder)
            is_chosen = not settings.describe_folders or os.fspath(folder) in settings.describe_folders
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)


def _about(model: str | None) -> str:
    if model is None:
        return QCoreApplication.translate(
            "DescribingPage", "Choose a model for questions first, on the page Models."
        )
    text = QCoreApplication.translate(
        "DescribingPage",
        "By {model}, after everything else, and never while you ask or search. The page Models tells how long "
        "an hour of video takes it; before it begins, the list of activity tells how many videos there are, and "
        "the disk that their memories take. The next question about a described video is answered at once.",
    )
    return text.format(model=safe_text.line(Path(model).name))
