"""The grid of videos with its filters. Hovering over a poster scrubs through the video's keyframes."""

import time
from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from retake_core.library.catalog import VideoRow
from retake_core.library.keyframes import KeyframeEntry, keyframes
from retake_core.questions.memories import ready_videos
from retake_desktop.common import safe_text
from retake_desktop.common.filter_line import enter_list
from retake_desktop.common.theme import widened
from retake_desktop.common.widgets import muted_label
from retake_desktop.engine.desk import Desk
from retake_desktop.library.card import FACTS, VideoDelegate, card_height
from retake_desktop.library.date_scrubber import DateScrubber
from retake_desktop.library.grid_head import GridHead
from retake_desktop.library.model import (
    Arrangement,
    GridContents,
    Place,
    VideoGridModel,
    VideoItem,
    read_contents,
)
from retake_desktop.library.selection_bar import SelectionBar
from retake_desktop.library.shelf_tree import Shelf

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
        self._album = ""
        self._scrubbed: dict[int, list[KeyframeEntry]] = {}
        self.model = VideoGridModel()
        self.delegate = VideoDelegate(desk.thumbnails)
        self.grid = QListView()
        self.scrubber = DateScrubber()
        self.contents = GridContents()
        self._reading = self._again = self._elsewhere = self._going = False
        self._began = 0.0
        self.head = GridHead(desk.window_state)
        self.selection = SelectionBar(desk.actions)
        self.note = muted_label()
        self.clear = QPushButton(self.tr("Clear filter"))
        self._nothing = QWidget()
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
    def selected(self) -> list[VideoRow]:
        """The selected videos, the current one first."""
        rows, current = self._selected_rows(), self.grid.currentIndex().row()
        if current in rows:
            rows.remove(current)
            rows.insert(0, current)
        return [video for row in rows for video in self.model.videos_at(row)]

    def arrange(self, arrangement: Arrangement) -> None:
        """Show something else, from the top."""
        self._arrangement = arrangement
        self._elsewhere = True
        folder = arrangement.folder
        if folder is None:
            self.head.show_heading(self._title())
        else:
            self.head.show_heading(safe_text.name(folder), safe_text.tip(safe_text.whole(folder)))
        self.refresh()

    def show_shelf(self, shelf: Shelf) -> None:
        """Show a place of the library, an album or a folder; what was typed to filter another one goes."""
        self.head.clear_name()
        self._album = shelf.album
        self.arrange(
            replace(self._arrangement, place=shelf.place, query=shelf.query, folder=shelf.folder, text="")
        )

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

    def rename(self) -> None:
        """Let the user type another name for the current video."""
        if self.current is not None:
            self.grid.setFocus()
            self.grid.edit(self.grid.currentIndex())

    def _title(self) -> str:
        match self._arrangement.place:
            case Place.ALBUM:
                return safe_text.line(self._album)
            case Place.UNFINISHED:
                return self.tr("Continue watching")
            case Place.FAVOURITES:
                return self.tr("Favourites")
            case Place.HIDDEN:
                return self.tr("Hidden")
            case _:
                return self.tr("All videos")

    def _build(self) -> None:
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
        nothing = QVBoxLayout(self._nothing)
        nothing.addStretch()
        nothing.addWidget(self.note)
        nothing.addSpacing(10)
        nothing.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch()
        self._nothing.hide()

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self._nothing, 1)
        body = QHBoxLayout()
        body.setContentsMargins(MARGIN, 0, 4, 0)
        body.addWidget(grid)
        body.addWidget(self.scrubber)
        layout.addLayout(body, 1)
        layout.addWidget(self.selection)
        self.arrange(self._arrangement)
        self.head.changed.connect(self._rearrange)
        self.head.resized.connect(self._fit)
        self.head.name_filter.left_down.connect(lambda: enter_list(grid))
        self.head.name_filter.returnPressed.connect(lambda: enter_list(grid))
        self.clear.clicked.connect(self._clear)
        self.scrubber.chosen.connect(self._go_to)
        grid.verticalScrollBar().valueChanged.connect(lambda _: self._follow())
        self.selection.left.connect(grid.clearSelection)
        grid.selectionModel().selectionChanged.connect(lambda *_: self._count_selected())

    def _rearrange(self) -> None:
        head = self.head
        self.arrange(
            replace(
                self._arrangement,
                text=head.name_filter.text(),
                state=head.state,
                sort=head.sort,
                backwards=head.direction.isChecked(),
            )
        )

    def _clear(self) -> None:
        self.head.clear_filters()
        self.head.name_filter.setFocus()

    def _go_to(self, row: int) -> None:
        self._going = True  # the scrubber stays on the day that was chosen, even at the end of the grid
        self.grid.scrollTo(self.model.index(row), QListView.ScrollHint.PositionAtTop)
        self._going = False

    def _follow(self) -> None:
        if self._going or not self.scrubber.days:
            return
        self.scrubber.follow(self.grid.indexAt(QPoint(MARGIN, self.delegate.size.height() // 2)).row())

    def _count_selected(self) -> None:
        self.selection.show_count(len(self._selected_rows()))

    def _selected_rows(self) -> list[int]:
        # By ranges: of its indexes Qt asks one by one whether they can be selected, 60 ms for 25,000.
        ranges = self.grid.selectionModel().selection().toList()
        return sorted(row for part in ranges for row in range(part.top(), part.bottom() + 1))

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
        self._nothing.setVisible(not contents.shown)
        self.grid.setVisible(bool(contents.shown))
        self.scrubber.show_days(contents.days, len(contents.shown))
        self.clear.setVisible(self.head.filtered)
        self.note.setText(self._why_empty())
        self._count_selected()
        self.refreshed.emit(contents)

    def _why_empty(self) -> str:
        if self.head.filtered:
            return self.tr("No video matches the filter.")
        if self._arrangement.place is not Place.ALL:
            return self.tr("Nothing is here any more.")
        return self.tr(
            "No videos here yet. They appear as they are found; drop a folder into the window to add one."
        )

    def _open(self, index: QModelIndex) -> None:
        item: VideoItem = index.data(VideoGridModel.ITEM)
        self.opened.emit(item.videos[0])

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
        elif isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.head.turn_wheel(event.angleDelta().y() > 0)
            return True
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        # Not the viewport's width: it changes when the scroll bar comes and goes, and that with the cards' height.
        room = self.grid.width() - 8 - self.grid.verticalScrollBar().sizeHint().width()
        least = min(widened(self.head.card_width, FACTS), room)
        width = room // max(1, room // (least + 8))
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
                lambda connection: keyframes(connection, video_id, SCRUBBED),
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
