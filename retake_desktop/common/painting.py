"""Painting that several widgets share: pictures with round corners, labels and bars over them, grounds of rows."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPixmap

from retake_desktop.common.theme import scaled_font, theme

PILL_ROOM = QSizeF(10, 2)  # pixels around the text of a pill
PILL_CORNER = 4  # pixels of radius
PILL_SIZE = 0.85  # of the text, as a multiple of the widget's font
BAR = 3  # pixels of height
ROW_CORNER = 6  # pixels of radius


def covering(picture: QPixmap | QImage, cell: QRectF) -> QRectF:
    """Return the middle part of a picture that fills a cell without distortion."""
    size = cell.size().scaled(picture.width(), picture.height(), Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (picture.width() - size.width()) / 2, (picture.height() - size.height()) / 2
    return QRectF(QPointF(left, top), size)


def paint_picture(
    painter: QPainter,
    box: QRectF,
    pixmap: QPixmap | None,
    corner: float,
    *,
    opacity: float = 1.0,
    whole: bool = False,
) -> None:
    """Fill a box with a picture.

    Args:
        painter: is left as it is.
        box: in pixels.
        pixmap: or None while it is not there: then the box is dark.
        corner: radius of the box's corners, in pixels.
        opacity: of the picture over the dark box, 0..1.
        whole: show all of it, with the dark box at its sides, instead of the middle part that fills the box.
    """
    path = _rounded(box, corner)
    painter.save()
    painter.fillPath(path, QColor(theme.colours.picture))
    if pixmap is not None:
        painter.setClipPath(path)
        painter.setOpacity(opacity)
        if whole:
            painter.drawPixmap(_inside(pixmap, box), pixmap, QRectF(pixmap.rect()))
        else:
            painter.drawPixmap(box, pixmap, covering(pixmap, box))
    painter.restore()


def paint_share(painter: QPainter, picture: QRectF, share: float, colour: str, corner: float) -> None:
    """Paint a bar along the lower edge of a picture.

    Args:
        painter: is left as it is.
        picture: the picture's box.
        share: how much of the bar has the colour, 0..1.
        colour: over a dark veil.
        corner: radius of the picture's corners, in pixels.
    """
    bar = QRectF(picture.left(), picture.bottom() - BAR, picture.width(), BAR)
    painter.save()
    painter.setClipPath(_rounded(picture, corner))
    painter.fillRect(bar, QColor(0, 0, 0, 130))
    bar.setWidth(bar.width() * share)
    painter.fillRect(bar, QColor(colour))
    painter.restore()


def paint_bar(painter: QPainter, left: float, top: float, width: float, share: float, colour: str) -> None:
    """Paint a thin bar of which a share, 0..1, has the colour."""
    painter.fillRect(QRectF(left, top, width, BAR), QColor(theme.colours.line))
    painter.fillRect(QRectF(left, top, width * share, BAR), QColor(colour))


def paint_pill(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    *,
    inset: float,
    colour: QColor | None = None,
    top: bool = False,
) -> None:
    """Paint a label in the lower right corner of a box, such as the time of a picture, or in its upper left one.

    Args:
        painter: is left as it is.
        box: that the label lies over.
        text: short.
        font: the widget's.
        inset: pixels from the edges of the box.
        colour: behind the text; without one it is dark.
        top: whether to paint in the upper left corner.
    """
    bold = scaled_font(font, PILL_SIZE, bold=True)
    metrics = QFontMetrics(bold)
    pill = QRectF(QPointF(), QSizeF(metrics.horizontalAdvance(text), metrics.height()) + PILL_ROOM)
    if top:
        pill.moveTopLeft(box.topLeft() + QPointF(inset, inset))
    else:
        pill.moveBottomRight(box.bottomRight() - QPointF(inset, inset))
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour or QColor(0, 0, 0, 190))
    painter.drawRoundedRect(pill, PILL_CORNER, PILL_CORNER)
    painter.setFont(bold)
    painter.setPen(QColor("white"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_row_ground(painter: QPainter, box: QRectF, *, framed: bool) -> None:
    """Paint what lies behind a row that is selected or under the mouse."""
    painter.save()
    painter.setPen(QPen(QColor(theme.colours.accent), 1) if framed else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.colours.raised))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), ROW_CORNER, ROW_CORNER)
    painter.restore()


def _inside(pixmap: QPixmap, box: QRectF) -> QRectF:
    """Return where a whole picture lies in the middle of a box."""
    size = QSizeF(pixmap.size()).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (box.width() - size.width()) / 2, (box.height() - size.height()) / 2
    return QRectF(box.topLeft() + QPointF(left, top), size)


def _rounded(box: QRectF, corner: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(box, corner, corner)
    return path
