"""Moving the library to another folder, and deleting what was left behind."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.maintenance.moving import delete_old, old_place
from retake_core.protocol import answers
from retake_desktop.common import safe_text, wording
from retake_desktop.common.form import paragraph, trouble_label
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.preferences.job_bar import JobBar

NAME = "ReTaKe"  # of the folder that is made in one that holds other things


class MoveBox(QWidget):
    """Moves the library, one time after another.

    Args:
        engine: does the work.
        background: deletes what was left behind.
        data_dir: the library's.
        is_indexing: whether the library is being written to.
    """

    moved = Signal()  # the library lies elsewhere now

    def __init__(
        self, engine: EngineClient, background: Background, data_dir: DataDir, is_indexing: Callable[[], bool]
    ) -> None:
        super().__init__()
        self._engine, self._background = engine, background
        self._data_dir, self._is_indexing = data_dir, is_indexing
        self.move_away = QPushButton(self.tr("Move the library…"))
        self.progress = JobBar(self.tr("Progress of the move"))
        self.stop = QPushButton(self.tr("Stop"))
        self.trouble = trouble_label()
        self.about_old = paragraph()
        self.delete_old = QPushButton(self.tr("Delete the old library…"))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.move_away)
        line.addWidget(self.progress, 1)
        line.addWidget(self.stop)
        line.addStretch()
        last = QHBoxLayout()
        last.addWidget(self.delete_old)
        last.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.trouble)
        column.addWidget(self.about_old)
        column.addLayout(last)
        self.move_away.clicked.connect(self._choose)
        self.stop.clicked.connect(lambda: engine.cancel(self.progress.job))
        self.delete_old.clicked.connect(self._delete_old)
        engine.answered.connect(self._take)
        self.show_state()

    def show_state(self) -> None:
        """Show what can be done now."""
        self.move_away.setEnabled(not self.progress.job)
        for widget in (self.progress, self.stop):
            widget.setVisible(bool(self.progress.job))
        old = old_place(self._data_dir)
        self.about_old.setVisible(old is not None)
        self.delete_old.setVisible(old is not None)
        if old is not None:
            about = self.tr(
                "The library was moved here from {place}. When all is well, delete what is left there."
            )
            self.about_old.setText(about.format(place=safe_text.whole(old)))

    def _choose(self) -> None:
        if self._is_indexing():
            self._complain(self.tr("Videos are being indexed. Stop that first, or wait until it has ended."))
            return
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Move the library to"), str(Path.home()))
        if not chosen:
            return
        target = Path(chosen)
        with suppress(OSError):  # the worker tells of a folder that cannot be read
            if next(target.iterdir(), None) is not None:
                target /= NAME
        question = self.tr(
            "Move the library to {place}? It is copied there, checked, and opened there. What lies here stays "
            "until you delete it."
        )
        if agreed(self, self.tr("Move the library"), question.format(place=safe_text.whole(target))):
            self.trouble.hide()
            self.progress.follow(self._engine.move_library(str(target)))
            self.show_state()

    def _take(self, answer: answers.AnyReply) -> None:
        if not self.progress.ends_with(answer):
            return
        if isinstance(answer, answers.JobFailed):
            self._complain(answer.reason)
        elif isinstance(answer, answers.JobDone):
            self.moved.emit()
        self.show_state()

    def _delete_old(self) -> None:
        old = old_place(self._data_dir)
        question = self.tr("Delete the old library in {place}? What was changed since the move is not in it.")
        if old is not None and agreed(
            self, self.tr("Delete the old library"), question.format(place=safe_text.whole(old))
        ):
            self.delete_old.setEnabled(False)
            self._background.run(lambda _: _delete(self._data_dir), self._tell, key="delete the old library")

    def _tell(self, outcome: int | str) -> None:
        self.delete_old.setEnabled(True)
        self.show_state()
        if isinstance(outcome, str):
            self._complain(outcome)
        else:
            freed = self.tr("{size} of disk are free again.")
            self.about_old.setText(freed.format(size=wording.size(outcome)))
            self.about_old.show()

    def _complain(self, reason: str) -> None:
        self.trouble.setText(reason)
        self.trouble.show()


def _delete(data_dir: DataDir) -> int | str:
    """Delete the old library, and return the bytes that are free, or why they are not."""
    try:
        return delete_old(data_dir)
    except UserError as error:
        return str(error)
