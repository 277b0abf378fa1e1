"""What the actions on the marked range of a video do."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from retake_desktop.player.page import VideoPage
from retake_desktop.window.video_actions import VideoActions


class RangeActions(QObject):
    """Joins the actions with a video page, and lives as long as it."""

    def __init__(self, page: VideoPage, videos: VideoActions, actions: Mapping[str, QAction]) -> None:
        super().__init__(page)
        self._page, self._videos, self._actions = page, videos, actions
        for name, slot in {
            "mark_start": lambda: self._mark(page.marks.mark_start),
            "mark_end": lambda: self._mark(page.marks.mark_end),
            "clear_range": page.marks.clear,
            "play_range": page.range_player.play,
            "loop": self._repeat,
        }.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        page.marks.changed.connect(self._enable)
        page.opened.connect(lambda _: self._enable())
        videos.enabled.connect(self._enable)
        self._enable()

    def _mark(self, mark: Callable[[float], None]) -> None:
        time = self._videos.target.time
        if time is not None:
            mark(time)

    def _repeat(self) -> None:
        self._page.range_player.loop = self._actions["loop"].isChecked()

    def _enable(self) -> None:
        marked = self._page.isVisible() and self._page.marks.span is not None
        for name in ("clear_range", "play_range"):
            self._actions[name].setEnabled(marked)
