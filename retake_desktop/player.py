"""Playing a video, and showing exactly the frame of a given time."""

import math
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

from retake_desktop.widgets import single_shot

EXACT = 0.002  # seconds that the player's clock and the decoder's may differ; frames lie further apart
PATIENCE_MS = 1500  # after this long the frame will not come: the container cannot be sought in, or has no decoder
SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)
_LOADED = (
    QMediaPlayer.MediaStatus.LoadedMedia,
    QMediaPlayer.MediaStatus.BufferedMedia,
    QMediaPlayer.MediaStatus.EndOfMedia,
)
_PLAYING = QMediaPlayer.PlaybackState.PlayingState


class Player(QObject):
    """A media player whose seeks are exact. Times are seconds from the container's start.

    After a seek the sink delivers up to six frames of the old place; they are dropped by their times.
    """

    frame_shown = Signal(QImage, float)
    moved = Signal(float)
    duration_changed = Signal(float)
    state_changed = Signal()
    frame_missed = Signal(float)  # the frame of this time could not be reached
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._media = QMediaPlayer(self)
        self._audio = QAudioOutput(self)
        self._sink = QVideoSink(self)
        self._media.setAudioOutput(self._audio)
        self._media.setVideoOutput(self._sink)
        self._target: float | None = None
        self._loaded = False
        self._play_when_there = False
        self._start = self._end = 0.0
        self._timer = single_shot(self, PATIENCE_MS)
        self._timer.timeout.connect(self._give_up)
        self._sink.videoFrameChanged.connect(self._take)
        self._media.mediaStatusChanged.connect(self._status)
        self._media.positionChanged.connect(self._position)
        self._media.durationChanged.connect(lambda ms: self.duration_changed.emit(ms / 1000))
        self._media.playbackStateChanged.connect(lambda _: self.state_changed.emit())
        self._media.errorOccurred.connect(lambda _, text: self.failed.emit(text))

    @property
    def time(self) -> float:
        """Where the player is: of the frame on screen, or of the one that is on its way."""
        return self._start if self._target is None else self._target

    @property
    def arrived(self) -> bool:
        """Whether the frame that was asked for last is on screen, or will not come."""
        return self._target is None

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._media.playbackState() == _PLAYING

    @property
    def speed(self) -> float:
        """1 is the recording's own."""
        return self._media.playbackRate()

    @property
    def volume(self) -> float:
        """0..1."""
        return self._audio.volume()

    @property
    def muted(self) -> bool:
        """Whether the sound is off."""
        return self._audio.isMuted()

    def open(self, path: Path, time: float = 0.0) -> None:
        """Load a file and show its frame at `time`."""
        self._loaded = False
        self._play_when_there = False
        self._start = self._end = 0.0
        self._media.stop()
        self._media.setSource(QUrl.fromLocalFile(str(path)))
        self.show_frame(time)

    def close(self) -> None:
        """Let go of the file."""
        self._target = None
        self._timer.stop()
        self._loaded = False
        self._media.stop()
        self._media.setSource(QUrl())

    def show_frame(self, time: float) -> None:
        """Pause on the frame that is on screen at `time`."""
        self._play_when_there = False
        self._seek(time)

    def play_from(self, time: float) -> None:
        """Show the frame at `time`, and play on from there."""
        self._seek(time)
        self._play_when_there = True

    def seek(self, time: float) -> None:
        """Go somewhere and go on with what was being done, playing or not."""
        playing = self.playing or self._play_when_there
        self._seek(time)
        self._play_when_there = playing

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self._media.pause()
        elif self._target is not None:
            self._play_when_there = not self._play_when_there
        else:
            self._media.play()

    def step(self, frames: int) -> None:
        """Show the next frame (1) or the one before (-1)."""
        if self._target is None:
            self.show_frame(self._end + EXACT if frames > 0 else max(0.0, self._start - EXACT))

    def set_speed(self, speed: float) -> None:
        """Change the speed."""
        self._media.setPlaybackRate(speed)
        self.state_changed.emit()

    def faster(self, steps: int) -> None:
        """Go so many steps up or down the list of speeds."""
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.set_speed(SPEEDS[min(max(nearest + steps, 0), len(SPEEDS) - 1)])

    def set_volume(self, volume: float) -> None:
        """Change the volume, 0..1."""
        self._audio.setMuted(False)
        self._audio.setVolume(min(max(volume, 0.0), 1.0))
        self.state_changed.emit()

    def toggle_mute(self) -> None:
        """Turn the sound off or on."""
        self._audio.setMuted(not self._audio.isMuted())
        self.state_changed.emit()

    def _seek(self, time: float) -> None:
        self._target = max(time, 0.0)
        if self._loaded:
            # A stopped player ignores positions, and one that plays would run past the frame.
            self._media.pause()
            # One more than rounded up: rounded down it shows the frame before, at a cut the wrong shot.
            self._media.setPosition(math.ceil(self._target * 1000 - 1e-6) + 1)
            self._timer.start()
        self.moved.emit(self._target)

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status in _LOADED and not self._loaded:
            self._loaded = True  # a position set any earlier is lost
            if self._target is not None:
                playing = self._play_when_there
                self._seek(self._target)
                self._play_when_there = playing
        self.state_changed.emit()

    def _take(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            return
        start, end = frame.startTime() / 1e6, frame.endTime() / 1e6
        if self._target is not None:
            if not start - EXACT <= self._target < max(end, start + EXACT):
                return
            self._arrive()
        self._start, self._end = start, max(end, start + EXACT)
        image = frame.toImage()
        if not image.isNull():
            self.frame_shown.emit(image, start)
            self.moved.emit(start)

    def _arrive(self) -> None:
        self._timer.stop()
        self._target = None
        if self._play_when_there:
            self._play_when_there = False
            self._media.play()

    def _give_up(self) -> None:
        missed = self._target
        self._target = None
        self._play_when_there = False
        if missed is not None:
            duration = self._media.duration() / 1000
            if duration and missed > duration - 0.5 and self._sink.videoFrame().isValid():
                self._take(self._sink.videoFrame())  # beyond the last frame: that one is right
            else:
                self.frame_missed.emit(missed)

    def _position(self, _ms: int) -> None:
        if self.playing and self._target is None:
            self.moved.emit(self._start)
