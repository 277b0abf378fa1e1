"""Where a question is typed: Enter sends it, Shift+Enter begins a new line."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

MOST_LINES = 5


class QuestionBox(QPlainTextEdit):
    """Grows with its text, up to some lines."""

    sent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ask")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self.textChanged.connect(self._fit)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Take the style's margins into account, which are known by now."""
        super().showEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size for one line."""
        return QSize(200, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Send on Enter."""
        new_line = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not new_line:
            self.sent.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        # The size of a plain text document is counted in lines.
        needed = max(round(self.document().size().height()), 1)
        lines = min(needed, MOST_LINES)
        bars = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bars.ScrollBarAlwaysOff if needed == lines else bars.ScrollBarAsNeeded)
        margins = self.contentsMargins()
        room = round(2 * self.document().documentMargin()) + margins.top() + margins.bottom()
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + room)
