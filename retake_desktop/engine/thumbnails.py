"""Keyframe pictures: read and decoded in threads, kept as pixmaps."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap, QPixmapCache
from sqlalchemy import Connection

from retake_core.library.keyframes import thumbnails
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.background import Background

CACHE_KB = 192 * 1024
BATCH = 24
MOST_WANTED = 240  # older wishes are dropped: they have been scrolled past


class Thumbnails(QObject):
    """Gives pictures that are there at once, and tells when the others have come."""

    loaded = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._wanted: dict[int, None] = {}
        self._reading: set[int] = set()
        self._absent: set[int] = set()
        self._timer = single_shot(self, 0)
        self._timer.timeout.connect(self._read)
        QPixmapCache.setCacheLimit(CACHE_KB)

    def pixmap(self, keyframe_id: int) -> QPixmap | None:
        """Return a keyframe's picture, or None and load it."""
        pixmap = QPixmap()
        if QPixmapCache.find(_key(keyframe_id), pixmap):
            return pixmap
        if keyframe_id not in self._reading and keyframe_id not in self._absent:
            self._wanted.pop(keyframe_id, None)
            self._wanted[keyframe_id] = None
            while len(self._wanted) > MOST_WANTED:
                self._wanted.pop(next(iter(self._wanted)))
            self._timer.start()
        return None

    def forget_absent(self) -> None:
        """Look again for pictures that were not there; the library has changed."""
        self._absent.clear()

    def _read(self) -> None:
        while self._wanted and len(self._reading) < 2 * BATCH:
            batch = list(self._wanted)[-BATCH:]  # the newest wishes first
            for keyframe_id in batch:
                del self._wanted[keyframe_id]
            self._reading.update(batch)
            self._background.run(partial(_decode, ids=batch), self._keep)

    def _keep(self, images: dict[int, QImage]) -> None:
        for keyframe_id, image in images.items():
            self._reading.discard(keyframe_id)
            if image.isNull():
                self._absent.add(keyframe_id)
            else:
                QPixmapCache.insert(_key(keyframe_id), QPixmap.fromImage(image))
        self._read()
        self.loaded.emit()


def _key(keyframe_id: int) -> str:
    return f"keyframe/{keyframe_id}"


def _decode(connection: Connection, ids: Sequence[int]) -> dict[int, QImage]:
    found = thumbnails(connection, ids)
    images = {i: QImage.fromData(found.get(i, b"")) for i in ids}
    # Format RGB32 paints without another conversion.
    return {i: image.convertToFormat(QImage.Format.Format_RGB32) for i, image in images.items()}
