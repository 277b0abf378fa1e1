"""One prompt of clips from several videos, and citations that lead back to each."""

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from retake_core.cancel import CancelToken
from retake_core.display import clock, readable
from retake_core.media.frames import Frame
from retake_core.videollm.answer import GREEDY, VideoSource, answer, read_what_fits
from retake_core.videollm.calibration import Counts
from retake_core.videollm.costs import ANSWER_TOKENS, count
from retake_core.videollm.events import Phase, Stats, VideoLLMEvent
from retake_core.videollm.evidence import (
    CITATIONS,
    SNAP,
    STRONG,
    Citation,
    EvidenceCollector,
    cite,
    evidence,
    snap,
    step_seconds,
)
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.prefill import finish, read_frames
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.reading import MAX_RATE, Reading
from retake_core.videollm.words import NO_WORDS, Words


@dataclass(frozen=True)
class AskedClip:
    """A stretch of one video.

    Attributes:
        source: the video, with the keyframes that lie in the stretch.
        name: of the video, for the model.
        start: seconds.
        end: seconds.
        width: of the video, in pixels.
        height: of the video, in pixels.
        frame_count: of the whole video, None when unknown: nobody knows where in it frames come in bursts.
    """

    source: VideoSource
    name: str
    start: float
    end: float
    width: int
    height: int
    frame_count: int | None = None

    def sample_times(self, rate: float) -> list[float]:
        """Return the nominal times of its frames: its start, and the sampling cells that begin inside."""
        cells = range(math.floor(self.start * rate), max(1, math.ceil(self.end * rate - 1e-6)))
        return [max(self.start, cell / rate) for cell in cells]

    def frames(self, rate: float) -> Iterator[Frame]:
        """Decode its frames."""
        with closing(self.source.open()) as decoder:
            yield from decoder.frames(rate, [(self.start, self.end)])


@dataclass(frozen=True)
class AskedClips:
    """What a question about the library reads, in this order."""

    clips: tuple[AskedClip, ...]

    def sample(self, frames: int, max_rate: float = MAX_RATE) -> tuple[float, int]:
        """Return the rate and the number of frames when about `frames` are read."""
        seconds = sum(clip.end - clip.start for clip in self.clips)
        rate = min(max_rate, frames / max(seconds, 1e-3))
        return rate, sum(map(len, self._sample_times(rate)))

    def count(self, family: Family, reading: Reading) -> Counts:
        """Count the tokens and bytes of a reading."""
        frame = len(family.prompt.prefix(True)) + len(family.prompt.ending_ids(True))
        entries, labels = frame, 0
        parts = []
        sampled = zip(self.clips, self._sample_times(reading.rate), strict=True)
        for number, (clip, times) in enumerate(sampled, start=1):
            part = count(family, replace(reading, frames=len(times)), times, clip.width, clip.height)
            words = len(label(family.prompt, number, clip))
            entries, labels = entries + words + part.entries - frame, labels + words
            parts.append(part)
        return Counts(
            frames=sum(part.frames for part in parts),
            visual_tokens=sum(part.visual_tokens for part in parts),
            kept_tokens=sum(part.kept_tokens for part in parts),
            entries=entries,
            kv_bytes=family.shape.kv_bytes(entries, family.dtype.itemsize),
            chunk_tokens=max(part.chunk_tokens for part in parts),
            pixel_bytes=max(part.pixel_bytes for part in parts),
            room=entries + max(part.room - part.entries for part in parts),
            positions=labels + sum(part.positions for part in parts) - (len(parts) - 1) * ANSWER_TOKENS,
        )

    def guided(self, rate: float) -> bool:  # noqa: ARG002
        """Return False: clips are short, and are read evenly."""
        return False

    def _sample_times(self, rate: float) -> list[list[float]]:
        """Return the nominal times of each clip's frames: of a video, no more than it has frames."""
        left: dict[str, int] = {}
        found = []
        for clip in self.clips:
            times = clip.sample_times(rate)
            if clip.frame_count is not None:
                times = times[: left.get(clip.source.fingerprint, clip.frame_count)]
                left[clip.source.fingerprint] = left.get(clip.source.fingerprint, clip.frame_count) - len(times)
            found.append(times)
        return found


@dataclass(frozen=True)
class ReadClips:
    """The state after the clips.

    Attributes:
        memory: of all of them; its origins count every step as large as the largest.
        ends: for each clip, the number of time steps up to its end.
        visual_tokens: before compression.
    """

    memory: Memory
    ends: list[int]
    visual_tokens: int


def label(prompt: Prompt, number: int, clip: AskedClip) -> list[int]:
    """Return the ids that announce a clip; a file's name is not trusted to be plain text."""
    text = f"Clip {number}, {readable(clip.name)}, {clock(clip.start)}-{clock(clip.end)}:\n"
    return prompt.tokens(text, trusted=False)


def read_clips(
    family: Family, clips: Sequence[AskedClip], reading: Reading, cancel: CancelToken, stats: Stats
) -> Generator[VideoLLMEvent, None, ReadClips]:
    """Read clips one after the other into one prompt; the generator's value is the state behind them.

    Raises:
        UserError: no clip has frames that can be read.
        GraphicsMemoryError: not even one time step fits.
        Cancelled: the user asked to stop.
    """
    vision, side = family.vision, reading.long_side
    sizes = [vision.grid(*vision.frame_size(clip.width, clip.height, side)).size for clip in clips]
    room = AskedClips(tuple(clips)).count(family, reading).room
    writer = PrefixWriter(family, reading, cancel, max(sizes), room)
    ends: list[int] = []
    visual = 0
    with watched(family.model):
        writer.text(family.embed(family.prompt.prefix(True)))
        for number, (clip, size) in enumerate(zip(clips, sizes, strict=True), start=1):
            writer.text(family.embed(label(family.prompt, number, clip)))
            before = len(writer.times)
            frames = partial(clip.frames, reading.rate)
            yield from read_frames(family, writer, frames, reading, cancel, stats, (clip.width, clip.height))
            ends.append(len(writer.times))
            visual += (ends[-1] - before) * size
        return ReadClips(finish(family, writer, reading, stats), ends, visual)


def cite_clips(read: ReadClips, clips: Sequence[AskedClip], collector: EvidenceCollector) -> list[Citation]:
    """Return citations, strongest first; none reaches over the border of a clip."""
    share = evidence(collector.per_step(), read.memory.baseline)
    floor = STRONG * float(share.max())
    citations: list[Citation] = []
    for number, (clip, start, end) in enumerate(zip(clips, [0, *read.ends], read.ends, strict=False)):
        stretches = cite(share[start:end], read.memory.times[start:end], floor=floor)
        reach = max(SNAP, step_seconds(read.memory.times[start:end]))
        snapped = snap(stretches, clip.source.keyframes, reach)
        citations += [replace(citation, clip=number) for citation in snapped]
    return sorted(citations, key=lambda citation: -citation.strength)[:CITATIONS]


def ask_clips(
    family: Family,
    clips: Sequence[AskedClip],
    question: str,
    reading: Reading,
    cancel: CancelToken,
    limits: GenerationLimits = GREEDY,
    begun: str = "",
    words: Words = NO_WORDS,
) -> Iterator[VideoLLMEvent]:
    """Answer a question about clips, telling what happens; see `answer.ask`. Nothing is saved."""
    stats = Stats()
    yield Phase("read")
    read, stats.reading = yield from read_what_fits(
        lambda smaller: read_clips(family, clips, smaller, cancel, stats), reading
    )
    memory = read.memory
    stats.tokens_read, stats.tokens_kept = read.visual_tokens, memory.kept_tokens
    stats.keep_ratio, stats.kv_bytes = memory.keep_ratio, memory.cache.nbytes
    cite = partial(cite_clips, read, clips)
    yield from answer(family, memory, cite, question, cancel, limits, stats, begun=begun, words=words)
