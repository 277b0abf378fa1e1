"""What the actions on folders and videos of the library do, and when they can be chosen."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from retake_core.library.catalog import VideoEntry
from retake_desktop import outside
from retake_desktop.activity import Activity
from retake_desktop.files import show_in_file_manager
from retake_desktop.folder_panel import FolderPanel
from retake_desktop.library_view import LibraryView
from retake_desktop.notice_bar import NoticeBar
from retake_desktop.video_page import VideoPage


class LibraryActions(QObject):
    """Joins the actions with the folders, the grid and the page, and lives as long as the window.

    Args:
        window: stands behind dialogs.
        middle: shows the grid or the page.
    """

    video_wanted = Signal(object)  # VideoEntry
    library_wanted = Signal()  # the grid is to be shown

    def __init__(
        self,
        window: QWidget,
        actions: dict[str, QAction],
        activity: Activity,
        notice: NoticeBar,
        folders: FolderPanel,
        library: LibraryView,
        page: VideoPage,
        middle: QStackedWidget,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._activity = activity
        self._notice = notice
        self._folders = folders
        self._library = library
        self._page = page
        self._middle = middle
        for name, slot in {
            "add_folder": self.choose_folder,
            "remove_folder": self.remove_folder,
            "open": self._open,
            "show_in_folder": self._show_in_folder,
            "copy_path": self._copy_path,
            "reindex": self._reindex,
            "copy_frame": self._copy_frame,
        }.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())

    @property
    def video(self) -> VideoEntry | None:
        """What an action on a video means: the one that is open, else the one that is selected."""
        if self._middle.currentWidget() is self._page:
            return self._page.video
        item = self._library.current
        return None if item is None else item.entry

    def enable(self) -> None:
        """Let those actions be chosen that have something to work on."""
        has_video = self.video is not None
        for name in ("open", "copy_path", "reindex"):
            self._actions[name].setEnabled(has_video)
        self._actions["show_in_folder"].setEnabled(has_video or self._folders.folder is not None)
        self._actions["remove_folder"].setEnabled(self._folders.folder is not None)

    def add_folders(self, folders: list[Path]) -> None:
        """Add folders to the library and index them."""
        self._notice.commit()
        self._activity.index([str(folder) for folder in folders])
        self._library.refresh()

    def choose_folder(self) -> None:
        """Ask for a folder to add."""
        title = self.tr("Add a folder of videos")
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(Path.home()))
        if chosen:
            self.add_folders([Path(chosen)])

    def remove_folder(self) -> None:
        """Take the selected folder out of the library; for a while it can be undone."""
        folder = self._folders.folder
        if folder is None:
            return
        view = self._library
        hidden = view.arrangement.hidden | {folder}
        self._notice.offer_undo(
            self.tr("“{name}” was removed from the library. Its files were not touched.").format(
                name=outside.name(folder)
            ),
            commit=lambda: self._activity.remove_folder(str(folder)),
            revert=lambda: view.arrange(replace(view.arrangement, hidden=hidden - {folder})),
        )
        view.arrange(replace(view.arrangement, folder=None, hidden=hidden))
        self.library_wanted.emit()

    def _open(self) -> None:
        if (video := self.video) is not None:
            self.video_wanted.emit(video)

    def _show_in_folder(self) -> None:
        video = self.video
        place = self._folders.folder if video is None or self._folders.list.hasFocus() else video.path
        if place is not None:
            show_in_file_manager(place)

    def _copy_path(self) -> None:
        if (video := self.video) is not None:
            QGuiApplication.clipboard().setText(str(video.path))
            self._notice.tell(self.tr("The path was copied."))

    def _reindex(self) -> None:
        if (video := self.video) is not None:
            self._activity.reindex(video.id)

    def _copy_frame(self) -> None:
        if self._page.copy_frame():
            self._notice.tell(self.tr("The frame was copied."))
