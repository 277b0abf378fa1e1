"""What the actions on chapters do: go to the next one, and write what a recording is about."""

from PySide6.QtCore import QObject
from sqlalchemy import Connection

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.library.described import described_state
from retake_core.library.description import DescribedBy, Description, description
from retake_desktop.common import safe_text
from retake_desktop.engine.desk import Desk
from retake_desktop.indexing.activity import Activity
from retake_desktop.library.description_dialog import DescriptionDialog
from retake_desktop.library.marks import Marks
from retake_desktop.player.page import VideoPage
from retake_desktop.window.video_actions import VideoActions


class ChapterActions(QObject):
    """Joins the actions with the page and the dialog, and lives as long as the window."""

    def __init__(
        self, desk: Desk, marks: Marks, activity: Activity, videos: VideoActions, page: VideoPage
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._marks, self._activity = desk, marks, activity
        self._videos, self._page = videos, page
        for name, slot in {
            "previous_chapter": lambda: self._go(-1),
            "next_chapter": lambda: self._go(1),
            "chapters": self._write,
        }.items():
            desk.actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        videos.enabled.connect(self._enable)
        page.reel.changed.connect(self._enable)
        self._enable()

    def _enable(self) -> None:
        for name in ("previous_chapter", "next_chapter"):
            self._desk.actions[name].setEnabled(bool(self._page.reel.chapters))
        self._desk.actions["chapters"].setEnabled(self._videos.target.video is not None)

    def _go(self, direction: int) -> None:
        time = self._page.reel.neighbouring_chapter(direction)
        if time is not None:
            self._page.show_time(time)

    def _write(self) -> None:
        video = self._videos.target.video
        if video is None:
            return

        def read(connection: Connection) -> tuple[Description, str]:
            state = described_state(connection, video.id)
            return description(connection, video.id, video.duration or 0.0), state.reason

        self._desk.background.run(read, lambda known: self._ask(video, *known), key="description")

    def _ask(self, video: VideoEntry, known: Description, reason: str) -> None:
        here = clock(self._page.reel.time if self._page.video is not None else 0.0)
        is_missing = known.by in (None, DescribedBy.FILE) and not known.model
        model = (self._desk.store.settings.model or "") if is_missing else ""
        dialog = DescriptionDialog(
            self._desk.window, safe_text.stem(video.path), known, here, video.duration or 0.0, model, reason
        )
        before = dialog.typed
        dialog.model_wanted.connect(lambda: self._activity.describe(video.id))

        def keep() -> None:
            if dialog.typed != before:
                self._marks.describe(video.id, *dialog.typed)

        dialog.accepted.connect(keep)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
