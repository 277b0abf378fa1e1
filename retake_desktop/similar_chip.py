"""A strip that says which keyframe is searched for, with its picture and a way out."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from retake_core.clock import clock
from retake_core.library import catalog
from retake_core.library.catalog import KeyframeEntry, VideoEntry
from retake_desktop import outside
from retake_desktop.background import Background
from retake_desktop.filmstrip import covering
from retake_desktop.theme import icon, theme
from retake_desktop.thumbnails import Thumbnails
from retake_desktop.widgets import TextLabel

PICTURE = QSize(64, 36)


class SimilarChip(QFrame):
    """Hidden while there is nothing that moments are to look like."""

    closed = Signal()

    def __init__(self, background: Background, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("chip")
        self._background = background
        self._thumbnails = thumbnails
        self._keyframe: int | None = None
        self.moment: tuple[VideoEntry, float] | None = None
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        self.text = TextLabel()
        self.text.setWordWrap(True)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Back to searching by words"))
        self._close.setAccessibleName(self._close.toolTip())
        self._close.clicked.connect(self.leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 4, 6)
        layout.setSpacing(8)
        layout.addWidget(self._picture)
        layout.addWidget(self.text, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        thumbnails.loaded.connect(self._draw)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_moment(self, video: VideoEntry, time: float) -> None:
        """Say what is searched for."""
        self.moment = (video, time)
        self._keyframe = None
        self._picture.clear()
        text = self.tr("Similar to {time} in {name}").format(time=clock(time), name=outside.stem(video.path))
        self.text.setText(text)
        self.setAccessibleName(text)
        self._background.run(
            lambda connection: catalog.keyframes(connection, video.id),
            lambda found: self._find(found, time),
            key="similar",
        )
        self.show()

    def leave(self) -> None:
        """Search for it no longer."""
        if self.moment is not None:
            self.moment = None
            self.hide()
            self.closed.emit()

    def _find(self, keyframes: list[KeyframeEntry], time: float) -> None:
        if keyframes:
            self._keyframe = min(keyframes, key=lambda entry: abs(entry.time - time)).id
            self._draw()

    def _draw(self) -> None:
        if self._keyframe is None or self.moment is None or not self._picture.pixmap().isNull():
            return
        found = self._thumbnails.pixmap(self._keyframe)
        if found is None:
            return
        ratio = self.devicePixelRatioF()
        picture = QPixmap(PICTURE * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(0, 0, PICTURE.width(), PICTURE.height())
        painter.drawPixmap(box, found, covering(found, box))
        painter.end()
        self._picture.setPixmap(picture)

    def _dress(self) -> None:
        self._close.setIcon(icon("close"))
