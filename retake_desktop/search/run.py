"""Asking the search worker: a later question waits for the answer before it; weaker matches come on request."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.protocol import answers, events, indexing_events
from retake_core.protocol.search_events import FoundMoment, FoundSoFar
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.worker_process import WorkerDied


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for.

    Attributes:
        query: as it was typed.
        video_id: of the only video to search in, or None.
        like: a keyframe that moments are to look like: its video's id, and seconds; or None.
        picture: a picture file that they are to look like, or None.
    """

    query: str = ""
    video_id: int | None = None
    like: tuple[int, float] | None = None
    picture: Path | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.query and self.like is None and self.picture is None


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        question: that it answers.
        hits: best first; weaker ones after all others.
        videos: those that the hits and their copies are in, by id.
        complete: False while pictures are still being looked at.
        weaker: whether weaker matches are among the hits, or there are none.
        unknown: words that the encoder left out.
        faceless: whether some of these mean people, whose faces nobody looked for.
    """

    question: Question
    hits: tuple[FoundMoment, ...] = ()
    videos: dict[int, VideoEntry] | None = None
    complete: bool = True
    weaker: bool = False
    unknown: tuple[str, ...] = ()
    faceless: bool = False


class SearchRun(QObject):
    """One search at a time. Every question that is not superseded ends in `found` or `failed`."""

    found = Signal(object)  # Findings
    failed = Signal(str)
    switching = Signal(object)  # a Switch while search cannot use the chosen encoder yet, or None

    def __init__(self, background: Background, engine: EngineClient) -> None:
        super().__init__()
        self._background = background
        self._engine = engine
        self._question = Question()
        self._strong: tuple[FoundMoment, ...] = ()
        self._weaker = False
        self._job = 0
        self._reading = False  # the videos of the last answer
        self._warm = False
        self._switching = False  # search uses the encoder before the chosen one
        self._next: Question | None = None
        self._died = False  # the worker died of this question once already
        self._dropped = 0  # how many questions are not to be answered any more
        engine.answered.connect(self._take)

    @property
    def waiting(self) -> bool:
        """Whether a question has not been sent yet."""
        return self._next is not None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self.waiting or bool(self._job) or self._reading

    def warm_up(self) -> None:
        """Let the worker load what searching needs, before the first letter is typed."""
        if not self._warm:
            self._warm = True
            self._engine.search("")

    def ask(self, question: Question, *, at_once: bool = True) -> None:
        """Search for something else.

        Unless at once, an answer that is on its way is still shown: to drop it with every key would show nothing
        to a user who types faster than the worker searches.
        """
        if self._job and not at_once and not question.is_empty:
            self._next = question
            return
        self._drop()
        self._question, self._weaker, self._strong, self._died = question, False, (), False
        if question.is_empty:
            self.found.emit(Findings(question))
        else:
            self._send()

    def hurry(self) -> None:
        """Send what waits."""
        if self._next is not None:
            self.ask(self._next)

    def ask_for_weaker(self) -> None:
        """Search for the same again, and add what matches less."""
        self._drop()
        self._weaker = True
        self._send()

    def _drop(self) -> None:
        self._next = None
        self._dropped += 1
        self._reading = False
        if self._job:
            self._engine.cancel(self._job)
            self._job = 0

    def _send(self) -> None:
        asked = self._question
        self._warm = True
        if asked.like is not None:
            like, time = asked.like
            self._job = self._engine.similar(like, time, query=asked.query, video_id=asked.video_id)
        else:
            self._job = self._engine.search(
                asked.query,
                video_id=asked.video_id,
                weaker=self._weaker,
                picture=None if asked.picture is None else str(asked.picture),
            )

    def _follow(self, event: events.Event) -> None:
        """Tell how far a change to another encoder has come; when it is over, ask again."""
        if isinstance(event, indexing_events.Switching):
            self._tell_switch(event.switch)
        elif isinstance(event, indexing_events.PassStarted | indexing_events.Indexed) and self._switching:
            self._tell_switch(None)
            self.ask(self._question)

    def _tell_switch(self, switch: indexing_events.Switch | None) -> None:
        self._switching = switch is not None
        self.switching.emit(switch)

    def _take(self, answer: answers.AnyReply) -> None:
        if isinstance(answer, answers.JobEvent):
            self._follow(answer.event)
        if not self._job or answer.id != self._job:
            return
        if isinstance(answer, answers.JobEvent):
            if isinstance(answer.event, FoundSoFar) and not self._weaker:
                self._read(answer.event.hits, complete=False)
            return
        self._job = 0
        if isinstance(answer, answers.MomentsReady):
            if self._question.like is None:
                self._tell_switch(answer.switch)
            hits = answer.hits
            if self._weaker:
                hits = self._strong + tuple(hit for hit in hits if hit.weaker and not self._is_known(hit))
            else:
                self._strong = hits
            self._died = False
            left_out = answer.unknown, answer.faceless
            self._read(hits, complete=self._next is None, left_out=left_out)
        elif isinstance(answer, answers.JobFailed) and self._next is None:
            self._fail(answer)
        if self._next is not None:
            newest, self._next = self._next, None
            self._question, self._weaker, self._strong, self._died = newest, False, (), False
            self._send()

    def _fail(self, answer: answers.JobFailed) -> None:
        """Tell why; a worker that died gives place to one more, not to a third: the question may kill them."""
        if not isinstance(answer, WorkerDied):
            self.failed.emit(answer.reason)
        elif self._died:
            self.failed.emit(
                self.tr("The search stopped unexpectedly, twice. Search again, or for something else.")
            )
        else:
            self._died = True
            self._send()

    def _is_known(self, hit: FoundMoment) -> bool:
        return any(
            hit.video_id == other.video_id and hit.start < other.end and other.start < hit.end
            for other in self._strong
        )

    def _read(
        self,
        hits: tuple[FoundMoment, ...],
        *,
        complete: bool,
        left_out: tuple[tuple[str, ...], bool] = ((), False),
    ) -> None:
        """Read the videos of hits, and pass both on."""
        question, weaker = self._question, self._weaker
        self._reading = complete
        dropped = self._dropped
        ids = {hit.video_id for hit in hits} | {copy.video_id for hit in hits for copy in hit.copies}

        def show(videos: list[VideoEntry]) -> None:
            if dropped == self._dropped:
                self._reading = self._reading and not complete
                by_id = {entry.id: entry for entry in videos}
                weakest = weaker or question.like is not None
                self.found.emit(Findings(question, hits, by_id, complete, weakest, *left_out))

        self._background.run(lambda connection: catalog.videos(connection, ids) if ids else [], show, key="search")
