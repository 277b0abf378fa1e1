"""What happens when the window's own code fails: the log has it, the user sees it, the library is safe."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from retake_desktop.common.theme import theme

log = logging.getLogger(__name__)


class CrashReporter(QObject):
    """Takes errors that nobody caught, on any thread."""

    _caught = Signal(str)

    def __init__(self, log_file: Path) -> None:
        super().__init__()
        self._log_file = log_file
        self._open = False
        self._caught.connect(self._show)

    def install(self) -> None:
        """Become the program's handler of uncaught errors."""
        sys.excepthook = self._take

    def report(self, error: BaseException) -> None:
        """Tell of an error that was caught elsewhere."""
        self._caught.emit("".join(traceback.format_exception(error)))

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        log.critical("uncaught", exc_info=(kind, error, trace))
        self._caught.emit("".join(traceback.format_exception(kind, error, trace)))

    def _show(self, text: str) -> None:
        if self._open:  # one error often brings others; the log has them all
            return
        self._open = True
        CrashDialog(text, self._log_file).exec()
        self._open = False


class CrashDialog(QDialog):
    """Shows the error, and offers to copy it, to open the log, to continue or to quit."""

    def __init__(self, text: str, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.resize(680, 420)
        message = QLabel(
            self.tr(
                "<b>An error occurred in ReTaKe.</b><br>Your library and your videos are safe. You "
                "can continue; if it happens again, please send the text below to the developers."
            )
        )
        message.setWordWrap(True)
        details = QPlainTextEdit(text)
        details.setReadOnly(True)
        details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        details.setAccessibleName(self.tr("Details of the error"))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        copy = QPushButton(self.tr("Copy details"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        show_log = QPushButton(self.tr("Open the log"))
        show_log.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file))))
        leave = QPushButton(self.tr("Quit"))
        leave.clicked.connect(QCoreApplication.quit)
        leave.clicked.connect(self.reject)
        go_on = QPushButton(self.tr("Go on"))
        go_on.setObjectName("primary")
        go_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (copy, show_log):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (leave, go_on):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(message)
        layout.addWidget(details, 1)
        layout.addLayout(buttons)
        go_on.setDefault(True)  # not before it is in the dialog, which else takes the first button there is
        go_on.setFocus()
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
