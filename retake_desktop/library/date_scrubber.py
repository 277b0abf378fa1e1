"""Beside the grid: the months of what it shows, to go to one at once; by key a day or a month on."""

from collections.abc import Sequence

from PySide6.QtCore import QDate, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QToolTip

from retake_desktop.common import wording
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.library.days import Day

WIDTH = 58  # pixels
EDGE = 10  # pixels above the first label and below the last
TICK = 5  # pixels


class DateScrubber(QSlider):
    """A slider whose values are days; they stand where their videos are in the grid."""

    chosen = Signal(int)  # the row to show

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.days: Sequence[Day] = ()
        self._rows = 0
        self.setInvertedAppearance(True)
        self.setInvertedControls(True)
        self.setFixedWidth(WIDTH)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Go to a day"))
        self.valueChanged.connect(self._choose)
        theme.changed.connect(self.update)
        self.hide()

    def show_days(self, days: Sequence[Day], rows: int) -> None:
        """Show the days of so many rows; with those of one month only there is nothing to choose."""
        if days != self.days or rows != self._rows:
            self.days, self._rows = days, rows
            self.blockSignals(True)
            self.setRange(0, max(0, len(days) - 1))
            self.blockSignals(False)
            self._describe()
            self.update()
        self.setVisible(len({(day.date.year, day.date.month) for day in days}) > 1)

    def follow(self, row: int) -> None:
        """Show which day the grid has come to."""
        if self.days and row >= 0:
            self.blockSignals(True)
            self.setValue(max((i for i, day in enumerate(self.days) if day.row <= row), default=0))
            self.blockSignals(False)
            self._describe()
            self.update()

    def label(self, index: int) -> str:
        """Say which day it is."""
        day = self.days[index].date
        return wording.date(QDate(day.year, day.month, day.day))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go to the next or the previous month by page."""
        if event.key() == Qt.Key.Key_PageDown:
            self.setValue(self._month_after(self.value()))
        elif event.key() == Qt.Key.Key_PageUp:
            self.setValue(self._month_before(self.value()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the day under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton and self.days:
            self.setValue(self._at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Name the day under the mouse, and go there while the button is down."""
        if not self.days:
            return
        index = self._at(event.position().y())
        QToolTip.showText(event.globalPosition().toPoint(), self.label(index), self)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(index)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Stay there."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint years and months as far as there is room, and where the grid is."""
        painter = QPainter(self)
        small, bold = scaled_font(self.font(), 0.8), scaled_font(self.font(), 0.85, bold=True)
        height = QFontMetrics(bold).height()
        free = 0.0
        year = month = 0
        for i, day in enumerate(self.days):
            if (day.date.year, day.date.month) == (year, month):
                continue
            new_year, year, month = day.date.year != year, day.date.year, day.date.month
            middle = self._y(i)
            if middle - height / 2 < free:
                painter.fillRect(QRectF(WIDTH - TICK - 4, middle, TICK, 1), QColor(theme.colours.line))
                continue
            painter.setFont(bold if new_year else small)
            painter.setPen(QColor(theme.colours.text if new_year else theme.colours.muted))
            text = str(year) if new_year else QLocale().standaloneMonthName(month, QLocale.FormatType.ShortFormat)
            box = QRectF(0, middle - height / 2, WIDTH - TICK - 8, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            painter.fillRect(QRectF(WIDTH - TICK - 4, middle, TICK, 1), QColor(theme.colours.muted))
            free = middle + height / 2 + 2
        if self.days:
            here = QRectF(WIDTH - 16, self._y(self.value()) - 1, 14, 3)
            painter.fillRect(here, QColor(theme.colours.accent))
        if self.hasFocus():
            painter.setPen(QColor(theme.colours.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _choose(self, index: int) -> None:
        self._describe()
        self.update()
        if self.days:
            self.chosen.emit(self.days[index].row)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.label(self.value()) if self.days else "")

    def _y(self, index: int) -> float:
        return EDGE + (self.height() - 2 * EDGE) * self.days[index].row / max(1, self._rows)

    def _at(self, y: float) -> int:
        row = (y - EDGE) / max(1, self.height() - 2 * EDGE) * self._rows
        return max((i for i, day in enumerate(self.days) if day.row <= row), default=0)

    def _month_after(self, index: int) -> int:
        month = self._month(index)
        return next((i for i in range(index, len(self.days)) if self._month(i) != month), len(self.days) - 1)

    def _month_before(self, index: int) -> int:
        """Return the first day of this month, or, from there, of the one before."""
        month = self._month(max(index - 1, 0))
        while index > 0 and self._month(index - 1) == month:
            index -= 1
        return index

    def _month(self, index: int) -> tuple[int, int]:
        return self.days[index].date.year, self.days[index].date.month
