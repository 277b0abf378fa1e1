"""What the indexing worker is asked to do, how far it has come, and what went wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal

from retake_core import jobs, protocol
from retake_core.clock import clock
from retake_desktop.engine_client import EngineClient
from retake_desktop.widgets import single_shot

REFRESH_MS = 700  # the library is read anew at most this often while it grows


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the activity list."""

    title: str
    detail: str
    failed: bool = False
    when: float = field(default_factory=time.time)


class Activity(QObject):
    """Runs indexing jobs one after another and tells about them."""

    changed = Signal()
    library_changed = Signal()
    noticed = Signal(str)  # one sentence that the user should see now

    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self._engine = engine
        self._index_id = 0
        self._adding: list[str] = []
        self._quiet: set[int] = set()
        self.entries: list[Entry] = []
        self.status = ""
        self.fraction: float | None = None
        self._refresh = single_shot(self, REFRESH_MS)
        self._refresh.timeout.connect(self.library_changed)
        engine.answered.connect(self._take)

    @property
    def running(self) -> bool:
        """Whether indexing is under way."""
        return self._index_id != 0

    def index(self, add: list[str] | None = None) -> None:
        """Bring the library up to date, after what runs now when there are folders to add."""
        if self.running:
            if not add:
                return
            self._engine.cancel(self._index_id)
        self._begin(add or [])

    def stop(self) -> None:
        """Stop indexing; what was found stays, and the next run goes on from there."""
        if self.running:
            self.status = self.tr("Stopping")
            self.changed.emit()
            self._engine.cancel(self._index_id)

    def remove_folder(self, folder: str) -> None:
        """Forget a folder, and go on with the others."""
        self._interrupt_for(lambda: self._engine.remove_folder(folder))

    def reindex(self, video_id: int) -> None:
        """Look at a video anew."""
        self._interrupt_for(lambda: self._engine.reindex(video_id), then_index=True)

    def _interrupt_for(self, submit: Callable[[], int], *, then_index: bool = False) -> None:
        was_running = self.running
        if was_running:
            self._engine.cancel(self._index_id)
        self._quiet.add(submit())
        if was_running or then_index:
            self._begin([])

    def _begin(self, add: list[str]) -> None:
        # A run that is interrupted may not have come to its folders yet.
        self._adding = list(dict.fromkeys(self._adding + add))
        self._index_id = self._engine.index(self._adding)
        self.status, self.fraction = self.tr("Looking for videos"), None
        self.changed.emit()

    def _take(self, answer: protocol.AnyAnswer) -> None:
        if answer.id in self._quiet and isinstance(answer, protocol.Told):
            if isinstance(answer.event, jobs.Freed):
                self._freed(answer.event)
        elif answer.id in self._quiet:
            self._quiet.discard(answer.id)
            if isinstance(answer, protocol.Failed):
                self._note(self.tr("The library could not be changed"), answer.reason, failed=True)
                self.noticed.emit(answer.reason)
            self.library_changed.emit()
        elif answer.id == self._index_id:
            if isinstance(answer, protocol.Told):
                self._tell(answer.event)
            else:
                self._end(answer)

    def _tell(self, event: jobs.Event) -> None:
        match event:
            case jobs.Scanned():
                for problem in event.problems:
                    self._note(self.tr("Could not be read"), problem, failed=True)
                self._soon()
            case jobs.Waiting():
                self.status, self.fraction = event.reason, None
                self._note(self.tr("Indexing waits"), event.reason, failed=True)
            case jobs.PassStarted():
                self.status, self.fraction = self._title(event.depth), 0.0
            case jobs.Scanning() | jobs.Progress():
                self.status, self.fraction = self._standing(event)
            case jobs.VideoDone():
                self._soon()
            case jobs.VideoFailed():
                self._note(Path(event.path).name, event.reason, failed=True)
                self._soon()
            case jobs.VideoDeferred():
                self._note(Path(event.path).name, self.tr("It is still being written; the next run takes it."))
            case jobs.Indexed() if event.videos:
                speed = event.video_seconds / max(event.seconds, 1e-3)
                self._note(
                    self.tr("Indexing finished"),
                    self.tr("{length} of video in {time}, {speed}x realtime").format(
                        length=clock(event.video_seconds), time=clock(event.seconds), speed=round(speed)
                    ),
                )
        self.changed.emit()

    def _freed(self, event: jobs.Freed) -> None:
        size = QLocale().formattedDataSize(event.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        detail = self.tr("{size} of disk are free again.").format(size=size)
        self._note(self.tr("Videos removed from the library: {count}").format(count=event.videos), detail)
        self.changed.emit()

    def _end(self, answer: protocol.AnyAnswer) -> None:
        self._index_id, self.status, self.fraction = 0, "", None
        self._adding = []
        if isinstance(answer, protocol.Failed):
            self._note(self.tr("Indexing failed"), answer.reason, failed=True)
            self.noticed.emit(answer.reason)
        elif isinstance(answer, protocol.Cancelled):
            self._note(self.tr("Indexing stopped"), self.tr("What was found stays; it goes on where it stopped."))
        self.changed.emit()
        self.library_changed.emit()

    def _title(self, depth: str) -> str:
        return self.tr("First look") if depth == "quick" else self.tr("Looking closer")

    def _standing(self, event: jobs.Scanning | jobs.Progress) -> tuple[str, float | None]:
        if isinstance(event, jobs.Progress):
            return self._progress(event), event.fraction
        number = QLocale().toString
        if not event.unread:
            return self.tr("Looking for videos: {found} files").format(found=number(event.found)), None
        text = self.tr("Reading new files: {read} of {unread}")
        return text.format(read=number(event.read), unread=number(event.unread)), event.read / event.unread

    def _progress(self, event: jobs.Progress) -> str:
        parts = [
            self.tr("{title}: {done} of {videos} videos").format(
                title=self._title(event.depth), done=event.done, videos=event.videos
            )
        ]
        if event.speed >= 0.1:
            parts.append(self.tr("{speed}x realtime").format(speed=f"{event.speed:.3g}"))
        if event.time_left is not None:
            parts.append(self.tr("{time} left").format(time=clock(event.time_left)))
        return "  ·  ".join(parts)

    def _note(self, title: str, detail: str, *, failed: bool = False) -> None:
        self.entries.insert(0, Entry(title, detail, failed))
        del self.entries[200:]

    def _soon(self) -> None:
        if not self._refresh.isActive():
            self._refresh.start()
