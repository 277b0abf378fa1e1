"""A strip that says which keyframe or picture is searched for, with a thumbnail and a way out."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton
from sqlalchemy import Connection

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.library.keyframes import KeyframeEntry, keyframes
from retake_desktop.common import safe_text
from retake_desktop.common.painting import covering
from retake_desktop.common.theme import icon, theme
from retake_desktop.common.widgets import TextLabel
from retake_desktop.engine.background import Background
from retake_desktop.engine.thumbnails import Thumbnails

PICTURE = QSize(64, 36)


class PictureChip(QFrame):
    """Hidden while the search is not for a picture.

    Attributes:
        moment: the keyframe: its video, and seconds; or None.
        picture: the picture's file, or None.
    """

    closed = Signal()
    ready = Signal()  # a pasted picture can be searched for

    def __init__(self, background: Background, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("chip")
        self._background = background
        self._thumbnails = thumbnails
        self._keyframe: int | None = None
        self.moment: tuple[VideoEntry, float] | None = None
        self.picture: Path | None = None
        self._pasted: QTemporaryDir | None = None
        self.thumbnail = QLabel()
        self.thumbnail.setFixedSize(PICTURE)
        self.thumbnail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = TextLabel()
        self.text.setWordWrap(True)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Search without this picture"))
        self._close.setAccessibleName(self._close.toolTip())
        self._close.clicked.connect(self.leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 4, 6)
        layout.setSpacing(8)
        layout.addWidget(self.thumbnail)
        layout.addWidget(self.text, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        thumbnails.loaded.connect(self._draw)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_moment(self, video: VideoEntry, time: float) -> None:
        """Say which keyframe is searched for."""
        self.moment, self.picture = (video, time), None
        self._say(self.tr("Similar to {time} in {name}").format(time=clock(time), name=safe_text.stem(video.path)))
        self._background.run(
            lambda connection: keyframes(connection, video.id),
            lambda found: self._find(found, time),
            key="similar",
        )

    def show_picture(self, path: Path) -> None:
        """Say which picture file is searched for."""
        self.moment, self.picture = None, path
        self._say(self.tr("Looks like {name}").format(name=safe_text.name(path)))
        self._load(path)

    def show_image(self, image: QImage) -> None:
        """Say that a picture from the clipboard is searched for, and keep it for the search in a file."""
        folder = QTemporaryDir()
        path = Path(folder.filePath("pasted.png"))
        self._pasted = folder  # which is deleted with it
        self.moment, self.picture = None, path
        self._say(self.tr("Looks like the picture from the clipboard"))
        self._background.run(lambda _: image.save(str(path), "PNG"), lambda _: self._saved(path))  # type: ignore[call-overload]

    @property
    def active(self) -> bool:
        """Whether the search is for a picture."""
        return self.moment is not None or self.picture is not None

    def leave(self) -> None:
        """Search for it no longer."""
        if self.active:
            self.moment = self.picture = None
            self.hide()
            self.closed.emit()

    def _say(self, text: str) -> None:
        self._keyframe = None
        self.thumbnail.setPixmap(icon("image-outline", theme.colours.muted).pixmap(QSize(24, 24)))
        self.text.setText(text)
        self.setAccessibleName(text)
        self.show()

    def _saved(self, path: Path) -> None:
        if self.picture == path:
            self._load(path)
            self.ready.emit()

    def _load(self, path: Path) -> None:
        """Read a small version of a file in a thread; the search reports one that cannot be read."""

        def read(_: Connection) -> QImage:
            reader = QImageReader(str(path))
            reader.setAutoTransform(True)
            size = reader.size()
            if size.isValid():
                reader.setScaledSize(size.scaled(PICTURE * 2, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
            return reader.read()

        def show(image: QImage) -> None:
            if self.picture == path and not image.isNull():
                self._paint(QPixmap.fromImage(image))

        self._background.run(read, show, key="similar")

    def _find(self, keyframes: list[KeyframeEntry], time: float) -> None:
        if keyframes:
            self._keyframe = min(keyframes, key=lambda entry: abs(entry.time - time)).id
            self._draw()

    def _draw(self) -> None:
        if self._keyframe is None or self.moment is None:
            return
        found = self._thumbnails.pixmap(self._keyframe)
        if found is not None:
            self._paint(found)
            self._keyframe = None

    def _paint(self, found: QPixmap) -> None:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(PICTURE * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(0, 0, PICTURE.width(), PICTURE.height())
        painter.drawPixmap(box, found, covering(found, box))
        painter.end()
        self.thumbnail.setPixmap(picture)

    def _dress(self) -> None:
        self._close.setIcon(icon("close"))
