"""What the user sees instead of the window when the library is damaged, or belongs to a newer ReTaKe."""

import json
import re
from collections.abc import Sequence

from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from retake_core.data_dir import DataDir
from retake_core.errors import NewerVersionError, StorageError, UserError
from retake_core.system.programs import module_command
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.common.widgets import TextLabel, muted_label

REPAIR = (*module_command("retake_core.cli"), "doctor", "--repair", "--json")
TEXT_WIDTH = 480
ERROR_MARK = "retake: "  # what the command says of an error begins with it


class RescueDialog(QDialog):
    """Says what is wrong; repairs it in another process when that can help. Accepted: open the library again.

    Args:
        error: why the library cannot be opened.
        data_dir: the library's.
        command: repairs the library of the data directory that follows it.
    """

    def __init__(self, error: UserError, data_dir: DataDir, command: Sequence[str] = REPAIR) -> None:
        super().__init__()
        theme.dress(self)
        self._command = [*command, "--data-dir", str(data_dir.root)]
        self._process = QProcess(self)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._broken)
        self.title = TextLabel()
        self.text = TextLabel()
        self.detail = muted_label()
        self.busy = QProgressBar()
        self.repair = QPushButton(self.tr("Repair"))
        self.go_on = QPushButton(self.tr("Open the library"))
        self.leave = QPushButton(self.tr("Quit"))
        self._build()
        if isinstance(error, NewerVersionError):
            self._say(
                self.tr("This library was made by a newer ReTaKe"),
                self.tr("Update ReTaKe to open it. Nothing in it was changed."),
                translated(str(error)),
            )
            self.repair.hide()
            self._offer(self.leave)
        elif isinstance(error, StorageError):
            self._say(self.tr("The library cannot be opened now"), translated(str(error)))
            self.repair.hide()
            self.go_on.setText(self.tr("Try again"))
            self._offer(self.go_on)
        else:
            self._say(
                self.tr("The library is damaged"),
                self.tr(
                    "ReTaKe can repair it: all that can be read is saved into a new library, the rest "
                    "comes from its newest copy, and the damaged file is kept beside it. Your videos are "
                    "safe."
                ),
                re.split("[;；]", translated(str(error)))[0],  # the rest names the command that the button runs
            )

    def _build(self) -> None:
        self.setWindowTitle("ReTaKe")
        self.title.setFont(scaled_font(self.font(), 1.25, bold=True))
        for label in (self.title, self.text, self.detail):
            label.setWordWrap(True)
            label.setFixedWidth(TEXT_WIDTH)  # so that the height is known
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(self.tr("Repairing"))
        self.busy.hide()
        self.go_on.hide()
        for button in (self.repair, self.go_on):
            button.setObjectName("primary")
        self.repair.clicked.connect(self._repair)
        self.go_on.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for button in (self.leave, self.repair, self.go_on):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 18)
        layout.setSpacing(10)
        for widget in (self.title, self.text, self.detail, self.busy):
            layout.addWidget(widget)
        layout.addStretch()
        layout.addSpacing(8)
        layout.addLayout(buttons)
        self._offer(self.repair)  # not before it is in the dialog, which else takes the first button there is

    def _offer(self, button: QPushButton) -> None:
        """Show a button, and let Enter mean it."""
        button.show()
        button.setDefault(True)
        button.setFocus()

    def _say(self, title: str, text: str, detail: str = "") -> None:
        self.title.setText(title)
        self.text.setText(text)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.adjustSize()

    def _repair(self) -> None:
        for button in (self.repair, self.leave):
            button.setEnabled(False)  # a repair that is cut off would have to begin anew
        self.busy.show()
        self._say(self.tr("Repairing the library"), self.tr("A large library takes some minutes."))
        self._process.start(self._command[0], self._command[1:])

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._ended(-1)

    def _ended(self, code: int) -> None:
        self.busy.hide()
        self.leave.setEnabled(True)
        if code == 0:
            report = json.loads(bytes(self._process.readAllStandardOutput().data()))
            mended = [finding["detail"] for finding in report["findings"] if finding["state"] == "mended"]
            if mended:
                self._say(self.tr("The library is repaired"), "\n\n".join(map(translated, mended)))
            else:
                self._say(self.tr("The library is sound"), self.tr("Nothing had to be repaired."))
            self.repair.hide()
            self._offer(self.go_on)
        else:
            lines = bytes(self._process.readAllStandardError().data()).decode(errors="replace").splitlines()
            reasons = [line.removeprefix(ERROR_MARK) for line in lines if line.startswith(ERROR_MARK)]
            self._say(
                self.tr("The library could not be repaired"),
                translated(reasons[-1])
                if reasons
                else self.tr("The repair ended unexpectedly; the log may say why."),
            )
            self.repair.setEnabled(True)
            self.repair.setText(self.tr("Try again"))

    def reject(self) -> None:
        """Quit, but not in the middle of a repair."""
        if self.leave.isEnabled():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stay open in the middle of a repair."""
        if self.leave.isEnabled():
            super().closeEvent(event)
        else:
            event.ignore()
