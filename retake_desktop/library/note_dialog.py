"""Writing a note: about videos, or about a time in one."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from retake_desktop.common.widgets import TextLabel


class NoteDialog(QDialog):
    """A few lines of text; Ctrl and Enter keep them."""

    def __init__(self, parent: QWidget, about: str, content: str = "") -> None:
        """Show a note.

        Args:
            parent: what it stands over.
            about: what the note is about, in words.
            content: what it says so far.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Note"))
        self.box = QPlainTextEdit(content)
        self.box.setAccessibleName(self.tr("What the note says"))
        self.box.setTabChangesFocus(True)
        button = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(button.Ok | button.Cancel)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self.box.installEventFilter(self)
        self.about = TextLabel(about)
        self.about.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.about)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.buttons)
        self.resize(400, 240)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.textChanged.connect(self._enable)
        self._enable()

    @property
    def content(self) -> str:
        """What the note says."""
        return self.box.toPlainText().strip()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep the note by Ctrl and Enter; Enter alone begins a line."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._accept()
            return True
        return super().eventFilter(watched, event)

    def _enable(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.content))

    def _accept(self) -> None:
        if self.content:
            self.accept()
