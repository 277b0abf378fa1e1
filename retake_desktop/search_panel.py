"""Search: a box, and the moments that match as one types, grouped by video."""

from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from retake_core import protocol
from retake_core.clock import clock
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_desktop.background import Background
from retake_desktop.engine_client import EngineClient
from retake_desktop.filmstrip import covering
from retake_desktop.search_model import Result, SearchModel, group
from retake_desktop.theme import scaled_font, theme
from retake_desktop.thumbnails import Thumbnails
from retake_desktop.widgets import muted_label, single_shot

DEBOUNCE_MS = 250
HEADING, MOMENT = 38, 66  # pixels of height


class SearchPanel(QWidget):
    """Asks the search worker; a newer question drops the older one's answer."""

    chosen = Signal(object, float, bool)  # video, seconds, whether to play
    searched = Signal(object)  # the hits

    def __init__(self, background: Background, thumbnails: Thumbnails, engine: EngineClient) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._background = background
        self._engine = engine
        self._job = 0
        self._folder: Path | None = None
        self._video: VideoEntry | None = None
        self.hits: tuple[protocol.Hit, ...] = ()
        self.box = QLineEdit()
        self.scope = QComboBox()
        self.note = muted_label()
        self.model = SearchModel()
        self.list = QListView()
        self._wait = single_shot(self, DEBOUNCE_MS)
        self._build(thumbnails)
        engine.answered.connect(self._take)

    def set_places(self, folder: Path | None, video: VideoEntry | None) -> None:
        """Say what "this folder" and "this video" mean now."""
        if (folder, video and video.id) == (self._folder, self._video and self._video.id):
            return
        wanted = self.scope.currentData()
        self._folder, self._video = folder, video
        self.scope.blockSignals(True)
        self.scope.clear()
        self.scope.addItem(self.tr("In the whole library"), "library")
        if folder is not None:
            self.scope.addItem(self.tr("In the folder {name}").format(name=folder.name), "folder")
        if video is not None:
            self.scope.addItem(self.tr("In this video"), "video")
        self.scope.setCurrentIndex(max(self.scope.findData(wanted), 0))
        self.scope.blockSignals(False)
        if self.scope.currentData() != wanted:
            self.search()

    def focus(self) -> None:
        """Let the user type."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def search(self) -> None:
        """Ask now."""
        self._wait.stop()
        if self._job:
            self._engine.cancel(self._job)
            self._job = 0
        query = self.box.text().strip()
        if not query:
            self._show((), [], self._hint())
            return
        scope = self.scope.currentData()
        self._job = self._engine.search(
            query,
            folder=str(self._folder) if scope == "folder" else None,
            video_id=self._video.id if scope == "video" and self._video is not None else None,
        )
        if not self.model.rows:
            self._say(self.tr("Searching…"))

    def _hint(self) -> str:
        return self.tr("Describe what is to be seen, such as “a bicycle in the street”.")

    def _build(self, thumbnails: Thumbnails) -> None:
        self.box.setPlaceholderText(self.tr("Search for a moment"))
        self.box.setAccessibleName(self.tr("Search for a moment"))
        self.box.setClearButtonEnabled(True)
        self.box.textChanged.connect(lambda _: self._wait.start())
        self.box.returnPressed.connect(self._enter)
        self.box.installEventFilter(self)
        self._wait.timeout.connect(self.search)
        self.scope.addItem(self.tr("In the whole library"), "library")
        self.scope.setAccessibleName(self.tr("Where to search"))
        self.scope.currentIndexChanged.connect(lambda _: self.search())
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.note.setContentsMargins(20, 24, 20, 0)
        self.note.setText(self._hint())
        self.list.setModel(self.model)
        self.list.setItemDelegate(_ResultDelegate(thumbnails))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(self.tr("Moments that match"))
        self.list.clicked.connect(lambda index: self._choose(index, play=False))
        self.list.activated.connect(lambda index: self._choose(index, play=True))
        thumbnails.loaded.connect(self.list.viewport().update)
        self.list.hide()
        top = QVBoxLayout()
        top.setContentsMargins(16, 4, 16, 8)
        top.setSpacing(8)
        top.addWidget(self.box)
        top.addWidget(self.scope)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.list, 1)

    def _take(self, answer: protocol.AnyAnswer) -> None:
        if answer.id != self._job or isinstance(answer, protocol.Told):
            return
        self._job = 0
        if isinstance(answer, protocol.Found):
            ids = {hit.video_id for hit in answer.hits}
            self._background.run(
                lambda connection: {i: entry for i in ids for entry in catalog.videos(connection, i)},
                lambda videos: self._show_hits(answer.hits, videos),
                key="search",
            )
        elif isinstance(answer, protocol.Failed):
            self._show((), [], self.tr("The search failed. {reason}").format(reason=answer.reason))

    def _show_hits(self, hits: tuple[protocol.Hit, ...], videos: dict[int, VideoEntry]) -> None:
        query = self.box.text().strip()
        rows = group(hits, videos)
        nothing = self.tr("Nothing matches “{query}”. Try other words.")
        if self.scope.currentData() != "library":
            nothing = self.tr("Nothing matches “{query}” here. Try other words, or search in the whole library.")
        self._show(hits, rows, nothing.format(query=query) if query else self._hint())

    def _show(self, hits: tuple[protocol.Hit, ...], rows: list[Result], note: str) -> None:
        self.hits = hits
        self.model.show(rows)
        self.list.setVisible(bool(rows))
        self._say("" if rows else note)
        self.searched.emit(hits)

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _choose(self, index: QModelIndex, *, play: bool) -> None:
        row: Result | None = index.data(SearchModel.RESULT)
        if row is None:
            return
        hit = row.hit
        if hit is None:
            self.chosen.emit(row.video, 0.0, False)
        else:
            self.chosen.emit(row.video, hit.time, play)

    def _enter(self) -> None:
        if self._wait.isActive():
            self.search()
        elif self.model.rows:
            index = self.list.currentIndex()
            self._choose(index if index.isValid() else self.model.index(1), play=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the arrow down in the box go to the results, and Escape empty it."""
        if watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.model.rows:
                self.list.setFocus()
                self.list.setCurrentIndex(self.model.index(1))
                return True
            if event.key() == Qt.Key.Key_Escape and self.box.text():
                self.box.clear()
                return True
        return super().eventFilter(watched, event)


class _ResultDelegate(QStyledItemDelegate):
    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        row: Result = index.data(SearchModel.RESULT)
        return QSize(100, HEADING if row.hit is None else MOMENT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Result = index.data(SearchModel.RESULT)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(option.rect)
        if row.hit is None:
            self._paint_heading(painter, box.adjusted(16, 8, -16, 0), row)
        else:
            self._paint_moment(painter, box.adjusted(8, 1, -8, -1), option, row.hit)
        painter.restore()

    def _paint_heading(self, painter: QPainter, box: QRectF, row: Result) -> None:
        small = scaled_font(painter.font(), 0.9)
        count = str(row.count)
        painter.setFont(small)
        painter.setPen(QColor(theme.colours.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        bold = scaled_font(painter.font(), 1 / 0.9, bold=True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.colours.text))
        name = QFontMetrics(bold).elidedText(
            row.video.path.stem, Qt.TextElideMode.ElideMiddle, round(box.width()) - 32
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_moment(
        self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, hit: protocol.Hit
    ) -> None:
        colours = theme.colours
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(colours.accent), 1) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        height = box.height() - 10
        picture = QRectF(box.left() + 8, box.top() + 5, height * 16 / 9, height)
        path = QPainterPath()
        path.addRoundedRect(picture, 4, 4)
        painter.fillPath(path, QColor(colours.picture))
        pixmap = self._thumbnails.pixmap(hit.keyframe_id)
        if pixmap is not None:
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(picture, pixmap, covering(pixmap, picture))
            painter.restore()
        text = box.adjusted(picture.width() + 22, 8, -12, -8)
        half = text.height() / 2
        painter.setPen(QColor(colours.text))
        painter.setFont(scaled_font(option.font, 1.0, bold=True))
        painter.drawText(
            QRectF(text.left(), text.top(), text.width(), half), Qt.AlignmentFlag.AlignVCenter, clock(hit.time)
        )
        painter.setPen(QColor(colours.muted))
        painter.setFont(scaled_font(option.font, 0.9))
        score = self.tr("{score} match").format(score=f"{hit.score:.0%}")
        painter.drawText(
            QRectF(text.left(), text.top() + half, text.width(), half - 6), Qt.AlignmentFlag.AlignVCenter, score
        )
        bar = QRectF(text.left(), text.bottom() - 3, text.width(), 3)
        painter.fillRect(bar, QColor(colours.line))
        bar.setWidth(bar.width() * hit.score)
        painter.fillRect(bar, QColor(colours.hit))
