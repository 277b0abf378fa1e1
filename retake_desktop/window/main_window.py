"""The window: where its parts stand, and how they are joined."""

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from retake_core.data_dir import DataDir
from retake_core.library.catalog import VideoEntry
from retake_desktop.common.desktop_files import dropped_paths
from retake_desktop.common.notice_bar import NoticeBar
from retake_desktop.common.own_keys import enter_clicks
from retake_desktop.common.theme import theme
from retake_desktop.common.widgets import fit_on_screen
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.desk import Desk
from retake_desktop.engine.notifier import Notifier
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.export.bar import ExportBar
from retake_desktop.export.jobs import Exports
from retake_desktop.indexing.activity import Activity
from retake_desktop.indexing.conditions import Conditions
from retake_desktop.indexing.outside_changes import OutsideChanges
from retake_desktop.indexing.watching import Watching
from retake_desktop.library.albums import Albums
from retake_desktop.library.folder_panel import FolderPanel
from retake_desktop.library.marks import Marks
from retake_desktop.library.model import GridContents
from retake_desktop.library.shelf_tree import Shelf
from retake_desktop.library.view import LibraryView
from retake_desktop.player.page import VideoPage
from retake_desktop.window.actions import PANELS, PLAYBACK, make_actions
from retake_desktop.window.activity_panel import ActivityPanel, StatusLine
from retake_desktop.window.ask_actions import AskActions
from retake_desktop.window.chapter_actions import ChapterActions
from retake_desktop.window.draggable_moments import DraggableMoments
from retake_desktop.window.export_actions import ExportActions
from retake_desktop.window.help import show_about, show_keyboard
from retake_desktop.window.information_actions import InformationActions
from retake_desktop.window.library_actions import LibraryActions
from retake_desktop.window.link_opener import LinkOpener
from retake_desktop.window.mark_actions import MarkActions
from retake_desktop.window.note_actions import NoteActions
from retake_desktop.window.notifications import Notifications
from retake_desktop.window.panels import Panels
from retake_desktop.window.people_actions import PeopleActions
from retake_desktop.window.playback_actions import PlaybackActions
from retake_desktop.window.positions import Positions
from retake_desktop.window.range_actions import RangeActions
from retake_desktop.window.search_actions import SearchActions
from retake_desktop.window.shortcuts import Shortcuts
from retake_desktop.window.side_panel import SidePanel
from retake_desktop.window.sound_tracks import SoundTrackAction
from retake_desktop.window.video_actions import VideoActions
from retake_desktop.window.welcome import WelcomePage


class MainWindow(QMainWindow):
    """Folders at the left, videos or one video in the middle, search and questions at the right, jobs below."""

    def __init__(
        self,
        data_dir: DataDir,
        engine: EngineClient,
        background: Background,
        store: SettingsStore,
        window_state: QSettings,
    ) -> None:
        super().__init__()
        theme.dress(self)
        self.setWindowTitle("ReTaKe")
        self.setAcceptDrops(True)
        self.actions_by_name = actions = make_actions(self)
        self.shortcuts = Shortcuts(self, actions, store)
        self.notice = NoticeBar(self)
        self.desk = desk = Desk(
            window=self,
            actions=actions,
            notice=self.notice,
            engine=engine,
            background=background,
            thumbnails=Thumbnails(background),
            store=store,
            window_state=window_state,
            data_dir=data_dir,
        )
        self.activity = Activity(engine)
        self.conditions = Conditions(store, background, self.activity)
        self.folders = FolderPanel(actions)
        self.library = LibraryView(desk)
        self.page = VideoPage(desk)
        self.side = SidePanel(desk)
        self.search = self.side.search
        self.exports = Exports(engine, self.activity)
        self.status = StatusLine(self.activity, actions)
        self.activity_panel = ActivityPanel(self.activity, self.exports, actions)
        self.watching = Watching(engine)
        self.outside_changes = OutsideChanges(data_dir.database)
        self.welcome = WelcomePage(actions)
        self.middle = QStackedWidget()
        self.outer = QStackedWidget()
        self.splitter = Panels(self.folders, self.middle, self.side, actions)
        self._build()
        self.video_actions = VideoActions(desk, self.activity, self.library, self.page)
        self.albums = Albums(background)
        self.marks = Marks(engine)
        self.mark_actions = MarkActions(desk, self.marks, self.video_actions, self.library)
        self.positions = Positions(desk, self.marks, self.video_actions, self.page)
        self.information = InformationActions(desk, self.video_actions)
        NoteActions(desk, self.marks, self.video_actions, self.information)
        ChapterActions(desk, self.marks, self.activity, self.video_actions, self.page)
        self.links = LinkOpener(desk)
        self.notifications = Notifications(
            Notifier(background), store, self.activity, self.exports, self.side.ask.asker
        )
        self.library_actions = LibraryActions(desk, self.activity, self.folders, self.library, self.video_actions)
        self.ask_actions = AskActions(desk, self.side.ask, self.library, self.page)
        self.search_actions = SearchActions(desk, self.search, self.page)
        self.people_actions = PeopleActions(desk, self.search, self.video_actions, self.page)
        SoundTrackAction(desk, self.activity, self.video_actions)
        ExportActions(desk, self.exports, self.video_actions, self.search, self.side.ask)
        DraggableMoments(desk, self.exports, self.page, self.side)
        self._connect()
        self._connect_actions()
        self._restore()
        self.library.grid.setFocus()

    def _build(self) -> None:
        self.middle.addWidget(self.library)
        self.middle.addWidget(self.page)
        self.outer.addWidget(QWidget())  # until the library has been read
        self.outer.addWidget(self.welcome)
        self.outer.addWidget(self.splitter)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.outer, 1)
        layout.addWidget(self.activity_panel)
        layout.addWidget(ExportBar(self.exports))
        layout.addWidget(self.status)
        self.setCentralWidget(central)
        self.activity_panel.hide()
        fit_on_screen(self, 1280, 800)

    def _connect(self) -> None:
        self.library.opened.connect(self.open_video)
        self.video_actions.video_wanted.connect(self.open_video)
        self.notifications.clicked.connect(lambda: self.links.open(""))
        self.links.found.connect(self.open_video)
        self.ask_actions.video_wanted.connect(self.open_video)
        self.ask_actions.menu_wanted.connect(self.video_actions.show_moment_menu)
        self.video_actions.similar_wanted.connect(lambda *_: self.side.show_search())
        self.video_actions.similar_wanted.connect(self.search.show_similar)
        self.library_actions.library_wanted.connect(self.show_library)
        self.library.refreshed.connect(self._show_contents)
        self.library.grid.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.welcome.left.connect(self.library.refresh)
        self.folders.chosen.connect(self._show_shelf)
        self.folders.chosen_again.connect(self._uncover_shelf)
        self.folders.album_wanted.connect(lambda shelf: self.search_for(shelf.query))
        self.people_actions.search_wanted.connect(self.search_for)
        self.folders.tree.rename_wanted.connect(
            lambda shelf, name: self.search_actions.rename_album(shelf.album, name)
        )
        self.folders.tree.delete_wanted.connect(lambda shelf: self.search_actions.delete_album(shelf.album))
        self.library.refreshed.connect(self.albums.reload)
        self.search.searches.changed.connect(self.albums.reload)
        self.albums.changed.connect(self._show_albums)
        self.search.chosen.connect(lambda video, time, play: self.open_video(video, time, play=play))
        self.search.menu_wanted.connect(self.video_actions.show_moment_menu)
        self.search_actions.panel_wanted.connect(self.side.show_search)
        self.side.wanted.connect(lambda: self.splitter.show_panel("side_panel"))
        self.side.transcript.chosen.connect(self.page.show_time)
        for panel in (self.side.transcript, self.side.search):
            panel.model_wanted.connect(self.actions_by_name["preferences_models"].trigger)
        self.activity.changed.connect(lambda: self.side.transcript.set_listening(self.activity.listening))
        self.page.reel.moved.connect(lambda: self.side.transcript.follow(self.page.reel.time))
        self.page.pieces.wanted.connect(lambda video, play: self.open_video(video, 0.0, play=play))
        self.page.surface.double_clicked.connect(self.actions_by_name["full_screen"].toggle)
        self.activity.changed.connect(self._enable)
        self.activity.changed.connect(self._show_folders)
        self.status.now.clicked.connect(self.conditions.index_now)
        self.activity_panel.opened.connect(self.open_video)
        self.activity_panel.menu_wanted.connect(self.video_actions.show_video_menu)
        self.watching.changed.connect(self.activity.look_into)
        self.watching.states_changed.connect(self._show_folders)
        self.outside_changes.changed.connect(self._follow_outside)
        self.activity.library_changed.connect(self.library.refresh_in_turn)
        self.activity.library_changed.connect(self.page.reload)
        self.activity.library_changed.connect(self.side.transcript.reload)
        self.marks.changed.connect(self.library.refresh)
        self.marks.position_kept.connect(self.library.refresh_in_turn)
        self.marks.changed.connect(self.page.reload)
        self.library.refreshed.connect(self.information.reload)
        self.marks.changed.connect(self.search.learn)
        self.activity.noticed.connect(self.notice.tell)
        self.notice.changed.connect(self._enable)
        escape = QShortcut(QKeySequence("Escape"), self)
        escape.activated.connect(self._escape)

    def _connect_actions(self) -> None:
        for name, slot in {
            "undo": self.notice.undo,
            "update": lambda: self.activity.index(),
            "stop": self.activity.stop,
            "pause": lambda: self.activity.pause(self.actions_by_name["pause"].isChecked()),
            "quit": self.close,
            "back": self.show_library,
            "ask_about": lambda: self.side.ask_about(self.video_actions.target.ids),
            "keys": lambda: show_keyboard(self, self.actions_by_name["play"]),
            "about": lambda: show_about(self),
        }.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, slot=slot: slot())
        PlaybackActions(self.page, self.actions_by_name)
        RangeActions(self.page, self.video_actions, self.actions_by_name)
        self.actions_by_name["activity"].toggled.connect(self.activity_panel.setVisible)
        self.actions_by_name["full_screen"].toggled.connect(self._set_full_screen)
        self._enable()

    def open_video(self, video: VideoEntry, time: float | None = None, *, play: bool = False) -> None:
        """Show a video in the middle."""
        self.middle.setCurrentWidget(self.page)
        self.page.open(video, self.positions.start(video, time), play=play)
        self.side.set_places(self.folders.folder, video)
        if not self.side.isAncestorOf(self.focusWidget() or self):
            self.page.surface.setFocus()
        self._enable()

    def show_library(self) -> None:
        """Go back to the grid."""
        self.actions_by_name["full_screen"].setChecked(False)
        self.page.leave()
        self.middle.setCurrentWidget(self.library)
        self.side.set_places(self.folders.folder, None)
        self.library.grid.setFocus()
        self._enable()

    def _show_shelf(self, shelf: Shelf) -> None:
        chosen_in_tree = self.folders.tree.hasFocus()
        self.show_library()
        self.library.show_shelf(shelf)
        if chosen_in_tree:  # what is pressed next is about the row, or goes on to another
            self.folders.tree.setFocus()

    def _follow_outside(self) -> None:
        if not self.activity.running:  # which has the library read anew by itself
            self.activity.library_changed.emit()

    def _uncover_shelf(self, shelf: Shelf) -> None:
        if self.middle.currentWidget() is self.page:
            self._show_shelf(shelf)

    def search_for(self, query: str) -> None:
        """Show what matches a query."""
        self.side.show_search()
        self.search.open_query(query)

    def _show_albums(self) -> None:
        kept = {entry.name for entry in self.search.searches.saved}  # without one that is being deleted
        self.folders.show_albums([album for album in self.albums.found if album.name in kept])

    def _show_contents(self, contents: GridContents) -> None:
        empty = self.welcome.follow(contents, self.activity.running)
        place = self.welcome if empty else self.splitter
        if place is not self.outer.currentWidget():
            self.outer.setCurrentWidget(place)
            (self.welcome.button if empty else self.library.grid).setFocus()
        self.watching.follow(folder.path for folder in contents.folders)
        self._show_folders()
        self.status.show_contents(contents)
        self.activity_panel.show_contents(contents)
        self._enable()

    def _show_folders(self) -> None:
        state = ("paused" if self.activity.paused else "indexing") if self.activity.running else ""
        self.folders.show_contents(self.library.contents, state, self.watching.states)

    def _enable(self) -> None:
        on_page = self.middle.currentWidget() is self.page
        for name, action in self.actions_by_name.items():
            if name in PLAYBACK:
                action.setEnabled(on_page)
        for name in PANELS:  # the welcome page covers them: they would take the focus and show nothing
            self.actions_by_name[name].setEnabled(self.outer.currentWidget() is not self.welcome)
        self.library_actions.enable()
        self.search_actions.enable()
        self.actions_by_name["undo"].setEnabled(self.notice.can_undo)
        self.actions_by_name["stop"].setEnabled(self.activity.running)
        self.actions_by_name["pause"].setEnabled(self.activity.running or self.activity.paused)
        self.actions_by_name["pause"].setChecked(self.activity.paused)

    def _set_full_screen(self, full: bool) -> None:
        for widget in (self.menuBar(), self.status):
            widget.setVisible(not full)
        self.splitter.set_bare(full)
        self.activity_panel.setVisible(not full and self.actions_by_name["activity"].isChecked())
        self.page.set_bare(full and self.middle.currentWidget() is self.page)
        self.setWindowState(
            self.windowState() | Qt.WindowState.WindowFullScreen
            if full
            else self.windowState() & ~Qt.WindowState.WindowFullScreen
        )

    def _escape(self) -> None:
        if self.actions_by_name["full_screen"].isChecked():
            self.actions_by_name["full_screen"].setChecked(False)
        elif self.middle.currentWidget() is self.page:
            self.show_library()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take folders and files."""
        if event.source() is None and dropped_paths(event.mimeData().urls()):  # not what was dragged out of it
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Add what was dropped."""
        self.library_actions.add(dropped_paths(event.mimeData().urls()))
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Click the button that has the focus with Enter, too."""
        if not enter_clicks(self, event):
            super().keyPressEvent(event)

    def _restore(self) -> None:
        state = self.desk.window_state
        geometry = state.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        self.splitter.restore(state)
        self.side.restore(state)
        self.actions_by_name["activity"].setChecked(state.value("activity") == "true")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the layout, and end what runs."""
        self.notice.commit()
        self.actions_by_name["full_screen"].setChecked(False)
        state = self.desk.window_state
        state.setValue("geometry", self.saveGeometry())
        self.splitter.save(state)
        self.side.save(state)
        state.setValue("activity", "true" if self.actions_by_name["activity"].isChecked() else "false")
        state.sync()
        self.positions.leave()
        self.hide()  # a worker may take a moment to end
        self.page.player.close()
        self.desk.engine.close()
        self.desk.background.close()
        super().closeEvent(event)
