"""Backups of the library, and the copies that are made by themselves."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
)

from retake_core.data_dir import DataDir
from retake_core.maintenance.copies import KEPT, LibraryCopy, list_copies
from retake_core.protocol import answers
from retake_desktop.common import safe_text, wording
from retake_desktop.common.form import Page, paragraph, trouble_label
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, scaled, theme
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.preferences.job_bar import JobBar

ENDING = ".zip"


class BackupPage(Page):
    """Makes and restores backups, one at a time.

    Args:
        engine: does the work.
        background: looks for copies.
        data_dir: the library's.
        is_indexing: whether the library is being written to.
    """

    restored = Signal()  # the library is another one now

    def __init__(
        self, engine: EngineClient, background: Background, data_dir: DataDir, is_indexing: Callable[[], bool]
    ) -> None:
        super().__init__(self.tr("Backup"))
        self._engine, self._background = engine, background
        self._data_dir, self._is_indexing = data_dir, is_indexing
        self._restoring = False
        self._file = Path()
        self._copies: list[LibraryCopy] = []
        self.note(
            self.tr(
                "A backup is one file with all that ReTaKe knows about your videos, and with your "
                "questions and settings. The videos themselves are not in it. Keep it on another "
                "disk."
            )
        )
        self.memories = QCheckBox(self.tr("Include the memories of videos; they are large, and can be made again"))
        self.column.addWidget(self.memories)
        self.faces = QCheckBox(self.tr("Include the faces that were found, and the names of people"))
        self.column.addWidget(self.faces)
        self.make = QPushButton(self.tr("Back up now…"))
        self.restore = QPushButton(self.tr("Restore a backup…"))
        self.progress = JobBar(self.tr("Progress of the backup"))
        self.stop = QPushButton(self.tr("Stop"))
        self.said = paragraph()
        self.trouble = trouble_label()
        self.list = QListWidget()
        self.restore_copy = QPushButton(self.tr("Restore this copy…"))
        self._build()
        self.make.clicked.connect(self._make)
        self.restore.clicked.connect(self._choose_backup)
        self.restore_copy.clicked.connect(self._choose_copy)
        self.stop.clicked.connect(lambda: engine.cancel(self.progress.job))
        self.list.currentRowChanged.connect(lambda _: self._enable())
        engine.answered.connect(self._take)
        theme.changed.connect(self._show)
        self._enable()

    @property
    def busy(self) -> bool:
        """Whether a backup is being made or restored."""
        return self.progress.job != 0

    def shown(self) -> None:
        """Look which copies there are."""
        self._background.run(lambda _: list_copies(self._data_dir), self._list, key="library copies")

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.make, self.restore):
            buttons.addWidget(button)
        buttons.addStretch()
        self.column.addLayout(buttons)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.progress, 1)
        line.addWidget(self.stop)
        self.column.addLayout(line)
        self.column.addWidget(self.said)
        self.column.addWidget(self.trouble)
        self.section(self.tr("Automatic copies"))
        self.note(
            self.tr(
                "Once a day, and before a new version changes the library, it is copied into the data directory. "
                "A repair takes from the newest copy what it cannot read. At most {count} are kept."
            ).format(count=wording.number(KEPT))
        )
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("Copies"))
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setMinimumHeight(160)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.restore_copy, 0, Qt.AlignmentFlag.AlignLeft)

    def _list(self, copies: list[LibraryCopy]) -> None:
        self._copies = copies
        self._show()

    def _show(self) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for copy in self._copies:
            size, item = wording.size(copy.size), QListWidgetItem()
            name, detail = _when(copy), safe_text.name(copy.path)
            item.setData(RowDelegate.ROW, Row(name, detail, icon("content-copy"), size))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join([name, size]))
            item.setSizeHint(QSize(0, scaled(50)))
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self._copies) - 1))
        self._enable()

    def _enable(self) -> None:
        for button in (self.make, self.restore, self.memories, self.faces):
            button.setEnabled(not self.busy)
        self.restore_copy.setEnabled(not self.busy and self.list.currentRow() >= 0)
        for widget in (self.progress, self.stop):
            widget.setVisible(self.busy)

    def _make(self) -> None:
        name = Path.home() / f"ReTaKe {datetime.now():%Y-%m-%d}{ENDING}"
        file, _ = QFileDialog.getSaveFileName(self, self.tr("Back up into"), str(name), self.tr("Backups (*.zip)"))
        if file:
            target = Path(file if file.endswith(ENDING) else file + ENDING)
            self._restoring = False
            memories, faces = self.memories.isChecked(), self.faces.isChecked()
            self._begin(target, self._engine.back_up(str(target), memories=memories, faces=faces))

    def _choose_backup(self) -> None:
        if self._may_restore():
            title, kinds = self.tr("Restore a backup"), self.tr("Backups (*.zip *.db)")
            file, _ = QFileDialog.getOpenFileName(self, title, str(Path.home()), kinds)
            if file:
                self._restore(Path(file), safe_text.name(Path(file)))

    def _choose_copy(self) -> None:
        row = self.list.currentRow()
        if self._may_restore() and 0 <= row < len(self._copies):
            self._restore(self._copies[row].path, _when(self._copies[row]))

    def _may_restore(self) -> bool:
        if indexing := self._is_indexing():
            self._complain(self.tr("Videos are being indexed. Stop that first, or wait until it is done."))
        return not indexing

    def _restore(self, file: Path, name: str) -> None:
        question = self.tr(
            "Replace the library with “{name}”? What was indexed, asked and changed since then "
            "is not in it. The present library is copied first."
        )
        if agreed(self, self.tr("Restore"), question.format(name=name)):
            self._restoring = True
            self._begin(file, self._engine.restore(str(file)))

    def _begin(self, file: Path, job: int) -> None:
        self._file = file
        self.progress.follow(job)
        self.said.setText("")
        self.trouble.hide()
        self._enable()

    def _take(self, answer: answers.AnyReply) -> None:
        if not self.progress.ends_with(answer):
            return
        match answer:
            case answers.BackupDone() if self._restoring:
                self.restored.emit()
            case answers.BackupDone():
                done = self.tr("{name} was written: {videos}, {size}.")
                videos, size = wording.videos(answer.videos), wording.size(answer.size)
                self.said.setText(done.format(name=safe_text.name(self._file), videos=videos, size=size))
            case answers.JobFailed():
                self._complain(answer.reason)
            case _:
                self.said.setText(self.tr("Stopped; nothing was changed."))
        self._enable()
        self.shown()

    def _complain(self, reason: str) -> None:
        self.trouble.setText(reason)
        self.trouble.show()


def _when(copy: LibraryCopy) -> str:
    made = datetime.fromtimestamp(copy.made)
    return f"{wording.day(made)}  {wording.time_of_day(made)}"
