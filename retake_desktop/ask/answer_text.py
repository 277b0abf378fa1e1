"""An answer's text: as high as it is long, with the times in it as links that carry a picture."""

from html import escape
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QPainter, QPixmap, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from retake_core.protocol.question_events import WrittenTime
from retake_desktop.ask.exchange import Exchange
from retake_desktop.common.painting import paint_picture
from retake_desktop.common.theme import theme
from retake_desktop.engine.thumbnails import Thumbnails

WIDTH, HEIGHT = 36, 20  # pixels of a picture in the text
CORNER = 6  # pixels of its corners, twice as large as they are shown


class AnswerText(QTextBrowser):
    """Shows the text of an exchange."""

    chosen = Signal(int, float)  # video id, seconds

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._shown = ""
        self._missing: set[int] = set()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._follow)
        thumbnails.loaded.connect(self._show_late_pictures)
        theme.changed.connect(self._render)

    def show_exchange(self, exchange: Exchange) -> None:
        """Show the answer as far as it has come."""
        html = to_html(exchange.answer, exchange.written)
        if html != self._shown:
            self._shown = html
            self._render()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802
        """Give a keyframe's picture to the text."""
        name = QUrl(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or name.scheme() != "keyframe":
            return None
        keyframe = int(name.path())
        pixmap = self._thumbnails.pixmap(keyframe)
        if pixmap is None:
            self._missing.add(keyframe)
        return _small(pixmap)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the text."""
        return QSize(200, round(self.document().size().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Grow with the text."""
        super().resizeEvent(event)
        self._fit()

    def _render(self) -> None:
        self.document().setDefaultStyleSheet(f"a {{ color: {theme.colours.accent}; text-decoration: none; }}")
        self.setHtml(self._shown)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(max(1, round(self.document().size().height()) + 1))

    def _show_late_pictures(self) -> None:
        if any(self._thumbnails.pixmap(keyframe) is not None for keyframe in self._missing):
            self._missing.clear()
            self.document().clear()  # it keeps the pictures that it has asked for once
            self._render()

    def _follow(self, url: QUrl) -> None:
        video, _, seconds = url.path().partition(":")
        self.chosen.emit(int(video), float(seconds))


def to_html(text: str, written: tuple[WrittenTime, ...]) -> str:
    """Return a text with its times as links; what a model writes is never taken for mark-up."""
    parts: list[str] = []
    for time in written:
        before, found, after = text.partition(time.text)
        if not found:
            continue
        parts += [escape(before), _link(time)]
        text = after
    parts.append(escape(text))
    return "".join(parts).strip().replace("\n", "<br>")


def _link(time: WrittenTime) -> str:
    if time.video_id is None:
        return escape(time.text)
    size = f'width="{WIDTH}" height="{HEIGHT}" style="vertical-align: middle"'
    picture = "" if time.keyframe_id is None else f'<img src="keyframe:{time.keyframe_id}" {size}>&nbsp;'
    return f'<a href="moment:{time.video_id}:{time.seconds!r}">{picture}{escape(time.text)}</a>'


def _small(pixmap: QPixmap | None) -> QPixmap:
    small = QPixmap(WIDTH * 2, HEIGHT * 2)
    small.fill(Qt.GlobalColor.transparent)
    painter = QPainter(small)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    paint_picture(painter, QRectF(small.rect()), pixmap, CORNER)
    painter.end()
    return small
