"""Remembers where a person stopped to watch a video, and goes on from there."""

from PySide6.QtCore import QObject

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_desktop.engine.desk import Desk
from retake_desktop.library.marks import Marks
from retake_desktop.player.page import VideoPage
from retake_desktop.window.video_actions import VideoActions

LEAST_LENGTH = 60.0  # seconds: a shorter video is watched from its beginning
MARGIN = 5.0  # seconds at either end where nothing is left to be continued


class Positions(QObject):
    """Follows the open video, and lives as long as the window. What was only looked at is not watched."""

    def __init__(self, desk: Desk, marks: Marks, videos: VideoActions, page: VideoPage) -> None:
        super().__init__(desk.window)
        self._desk, self._marks, self._videos, self._page = desk, marks, videos, page
        self._video: VideoEntry | None = None
        self._playing = False
        self._kept: dict[int, float | None] = {}  # newer than what a list of videos may say
        page.player.state_changed.connect(self._follow)
        page.opened.connect(self._begin)
        desk.actions["watched"].triggered.connect(lambda _=False: self._forget())
        videos.enabled.connect(self._enable)

    def start(self, video: VideoEntry, time: float | None) -> float | None:
        """Return where a video is to be opened: at the time that is given, else where it was left."""
        if self._page.video is not None and self._page.video.id == video.id:
            return time
        self.leave()
        if time is not None:
            return time
        left = self._kept.get(video.id, video.position)
        if left is not None:
            self._desk.notice.offer(
                self.tr("Continued at {time}.").format(time=clock(left)),
                self.tr("Start over"),
                lambda: self._page.go_on_from(0.0),
            )
        return left

    def leave(self) -> None:
        """Keep where the open video is, if it was being played."""
        if self._playing:
            self._playing = False
            self._keep()

    def _begin(self, video: VideoEntry) -> None:
        self._video = video

    def _follow(self) -> None:
        if self._page.player.playing:
            self._playing = True
        else:
            self.leave()

    def _enable(self) -> None:
        left = any(video.position is not None for video in self._videos.target.chosen)
        self._desk.actions["watched"].setEnabled(left)

    def _forget(self) -> None:
        ids = self._videos.target.ids
        self._kept |= dict.fromkeys(ids)
        self._marks.keep_position(ids, None)

    def _keep(self) -> None:
        video, time = self._video, self._page.playback.time
        if video is None or (video.duration or 0.0) < LEAST_LENGTH:
            return
        position = time if MARGIN <= time <= (video.duration or 0.0) - MARGIN else None
        before = self._kept.get(video.id, video.position)
        if position != before:
            self._kept[video.id] = position
            self._marks.keep_position([video.id], position)
