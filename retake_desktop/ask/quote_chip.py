"""A cited line as a button: a quotation mark, its time, and what is said or written there."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from retake_core.display import clock
from retake_core.protocol.question_events import CitedLine
from retake_desktop.common import safe_text
from retake_desktop.common.theme import icon, theme

MARGIN = 28  # pixels beside the icon and the text


class QuoteChip(QPushButton):
    """Shows a line as far as there is room for it; a click or Enter goes there.

    Args:
        line: what is cited.
        name: of its video, "" where there is only one.
    """

    def __init__(self, line: CitedLine, name: str) -> None:
        super().__init__()
        self.line, self.name = line, name
        quoted = f"“{safe_text.line(line.text)}”"
        self._words = f"{clock(line.start)}  {name}  {quoted}" if name else f"{clock(line.start)}  {quoted}"
        self.setObjectName("quote")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        where = self.tr("On the screen") if line.on_screen else self.tr("Said")
        self.setToolTip(safe_text.tip(f"{where}, {self._words}"))
        self.setAccessibleName(self.tr("Show {time}").format(time=f"{self._words}"))
        theme.changed.connect(self._draw)
        self._draw()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a size that shows the time."""
        return QSize(80, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint as much of the line as there is room for; & is a letter like any other."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - self.iconSize().width() - MARGIN
        words = QFontMetrics(self.font()).elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        option.text = words.replace("&", "&&")
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _draw(self) -> None:
        self.setIcon(icon("format-quote-open"))
