"""Filters as chips under the search box: an icon, plain words, and a way to remove each."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from retake_desktop.common import safe_text
from retake_desktop.common.theme import icon, scaled_font, theme
from retake_desktop.common.widgets import TextLabel
from retake_desktop.search.flow_layout import FlowLayout

SYMBOL = QSize(14, 14)


@dataclass(frozen=True, slots=True)
class ChipItem:
    """A chip: what it stands for, its icon, and its words."""

    key: Hashable
    symbol: str
    text: str


class Chip(QFrame):
    """One filter."""

    closed = Signal()

    def __init__(self, item: ChipItem) -> None:
        super().__init__()
        self.setObjectName("filter")
        self.item = item
        self._symbol = QLabel()
        self._text = TextLabel()
        self._text.setFont(scaled_font(self.font(), 0.92))
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.close_button = QToolButton()
        self.close_button.setObjectName("tiny")
        self.close_button.setIconSize(SYMBOL)
        self.close_button.setFixedSize(20, 20)
        self.close_button.setToolTip(self.tr("Remove this filter"))
        self.close_button.setAccessibleName(self.tr("Remove the filter: {text}").format(text=item.text))
        self.close_button.clicked.connect(self.closed)
        self.setAccessibleName(item.text)
        self.setToolTip(safe_text.tip(item.text))
        self._line = layout = QHBoxLayout(self)
        layout.setContentsMargins(7, 2, 3, 2)
        layout.setSpacing(4)
        layout.addWidget(self._symbol)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.close_button)
        theme.changed.connect(self._dress)
        self._dress()
        self._text.setText(item.text)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that shows all of the words."""
        words = self._text.fontMetrics().horizontalAdvance(self.item.text) + 2
        line = self._line
        margins = line.contentsMargins()
        room = margins.left() + margins.right() + 2 * line.spacing() + 2 * self.frameWidth()
        return QSize(words + SYMBOL.width() + self.close_button.width() + room, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size that shows some of the words."""
        return QSize(min(90, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Shorten the words to what fits."""
        super().resizeEvent(event)
        whole = self.sizeHint().width()
        room = self._text.fontMetrics().horizontalAdvance(self.item.text) - max(whole - self.width(), 0) + 2
        self._text.setText(self._text.fontMetrics().elidedText(self.item.text, Qt.TextElideMode.ElideMiddle, room))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let the keys that delete remove it."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        self._symbol.setPixmap(icon(self.item.symbol).pixmap(SYMBOL))
        self.close_button.setIcon(icon("close"))


class ChipRow(QWidget):
    """The chips of a query; hidden while there are none."""

    removed = Signal(object)  # the key of a chip

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Filters of this search"))
        self.chips: list[Chip] = []
        self._flow = FlowLayout(6)
        self.setLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_items(self, items: Sequence[ChipItem]) -> None:
        """Show these chips; those that were there already stay as they are."""
        before = {chip.item: chip for chip in self.chips}
        chips = [before.pop(item) if item in before else self._make(item) for item in items]
        for chip in before.values():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for chip in chips:
            self._flow.removeWidget(chip)
            self._flow.addWidget(chip)
            chip.show()
        self.chips = chips
        self.setVisible(bool(chips))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep room for all lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # A layout squeezes what only says how high it would like to be, and a small window has little room.
        self.setMinimumHeight(self._flow.heightForWidth(self.width()))

    def _make(self, item: ChipItem) -> Chip:
        chip = Chip(item)
        chip.closed.connect(lambda: self.removed.emit(chip.item.key))
        return chip
