"""What the indexing worker is asked to do, how far it has come, and what went wrong."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from retake_core.display import clock
from retake_core.protocol import answers, events, indexing_events, requests
from retake_core.protocol.indexing_events import GIVE_WAY, PassName
from retake_desktop.common import safe_text, wording
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.worker_process import WorkerDied
from retake_desktop.indexing import pass_words
from retake_desktop.indexing.order import IndexOrder

REFRESH_MS = 700  # the library is read anew at most this often while it grows
AGAIN_MS = 5_000  # until indexing resumes by itself after its worker died
MAX_DEATHS = 3  # of the worker, with no video finished between them
UNDISTURBED_MS = 30_000  # a run has so long before changes in folders interrupt it


class Trouble(Enum):
    """What may be over by itself."""

    UNREADABLE = auto()  # until the folders are looked through again
    WAITING = auto()  # until work goes on
    FAILED = auto()  # until a run succeeds


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened since the start; a file that came of it can be shown.

    What tells of a trouble goes by itself when that is over.
    """

    title: str
    detail: str
    failed: bool = False
    file: str = ""
    when: float = field(default_factory=time.time)
    trouble: "Trouble | None" = None


class Activity(QObject):
    """Runs indexing jobs one after another and tells about them.

    A pause lasts until the user ends it or closes the window: whoever opens the window again wants what is new.
    """

    changed = Signal()
    library_changed = Signal()
    finished = Signal()  # all is indexed that was to be
    noticed = Signal(str)  # one sentence that the user should see now

    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self._engine = engine
        self._index_id = 0
        self._wishes = IndexOrder()
        self._later = IndexOrder()  # what changed while a run was under way
        self._quiet: set[int] = set()
        self._progress = ""
        self._pass: PassName | None = None  # that runs
        self.entries: list[Entry] = []
        self.switch: indexing_events.Switching | None = None  # while another encoder is made ready
        self.working: tuple[indexing_events.VideoProgress, ...] = ()
        self.waiting = 0
        self.unfinished = 0  # videos that were left when indexing was stopped
        self._unended = 0  # videos of the pass that runs
        self.fraction: float | None = None
        self.waits_for = ""  # until the computer is free for it
        self._refresh = single_shot(self, REFRESH_MS)
        self._refresh.timeout.connect(self.library_changed)
        self._undisturbed = single_shot(self, UNDISTURBED_MS)
        self._undisturbed.timeout.connect(self._see_to_changes)
        self._deaths = 0
        self._again = single_shot(self, AGAIN_MS)
        self._again.timeout.connect(self.index)
        engine.answered.connect(self._take)
        engine.held.connect(self.changed)

    @property
    def running(self) -> bool:
        """Whether indexing is under way."""
        return self._index_id != 0

    @property
    def listening(self) -> bool:
        """Whether what is said is being written down."""
        return self._pass == PassName.SPEECH

    @property
    def holders(self) -> frozenset[requests.Holder]:
        """Who pauses indexing."""
        return self._engine.indexer.holders

    @property
    def paused(self) -> bool:
        """Whether the user pauses indexing."""
        return "user" in self.holders

    @property
    def status(self) -> str:
        """What runs, in a line."""
        if self.paused and self.running:
            return self.tr("Paused")
        if self.waits_for and self.running:
            return self.waits_for
        if self.holders and self.running:
            return pass_words.held(self._engine.awaits_follow_up)
        return self._progress

    def index(self, add: Sequence[str] = ()) -> None:
        """Bring the library up to date; a run that still looks for keyframes does so already."""
        if add or not self.running or self._pass in GIVE_WAY:
            self._begin(IndexOrder(add=tuple(add), folders=None))

    def scan(self) -> None:
        """Look through all folders at once: it has changed what is left out of them."""
        self._begin(IndexOrder(folders=None))

    def look_into(self, folders: Iterable[Path]) -> None:
        """Look for what changed in folders of the library: now, or when the run under way has had its time."""
        self._later = self._later.and_those(IndexOrder(folders=tuple(os.fspath(folder) for folder in folders)))
        if not self.running or not self._undisturbed.isActive():
            self._see_to_changes()

    def index_first(self, video_ids: Sequence[int]) -> None:
        """Let videos go through all passes before the others."""
        self._begin(IndexOrder(first=tuple(video_ids)))

    def note(self, title: str, detail: str, failed: bool = False, *, file: str = "") -> None:
        """List something that happened elsewhere."""
        self._note(title, detail, failed=failed, file=file)
        self.changed.emit()

    def stop(self) -> None:
        """Stop indexing; what was found stays, and the next run resumes there."""
        if self.running:
            self._progress = self.tr("Stopping")
            self._later = IndexOrder()
            self.pause(False)
            self.changed.emit()
            self._engine.cancel(self._index_id)

    def pause(self, paused: bool) -> None:
        """Pause indexing at the next batch, or resume it."""
        if paused != self.paused:
            self._engine.hold_indexing("user", paused)
        if not paused and not self._undisturbed.isActive():
            self._see_to_changes()

    def wait_for(self, reason: str) -> None:
        """Hold indexing up for a reason in a sentence, or let it go on without one."""
        if reason != self.waits_for:
            self.waits_for = reason
            self._engine.hold_indexing("conditions", bool(reason))

    def remove_folder(self, folder: str) -> None:
        """Forget a folder, and continue with the others."""
        self._forget(Trouble.UNREADABLE, (folder,))
        self._interrupt_for(lambda: self._engine.remove_folder(folder))

    def remove_videos(self, video_ids: Sequence[int]) -> None:
        """Forget videos, and continue with the others."""
        self._interrupt_for(lambda: self._engine.remove_videos(video_ids))

    def reindex(self, video_ids: Sequence[int]) -> None:
        """Look at videos anew."""
        self._interrupt_for(lambda: self._engine.reindex(video_ids), IndexOrder(first=tuple(video_ids)))

    def retry(self, video_ids: Sequence[int] | None = None) -> None:
        """Try videos that failed once more, these or all."""
        first = () if video_ids is None else tuple(video_ids)
        self._interrupt_for(lambda: self._engine.retry(video_ids), IndexOrder(first=first))

    def describe(self, video_id: int) -> None:
        """Have the model describe a video, also one that could not be described before."""
        order = IndexOrder(first=(video_id,), describe=(video_id,))
        self._interrupt_for(lambda: self._engine.retry([video_id]), order)

    def choose_sound_track(self, video_id: int, track: int | None) -> None:
        """Listen to another sound track of a video."""
        submit = partial(self._engine.choose_sound_track, video_id, track)
        self._interrupt_for(submit, IndexOrder(first=(video_id,)))

    def _interrupt_for(self, submit: Callable[[], int], then: IndexOrder | None = None) -> None:
        was_running = self.running
        if was_running:
            self._engine.cancel(self._index_id)
        self._quiet.add(submit())
        if was_running or then is not None:
            self._begin(then or IndexOrder())

    def _see_to_changes(self) -> None:
        if self.paused or self._later == IndexOrder():
            return
        later, self._later = self._later, IndexOrder()
        self._begin(later)

    def _begin(self, wishes: IndexOrder) -> None:
        if self.running:
            self._engine.cancel(self._index_id)
        self._wishes = self._wishes.and_those(wishes)
        wishes = self._wishes
        self._index_id = self._engine.index(wishes.add, wishes.folders, wishes.first, wishes.describe)
        self._progress, self.fraction = self.tr("Looking for videos"), None
        self.working, self.waiting, self._pass = (), 0, None
        self.unfinished = self._unended = 0
        self._forget(Trouble.UNREADABLE, self._wishes.folders)
        self._undisturbed.start()
        self.changed.emit()

    def _take(self, answer: answers.AnyReply) -> None:
        if answer.id in self._quiet and isinstance(answer, answers.JobEvent):
            if isinstance(answer.event, indexing_events.Freed):
                self._freed(answer.event)
        elif answer.id in self._quiet:
            self._quiet.discard(answer.id)
            if isinstance(answer, answers.JobFailed):
                self._note(self.tr("The library could not be changed"), answer.reason, failed=True)
                self.noticed.emit(answer.reason)
            self.library_changed.emit()
        elif answer.id == self._index_id:
            if isinstance(answer, answers.JobEvent):
                self._tell(answer.event)
            else:
                self._end(answer)

    def _tell(self, event: events.Event) -> None:
        self.switch = event if isinstance(event, indexing_events.Switching) else None
        self._forget(Trouble.WAITING)
        match event:
            case indexing_events.Scanning() | indexing_events.Switching():
                self.fraction, self._progress = self._describe_start(event)
            case indexing_events.Scanned():
                self._note_scan(event)
                self._soon()
            case indexing_events.Waiting():
                self._progress, self.fraction = event.reason, None
                self._note(self.tr("Indexing waits"), event.reason, trouble=Trouble.WAITING)
                self._soon()  # another program may fill the library meanwhile
            case indexing_events.PassStarted():
                # The folders have been looked through: a run that interrupts this one need not do it again.
                self._wishes = self._wishes.scanned()
                # What is told is told of all passes: it goes on from one to the next.
                self._progress, self.fraction = (
                    pass_words.title(event.name),
                    self.fraction if self._pass else 0.0,
                )
                self.working, self.waiting, self._pass = (), event.videos, event.name
                self._unended = event.videos
            case indexing_events.PassProgress():
                self._deaths = 0 if event.done else self._deaths
                self.fraction = event.fraction
                self.working = event.working
                self._unended = event.videos - event.done
                self.waiting = self._unended - len(event.working)
                self._progress = self._describe(event)
            case indexing_events.VideoDone() | indexing_events.VideoFailed() | indexing_events.VideoDescribed():
                self._soon()
            case (
                indexing_events.VideoDeferred()
                | indexing_events.Remarked()
                | indexing_events.DescribingPlanned()
                | indexing_events.DescribingFailed()
            ):
                self._note_about(event)
            case indexing_events.Indexed() if event.videos:
                speed = event.video_seconds / max(event.seconds, 1e-3)
                self._note(
                    self.tr("Indexing finished"),
                    self.tr("{length} of video in {time}, {speed}x realtime").format(
                        length=clock(event.video_seconds), time=clock(event.seconds), speed=round(speed)
                    ),
                )
        self.changed.emit()

    def _note_scan(self, event: indexing_events.Scanned) -> None:
        for problem in event.problems:
            self._note(self.tr("Could not be read"), problem, trouble=Trouble.UNREADABLE)
        if event.left_out:
            title = self.tr("Videos left out from now on: {count}").format(count=event.left_out)
            self._note(title, self.tr("They are hidden, and come back when no rule leaves them out any more."))

    def _note_about(
        self,
        event: indexing_events.VideoDeferred
        | indexing_events.Remarked
        | indexing_events.DescribingPlanned
        | indexing_events.DescribingFailed,
    ) -> None:
        if isinstance(event, indexing_events.DescribingPlanned):
            self._note(*pass_words.planned(event))
            return
        title = safe_text.name(Path(event.path)) if event.path else self.tr("Indexing")
        match event:
            case indexing_events.VideoDeferred():
                self._note(title, self.tr("It is still being written; it will be indexed next time."))
            case indexing_events.DescribingFailed():
                title = self.tr("“{name}” could not be described").format(name=title)
                self._note(title, event.reason, failed=True)
            case _ if not any((e.title, e.detail) == (title, safe_text.line(event.text)) for e in self.entries):
                self._note(title, event.text, failed=True)  # once: every run tells it again

    def _freed(self, event: indexing_events.Freed) -> None:
        detail = self.tr("{size} of disk space was freed.").format(size=wording.size(event.size))
        self._note(self.tr("Videos removed from the library: {count}").format(count=event.videos), detail)
        self.changed.emit()

    def _end(self, answer: answers.AnyReply) -> None:
        self._index_id, self._progress, self.fraction = 0, "", None
        self.working, self.waiting, self._pass = (), 0, None
        self._wishes, self.switch = IndexOrder(), None
        if isinstance(answer, answers.JobFailed):
            self._note(self.tr("Indexing failed"), answer.reason, trouble=Trouble.FAILED)
            self.noticed.emit(answer.reason)
            if isinstance(answer, WorkerDied) and self._deaths < MAX_DEATHS:
                self._deaths += 1
                self._again.start()
        elif isinstance(answer, answers.JobCancelled):
            self.unfinished = self._unended
            self._note(
                self.tr("Indexing stopped"),
                self.tr("What was found is kept; indexing continues where it stopped."),
            )
        elif isinstance(answer, answers.JobDone):
            self._forget(Trouble.FAILED)
            self.finished.emit()
        self.changed.emit()
        self.library_changed.emit()
        if isinstance(answer, answers.JobDone):
            self._deaths = 0
            self._see_to_changes()

    def _describe_start(
        self, event: indexing_events.Scanning | indexing_events.Switching
    ) -> tuple[float | None, str]:
        """Return how much of the work before the passes is done, None if unknown, and what that work is."""
        if isinstance(event, indexing_events.Switching):
            ready, keyframes = event.switch.ready, event.switch.keyframes
            text = self.tr("Getting ready to search with {name}: {ready} of {keyframes}").format(
                name=wording.encoder(event.switch.wanted),
                ready=wording.number(ready),
                keyframes=wording.keyframes(keyframes),
            )
            if ready == keyframes:
                self._note(self.tr("Another encoder is ready"), self._searched_with(event.switch.wanted))
            return ready / max(1, keyframes), "  ·  ".join([text, *wording.pace(0.0, event.time_left)])
        if not event.unread:
            return None, self.tr("Looking for videos: {found} files").format(found=wording.number(event.found))
        text = self.tr("Reading new files: {read} of {unread}")
        counts = {"read": wording.number(event.read), "unread": wording.number(event.unread)}
        return event.read / event.unread, text.format(**counts)

    def _searched_with(self, encoder: str) -> str:
        text = self.tr("Search now uses {name}, and gets better while the videos are looked at again.")
        return text.format(name=wording.encoder(encoder))

    def _describe(self, event: indexing_events.PassProgress) -> str:
        parts = [
            self.tr("{title}: {done} of {videos}").format(
                title=pass_words.title(event.name),
                done=wording.number(event.done),
                videos=wording.videos(event.videos),
            ),
            *wording.pace(event.speed, event.time_left),
        ]
        return "  ·  ".join(parts)

    def _note(
        self, title: str, detail: str, *, failed: bool = False, file: str = "", trouble: Trouble | None = None
    ) -> None:
        failed = failed or trouble is not None
        entry = Entry(safe_text.line(title), safe_text.line(detail), failed, file, trouble=trouble)
        self.entries.insert(0, entry)
        del self.entries[200:]

    def _forget(self, trouble: Trouble, folders: tuple[str, ...] | None = None) -> None:
        """Drop what told of a trouble, in these folders or anywhere."""
        places = None if folders is None else tuple(map(safe_text.line, folders))
        self.entries = [
            entry
            for entry in self.entries
            if entry.trouble != trouble or (places is not None and not entry.detail.startswith(places))
        ]

    def _soon(self) -> None:
        if not self._refresh.isActive():
            self._refresh.start()
