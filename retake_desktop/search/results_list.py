"""The list of moments that match."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QListView

from retake_core.protocol.search_events import FoundMoment
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.search.results_delegate import ResultDelegate
from retake_desktop.search.results_model import ResultRow, RowKind, SearchModel, group
from retake_desktop.search.run import Findings


class ResultList(QListView):
    """A click shows a moment, Enter plays it; what shows the same is opened and closed."""

    chosen = Signal(object, float, bool)  # VideoEntry, seconds, whether to play
    menu_wanted = Signal(QPoint, object, float)  # on the screen, for a moment: VideoEntry, seconds

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.results = SearchModel()
        self.setModel(self.results)
        self.setItemDelegate(ResultDelegate(thumbnails))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Moments that match"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.clicked.connect(lambda index: self.choose(index, play=False))
        self.activated.connect(lambda index: self.choose(index, play=True))
        thumbnails.loaded.connect(self.viewport().update)

    def show_findings(self, findings: Findings) -> None:
        """Replace the results; what was selected stays so if it is still there."""
        before: ResultRow | None = self.currentIndex().data(SearchModel.RESULT)
        videos = findings.videos or {}
        self.results.show(group(findings.hits, videos), videos)
        if before is not None and before.hit is not None:
            row = self.results.row_of(before.hit)
            if row >= 0:
                self.setCurrentIndex(self.results.index(row))

    def select(self, hit: FoundMoment) -> None:
        """Mark a moment as the one that is looked at."""
        row = self.results.row_of(hit)
        if row >= 0:
            self.setCurrentIndex(self.results.index(row))

    def enter(self) -> None:
        """Take the focus, on a moment, if there is any."""
        if not self.results.rows:
            return
        if not self.currentIndex().isValid():
            # Before the focus, with which Qt would take the first row, a heading.
            self.setCurrentIndex(self.results.first_moment)
        self.setFocus()

    def choose_best(self) -> None:
        """Play the selected moment, else the best one."""
        index = self.currentIndex()
        self.choose(index if index.isValid() else self.results.first_moment, play=True)

    def choose(self, index: QModelIndex, *, play: bool) -> None:
        """Do what a click on a row does, or with `play` what Enter does."""
        row: ResultRow | None = index.data(SearchModel.RESULT)
        if row is None or row.video is None:
            return
        if row.kind is RowKind.COPIES:
            self.results.toggle(index.row())
        else:
            self.chosen.emit(row.video, row.time, play and row.hit is not None)

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():  # the menu key points nowhere
            index = self.currentIndex()
        row: ResultRow | None = index.data(SearchModel.RESULT)
        if row is not None and row.video is not None and row.kind in (RowKind.MOMENT, RowKind.COPY):
            self.menu_wanted.emit(self.viewport().mapToGlobal(point), row.video, row.time)
