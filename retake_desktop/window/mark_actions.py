"""What the actions do that say something of videos: stars, favourites, tags, what is hidden."""

from PySide6.QtCore import QObject

from retake_core.library.tags import TagCount, tag_counts
from retake_desktop.common import wording
from retake_desktop.engine.desk import Desk
from retake_desktop.library.marks import Marks
from retake_desktop.library.model import VideoItem
from retake_desktop.library.tag_dialog import TagDialog
from retake_desktop.library.view import LibraryView
from retake_desktop.window.video_actions import STARS, VideoActions


class MarkActions(QObject):
    """Joins the actions with the library's marks, and lives as long as the window."""

    def __init__(self, desk: Desk, marks: Marks, videos: VideoActions, library: LibraryView) -> None:
        super().__init__(desk.window)
        self._desk, self._marks, self._videos, self._library = desk, marks, videos, library
        for stars, name in enumerate(STARS):
            desk.actions[name].triggered.connect(lambda _=False, stars=stars: self._mark(stars=stars))
        desk.actions["favourite"].triggered.connect(lambda checked: self._mark(favourite=checked))
        desk.actions["hide"].triggered.connect(self._hide)
        desk.actions["tags"].triggered.connect(lambda _=False: self._choose_tags())
        desk.actions["rename"].triggered.connect(lambda _=False: library.rename())
        library.model.rename_wanted.connect(self._rename)
        videos.enabled.connect(self._enable)
        marks.failed.connect(desk.notice.tell)
        self._enable()

    def _enable(self) -> None:
        videos = self._videos.target.chosen
        for name in (*STARS, "favourite", "hide", "tags"):
            self._desk.actions[name].setEnabled(bool(videos))
        renamable = self._library.isVisible() and len(videos) == 1 and not videos[0].offline
        self._desk.actions["rename"].setEnabled(renamable)
        self._desk.actions["favourite"].setChecked(bool(videos) and all(video.favourite for video in videos))
        self._desk.actions["hide"].setChecked(bool(videos) and all(video.hidden for video in videos))

    def _ids(self) -> list[int]:
        return self._videos.target.ids

    def _mark(self, *, stars: int | None = None, favourite: bool | None = None) -> None:
        if ids := self._ids():
            self._marks.mark(ids, stars=stars, favourite=favourite)

    def _hide(self, hidden: bool) -> None:
        ids = self._ids()
        if not ids:
            return
        self._marks.mark(ids, hidden=hidden)
        said = (
            self.tr("Hidden: {videos}. They stand under “Hidden”.")
            if hidden
            else self.tr("Shown again: {videos}.")
        )
        text = said.format(videos=wording.videos(len(ids)))
        self._desk.notice.offer(text, self.tr("Undo"), lambda: self._marks.mark(ids, hidden=not hidden))

    def _rename(self, item: VideoItem, name: str) -> None:
        self._marks.rename(item.entry.id, name, str(item.path))

    def _choose_tags(self) -> None:
        videos, ids = self._videos.target.chosen, self._ids()
        if not videos:
            return

        def show(known: list[TagCount]) -> None:
            dialog = TagDialog(self._desk.window, [tag.name for tag in known], [video.tags for video in videos])
            dialog.accepted.connect(lambda: self._marks.change_tags(ids, dialog.given, dialog.taken))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._desk.background.run(tag_counts, show, key="tags")
