"""Search: a box, and the moments that match as one types, grouped by video."""

from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from retake_core import jobs, protocol
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_desktop import outside, wording
from retake_desktop.background import Background
from retake_desktop.engine_client import EngineClient
from retake_desktop.search_delegate import ResultDelegate
from retake_desktop.search_model import Result, SearchModel, group
from retake_desktop.similar_chip import SimilarChip
from retake_desktop.thumbnails import Thumbnails
from retake_desktop.widgets import muted_label, single_shot

DEBOUNCE_MS = 250


class SearchPanel(QWidget):
    """Asks the search worker; a newer question drops the older one's answer."""

    chosen = Signal(object, float, bool)  # video, seconds, whether to play
    searched = Signal(object)  # the hits
    menu_wanted = Signal(QPoint, object, float)  # on the screen, for a moment: VideoEntry, seconds

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
        self.chip = SimilarChip(background, thumbnails)
        self.scope = QComboBox()
        self.switch = muted_label()
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
            self.scope.addItem(self.tr("In the folder {name}").format(name=outside.name(folder)), "folder")
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

    def show_similar(self, video: VideoEntry, time: float) -> None:
        """Search for what looks like the keyframe at a time, until words are typed or the strip is closed."""
        self.box.blockSignals(True)
        self.box.clear()
        self.box.blockSignals(False)
        self.chip.show_moment(video, time)
        self._show((), [], self.tr("Searching…"))
        self.search()

    def search(self) -> None:
        """Ask now."""
        self._wait.stop()
        if self._job:
            self._engine.cancel(self._job)
            self._job = 0
        query = self.box.text().strip()
        if not query and self.chip.moment is None:
            self._show((), [], self._hint())
            return
        scope = self.scope.currentData()
        folder = str(self._folder) if scope == "folder" else None
        video_id = self._video.id if scope == "video" and self._video is not None else None
        if self.chip.moment is not None:
            like, time = self.chip.moment
            self._job = self._engine.similar(like.id, time, folder=folder, video_id=video_id)
        else:
            self._job = self._engine.search(query, folder=folder, video_id=video_id)
        if not self.model.rows:
            self._say(self.tr("Searching…"))

    def _hint(self) -> str:
        return self.tr(
            "Describe what is to be seen, such as “a bicycle in the street”, or type words that are said, "
            "on screen or in a title."
        )

    def _build(self, thumbnails: Thumbnails) -> None:
        self.box.setPlaceholderText(self.tr("Search for a moment"))
        self.box.setAccessibleName(self.tr("Search for a moment"))
        self.box.setClearButtonEnabled(True)
        self.box.textChanged.connect(self._typed)
        self.chip.closed.connect(self.search)
        self.box.returnPressed.connect(self._enter)
        self.box.installEventFilter(self)
        self._wait.timeout.connect(self.search)
        self.scope.addItem(self.tr("In the whole library"), "library")
        self.scope.setAccessibleName(self.tr("Where to search"))
        self.scope.currentIndexChanged.connect(lambda _: self.search())
        self.switch.setWordWrap(True)
        self.switch.hide()
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.note.setContentsMargins(20, 24, 20, 0)
        self.note.setText(self._hint())
        self.list.setModel(self.model)
        self.list.setItemDelegate(ResultDelegate(thumbnails))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(self.tr("Moments that match"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.clicked.connect(lambda index: self._choose(index, play=False))
        self.list.activated.connect(lambda index: self._choose(index, play=True))
        thumbnails.loaded.connect(self.list.viewport().update)
        self.list.hide()
        top = QVBoxLayout()
        top.setContentsMargins(16, 4, 16, 8)
        top.setSpacing(8)
        top.addWidget(self.box)
        top.addWidget(self.chip)
        top.addWidget(self.scope)
        top.addWidget(self.switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.list, 1)

    def _typed(self) -> None:
        if self.chip.moment is not None:
            self.chip.leave()
        self._wait.start()

    def _menu(self, point: QPoint) -> None:
        index = self.list.indexAt(point)
        if not index.isValid():  # the menu key points nowhere
            index = self.list.currentIndex()
        row: Result | None = index.data(SearchModel.RESULT)
        if row is not None and row.hit is not None:
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(point), row.video, row.hit.time)

    def _follow(self, event: jobs.Event) -> None:
        """Tell how far a change to another encoder has come; what is shown is searched anew when it is over."""
        if isinstance(event, jobs.Switching):
            self._show_switch(event.switch)
        elif isinstance(event, jobs.PassStarted | jobs.Indexed) and self.switch.text():
            self._show_switch(None)
            self.search()

    def _show_switch(self, switch: jobs.Switch | None) -> None:
        self.switch.setText("" if switch is None else wording.switch(switch))
        self.switch.setVisible(switch is not None)

    def _take(self, answer: protocol.AnyAnswer) -> None:
        if isinstance(answer, protocol.Told):
            self._follow(answer.event)
            return
        if answer.id != self._job:
            return
        self._job = 0
        if isinstance(answer, protocol.Found):
            if self.chip.moment is None:
                self._show_switch(answer.switch)
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
        if self.chip.moment is not None:
            self._show(hits, rows, self.tr("Nothing else looks like this moment."))
            return
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
        if watched is not self.box or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        leaves = event.key() == Qt.Key.Key_Escape and bool(self.box.text() or self.chip.moment)
        if leaves and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the window's Escape would go back to the library
            return True
        if event.type() == QEvent.Type.KeyPress and leaves:
            self.chip.leave()
            self.box.clear()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down and self.model.rows:
            self.list.setFocus()
            self.list.setCurrentIndex(self.model.index(1))
            return True
        return super().eventFilter(watched, event)
