"""A sentence at the bottom of the window, with a button when there is something to undo or to see."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from retake_desktop.common.widgets import TextLabel, single_shot

UNDO_MS = 10_000
NOTICE_MS = 8_000
ABOVE_STATUS = 48


class NoticeBar(QWidget):
    """Floats over its parent. An action that can be undone takes effect only when the bar goes away."""

    changed = Signal()  # what can be undone

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("undo")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = TextLabel()
        self.text.setAccessibleName(self.tr("Notice"))
        self.button = QPushButton(self.tr("Undo"))
        self.button.clicked.connect(self._press)
        self._commit: Callable[[], None] | None = None
        self._revert: Callable[[], None] | None = None
        self._act: Callable[[], None] | None = None
        self._timer = single_shot(self)
        self._timer.timeout.connect(self.commit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(16)
        layout.addWidget(self.text)
        layout.addWidget(self.button)
        parent.installEventFilter(self)
        self.hide()

    @property
    def can_undo(self) -> bool:
        """Whether an action waits to take effect."""
        return self._revert is not None

    def tell(self, text: str) -> None:
        """Show a sentence for a while."""
        self.commit()
        self._show(text, NOTICE_MS)

    def offer(self, text: str, label: str, act: Callable[[], None]) -> None:
        """Show a sentence for a while, with a button that does something about it."""
        self.commit()
        self._act = act
        self._show(text, UNDO_MS, label)

    def offer_undo(self, text: str, commit: Callable[[], None], revert: Callable[[], None]) -> None:
        """Show what was done; call `commit` when the time for undoing it is over."""
        self.commit()
        self._commit, self._revert = commit, revert
        self._show(text, UNDO_MS)
        self.changed.emit()

    def undo(self) -> None:
        """Take it back."""
        revert, self._commit, self._revert = self._revert, None, None
        self._timer.stop()
        self.hide()
        self.changed.emit()
        if revert is not None:
            revert()

    def commit(self) -> None:
        """Let it take effect now, and go away."""
        commit, self._commit, self._revert = self._commit, None, None
        self._act = None
        self._timer.stop()
        self.hide()
        self.changed.emit()
        if commit is not None:
            commit()

    def _press(self) -> None:
        act = self._act
        self.undo()
        self._act = None
        if act is not None:
            act()

    def _show(self, text: str, milliseconds: int, label: str = "") -> None:
        self.text.setText(text)
        self.button.setText(label or self.tr("Undo"))
        self.button.setVisible(self.can_undo or self._act is not None)
        self._timer.start(milliseconds)
        self.show()
        self.raise_()
        self._place()

    def _place(self) -> None:
        parent = self._window
        self.text.setWordWrap(False)
        self.adjustSize()
        if self.width() > parent.width() - 64:
            self.text.setWordWrap(True)
            self.setFixedWidth(parent.width() - 64)
            self.adjustSize()
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - ABOVE_STATUS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay in place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
