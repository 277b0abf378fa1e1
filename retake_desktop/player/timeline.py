"""The whole video as a line: keyframes as bars, search hits, citations, notes, what a model kept, the player."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from retake_core.display import clock
from retake_desktop.common import safe_text
from retake_desktop.common.theme import theme
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.player.hover_preview import HoverPreview
from retake_desktop.player.marks import Marks
from retake_desktop.player.timeline_model import Reel
from retake_desktop.player.trim_handle import TrimHandle

MARGIN = 12.0
BAND = 4.0  # pixels of height
SNAP = 5.0  # pixels around a marker within which a click means the note or the keyframe
THERE = 0.02  # seconds between the player and a time that it went to
MOST_TOLD = 10  # notes whose times a screen reader is told
TIP_WIDTH = 320  # pixels of a note above the mouse


class Timeline(QAbstractSlider):
    """Height of a bar = prominence. A click goes there; near a bar it shows exactly that keyframe.

    To a screen reader it is a slider whose value is in seconds.
    """

    sought = Signal(float)
    menu_wanted = Signal(QPoint, float)  # on the screen, for this time
    trimmed = Signal(str, int)  # the "start" or "end" of the range is to move by so many frames

    def __init__(self, reel: Reel, marks: Marks, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._reel, self._marks = reel, marks
        self._thumbnails = thumbnails
        self._bars: dict[int, float] | None = None
        self._preview: HoverPreview | None = None
        self._hovered: float | None = None
        thumbnails.loaded.connect(self._show_preview)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Timeline"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(5)
        self.setPageStep(30)
        self.valueChanged.connect(lambda seconds: self.sought.emit(float(seconds)))
        self.start_handle = TrimHandle(self, self.tr("Start of the range"), opens=True)
        self.end_handle = TrimHandle(self, self.tr("End of the range"), opens=False)
        for handle, name, move in (
            (self.start_handle, "start", marks.move_start),
            (self.end_handle, "end", marks.move_end),
        ):
            handle.dragged.connect(lambda x, move=move: self._trim(x, move))
            handle.stepped.connect(lambda frames, name=name: self.trimmed.emit(name, frames))
        reel.changed.connect(self._forget_bars)
        reel.moved.connect(self._follow)
        marks.changed.connect(self._place_handles)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the bars, the marks and the band."""
        return QSize(400, 56)

    def x_of(self, time: float) -> float:
        """Return where a time lies."""
        return MARGIN + (self.width() - 2 * MARGIN) * time / max(self._reel.duration, 1e-3)

    def time_at(self, x: float) -> float:
        """Return the time at a place, that of a note or a keyframe when its mark is near."""
        for times in ([time for time, _ in self._reel.notes], [entry.time for entry in self._reel.keyframes]):
            nearest = min(times, key=lambda time: abs(self.x_of(time) - x), default=None)
            if nearest is not None and abs(self.x_of(nearest) - x) <= SNAP:
                return nearest
        share = (x - MARGIN) / max(self.width() - 2 * MARGIN, 1)
        return min(max(share, 0.0), 1.0) * self._reel.duration

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint range, bars, hits and playhead."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, reel = theme.colours, self._reel
        painter.setPen(Qt.PenStyle.NoPen)
        top, bottom = 4.0, self.height() - 18.0
        painter.setBrush(QColor(colours.raised))
        shown = QRectF(self.x_of(reel.start), top, self.x_of(reel.end) - self.x_of(reel.start), bottom - top + 6)
        painter.drawRoundedRect(shown, 4, 4)
        painter.setBrush(QColor(colours.line))
        painter.drawRect(QRectF(MARGIN, bottom, self.width() - 2 * MARGIN, 2))
        painter.setBrush(QColor(colours.accent))
        painter.drawRect(QRectF(MARGIN, bottom, self.x_of(min(reel.time, reel.duration)) - MARGIN, 2))
        self._paint_range(painter, top - 4, bottom + 8)
        self._paint_bars(painter, top + 6, bottom - 1)
        self._paint_chapters(painter, top, bottom)
        self._paint_hits(painter, top, bottom)
        self._paint_citations(painter, top, bottom)
        self._paint_kept(painter, self.height() - 2 * BAND)
        self._paint_notes(painter, bottom + 2)
        x = self.x_of(min(reel.time, reel.duration))
        painter.setPen(QPen(QColor(colours.text), 2))
        painter.drawLine(QPointF(x, top - 2), QPointF(x, bottom + 6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        painter.drawEllipse(QPointF(x, bottom + 1), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 0.5, -3.5, -0.5), 5, 5)

    def _paint_range(self, painter: QPainter, top: float, bottom: float) -> None:
        if (span := self._marks.span) is not None:
            veil = QColor(theme.colours.accent)
            veil.setAlpha(56)
            left, right = map(self.x_of, span)
            painter.fillRect(QRectF(left, top, right - left, bottom - top), veil)
            painter.fillRect(QRectF(left, top, right - left, 2), QColor(theme.colours.accent))
            painter.setPen(Qt.PenStyle.NoPen)

    def _paint_bars(self, painter: QPainter, top: float, bottom: float) -> None:
        colour = QColor(theme.colours.accent)
        for x, prominence in self._heights().items():
            height = max(4.0, (bottom - top) * prominence)
            painter.fillRect(QRectF(x - 1, bottom - height, 2, height), colour)

    def _heights(self) -> dict[int, float]:
        """Return the prominence at each pixel: at most one bar, however many keyframes there are."""
        if self._bars is None:
            self._bars = {}
            for entry in self._reel.keyframes:
                x = round(self.x_of(entry.time))
                self._bars[x] = max(self._bars.get(x, 0.0), entry.prominence)
        return self._bars

    def _forget_bars(self) -> None:
        self._bars = None
        self._follow()
        self._place_handles()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        """Place the bars anew."""
        self._forget_bars()

    def _paint_hits(self, painter: QPainter, top: float, bottom: float) -> None:
        colour = QColor(theme.colours.hit)
        veil = QColor(colour)
        veil.setAlpha(48)
        for start, end, best in self._reel.hits:
            x, width = self.x_of(start), max(self.x_of(end) - self.x_of(start), 3.0)
            painter.fillRect(QRectF(x, top, width, bottom - top), veil)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(self.x_of(best), top + 3), 3.5, 3.5)

    def _paint_citations(self, painter: QPainter, top: float, bottom: float) -> None:
        colour = QColor(theme.colours.citation)
        veil = QColor(colour)
        veil.setAlpha(64)
        for start, end, best in self._reel.citations:
            x, width = self.x_of(start), max(self.x_of(end) - self.x_of(start), 3.0)
            painter.fillRect(QRectF(x, top, width, bottom - top), veil)
            middle = QPointF(self.x_of(best), top + 4)
            corners = [QPointF(0, -5), QPointF(5, 0), QPointF(0, 5), QPointF(-5, 0)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))

    def _paint_notes(self, painter: QPainter, top: float) -> None:
        """Paint a tick under the line for each note."""
        painter.setPen(QPen(QColor(theme.colours.text), 2))
        for x in {round(self.x_of(time)) for time, _ in self._reel.notes}:
            painter.drawLine(QPointF(x, top), QPointF(x, top + 7))
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_chapters(self, painter: QPainter, top: float, bottom: float) -> None:
        """Paint a thin line through the bars where each chapter begins."""
        painter.setPen(QPen(QColor(theme.colours.muted), 1))
        for x in {round(self.x_of(start)) + 0.5 for start, _ in self._reel.chapters}:
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_kept(self, painter: QPainter, top: float) -> None:
        """Paint a band: the stronger its colour, the more of the moment the model remembers."""
        if not (kept := self._reel.kept):
            return
        most = max(share for _, share in kept)
        colour = QColor(theme.colours.citation)
        ends = [time for time, _ in kept[1:]] + [self._reel.duration]
        left = round(self.x_of(0.0))
        for (_, share), end in zip(kept, ends, strict=True):
            colour.setAlphaF(0.12 + 0.88 * share / max(most, 1e-6))
            right = round(self.x_of(end))  # whole pixels, so that no seams show
            painter.fillRect(QRectF(left, top, right - left, BAND), colour)
            left = right

    def _tip(self, time: float) -> str:
        chapter = safe_text.line(self._reel.chapter_at(time))
        if written := [*filter(None, [chapter]), *self._notes_at(time)]:
            text = f"{clock(time)} · {' · '.join(written)}"
            return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, TIP_WIDTH)
        kept = self._reel.kept_at(time)
        if kept is None:
            return clock(time)
        return self.tr("{time} · {share} of this moment is remembered").format(
            time=clock(time), share=f"{kept:.0%}"
        )

    def _notes_at(self, time: float) -> list[str]:
        return [safe_text.line(content) for at, content in self._reel.notes if abs(at - time) < THERE]

    def _described(self) -> str:
        """Say to a screen reader where the player is, and where notes are."""
        reel = self._reel
        parts = [self.tr("{time} of {duration}").format(time=clock(reel.time), duration=clock(reel.duration))]
        if times := [clock(time) for time, _ in reel.notes[:MOST_TOLD]]:
            parts.append(self.tr("Notes at {times}").format(times=", ".join(times)))
        if chapter := safe_text.line(reel.chapter_at(reel.time)):
            parts.append(self.tr("Chapter: {title}").format(title=chapter))
        return "\n".join([*parts, *self._notes_at(reel.time)])

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show what is under the mouse; scrub while the button is down."""
        self._hovered = event.position().x()
        self._show_preview()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Stop scrubbing."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to others."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of the time under the mouse; the menu key means the time that is shown."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = QPoint(round(self.x_of(self._reel.time)), self.height() // 2)
            self.menu_wanted.emit(self.mapToGlobal(place), self._reel.time)
        else:
            self.menu_wanted.emit(event.globalPos(), self.time_at(event.pos().x()))

    def _follow(self) -> None:
        reel = self._reel
        with QSignalBlocker(self):  # only what a user changes is a wish to go there
            self.setRange(0, round(reel.duration))
            self.setValue(round(reel.time))
        if (text := self._described()) != self.accessibleDescription():
            self.setAccessibleDescription(text)
        self.update()

    def _place_handles(self) -> None:
        span = self._marks.span
        handles = (self.start_handle, self.end_handle)
        for handle, time in zip(handles, span or (0.0, 0.0), strict=True):
            handle.place(self.x_of(time), self.height() - 8, time, self._reel.duration)
            handle.setVisible(span is not None)
        self.update()

    def _trim(self, x: float, move: Callable[[float], None]) -> None:
        time = self.time_at(x)
        move(time)
        self.sought.emit(time)

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Take the preview away."""
        self._hide_preview()

    def hideEvent(self, _event: QHideEvent) -> None:  # noqa: N802
        """Take the preview away."""
        self._hide_preview()

    def _hide_preview(self) -> None:
        self._hovered = None
        if self._preview is not None:
            self._preview.hide()

    def _show_preview(self) -> None:
        if self._hovered is None or not self.isVisible() or self._reel.duration <= 0.001:
            return
        if self._preview is None or self._preview.parentWidget() is not self.window():
            self._preview = HoverPreview(self.window())
        time = self.time_at(self._hovered)
        nearest = min(self._reel.keyframes, key=lambda entry: abs(entry.time - time), default=None)
        pixmap = None if nearest is None else self._thumbnails.pixmap(nearest.id)
        place = self.mapTo(self.window(), QPoint(round(self._hovered), -2))
        self._preview.show_above(place, pixmap, self._tip(time))
