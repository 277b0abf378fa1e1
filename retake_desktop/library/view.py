"""The grid of videos with its filters. Hovering over a poster scrubs through the video's keyframes."""

import time
from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from retake_core.library import catalog
from retake_core.library.catalog import KeyframeEntry
from retake_core.questions.memories import ready_videos
from retake_desktop.common import safe_text
from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import TextLabel, muted_label, single_shot
from retake_desktop.engine.desk import Desk
from retake_desktop.library.card import NARROWEST, VideoDelegate, card_height
from retake_desktop.library.model import (
    Arrangement,
    GridContents,
    Place,
    ShownVideos,
    VideoGridModel,
    VideoItem,
    read_contents,
)
from retake_desktop.library.sorting import Sort

MARGIN = 12
REST = 3.0  # times as long as a reading took, until the next one while the library changes
SCRUBBED = 24  # keyframes that a poster shows at most while the mouse crosses it


class LibraryView(QWidget):
    """Videos of all folders or one."""

    opened = Signal(object)
    refreshed = Signal(object)
    menu_wanted = Signal(QPoint)  # on the screen, for the selected videos

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._arrangement = Arrangement()
        self._scrubbed: dict[int, list[KeyframeEntry]] = {}
        self.model = VideoGridModel()
        self.delegate = VideoDelegate(desk.thumbnails)
        self.grid = QListView()
        self.contents = GridContents()
        self._reading = self._again = self._elsewhere = False
        self._began = 0.0
        self._heading = TextLabel()
        self.name_filter = QLineEdit()
        self.state_filter = QComboBox()
        self.sort_order = QComboBox()
        self.note = muted_label()
        self._build()

    @property
    def arrangement(self) -> Arrangement:
        """What is shown, in which order."""
        return self._arrangement

    @property
    def current(self) -> VideoItem | None:
        """The selected video."""
        item: VideoItem | None = self.grid.currentIndex().data(VideoGridModel.ITEM)
        return item

    @property
    def selected(self) -> list[VideoItem]:
        """The selected videos, the current one first."""
        current = self.grid.currentIndex()
        rows = sorted(self.grid.selectionModel().selectedIndexes(), key=lambda i: (i != current, i.row()))
        return [index.data(VideoGridModel.ITEM) for index in rows]

    def arrange(self, arrangement: Arrangement) -> None:
        """Show something else, from the top."""
        self._arrangement = arrangement
        self._elsewhere = True
        folder = arrangement.folder
        self._heading.setText(self._title() if folder is None else safe_text.name(folder))
        self._heading.setToolTip("" if folder is None else safe_text.tip(safe_text.whole(folder)))
        self.refresh()

    def refresh(self) -> None:
        """Read the library again."""
        self._reading, self._again = True, False
        self._began = time.monotonic()
        self._scrubbed.clear()
        arrangement, before = self._arrangement, self.contents
        self._desk.background.run(
            lambda connection: read_contents(connection, arrangement, before, ready_videos(self._desk.data_dir)),
            self._show,
            key="library",
        )

    def refresh_in_turn(self) -> None:
        """Read the library again, but wait longer than reading takes: large libraries take seconds."""
        if self._reading:
            self._again = True
        else:
            self.refresh()

    def _title(self) -> str:
        match self._arrangement.place:
            case Place.FAVOURITES:
                return self.tr("Favourites")
            case Place.HIDDEN:
                return self.tr("Hidden")
            case _:
                return self.tr("All videos")

    def _build(self) -> None:
        self._heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        self._heading.setMinimumWidth(60)
        self.name_filter.setPlaceholderText(self.tr("Filter by name"))
        self.name_filter.setAccessibleName(self.tr("Filter videos by name"))
        self.name_filter.setClearButtonEnabled(True)
        self.name_filter.setFixedWidth(150)
        for state, text in (
            (ShownVideos.ALL, self.tr("All states")),
            (ShownVideos.INDEXED, self.tr("Indexed")),
            (ShownVideos.WAITING, self.tr("Waiting")),
            (ShownVideos.FAILED, self.tr("Failed")),
            (ShownVideos.OFFLINE, self.tr("Offline")),
        ):
            self.state_filter.addItem(text, state)
        for sort, text in (
            (Sort.NAME, self.tr("Name")),
            (Sort.DATE, self.tr("Newest first")),
            (Sort.ADDED, self.tr("Last added first")),
            (Sort.LENGTH, self.tr("Longest first")),
            (Sort.KEYFRAMES, self.tr("Most keyframes first")),
        ):
            self.sort_order.addItem(text, sort)
        self.state_filter.setAccessibleName(self.tr("Filter videos by state"))
        self.sort_order.setAccessibleName(self.tr("Sort videos"))
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 16, 10)
        head.setSpacing(8)
        head.addWidget(self._heading, 1)
        for widget in (self.name_filter, self.state_filter, self.sort_order):
            head.addWidget(widget)

        grid = self.grid
        grid.setModel(self.model)
        grid.setItemDelegate(self.delegate)
        grid.setViewMode(QListView.ViewMode.IconMode)
        grid.setUniformItemSizes(True)
        grid.setResizeMode(QListView.ResizeMode.Adjust)
        grid.setMovement(QListView.Movement.Static)
        grid.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        grid.setMouseTracking(True)
        grid.setAccessibleName(self.tr("Videos"))
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(self._menu)
        grid.activated.connect(self._open)
        grid.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        for action in self._desk.actions.values():
            if action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut:
                grid.addAction(action)
        delete = QShortcut(QKeySequence.StandardKey.Delete, grid)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._desk.actions["remove_video"].trigger)
        grid.viewport().installEventFilter(self)
        self._desk.thumbnails.loaded.connect(grid.viewport().update)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        self.note.hide()

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.note, 1)
        body = QHBoxLayout()
        body.setContentsMargins(MARGIN, 0, 4, 0)
        body.addWidget(grid)
        layout.addLayout(body, 1)
        self.arrange(self._arrangement)
        rearrange = single_shot(self, 150)
        rearrange.timeout.connect(self._rearrange)
        self.name_filter.textChanged.connect(lambda _: rearrange.start())
        self.state_filter.currentIndexChanged.connect(lambda _: self._rearrange())
        self.sort_order.currentIndexChanged.connect(lambda _: self._rearrange())

    def _rearrange(self) -> None:
        self.arrange(
            replace(
                self._arrangement,
                text=self.name_filter.text(),
                state=ShownVideos(self.state_filter.currentData()),
                sort=Sort(self.sort_order.currentData()),
            )
        )

    def _show(self, contents: GridContents) -> None:
        current = self.current
        self._reading = False
        if self._again:
            pause = round(REST * (time.monotonic() - self._began) * 1000)
            QTimer.singleShot(pause, self, self.refresh_in_turn)
        self.contents = contents
        self._desk.thumbnails.forget_absent()
        self.model.show(contents)
        if self._elsewhere:
            self._elsewhere = False
            self.grid.scrollToTop()
        if current is not None and self.grid.currentIndex().row() < 0:
            row = self.model.row_of(current.entry.id)
            if row >= 0:
                self.grid.setCurrentIndex(self.model.index(row))
        self.note.setVisible(not contents.shown)
        self.grid.setVisible(bool(contents.shown))
        filtered = self._arrangement.text or self._arrangement.state is not ShownVideos.ALL
        self.note.setText(
            self.tr("No video matches the filter.")
            if filtered
            else self.tr(
                "No videos here yet. They appear as they are found; drop a folder into the window to add one."
            )
        )
        self.refreshed.emit(contents)

    def _open(self, index: QModelIndex) -> None:
        item: VideoItem = index.data(VideoGridModel.ITEM)
        self.opened.emit(item.entry)

    def _menu(self, point: QPoint) -> None:
        index = self.grid.indexAt(point)
        if not index.isValid() and self.selected:  # the menu key points nowhere
            point = self.grid.visualRect(self.grid.currentIndex()).center()
        elif not index.isValid():
            return
        self.menu_wanted.emit(self.grid.viewport().mapToGlobal(point))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Scrub under the mouse, and fit the cards to the width."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._scrub(event.position().toPoint())
        elif event.type() == QEvent.Type.Leave:
            self._stop_scrubbing()
        elif event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        # Not the viewport's width: it changes when the scroll bar comes and goes, and that with the cards' height.
        room = self.grid.width() - 8 - self.grid.verticalScrollBar().sizeHint().width()
        columns = max(1, room // (NARROWEST + 8))
        width = max(NARROWEST, room // columns)
        size = QSize(width, card_height(width))
        if size != self.delegate.size:
            self.delegate.size = size
            self.grid.setGridSize(size)

    def _scrub(self, point: QPoint) -> None:
        index = self.grid.indexAt(point)
        item: VideoItem | None = index.data(VideoGridModel.ITEM)
        if item is None or item.entry.keyframes < 2:
            self._stop_scrubbing()
            return
        video_id = item.entry.id
        if video_id not in self._scrubbed:
            self._scrubbed[video_id] = []
            self._desk.background.run(
                lambda connection: catalog.keyframes(connection, video_id, SCRUBBED),
                lambda found: self._scrubbed.update({video_id: found}),
            )
        frames = self._scrubbed[video_id]
        if frames:
            box = self.grid.visualRect(index)
            share = min(max((point.x() - box.left()) / max(box.width(), 1), 0.0), 0.999)
            for entry in frames:  # those beside it are wanted next
                self._desk.thumbnails.pixmap(entry.id)
            self.delegate.scrub = (video_id, frames[int(share * len(frames))].id, share)
            self.grid.viewport().update()

    def _stop_scrubbing(self) -> None:
        if self.delegate.scrub is not None:
            self.delegate.scrub = None
            self.grid.viewport().update()
