"""What a question is about: chosen in a list, and several videos as long as the user lets them stay."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QToolButton

from retake_core.library.catalog import VideoEntry
from retake_desktop.common import safe_text, wording
from retake_desktop.common.theme import icon, theme
from retake_desktop.engine.place import Place


class Scope(QComboBox):
    """Offers the places that can be asked about now; `currentIndexChanged` tells of the user's choice.

    Attributes:
        leave: the button beside it, which takes the several videos away.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._video: VideoEntry | None = None
        self._videos: tuple[int, ...] = ()
        self.setAccessibleName(self.tr("What to ask about"))
        self.setToolTip(self.tr("What to ask about"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.leave = QToolButton()
        self.leave.setAccessibleName(self.tr("Do not ask about these videos only"))
        self.leave.setToolTip(self.leave.accessibleName())
        self.leave.clicked.connect(self._drop_videos)
        self.currentIndexChanged.connect(lambda _: self._show_leave())
        theme.changed.connect(self._dress)
        self._dress()
        self._offer()

    @property
    def place(self) -> Place:
        """What is chosen."""
        match self.currentData():
            case "videos":
                return Place(video_ids=self._videos)
            case "video" if self._video is not None:
                return Place(video_id=self._video.id)
            case "folder":
                return Place(folder=str(self._folder))
            case _:
                return Place()

    def set_places(self, folder: Path | None, video: VideoEntry | None, *, stay: bool) -> bool:
        """Say what "this folder" and "this video" mean now, and whether that has changed.

        Args:
            folder: the one that is shown.
            video: the one that is open.
            stay: keep what is chosen, unless it is a video; else the first that is offered is.
        """
        if (folder, video and video.id) == (self._folder, self._video and self._video.id):
            return False
        self._folder, self._video = folder, video
        chosen = self.currentData()
        self._offer(chosen if chosen == "videos" or (stay and chosen != "video") else None)
        return True

    def choose_videos(self, ids: Sequence[int]) -> None:
        """Ask about exactly these, two or more."""
        self._videos = tuple(sorted(ids))
        self._offer("videos")

    def leave_videos(self) -> None:
        """Ask about the library."""
        self._videos = ()
        self._offer("library")

    def _drop_videos(self) -> None:
        self._videos = ()
        self._offer()
        self.currentIndexChanged.emit(self.currentIndex())

    def _offer(self, chosen: str | None = None) -> None:
        with QSignalBlocker(self):
            self.clear()
            if self._video is not None:
                self.addItem(self.tr("About this video"), "video")
            if self._folder is not None:
                name = safe_text.name(self._folder)
                self.addItem(self.tr("About the folder {name}").format(name=name), "folder")
            self.addItem(self.tr("About the whole library"), "library")
            if self._videos:
                count = wording.videos(len(self._videos))
                self.addItem(self.tr("About {videos}").format(videos=count), "videos")
            self.setCurrentIndex(max(self.findData(chosen), 0))
        self._show_leave()

    def _show_leave(self) -> None:
        self.leave.setVisible(self.currentData() == "videos")

    def _dress(self) -> None:
        self.leave.setIcon(icon("close"))
