"""Questions about held-out clips of the small world, read and answered through the product's own code."""

import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from torch import Tensor
from transformers.image_utils import SizeDict

from retake_core.cancel import CancelToken
from retake_core.media.decoders.choice import open_source
from retake_core.media.frames import Frame
from retake_core.videollm.events import Stats
from retake_core.videollm.evidence import EvidenceCollector, cite_answer
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.vision import Features
from retake_core.videollm.generate import GenerationLimits, answer_ids, stream_text
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.kv.pivotkv import PIVOT_SHARE
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.quantise import MemoryPrecision
from retake_core.videollm.memory.states import StoredStates
from retake_core.videollm.prefill import finish, measure_baseline, pixel_chunks, write_features
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.reading import Reading
from tests.benchmarks.second_world import SECOND
from tests.demo_model import recording
from tests.demo_model.world import FIRST, Clip, Question, World, draw_clip, draw_question

RATE = 2.0
WORLDS = {"first": FIRST, "second": SECOND}
NEAR = 2.0
"""Seconds by which a time may be off."""
EVICTED = "event evicted"
HELD_OUT = 1_000_003
SIZE = 96
"""Pixels of the clips; the product scales them down."""


@dataclass(frozen=True)
class Cell:
    """One way of reading.

    Attributes:
        frames: of a clip.
        policy: a Policy, or EVICTED.
        keep_ratio: the part of the visual tokens that stays.
        sink: the part of each head's attention that an uneventful entry is made to draw; see `with_sink`.
        longest: frames of the longest happening; None is as the world has it.
        pivot_share: see `Reading`.
        memory: the precision in which the memory was stored before the questions.
        world: a key of WORLDS.
        long_side: pixels of the frames, whatever the model is bound to; 0 leaves them to the model.
        small: the size of the shapes, of their usual one.
    """

    frames: int
    policy: str
    keep_ratio: float
    sink: float = 0.0
    longest: int | None = None
    pivot_share: float = PIVOT_SHARE
    memory: MemoryPrecision = "full"
    world: str = "first"
    long_side: int = 0
    small: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """One question answered.

    Attributes:
        kind: of the question.
        right: whether the answer was.
        cited: whether the strongest citation lies in the happening; None where no single one is asked about.
        near: the same, within two seconds.
        plain: as `cited`, had no baseline been taken away.
    """

    kind: str
    right: bool
    cited: bool | None
    near: bool | None
    plain: bool | None


def draw(
    number: int, frames: int, longest: int | None = None, world: World = FIRST, small: float = 1.0
) -> tuple[Clip, list[Question]]:
    """Draw a held-out clip, from a seed that training never uses, and a question of each kind."""
    rng = np.random.default_rng([HELD_OUT, frames, number])
    clip = draw_clip(rng, frames, RATE, longest, world)
    questions = [draw_question(rng, clip, kind) for kind in world.kinds]
    smaller = tuple(replace(happening, radius=small * happening.radius) for happening in clip.happenings)
    return replace(clip, happenings=smaller), [question for question in questions if question is not None]


def frames_of(clip: Clip, recorded: bool = False) -> Iterator[Frame]:
    """Yield a clip's frames as they were drawn, or from a file that was encoded and decoded."""
    if not recorded:
        yield from clip.read(SIZE)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_source(recording.write(clip, Path(folder) / "clip.mp4"))) as source,
    ):
        yield from source.frames(clip.rate)


def see(family: Family, clip: Clip, recorded: bool = False, long_side: int = 0) -> list[Features]:
    """Return what the vision tower sees, chunk by chunk; all ways of reading a clip share it.

    Args:
        family: with its model loaded.
        clip: the recording.
        recorded: whether it is encoded and decoded.
        long_side: see `Cell`.
    """
    processor = family.processor.video_processor
    size = SizeDict(shortest_edge=1, longest_edge=long_side**2) if long_side else processor.size
    reading = Reading(rate=clip.rate, frames=clip.frames)
    with patch.object(processor, "size", size):
        return [
            family.encode(pixels)
            for pixels in pixel_chunks(family.vision, frames_of(clip, recorded), reading, CancelToken())
        ]


def read(family: Family, clip: Clip, seen: Sequence[Features], cell: Cell) -> Memory:
    """Read a clip in the way of a cell, as `prefill` does with what it decodes."""
    policy = Policy.FULL if cell.policy == EVICTED else Policy(cell.policy)
    reading = Reading(
        rate=clip.rate,
        frames=clip.frames,
        keep_ratio=cell.keep_ratio,
        policy=policy,
        pivot_share=cell.pivot_share,
        timestamps=WORLDS[cell.world].timestamps,
    )
    cancel, stats = CancelToken(), Stats()
    writer = PrefixWriter(family, reading, cancel)
    with watched(family.model):
        writer.text(family.embed(family.prompt.prefix(reading.timestamps)))
        for _ in write_features(family, writer, seen, reading, cancel, stats):
            pass
        memory = finish(family, writer, reading, stats)
    if cell.policy == EVICTED:
        memory = without_happenings(memory, clip)
    if cell.sink:
        memory = with_sink(family, memory, clip, cell.sink)
    StoredStates.of(memory.cache, cell.memory).round(memory.cache)
    return memory


def eventful(memory: Memory, clip: Clip) -> Tensor:
    """Say which time steps show a happening: bool, [steps]."""
    frames_per_step = clip.frames // len(memory.times)
    steps = torch.zeros(len(memory.times), dtype=torch.bool)
    for happening in clip.happenings:
        steps[happening.start // frames_per_step : (happening.stop - 1) // frames_per_step + 1] = True
    return steps


def without_happenings(memory: Memory, clip: Clip) -> Memory:
    """Take the entries of every time step that shows a happening out of a cache."""
    gone = eventful(memory, clip)
    keys, values, origins = [], [], []
    for layer in memory.cache.layers:
        stays = (layer.origin < 0) | ~gone[layer.origin.clamp(min=0) // memory.tokens_per_step]
        key, value = layer.entries
        keys.append(key[stays])
        values.append(value[stays])
        origins.append(layer.origin[stays])
    return replace(memory, cache=VideoCache.of(keys, values, origins))


class _Queries:
    """Keeps what each layer asked: [heads, n, dimension]."""

    def __init__(self) -> None:
        self.asked: list[Tensor] = []

    def after_attention(self, layer: int, query: Tensor, key: Tensor, scale: float) -> None:  # noqa: ARG002
        self.asked.append(query[0])


@torch.inference_mode()
def with_sink(family: Family, memory: Memory, clip: Clip, part: float) -> Memory:
    """Make one entry of an uneventful time step draw a part of the attention whatever is asked, and say nothing.

    Large models grow such sinks by themselves, this small one does not. In every layer the entry's key becomes
    the direction of the mean query, as long as that query needs to pay it that part; its value becomes zero.
    """
    quiet = ~eventful(memory, clip)
    queries, ids = _Queries(), family.prompt.question("What colour is the square? When does the red shape appear?")
    list(answer_ids(family, memory, ids, GenerationLimits(max_tokens=1), CancelToken(), queries))
    keys, values, origins = [], [], []
    for layer, asked in zip(memory.cache.layers, queries.asked, strict=True):
        key, value = (states.clone() for states in layer.entries)
        places = ((layer.origin >= 0) & quiet[layer.origin.clamp(min=0) // memory.tokens_per_step]).nonzero()
        if len(places):
            place = int(places[len(places) // 2, 0])
            mean = asked.mean(dim=1).reshape(key.shape[1], -1, asked.shape[2]).mean(dim=1)
            scale = mean.shape[-1] ** -0.5
            others = (torch.einsum("hd,nhd->hn", mean, key) * scale).logsumexp(dim=1)
            wanted = others + math.log(part / (1 - part))
            key[place] = mean * (wanted / (scale * mean.square().sum(dim=1)))[:, None]
            value[place] = 0
        keys.append(key)
        values.append(value)
        origins.append(layer.origin.clone())
    memory = replace(memory, cache=VideoCache.of(keys, values, origins))
    with watched(family.model):
        return memory.with_baseline(measure_baseline(family, memory))


def answer(family: Family, memory: Memory, clip: Clip, question: Question, near_enough: float = NEAR) -> Outcome:
    """Ask a question and look at what came; a time may be `near_enough` seconds off."""
    collector = EvidenceCollector(memory.cache, len(memory.times), memory.tokens_per_step)
    ids = family.prompt.question(question.text)
    told = answer_ids(family, memory, ids, GenerationLimits(max_tokens=8), CancelToken(), collector)
    text = "".join(stream_text(family.prompt, told)).strip()
    span = clip.span(question)
    if span is None:
        return Outcome(question.kind, text == question.answer, None, None, None)
    # A time step shows the happening when any of its frames does.
    step = clip.frames // len(memory.times)
    start, stop = span[0] // step * step / clip.rate, -(-span[1] // step) * step / clip.rate
    right = is_right(clip, question, text, near_enough)
    time = strongest(memory, collector)
    plain = strongest(replace(memory, baseline=torch.zeros_like(memory.baseline)), collector)
    near = start - near_enough <= time < stop + near_enough
    return Outcome(question.kind, right, start <= time < stop, near, start <= plain < stop)


def is_right(clip: Clip, question: Question, text: str, near_enough: float = NEAR) -> bool:
    """Return whether an answer is right; a time may be `near_enough` seconds off."""
    span = clip.span(question)
    if span is None or question.kind != "when":
        return text == question.answer
    found = re.fullmatch(r"(\d+):(\d\d)", text)
    return found is not None and abs(60 * int(found[1]) + int(found[2]) - span[0] / clip.rate) <= near_enough


def strongest(memory: Memory, collector: EvidenceCollector) -> float:
    """Return the seconds of the strongest citation."""
    citations = cite_answer(memory, collector)
    return citations[0].time if citations else math.inf


def run_clip(
    family: Family, number: int, cells: Sequence[Cell], recorded: bool = False
) -> dict[Cell, list[Outcome]]:
    """Answer the questions about one held-out clip in several ways of reading it."""
    outcomes = {}
    for (longest, small, side), alike in groupby(cells, lambda cell: (cell.longest, cell.small, cell.long_side)):
        clip, questions = draw(number, cells[0].frames, longest, WORLDS[cells[0].world], small)
        seen = see(family, clip, recorded, side)
        with watched(family.model):  # once instead of for each question
            for cell in alike:
                memory = read(family, clip, seen, cell)
                outcomes[cell] = [answer(family, memory, clip, question) for question in questions]
    return outcomes


def run_cells(family: Family, cells: Sequence[Cell], clips: int) -> dict[Cell, list[Outcome]]:
    """Answer the questions about the first held-out clips; all cells draw the same ones."""
    outcomes: dict[Cell, list[Outcome]] = {cell: [] for cell in cells}
    for number in range(clips):
        for cell, more in run_clip(family, number, cells).items():
            outcomes[cell] += more
    return outcomes


def accuracy(outcomes: Sequence[Outcome]) -> float:
    """Return the share of right answers."""
    return sum(outcome.right for outcome in outcomes) / len(outcomes)
