"""What the actions on videos and moments do, and what they mean: a selection, or what was right-clicked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from retake_core.library.catalog import VideoEntry, VideoRow
from retake_desktop.common import safe_text
from retake_desktop.common.desktop_files import show_in_file_manager
from retake_desktop.common.theme import icon
from retake_desktop.engine.desk import Desk
from retake_desktop.indexing.activity import Activity
from retake_desktop.library.model import path_in
from retake_desktop.library.view import LibraryView
from retake_desktop.player.page import VideoPage
from retake_desktop.window.links import link_to

STARS = ("no_stars", "stars_1", "stars_2", "stars_3", "stars_4", "stars_5")
VIDEO_MENU = (
    "open",
    "show_in_folder",
    "copy_path",
    "export",
    "ask_about",
    "",
    "watched",
    "favourite",
    "stars",
    "tags",
    "note",
    "rename",
    "hide",
    "information",
    "",
    "index_first",
    "retry",
    "reindex",
    "sound_track",
    "",
    "remove_video",
)
MOMENT_MENU = (
    "open",
    "note",
    "copy_link",
    "copy_frame",
    "save_frame",
    "similar",
    "not_person",
    "",
    "export_clip",
    "export",
    "export_results",
    "",
    "show_in_folder",
    "copy_path",
)
_RANGE = ("mark_start", "mark_end", "clear_range", "play_range", "loop")
_FRAME = ("copy_link", "copy_frame", "save_frame", "similar", "export_clip")
PICTURE_MENU = ("play", "", *_RANGE, "", *_FRAME, "", "subtitles", "tracks", "", "go_to_time", "full_screen")
TIMELINE_MENU = ("play", "go_to_time", "", *_RANGE, "", *_FRAME)
FOLDER_MENU = ("show_in_folder", "update", "", "remove_folder")


@dataclass(frozen=True, slots=True)
class Target:
    """What an action works on: videos, and of a single one perhaps a moment or a range, in seconds.

    What can be done is asked of them as they come: to make entries of 25,000 that are selected takes a second.
    """

    chosen: tuple[VideoEntry | VideoRow, ...] = ()
    time: float | None = None
    span: tuple[float, float] | None = None

    @property
    def video(self) -> VideoEntry | None:
        """The only or first video."""
        return _entry(self.chosen[0]) if self.chosen else None

    @property
    def videos(self) -> tuple[VideoEntry, ...]:
        """All of them."""
        return tuple(map(_entry, self.chosen))

    @property
    def ids(self) -> list[int]:
        """All of them, by id."""
        return [video.id for video in self.chosen]


def _entry(video: VideoEntry | VideoRow) -> VideoEntry:
    return video.entry if isinstance(video, VideoRow) else video


class VideoActions(QObject):
    """Joins the actions with the grid and the page, and lives as long as the window."""

    video_wanted = Signal(object, object)  # VideoEntry, seconds or None: is to be shown
    similar_wanted = Signal(object, float)  # VideoEntry, seconds
    enabled = Signal()  # what the actions work on may have changed

    def __init__(self, desk: Desk, activity: Activity, library: LibraryView, page: VideoPage) -> None:
        super().__init__(desk.window)
        self._desk, self._activity = desk, activity
        self._library, self._page = library, page
        self._pointed: Target | None = None
        self._settled: Target | None = None  # while all ask what they can do with it
        for name, slot in {
            "open": self._open,
            "copy_path": self._copy_path,
            "copy_link": self._copy_link,
            "copy_frame": self._copy_frame,
            "similar": self._find_similar,
            "index_first": lambda: activity.index_first(self._ids()),
            "retry": lambda: activity.retry(self._ids(failed=True)),
            "retry_all": lambda: activity.retry(),
            "reindex": lambda: activity.reindex(self._ids()),
            "remove_video": self._remove,
        }.items():
            desk.actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        library.menu_wanted.connect(lambda point: self.show_menu(point, VIDEO_MENU))
        page.menu_wanted.connect(self.show_moment_menu)
        page.picture_menu_wanted.connect(lambda point: self.show_menu(point, PICTURE_MENU))
        page.timeline_menu_wanted.connect(self._show_timeline_menu)

    @property
    def target(self) -> Target:
        """What was right-clicked, else the video that is open, else those that are selected."""
        if self._settled is not None:
            return self._settled
        if self._pointed is not None:
            return self._pointed
        if self._on_page:
            video = self._page.video
            return Target() if video is None else self._at(video, self._page.reel.time)
        return Target(tuple(self._library.selected))

    @property
    def _on_page(self) -> bool:
        return self._page.isVisible()

    def show_menu(self, point: QPoint, names: Sequence[str], target: Target | None = None) -> None:
        """Show actions at a point of the screen; while the menu is open they mean the target."""
        menu = QMenu(self._desk.window)
        for name in names:
            if name == "stars":
                stars = menu.addMenu(icon("star-outline"), self.tr("&Stars"))
                stars.addActions([self._desk.actions[each] for each in STARS])
            elif name:
                menu.addAction(self._desk.actions[name])
            else:
                menu.addSeparator()
        self._pointed = target
        self.enable()
        try:
            menu.exec(point)
        finally:
            self._pointed = None
            self.enable()
            menu.deleteLater()

    def show_video_menu(self, point: QPoint, video: VideoEntry) -> None:
        """Show the menu of a video at a point of the screen."""
        self.show_menu(point, VIDEO_MENU, Target((video,)))

    def show_moment_menu(self, point: QPoint, video: VideoEntry, time: float) -> None:
        """Show the menu of a moment at a point of the screen."""
        self.show_menu(point, MOMENT_MENU, Target((video,), time))

    def _show_timeline_menu(self, point: QPoint, time: float) -> None:
        if self._page.video is not None:
            self.show_menu(point, TIMELINE_MENU, self._at(self._page.video, time))

    def _at(self, video: VideoEntry, time: float) -> Target:
        """Return a time of the open video, with the range that is marked."""
        return Target((video,), time, self._page.marks.span)

    def enable(self) -> None:
        """Let those actions be chosen that have something to work on."""
        target = self.target
        failed = any(video.error is not None for video in target.chosen)
        for name, possible in {
            "open": bool(target.chosen),
            "copy_path": bool(target.chosen),
            "copy_link": target.time is not None,
            "copy_frame": target.time is not None and self._on_page and self._page.video in target.videos,
            "similar": target.time is not None and target.video is not None and target.video.keyframes > 0,
            "index_first": any(video.state in ("waiting", "quick") for video in target.chosen),
            "retry": failed,
            "retry_all": bool(self._library.contents.failed),
            "reindex": bool(target.chosen),
            "ask_about": len(target.chosen) > 1,
            "remove_video": bool(target.chosen),
        }.items():
            self._desk.actions[name].setEnabled(possible)
        self._settled = target
        self.enabled.emit()
        self._settled = None

    def shown_path(self, video: VideoEntry) -> Path:
        """Return the file that is meant where a video has copies: the one in the folder that is shown."""
        return path_in(self._library.arrangement.folder, video)

    def show_in_file_manager(self) -> None:
        """Show the first video there."""
        if self.target.video is not None:
            show_in_file_manager(self.shown_path(self.target.video))

    def _ids(self, *, failed: bool = False) -> list[int]:
        return [video.id for video in self.target.chosen if not failed or video.error is not None]

    def _open(self) -> None:
        if self.target.video is not None:
            self.video_wanted.emit(self.target.video, self._pointed.time if self._pointed else None)

    def _copy_path(self) -> None:
        paths = map(self.shown_path, self.target.videos)
        QGuiApplication.clipboard().setText("\n".join(map(str, paths)))
        self._desk.notice.tell(self.tr("The path was copied."))

    def _copy_link(self) -> None:
        target = self.target
        if target.video is not None and target.time is not None:
            QGuiApplication.clipboard().setText(link_to(target.video, target.time))
            self._desk.notice.tell(self.tr("The link was copied. `retake-desktop` and the link open this moment."))

    def _copy_frame(self) -> None:
        target = self.target
        if target.video is None or target.time is None:
            return
        if self._pointed is None:
            self._tell_copied(self._page.copy_frame())
        else:
            self._page.copy_frame_at(target.time, self._tell_copied)

    def _tell_copied(self, copied: bool) -> None:
        if copied:
            self._desk.notice.tell(self.tr("The frame was copied."))

    def _find_similar(self) -> None:
        target = self.target
        if target.video is not None and target.time is not None:
            self.similar_wanted.emit(target.video, target.time)

    def _remove(self) -> None:
        """Take the videos out of the library; for a while it can be undone."""
        target = self.target
        if target.video is None:
            return
        ids = frozenset(target.ids)
        view = self._library
        text = self.tr("“{name}” was removed from the library. Its file was not touched.").format(
            name=safe_text.name(target.video.path)
        )
        if len(ids) > 1:
            text = self.tr("{count} videos were removed from the library. Their files were not touched.").format(
                count=len(ids)
            )

        def hide(hidden: bool) -> None:
            before = view.arrangement.hidden_videos
            view.arrange(replace(view.arrangement, hidden_videos=before | ids if hidden else before - ids))

        self._desk.notice.offer_undo(
            text, commit=lambda: self._activity.remove_videos(list(ids)), revert=lambda: hide(False)
        )
        hide(True)
        if self._on_page:
            self._desk.actions["back"].trigger()
