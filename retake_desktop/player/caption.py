"""Subtitles over a picture: white with a dark edge, so that they can be read on any ground."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

LINES = 2
SAFE = 0.06  # of the picture's height stays free below, of its width at either side
GROWTH = 0.028  # of the picture's height that the letters grow by
EDGE = 0.16  # of the letters' height


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said now.

    Attributes:
        text: all of it.
        share: how much of its time has passed, 0..1: longer texts are shown two lines after two lines.
    """

    text: str = ""
    share: float = 0.0


def caption_font(base: QFont, height: float) -> QFont:
    """Return a font that follows the size of all texts, and that of the picture."""
    font = QFont(base)
    font.setPixelSize(round(QFontInfo(base).pixelSize() + height * GROWTH))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def caption_lines(caption: Caption, font: QFont, width: float) -> list[str]:
    """Return the lines to show, two at most."""
    lines = _wrapped(caption.text, font, width)
    pages = math.ceil(len(lines) / LINES)
    page = min(int(caption.share * pages), pages - 1)
    return lines[max(page, 0) * LINES :][:LINES]


def paint_caption(painter: QPainter, picture: QRectF, bottom: float, caption: Caption, base: QFont) -> None:
    """Paint a caption.

    Args:
        painter: of the surface.
        picture: where the picture is.
        bottom: of the room that nothing lies over.
        caption: what to write.
        base: the font of other texts.
    """
    font = caption_font(base, picture.height())
    lines = caption_lines(caption, font, picture.width() * (1 - 2 * SAFE))
    metrics = QFontMetricsF(font)
    lowest = min(picture.bottom() - picture.height() * SAFE, bottom - metrics.descent())
    path = QPainterPath()
    for i, line in enumerate(reversed(lines)):
        left = picture.center().x() - metrics.horizontalAdvance(line) / 2
        path.addText(QPointF(left, lowest - metrics.descent() - i * metrics.lineSpacing()), font, line)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = QPen(QColor(0, 0, 0, 230), QFontInfo(font).pixelSize() * EDGE)
    edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, edge)
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.fillPath(path, QColor("white"))
    painter.restore()


def _wrapped(text: str, font: QFont, width: float) -> list[str]:
    lines = []
    for part in text.splitlines():
        layout = QTextLayout(part, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start, length = line.textStart(), line.textLength()
            assert isinstance(start, int)
            lines.append(_utf16(part, start, length).strip())
        layout.endLayout()
    return [line for line in lines if line]


def _utf16(text: str, start: int, length: int) -> str:
    """Return a part of a text, in Qt's count of characters."""
    return text.encode("utf-16-le")[2 * start : 2 * (start + length)].decode("utf-16-le", errors="replace")
