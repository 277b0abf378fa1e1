"""Playing a video, and showing exactly the frame of a given time."""

import math
import time as clock
from array import array
from bisect import bisect_right
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QAudioOutput,
    QMediaDevices,
    QMediaMetaData,
    QMediaPlayer,
    QVideoFrame,
    QVideoSink,
)

from retake_desktop.common.widgets import single_shot
from retake_desktop.player.software_gl import avoid_software_gl

EXACT = 0.002  # seconds that the player's clock and the decoder's may differ; frames lie further apart
PATIENCE_MS = 6000  # after this long the frame will not come, however slow the computer
USUAL_FRAME = 0.04  # seconds
STRAY_MS = 1500  # the same, once a seek has led to another frame
SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0)
_LOADED = (
    QMediaPlayer.MediaStatus.LoadedMedia,
    QMediaPlayer.MediaStatus.BufferedMedia,
    QMediaPlayer.MediaStatus.EndOfMedia,
)
_PLAYING = QMediaPlayer.PlaybackState.PlayingState


class Player(QObject):
    """A media player whose seeks are exact. Times are seconds from the start of the video's own container.

    After a seek from playing, the sink delivers up to six frames of the old place: they are dropped by time.
    """

    frame_shown = Signal(QImage, float)
    moved = Signal(float)
    duration_changed = Signal(float)
    state_changed = Signal()
    ended = Signal()  # it has played to the end
    frame_missed = Signal(float)  # the frame of this time could not be reached
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._media = QMediaPlayer(self)
        self._audio = QAudioOutput(self)
        self._sink = QVideoSink(self)
        self._devices = QMediaDevices(self)
        self._media.setVideoOutput(self._sink)
        self._connect_sound()
        self._times: array[int] = array("q")
        self._shift = 0.0
        self._target: float | None = None
        self._wanted: float | None = None  # what was asked for before the frames' times were known
        self._exact = True
        self._sound: int | None = None  # that a person chose, counted from 1
        self._usual_sound = -1
        self._loaded = False
        self._play_when_there = False
        self._was_playing = False
        self._start = self._end = 0.0
        self._overlap = 0.0
        self._painted = self._cost = 0.0
        self._timer = single_shot(self, PATIENCE_MS)
        self._devices.audioOutputsChanged.connect(self._connect_sound)
        self._timer.timeout.connect(self._give_up)
        self._sink.videoFrameChanged.connect(self._take)
        self._media.mediaStatusChanged.connect(self._status)
        self._media.durationChanged.connect(lambda ms: self.duration_changed.emit(ms / 1000))
        self._media.playbackStateChanged.connect(lambda _: self.state_changed.emit())
        self._media.tracksChanged.connect(self.state_changed)
        self._media.activeTracksChanged.connect(self.state_changed)
        self._media.errorOccurred.connect(self._fail)

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
        """Whether it plays, or will as soon as it has come to where it was sent."""
        return self._media.playbackState() == _PLAYING or self._play_when_there

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

    @property
    def is_open(self) -> bool:
        """Whether there is a file to play."""
        return not self._media.source().isEmpty()

    def open(
        self,
        path: Path,
        time: float = 0.0,
        *,
        shift: float = 0.0,
        play: bool = False,
        exact: bool = True,
        sound: int | None = None,
    ) -> None:
        """Load a file and show its frame at `time`, or play from there.

        Args:
            path: the video, or a copy of it.
            time: of the video.
            shift: seconds by which the copy's frames come earlier.
            play: whether to play from there.
            exact: whether another frame than that is not good enough; always so once the frames' times are known.
            sound: see `hear`.
        """
        avoid_software_gl()
        self.close()
        self._shift, self._exact, self._sound = shift, exact, sound
        self._media.setSource(QUrl.fromLocalFile(str(path)))
        self._seek(time)
        self._play_when_there = play

    def close(self) -> None:
        """Let go of the file."""
        self._target = self._wanted = None
        self._timer.stop()
        self._loaded = self._play_when_there = False
        self._start = self._end = self._overlap = self._shift = 0.0
        self._times = array("q")
        self._media.stop()
        self._media.setSource(QUrl())

    @property
    def frame_count(self) -> int:
        """How many frames there are, 0 while that is not known."""
        return len(self._times)

    def frame_number(self, time: float) -> int:
        """Return which frame is on screen at a time, counted from 1."""
        return self._index(time) + 1

    def frame_beside(self, time: float, frames: int) -> float:
        """Return the time of a frame some frames after or before a time; of usual ones where none is known."""
        if not self._times:
            return max(time + frames * USUAL_FRAME, 0.0)
        return self._times[min(max(self._index(time) + frames, 0), len(self._times) - 1)] / 1e6

    @property
    def sound_tracks(self) -> list[QMediaMetaData]:
        """What is known of each sound track."""
        return self._media.audioTracks()

    @property
    def sound_track(self) -> int:
        """Which of them is heard, -1 for none."""
        return self._media.activeAudioTrack()

    def choose_sound_track(self, i: int) -> None:
        """Hear another sound track."""
        self._media.setActiveAudioTrack(i)

    def hear(self, number: int | None) -> None:
        """Hear the sound track of a number, counted from 1; None is the one that is usually heard."""
        self._sound = number
        if self._loaded:
            wanted = self._usual_sound if number is None else number - 1
            if wanted != self.sound_track and wanted < len(self.sound_tracks):
                self.choose_sound_track(wanted)

    def set_frames(self, times: "array[int]") -> None:
        """Take the times of all frames in microseconds, sorted; steps and seeks then meet them exactly."""
        self._times, self._exact = times, True
        wanted, self._wanted = self._wanted, None
        aim = self._target if self._target is not None else None if self.playing else wanted
        if times and aim is not None and not self._shows(times[self._index(aim)] / 1e6):
            self._seek(aim)

    def show_frame(self, time: float) -> None:
        """Pause on the frame that is on screen at `time`."""
        self._play_when_there = False
        self._seek(time)

    def play_from(self, time: float) -> None:
        """Show the frame at `time`, and play on from there."""
        self._seek(time)
        self._play_when_there = True

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        elif self._target is not None:
            self._play_when_there = True
            self.state_changed.emit()
        elif self._media.mediaStatus() == QMediaPlayer.MediaStatus.EndOfMedia:
            self.play_from(0.0)
        else:
            self._media.play()

    def pause(self) -> None:
        """Stay where it is."""
        self._play_when_there = False
        self._media.pause()
        self.state_changed.emit()

    def step(self, frames: int) -> None:
        """Show the next frame (1) or the one before (-1)."""
        if self._times:
            i = self._index(self.time) + frames
            if 0 <= i < len(self._times):
                self.show_frame(self._times[i] / 1e6)
        elif self._target is None:
            self.show_frame(self._end + EXACT if frames > 0 else max(0.0, self._start - EXACT))

    def set_speed(self, speed: float) -> None:
        """Change the speed."""
        self._media.setPlaybackRate(speed)
        self.state_changed.emit()

    def faster(self, steps: int) -> None:
        """Move up or down the list of speeds by some steps."""
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

    def _connect_sound(self) -> None:
        """Play sound once there is a device for it; until then, every file would begin with a search for one."""
        if self._devices.audioOutputs():
            self._media.setAudioOutput(self._audio)

    def _index(self, time: float) -> int:
        """Return which frame is on screen at a time, when the frames' times are known."""
        return max(bisect_right(self._times, round((time + EXACT) * 1e6)) - 1, 0)

    def _shows(self, start: float) -> bool:
        """Return whether the frame of this time is on screen, and not on its way."""
        return self._target is None and abs(start - self._start) <= EXACT

    def _seek(self, time: float) -> None:
        self._target = max(time, 0.0)
        if self._times:
            self._target = self._times[self._index(time)] / 1e6
        if self._loaded:
            self._was_playing = self._media.playbackState() == _PLAYING
            # A stopped player ignores positions, and one that plays would run past the frame.
            self._media.pause()
            self._go()
            self._timer.start(PATIENCE_MS)
        self.moved.emit(self._target)

    def _go(self) -> None:
        assert self._target is not None
        place = self._target
        i = self._index(place)
        if self._overlap and i > 0:
            # The frame before claims to last until here, and would be shown instead.
            place = max(place, self._times[i - 1] / 1e6 + self._overlap)
        if not self._exact and self._media.position() == round(place * 1000):
            return  # it is there already, and would go to a key frame further on
        # One more than rounded up: rounded down it shows the frame before, at a cut the wrong shot.
        self._media.setPosition(math.ceil((place - self._shift) * 1000 - 1e-6) + 1)

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status in _LOADED and not self._loaded:
            self._loaded = True  # a position set any earlier is lost
            self._usual_sound = self.sound_track
            self.hear(self._sound)
            if not self._media.hasVideo():
                self._fail(QMediaPlayer.Error.FormatError, self.tr("no picture was found in it"))
            elif self._target is not None:
                self._seek(self._target)
        self.state_changed.emit()
        if status == QMediaPlayer.MediaStatus.EndOfMedia and self._target is None:
            self.ended.emit()

    def _fail(self, _error: QMediaPlayer.Error, reason: str) -> None:
        self._timer.stop()
        missed, self._target = self._target, None
        self._start = self._end = missed or 0.0
        self.failed.emit(reason)  # who hears it may ask whether it was to play
        self._play_when_there = False

    def _take(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            return
        start, end = frame.startTime() / 1e6 + self._shift, frame.endTime() / 1e6 + self._shift
        end = max(end, start + EXACT)
        if self._target is not None:
            if not self._is_wanted(start, end):
                self._stray(start, end)
                return
            self._wanted = None if self._times else self._target
        elif self.playing and clock.perf_counter() - self._painted < 2 * self._cost:
            return  # painting every frame would leave no time for anything else
        else:
            self._wanted = None
        self._show(frame, start, end)

    def _is_wanted(self, start: float, end: float) -> bool:
        assert self._target is not None
        if self._times:
            return abs(start - self._target) <= EXACT
        if not self._exact:
            return True
        # The picture may begin later than the sound: then the first frame stands for all that is before it.
        return start - EXACT <= self._target < end or (not self._end and start > self._target)

    def _stray(self, start: float, end: float) -> None:
        """Handle a frame other than the one that was asked for."""
        assert self._target is not None
        if self._times and not self._overlap and start < self._target < end:
            self._overlap = end - start
            self._go()
        elif not self._was_playing:
            self._timer.start(STRAY_MS)

    def _show(self, frame: QVideoFrame, start: float, end: float) -> None:
        began = clock.perf_counter()
        image = frame.toImage()
        self._painted = clock.perf_counter()
        self._cost = self._painted - began
        if image.isNull():  # a pixel format that cannot be painted without a graphics card
            self._miss(start if self._target is None else self._target)
            return
        self._arrive()
        self._start, self._end = start, end
        self.frame_shown.emit(image, start)
        self.moved.emit(start)

    def _arrive(self) -> None:
        self._timer.stop()
        self._target = None
        if self._play_when_there:
            self._media.play()
            self._play_when_there = False

    def _give_up(self) -> None:
        if self._target is None:
            return
        frame, duration = self._sink.videoFrame(), self._media.duration() / 1000
        start = frame.startTime() / 1e6 + self._shift
        beyond = self._target > duration - 0.5 and start <= self._target and not self._times
        if duration and beyond and frame.isValid():
            self._show(frame, start, max(frame.endTime() / 1e6 + self._shift, start + EXACT))
        else:
            self._miss(self._target)

    def _miss(self, time: float) -> None:
        self._timer.stop()
        self._play_when_there = self.playing
        self._media.pause()
        self._target = None
        self._start = self._end = time
        self.frame_missed.emit(time)  # who hears it may ask whether it was to play
        self._play_when_there = False
        self.state_changed.emit()
