"""Painting that several widgets share."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPixmap


def covering(pixmap: QPixmap, cell: QRectF) -> QRectF:
    """Return the middle part of a picture that fills a cell without distortion."""
    size = cell.size().scaled(pixmap.width(), pixmap.height(), Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (pixmap.width() - size.width()) / 2, (pixmap.height() - size.height()) / 2
    return QRectF(QPointF(left, top), size)
