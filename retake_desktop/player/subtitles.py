"""What is said in the open video, to be shown over its picture: from the library, or from a dropped file."""

import bisect
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QSettings, Signal

from retake_core.library.catalog import VideoEntry
from retake_core.library.texts import SPEECH
from retake_core.library.transcript import SubtitleTrack, subtitle_tracks
from retake_core.media.subtitles.cues import Cue
from retake_core.protocol import answers
from retake_desktop.common import safe_text
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.player.caption import Caption

_KEY = "subtitles"


class Subtitles(QObject):
    """The subtitles of the open video; whether they are shown is remembered.

    Attributes:
        tracks: that there are, the one that says most first; dropped files before them.
        shown: whether the user wants to see any.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, engine: EngineClient, background: Background, window_state: QSettings) -> None:
        super().__init__()
        self._engine, self._background, self._window_state = engine, background, window_state
        self._video: VideoEntry | None = None
        self._stored: list[SubtitleTrack] = []
        self._dropped: list[SubtitleTrack] = []
        self._chosen = ""
        self._starts: list[float] = []
        self._job = 0
        self._file = Path()
        self.shown = bool(window_state.value(_KEY, False, type=bool))
        engine.answered.connect(self._take)

    @property
    def tracks(self) -> list[SubtitleTrack]:
        """All that there are."""
        return [*self._dropped, *self._stored]

    @property
    def track(self) -> SubtitleTrack | None:
        """The one that is shown, or would be: the chosen one, else the first."""
        tracks = self.tracks
        return next((one for one in tracks if one.source == self._chosen), tracks[0] if tracks else None)

    def open(self, video: VideoEntry) -> None:
        """Take the subtitles of another video."""
        if self._video is None or self._video.id != video.id:
            self._stored, self._dropped = [], []
            self._chosen, self._job = "", 0
        self._video = video
        self._update()

        def show(tracks: list[SubtitleTrack]) -> None:
            if self._video is not None and self._video.id == video.id and tracks != self._stored:
                self._stored = tracks
                self._update()

        self._background.run(lambda connection: subtitle_tracks(connection, video.id), show, key="subtitles")

    def show(self, shown: bool) -> None:
        """Show them or not."""
        if shown != self.shown:
            self.shown = shown
            self._window_state.setValue(_KEY, shown)
            self.changed.emit()
            if shown and self._video is not None and not self.tracks:
                self.failed.emit(self.tr("This video has no subtitles; drop a file with some onto the picture."))

    def choose(self, source: str) -> None:
        """Show those of a source."""
        self._chosen = source
        self._update()
        self.show(True)

    def read(self, path: Path) -> None:
        """Read a file in the engine, and show what it says while this video is open."""
        self._file = path
        self._job = self._engine.read_subtitles(path)

    def caption_at(self, time: float) -> Caption:
        """Return what is to be shown at a time."""
        track = self.track
        if not self.shown or track is None:
            return Caption()
        i = bisect.bisect_right(self._starts, time + 1e-3) - 1
        if i < 0 or track.cues[i].end <= time:
            return Caption()
        cue = track.cues[i]
        return Caption(safe_text.line(cue.text), (time - cue.start) / max(cue.end - cue.start, 1e-3))

    def name(self, track: SubtitleTrack) -> str:
        """Return what a track is called."""
        language = QLocale.languageToString(QLocale(track.language).language()) if track.language else ""
        origin, _, file = track.source.partition(":")
        if track.source == SPEECH:
            name = self.tr("Heard by the speech model")
        elif origin == "inside":
            inside = sorted(one.source for one in self._stored if one.source.startswith("inside:"))
            name = self.tr("In the video, {number}").format(number=inside.index(track.source) + 1)
        else:
            name = safe_text.line(file)
        if language:
            name = f"{name} · {language}"
        return self.tr("{name} · signs only").format(name=name) if track.partial else name

    def _update(self) -> None:
        track = self.track
        self._starts = [] if track is None else [cue.start for cue in track.cues]
        self.changed.emit()

    def _take(self, answer: answers.AnyReply) -> None:
        if not self._job or answer.id != self._job:
            return
        self._job = 0
        if isinstance(answer, answers.SubtitlesReady):
            if not answer.lines:
                text = self.tr("“{name}” contains no subtitles.")
                self.failed.emit(text.format(name=safe_text.name(self._file)))
                return
            source = f"dropped:{safe_text.name(self._file)}"
            others = [track for track in self._dropped if track.source != source]
            cues = tuple(Cue(line.start, line.end, line.text) for line in answer.lines)
            self._dropped = [SubtitleTrack(source, answer.language, False, cues), *others]
            self.choose(source)
        elif isinstance(answer, answers.JobFailed):
            self.failed.emit(answer.reason)
