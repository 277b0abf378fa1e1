"""Shows what is known of the video that is selected or open, and follows the selection."""

from PySide6.QtCore import QObject

from retake_core.library.catalog import VideoEntry
from retake_desktop.engine.desk import Desk
from retake_desktop.library.information import InformationPanel, VideoInformation, read_information
from retake_desktop.window.video_actions import VideoActions


class InformationActions(QObject):
    """Joins the panel with the selection, and lives as long as the window."""

    def __init__(self, desk: Desk, videos: VideoActions) -> None:
        super().__init__(desk.window)
        self._desk, self._videos = desk, videos
        self._shown: VideoEntry | None = None
        self._stale = False  # the library has changed since it was read
        self.panel = InformationPanel(desk.window, desk.actions["note"])
        desk.actions["information"].triggered.connect(lambda _=False: self._open())
        videos.enabled.connect(self._enable)
        self._enable()

    @property
    def video(self) -> VideoEntry | None:
        """The video that the panel shows."""
        return self._shown

    def reload(self) -> None:
        """Read again: the library has changed."""
        self._stale = True
        self._enable()

    def _open(self) -> None:
        if self._videos.target.video is not None:
            self.panel.show()
            self.panel.raise_()
            self.panel.activateWindow()  # of itself, such a window gets no keys from many desktops
            self._enable()

    def _enable(self) -> None:
        video = self._videos.target.video
        self._desk.actions["information"].setEnabled(video is not None)
        if video is None or not self.panel.isVisible() or (video == self._shown and not self._stale):
            return
        self._stale = False
        self._shown, path = video, self._videos.shown_path(video)
        self._desk.background.run(
            lambda connection: read_information(connection, video.id, path), self._show, key="information"
        )

    def _show(self, known: VideoInformation | None) -> None:
        if known is None:
            self.panel.hide()
        else:
            self.panel.show_information(known)
