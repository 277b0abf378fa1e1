"""Questions to the library: all that stands between a person's words and the engine."""

import hashlib
import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.questions.asked_video import AskedVideo, asked
from retake_core.questions.citations import Source, Sources, keyframe_before, write_thumbnails
from retake_core.questions.moments import CLIPS, join, stretch
from retake_core.search.moments import Moment
from retake_core.videollm.answer import ask, memory_key
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.clips import AskedClip, AskedClips, ask_clips
from retake_core.videollm.events import Citations, Notice, Stats, VideoLLMEvent
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.machine import available_bytes
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import USABLE, Material, ReadingPlan, make_plan
from retake_core.videollm.reading import Reading
from retake_core.videollm.stopping import stoppable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class QuestionOptions:
    """What the user asked for.

    Attributes:
        frames: at most so many are read.
        keep_ratio: the fraction of visual tokens that stays; None follows the budget.
        max_tokens: the answer ends after so many.
    """

    frames: int = MAX_FRAMES
    keep_ratio: float | None = None
    max_tokens: int = 512


@dataclass(frozen=True)
class PlanReached:
    """How the question will be read.

    Attributes:
        plan: the settings and what they take.
        from_memory: whether the video is known already.
        moments: what of the library is read; empty when the question is about one video.
    """

    plan: ReadingPlan
    from_memory: bool
    moments: list[Moment]


AnsweringEvent = VideoLLMEvent | PlanReached | Sources
"""`Sources` comes in the place of the engine's `Citations`."""


def memory_store(data_dir: DataDir, quota_gb: float) -> MemoryStore:
    """Return the memories of a data directory."""
    return MemoryStore(data_dir.memories, int(quota_gb * 1e9))


class Questions:
    """Plans and answers questions with one model."""

    def __init__(
        self,
        database: Database,
        data_dir: DataDir,
        model: VideoLLM,
        quota_gb: float,
        *,
        thumbnails: bool = True,
    ) -> None:
        """Take what all questions share.

        Args:
            database: of the library.
            data_dir: where memories, speeds and pictures lie.
            model: loaded before the first question; a plan needs no weights.
            quota_gb: gigabytes that memories may take.
            thumbnails: whether the pictures of cited keyframes are written to files.
        """
        self._database, self._data_dir = database, data_dir
        self._writes_thumbnails = thumbnails
        self.model = model
        self._family = model.family
        self.store = memory_store(data_dir, quota_gb)
        digest = hashlib.sha256(f"{model.id.name}\n{model.id.revision}\n{self._family.device.type}".encode())
        self._speed = data_dir.speeds / f"{digest.hexdigest()[:24]}.json"

    def plan(self, material: Material, wishes: QuestionOptions) -> ReadingPlan:
        """Plan a reading that fits this machine.

        Raises:
            UserError: none fits, or the wishes make no sense.
        """
        loaded = self.model.weight_bytes if self._family.model is not None else 0
        return make_plan(
            self._family,
            material,
            available=int(USABLE * (available_bytes() + loaded)),
            weights=self.model.weight_bytes,
            frames=min(wishes.frames, self.model.about.frames),
            keep_ratio=wishes.keep_ratio,
            calibration=Calibration.load(self._speed),
        )

    def has_memory(self, video: AskedVideo, reading: Reading) -> bool:
        """Return whether a video is known under these settings."""
        source = video.source(self._family, reading, CancelToken())
        return self.store.has(memory_key(self._family, self.model.id, source, reading))

    def ask_video(
        self,
        video: AskedVideo,
        question: str,
        wishes: QuestionOptions,
        cancel: CancelToken,
        earlier: Sequence[Turn] = (),
    ) -> Iterator[AnsweringEvent]:
        """Answer a question about one video, telling what happens.

        Args:
            video: the video.
            question: as the user wrote it.
            wishes: how much is read.
            cancel: looked at all the time.
            earlier: what was said in the same conversation before.

        Raises:
            UserError: the question is empty, the video cannot be read, or this machine is too small for it.
            Cancelled: the user asked to stop; nothing is left half-written.
        """
        plan = self.plan(video.material, wishes)
        known = self.has_memory(video, plan.reading)
        yield PlanReached(plan, known, [])
        if not known and any(stored.fingerprint == video.entry.fingerprint for stored in self.store.list()):
            yield Notice(
                "The memory of this video was made by another model or with other settings, "
                "so the video is read again."
            )
        source = video.source(self._family, plan.reading, cancel)
        events = ask(
            self._family,
            self.model.id,
            source,
            question,
            plan.reading,
            self.store,
            cancel,
            GenerationLimits(wishes.max_tokens),
            earlier,
        )
        yield from self._told(events, plan, [video], cancel)

    def ask_moments(
        self, moments: Sequence[Moment], question: str, wishes: QuestionOptions, cancel: CancelToken
    ) -> Iterator[AnsweringEvent]:
        """Answer a question about moments of the library, telling what happens; see `ask_video`.

        Moments of one video that has a memory are asked through it.
        """
        if not question.strip():
            raise UserError("The question is empty.")
        videos, away = self._readable(moments[:CLIPS])
        for name in away:
            yield Notice(f"{name} is left out: it is not there now, or has changed since it was indexed.")
        chosen = [moment for moment in moments[:CLIPS] if moment.video.id in videos]
        if not chosen:
            raise UserError("No video that matches is there now; connect its drive, or run: retake index")
        if len(videos) == 1:
            (video,) = videos.values()
            if self.has_memory(video, self.plan(video.material, wishes).reading):
                yield Notice(
                    f"All that matches is in {readable(video.name)}, which is remembered, so all of it is asked."
                )
                yield from self.ask_video(video, question, wishes, cancel)
                return
        stretches = join([(videos[moment.video.id], *stretch(moment)) for moment in chosen])
        material = AskedClips(tuple(self._clip(*part, Reading(1.0, 1), cancel) for part in stretches))
        plan = self.plan(material, wishes)
        yield PlanReached(plan, False, chosen)
        events = ask_clips(
            self._family, material.clips, question, plan.reading, cancel, GenerationLimits(wishes.max_tokens)
        )
        yield from self._told(events, plan, [video for video, _, _ in stretches], cancel)

    def _readable(self, moments: Sequence[Moment]) -> tuple[dict[int, AskedVideo], list[str]]:
        """Return the videos of moments by id, and the names of those that cannot be read now."""
        videos: dict[int, AskedVideo] = {}
        away: list[str] = []
        with self._database.reading() as connection:
            for entry in {moment.video.id: moment.video for moment in moments}.values():
                with suppress(UserError):
                    video = asked(connection, entry)
                    if video.file is not None:
                        videos[entry.id] = video
                if entry.id not in videos:
                    away.append(readable(entry.path.name))
        return videos, away

    def _clip(
        self, video: AskedVideo, start: float, end: float, reading: Reading, cancel: CancelToken
    ) -> AskedClip:
        source = video.part(video.source(self._family, reading, cancel), start, end)
        return AskedClip(source, video.name, start, end, video.material.width, video.material.height)

    def _told(
        self, events: Iterator[VideoLLMEvent], plan: ReadingPlan, videos: Sequence[AskedVideo], cancel: CancelToken
    ) -> Generator[AnsweringEvent, None, None]:
        """Pass events on: citations as sources with pictures, and what the run teaches of this machine's speed."""
        with closing(_generator(events)) as told, stoppable(self._family, cancel):
            for event in told:
                if isinstance(event, Citations):
                    yield self._sources(event, videos)
                    continue
                if isinstance(event, Stats):
                    self._learn(plan, event)
                yield event

    def _sources(self, cited: Citations, videos: Sequence[AskedVideo]) -> Sources:
        asked_of = [videos[citation.clip] for citation in cited.citations]
        frames = [
            keyframe_before(video.keyframes, citation.time)
            for video, citation in zip(asked_of, cited.citations, strict=True)
        ]
        thumbnails: list[Path | None] = [None] * len(frames)
        if self._writes_thumbnails:
            thumbnails = write_thumbnails(self._database, self._data_dir.citations, frames)
        sources = [
            Source(video.entry, citation, frame, thumbnail)
            for video, citation, frame, thumbnail in zip(
                asked_of, cited.citations, frames, thumbnails, strict=True
            )
        ]
        return Sources(sources, cited.written)

    def _learn(self, plan: ReadingPlan, stats: Stats) -> None:
        if stats.from_memory or stats.reading != plan.reading:
            return  # nothing was read, or some of it twice
        counts = replace(plan.counts, visual_tokens=stats.tokens_read)
        try:
            Calibration.load(self._speed).updated(counts, stats).save(self._speed)
        except OSError:
            log.exception("the speed could not be saved")


def _generator(events: Iterator[VideoLLMEvent]) -> Generator[VideoLLMEvent, None, None]:
    assert isinstance(events, Generator)
    return events
