"""Showing any video: by the player, by a copy for it, or by single frames from the engine.

What the player cannot search is played as it is until the copy is there, and the copy goes on where that stands.
"""

from array import array
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from retake_core.library.catalog import VideoEntry
from retake_core.playback.playable import plays_roughly
from retake_core.protocol import answers
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.worker_process import WorkerDied
from retake_desktop.player.player import Player
from retake_desktop.player.preparation import Preparation
from retake_desktop.player.shuttle import Shuttle


class Playback(QObject):
    """The open video. Until the player can show it, frames come from the engine's decoder, one by one."""

    image = Signal(QImage)
    note = Signal(str)
    moved = Signal(float)

    def __init__(self, engine: EngineClient, background: Background) -> None:
        super().__init__()
        self._engine = engine
        self.player = Player()
        self.shuttle = Shuttle(self.player)
        self.preparation = Preparation(engine, background)
        self._video: VideoEntry | None = None
        self._time = 0.0
        self._play_later = False
        self._rough = False  # the player has a file that it cannot search
        self._is_copy = False  # the player has a copy, whose only sound track is the chosen one
        self._still_id = 0
        self._still_asked = 0.0
        self._still_wanted: float | None = None
        self._still_died = False  # the worker died of this still once already
        player = self.player
        player.frame_shown.connect(lambda image, _: self.image.emit(image))
        player.moved.connect(self._moved)
        player.frame_missed.connect(self._missed)
        player.failed.connect(self._player_failed)
        self.preparation.ready.connect(self._ready)
        self.preparation.failed.connect(self._preparation_failed)
        engine.answered.connect(self._take)

    @property
    def time(self) -> float:
        """Seconds of what is shown, or on its way."""
        return self.player.time if self.player.is_open else self._time

    def open(self, video: VideoEntry, time: float = 0.0, *, play: bool = False) -> None:
        """Show a video's frame at `time`, or play from there as soon as it can be played."""
        self.close()
        self._video, self._time = video, time
        self.player.set_speed(1.0)
        if self.preparation.begin(video):
            self.player.open(video.path, time, play=play, sound=video.sound_track)
        else:
            self._wait_at(time, play)

    def follow_choice(self, video: VideoEntry) -> None:
        """Let another sound track of the open video be heard, if another one was chosen for it."""
        before = self._video
        if before is None or before.id != video.id or before.sound_track == video.sound_track:
            return
        self._video = video
        if self._is_copy or self.preparation.busy:
            self.preparation.begin(video)
        if not self._is_copy:
            self.player.hear(video.sound_track)

    def close(self) -> None:
        """Let go of the video."""
        self.shuttle.release()
        self.preparation.stop()
        self._video, self._still_wanted, self._still_id = None, None, 0
        self._play_later = self._rough = self._is_copy = False
        self.player.close()

    def show_time(self, time: float, *, play: bool = False) -> None:
        """Show exactly the frame at `time`, or play from there."""
        self.shuttle.release()
        self._still_wanted = None
        if self._rough and not play:
            self._rough = False
            self.player.close()
        if self.player.is_open:
            (self.player.play_from if play else self.player.show_frame)(time)
        elif self._video is not None:
            self._time = time
            self._wait_at(time, play)

    def seek(self, time: float) -> None:
        """Go to a time, and play on if it was playing."""
        self.show_time(time, play=self.player.playing or self._play_later)

    def toggle(self) -> None:
        """Play or pause; a preparation that was stopped begins again."""
        if self.shuttle.rate:
            self.shuttle.stop()
        elif self.player.is_open:
            self.player.toggle()
        elif self._video is not None:
            self._play_later = not self._play_later or not self.preparation.busy
            if not self.preparation.busy:
                self.preparation.begin(self._video)
            self._wait_at(self._time, self._play_later)

    def pause(self) -> None:
        """Stay where it is."""
        self._play_later = False
        self.shuttle.stop()

    def _wait_at(self, time: float, play: bool) -> None:
        """Show a time, or play from there, as well as it goes without a copy."""
        self._rough = play and self._video is not None and plays_roughly(self._video.codec)
        self._play_later = play and not self._rough
        if self._rough:
            assert self._video is not None
            self._still_wanted = None
            self.player.open(self._video.path, time, play=True, exact=False, sound=self._video.sound_track)
        else:
            self.moved.emit(time)
            self._want_still(time)

    def _moved(self, time: float) -> None:
        self._time = time
        self.moved.emit(time)

    def _ready(self, path: Path, shift: float, times: "array[int]") -> None:
        video = self._video
        if video is None:
            return
        if path != video.path or not self.player.is_open:
            self._still_wanted = None
            play = self.player.playing if self.player.is_open else self._play_later
            self._is_copy = path != video.path
            sound = None if self._is_copy else video.sound_track
            self.player.open(path, self._time, shift=shift, play=play or self._play_later, sound=sound)
        self._play_later = self._rough = False
        self.player.set_frames(times)

    def _missed(self, time: float) -> None:
        self._time = time
        self._play_later = self._play_later or self.player.playing
        self._want_still(time)
        if self._rough:  # its copy is being made
            self._rough = False
            self.player.close()
        else:
            self.preparation.copy_needed()

    def _player_failed(self, _reason: str) -> None:
        time, self._play_later = self._time, self._play_later or self.player.playing
        self.player.close()
        self._missed(time)

    def _preparation_failed(self, reason: str) -> None:
        if not self.player.is_open:
            self.note.emit(reason)

    def _want_still(self, time: float) -> None:
        self._still_wanted = time
        if not self._still_id and self._video is not None:
            self._still_id = self._engine.still(self._video.id, time)
            self._still_asked = time

    def _take(self, answer: answers.AnyReply) -> None:
        if not self._still_id or answer.id != self._still_id or isinstance(answer, answers.JobEvent):
            return
        self._still_id = 0
        if self._still_wanted is None:
            return
        if self._still_wanted != self._still_asked:
            self._want_still(self._still_wanted)
            return
        if isinstance(answer, WorkerDied) and not self._still_died:
            self._still_died = True
            self._want_still(self._still_wanted)
            return
        self._still_wanted, self._still_died = None, False
        if isinstance(answer, answers.StillReady):
            self.image.emit(QImage.fromData(answer.jpeg))
        elif isinstance(answer, answers.JobFailed):
            self.note.emit(answer.reason)
