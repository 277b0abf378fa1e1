"""What the actions on the folders of the library do, and when they can be chosen."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from retake_desktop.common import safe_text
from retake_desktop.common.desktop_files import show_in_file_manager, video_patterns
from retake_desktop.engine.desk import Desk
from retake_desktop.indexing.activity import Activity
from retake_desktop.library.folder_panel import FolderPanel
from retake_desktop.library.view import LibraryView
from retake_desktop.window.video_actions import FOLDER_MENU, VideoActions


class LibraryActions(QObject):
    """Joins the actions with the folders, and lives as long as the window."""

    library_wanted = Signal()  # the grid is to be shown

    def __init__(
        self, desk: Desk, activity: Activity, folders: FolderPanel, library: LibraryView, videos: VideoActions
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._activity = desk, activity
        self._folders, self._library, self._videos = folders, library, videos
        for name, slot in {
            "add_folder": self.choose_folder,
            "add_files": self.choose_files,
            "remove_folder": self.remove_folder,
            "show_in_folder": self._show_in_folder,
        }.items():
            desk.actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        videos.enabled.connect(self._enable)
        folders.menu_wanted.connect(lambda point: videos.show_menu(point, FOLDER_MENU))

    def enable(self) -> None:
        """Let those actions be chosen that have something to work on."""
        self._videos.enable()

    def _enable(self) -> None:
        has_video = self._videos.target.video is not None
        self._desk.actions["show_in_folder"].setEnabled(has_video or self._folders.folder is not None)
        self._desk.actions["remove_folder"].setEnabled(self._folders.root is not None)

    def add(self, paths: Sequence[Path]) -> None:
        """Add folders and single files to the library and index them."""
        self._desk.notice.commit()
        self._activity.index([os.fspath(path) for path in paths])
        self._library.refresh()

    def choose_folder(self) -> None:
        """Ask for a folder to add."""
        title = self.tr("Add a folder of videos")
        folder = QFileDialog.getExistingDirectory(self._desk.window, title, str(Path.home()))
        if folder:
            self.add([Path(folder)])

    def choose_files(self) -> None:
        """Ask for single videos to add."""
        kinds = self.tr("Videos ({patterns})").format(patterns=video_patterns())
        files, _ = QFileDialog.getOpenFileNames(self._desk.window, self.tr("Add videos"), str(Path.home()), kinds)
        if files:
            self.add([Path(file) for file in files])

    def remove_folder(self) -> None:
        """Take the selected folder out of the library; for a while it can be undone."""
        folder = self._folders.root
        if folder is None:
            return
        view = self._library
        hidden = view.arrangement.hidden | {folder}
        text = self.tr("“{name}” was removed from the library. Its files were not touched.")
        self._desk.notice.offer_undo(
            text.format(name=safe_text.name(folder)),
            commit=lambda: self._activity.remove_folder(str(folder)),
            revert=lambda: view.arrange(replace(view.arrangement, hidden=hidden - {folder})),
        )
        view.arrange(replace(view.arrangement, folder=None, hidden=hidden))
        self.library_wanted.emit()

    def _show_in_folder(self) -> None:
        folder = self._folders.folder
        means_folder = self._folders.tree.hasFocus() or self._videos.target.video is None
        if folder is not None and means_folder:
            show_in_file_manager(folder)
        else:
            self._videos.show_in_file_manager()
