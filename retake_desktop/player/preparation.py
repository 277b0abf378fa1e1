"""Getting a video ready for the player: when its frames are shown, and a copy where it needs one."""

import os
from array import array
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from retake_core.library.catalog import VideoEntry
from retake_core.playback.playable import looks_playable
from retake_core.protocol import answers, indexing_events
from retake_core.protocol.requests import Unplayable
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.worker_process import WorkerDied

SMALLEST = 480  # pixels of a copy's shorter side at least, however small the screen


class Preparation(QObject):
    """How the open video can be played.

    Attributes:
        fraction: how much of a copy is made, or None when none is being made.
    """

    ready = Signal(Path, float, object)  # what to play, the seconds its frames come earlier, their times
    changed = Signal()
    failed = Signal(str)

    def __init__(self, engine: EngineClient, background: Background) -> None:
        super().__init__()
        self._engine = engine
        self._background = background
        self._video: VideoEntry | None = None
        self._job = 0
        self._given: Unplayable = "original"
        self._failed: Unplayable = ""
        self._died = False  # the worker died of this video once already
        self.fraction: float | None = None
        engine.answered.connect(self._take)

    def begin(self, video: VideoEntry) -> bool:
        """Begin to examine a video; return whether to play it meanwhile."""
        self.stop()
        self._video, self._given, self._failed, self._died = video, "original", "", False
        self._request()
        return looks_playable(video.path, video.codec)

    @property
    def busy(self) -> bool:
        """Whether the video is being examined or copied."""
        return self._job != 0

    def copy_needed(self) -> None:
        """Have a better copy made, because the player could not show a frame of what it has."""
        if self._video is not None and self._failed != self._given:
            self.stop()
            self._failed = self._given
            self._request()

    def stop(self) -> None:
        """Stop examining and copying."""
        if self._job:
            self._engine.cancel(self._job)
        self._job = 0
        self._set(None)

    def _request(self) -> None:
        assert self._video is not None
        self._job = self._engine.prepare(self._video.id, _screen_side(), self._failed)

    def _take(self, answer: answers.AnyReply) -> None:
        if answer.id != self._job or not self._job:
            return
        if isinstance(answer, answers.JobEvent):
            if isinstance(answer.event, indexing_events.CopyProgress):
                self._set(answer.event.fraction)
            return
        self._job = 0
        self._set(None)
        if isinstance(answer, answers.CopyReady):
            self._read(answer)
        elif isinstance(answer, WorkerDied):
            self._try_again()
        elif isinstance(answer, answers.JobFailed):
            self.failed.emit(answer.reason)

    def _try_again(self) -> None:
        """Ask a worker that has taken the dead one's place, but not a third one: the file may be what kills."""
        if self._died:
            self.failed.emit(
                self.tr("Making this file ready to play stopped unexpectedly, twice. Press Play to try it again.")
            )
        else:
            self._died = True
            self._request()

    def _read(self, answer: answers.CopyReady) -> None:
        video = self._video
        assert video is not None

        def done(times: "array[int]") -> None:
            if self._video is video:
                self._given = "original" if answer.copy is None else "copy"
                self.ready.emit(video.path if answer.copy is None else Path(answer.copy), answer.shift, times)

        self._background.run(lambda _: _times(Path(answer.frames)), done, key="frames")

    def _set(self, fraction: float | None) -> None:
        if fraction != self.fraction:
            self.fraction = fraction
            self.changed.emit()


class PreparationBar(QWidget):
    """Tells that a copy is being made, how far it is, and lets it be stopped."""

    def __init__(self, preparation: Preparation) -> None:
        super().__init__()
        self._preparation = preparation
        text = QLabel(self.tr("This file is being prepared. Until then, playback may jump or stop."))
        text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(self.tr("Progress of preparing the file"))
        stop = QPushButton(self.tr("Stop"))
        stop.clicked.connect(preparation.stop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.setSpacing(12)
        layout.addWidget(text, 1)
        layout.addWidget(self._bar)
        layout.addWidget(stop)
        preparation.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        fraction = self._preparation.fraction
        self.setVisible(fraction is not None)
        self._bar.setValue(round((fraction or 0.0) * 1000))


def _screen_side() -> int:
    """Return the shorter side of the largest screen in its own pixels."""
    sides = [
        min(screen.size().width(), screen.size().height()) * screen.devicePixelRatio()
        for screen in QGuiApplication.screens()
    ]
    return max(SMALLEST, round(max(sides, default=SMALLEST)))


def _times(path: Path) -> "array[int]":
    times = array("q")
    with path.open("rb") as file:
        times.fromfile(file, os.fstat(file.fileno()).st_size // times.itemsize)
    return times
