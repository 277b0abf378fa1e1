"""Choosing the sound track of a video that is listened to."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from retake_core.library.catalog import VideoEntry
from retake_core.protocol import answers
from retake_core.protocol.answers import TrackFacts
from retake_desktop.common import safe_text
from retake_desktop.common.form import paragraph
from retake_desktop.engine.desk import Desk
from retake_desktop.indexing.activity import Activity
from retake_desktop.window.video_actions import VideoActions


class SoundTrackDialog(QDialog):
    """Shows the sound tracks of a video, and asks which one is listened to."""

    def __init__(
        self, parent: QWidget, video: VideoEntry, tracks: Sequence[TrackFacts], chosen: int | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sound track"))
        self.tracks = QComboBox()
        heard = ", ".join(str(track.number) for track in tracks if track.listened)
        now = self.tr("Automatic: track {tracks}").format(tracks=heard)
        self.tracks.addItem(now if chosen is None else self.tr("Automatic"), None)
        for track in tracks:
            if track.channels:
                self.tracks.addItem(self._describe(track), track.number)
        self.tracks.setCurrentIndex(max(0, self.tracks.findData(chosen)))
        asked = self.tr("Which track of “{name}” is listened to?").format(name=safe_text.name(video.path))
        label = QLabel(asked)
        label.setBuddy(self.tracks)
        self.tracks.setAccessibleName(asked)
        confirm = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        confirm.accepted.connect(self.accept)
        confirm.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(label)
        layout.addWidget(self.tracks)
        layout.addWidget(paragraph(self.tr("The video is listened to again, except where it has subtitles.")))
        layout.addWidget(confirm)
        self.setMinimumWidth(380)

    @property
    def choice(self) -> int | None:
        """The number of the track, None to leave it to the file."""
        number: int | None = self.tracks.currentData()
        return number

    def _describe(self, track: TrackFacts) -> str:
        channels = self.tr("1 channel") if track.channels == 1 else self.tr("{count} channels")
        parts = [
            self.tr("Track {number}").format(number=track.number),
            "" if track.language is None else _language(track.language),
            "" if track.title is None else safe_text.line(track.title),
            channels.format(count=track.channels),
        ]
        return "  ·  ".join(filter(None, parts))


class SoundTrackAction(QObject):
    """Joins the action with the dialog, and lives as long as the window."""

    def __init__(self, desk: Desk, activity: Activity, videos: VideoActions) -> None:
        super().__init__(desk.window)
        self._desk, self._activity, self._videos = desk, activity, videos
        self._asked: tuple[int, VideoEntry] | None = None
        self._action = desk.actions["sound_track"]
        self._action.triggered.connect(lambda: self._ask())
        desk.engine.answered.connect(self._take)
        videos.enabled.connect(self._enable)
        self._enable()

    def _enable(self) -> None:
        videos = self._videos.target.chosen
        self._action.setEnabled(len(videos) == 1 and not videos[0].offline and videos[0].error is None)

    def _ask(self) -> None:
        video = self._videos.target.video
        if video is not None:
            self._asked = self._desk.engine.list_sound_tracks(video.id), video

    def _take(self, answer: answers.AnyReply) -> None:
        if self._asked is None or answer.id != self._asked[0] or isinstance(answer, answers.JobEvent):
            return
        (_, video), self._asked = self._asked, None
        if isinstance(answer, answers.JobFailed):
            self._desk.notice.tell(answer.reason)
        elif isinstance(answer, answers.SoundTracksReady):
            self._offer(video, answer)

    def _offer(self, video: VideoEntry, found: answers.SoundTracksReady) -> None:
        name = safe_text.name(video.path)
        if len(found.tracks) < 2:
            text = self.tr("“{name}” has one sound track.") if found.tracks else self.tr("“{name}” has no sound.")
            self._desk.notice.tell(text.format(name=name))
            return
        dialog = SoundTrackDialog(self._desk.window, video, found.tracks, found.chosen)

        def take() -> None:
            if dialog.choice != found.chosen:
                self._activity.choose_sound_track(video.id, dialog.choice)

        dialog.accepted.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _language(code: str) -> str:
    language = QLocale(code).language()
    known = language != QLocale.Language.C
    name = QLocale(language, QLocale.Country.World).nativeLanguageName() if known else ""
    return name[:1].upper() + name[1:] or safe_text.line(code)
