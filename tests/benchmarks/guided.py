"""What it brings to read the frames that the index found, where a recording is too long for all of them.

    python -m tests.benchmarks.guided retake_core/demo-model

Clips of the small world are indexed as the product does it (built-in encoder, DPSelect, its limits), read at a
fraction of their frames through the product's own code, and asked about.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch

from retake_core.cancel import CancelToken
from retake_core.encoders.builtin import BuiltinEncoder
from retake_core.keyframes.limits import Limits
from retake_core.keyframes.stream import distances, select_keyframes
from retake_core.media.frames import Frame, in_span, sample_cell
from retake_core.videollm.families import prompt
from retake_core.videollm.families.base import Family
from retake_core.videollm.guide import Guide
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.loading import load_family
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading
from tests.benchmarks.small_world import RATE, SIZE, Outcome, accuracy, answer, draw
from tests.demo_model.world import KINDS, Clip

AT_ONCE = 32


@dataclass(frozen=True)
class Way:
    """One way of reading a clip.

    Attributes:
        name: of the line in the table.
        guided: whether the index says which frames are read.
        far_apart: seconds between time steps from which each has a timestamp.
    """

    name: str
    guided: bool
    far_apart: float = prompt.FAR_APART


WAYS = (
    Way("first frames of the cells, a time for two steps", guided=False, far_apart=math.inf),
    Way("first frames of the cells", guided=False),
    Way("frames that the index found, a time for two steps", guided=True, far_apart=math.inf),
    Way("frames that the index found", guided=True),
)


def index(clip: Clip, encoder: BuiltinEncoder) -> Guide:
    """Return a clip's keyframes and their embeddings, as the library would hold them."""
    return index_prominence(clip, encoder)[0]


def index_prominence(clip: Clip, encoder: BuiltinEncoder) -> tuple[Guide, dict[float, float]]:
    """Return a clip's keyframes, and how prominent each is, by its time."""
    sampled = list(frames_of(clip, RATE, None))
    times, frames = [frame.time for frame in sampled], [frame.image for frame in sampled]
    encoded = [encoder.encode_frames(frames[i : i + AT_ONCE]) for i in range(0, len(frames), AT_ONCE)]
    maps = np.concatenate([part.maps for part in encoded])
    embeddings = np.concatenate([part.embeddings for part in encoded])
    moved = distances(maps.reshape(len(frames), -1, maps.shape[-1]))
    chosen = select_keyframes(np.array(times), moved, Limits())
    guide = Guide(tuple(times[i] for i in chosen.tolist()), tuple(embeddings[i] for i in chosen.tolist()))
    return guide, {times[i]: float(moved[i].mean()) for i in chosen.tolist()}


def frames_of(clip: Clip, rate: float, guide: Guide | None) -> Iterator[Frame]:
    """Yield the first frame of each sampling cell, or of the guide's spans."""
    spans = [(0.0, math.inf)] if guide is None else guide.spans(rate)
    cell = -1
    for frame in clip.read(SIZE):
        if sample_cell(frame.time, rate) > cell and any(in_span(frame.time, span) for span in spans):
            cell = sample_cell(frame.time, rate)
            yield frame


def read(family: Family, clip: Clip, way: Way, guide: Guide, every: int, keep_ratio: float) -> Memory:
    """Read one frame in `every`."""
    reading = Reading(RATE / every, clip.frames // every, keep_ratio=keep_ratio, guided=way.guided)
    known = guide if way.guided else None
    reader = prefill(family, lambda: frames_of(clip, reading.rate, known), reading, CancelToken())
    while True:
        try:
            next(reader)
        except StopIteration as end:
            memory: Memory = end.value
            return memory


def run(family: Family, frames: int, every: int, longest: int, clips: int, keep_ratio: float) -> None:
    """Answer the questions about held-out clips in all ways, and print a table."""
    encoder = BuiltinEncoder()
    outcomes: dict[Way, list[Outcome]] = {way: [] for way in WAYS}
    for number in range(clips):
        clip, questions = draw(number, frames, longest)
        guide = index(clip, encoder)
        for way in WAYS:
            with patch.object(prompt, "FAR_APART", way.far_apart):
                memory = read(family, clip, way, guide, every, keep_ratio)
            with watched(family.model):
                told = [answer(family, memory, clip, question, every / RATE) for question in questions]
            outcomes[way] += told
    for way, answered in outcomes.items():
        print(f"{way.name:52} {100 * accuracy(answered):5.1f} of {len(answered)}  {by_kind(answered)}", flush=True)


def by_kind(outcomes: Sequence[Outcome]) -> str:
    """Return the share of right answers of each kind."""
    kinds = {kind: [outcome for outcome in outcomes if outcome.kind == kind] for kind in KINDS}
    return "  ".join(f"{kind} {100 * accuracy(some):.0f}" for kind, some in kinds.items() if some)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--frames", type=int, default=256, help="of a clip, two a second (default: 256)")
    parser.add_argument("--every", type=int, default=8, help="one frame in so many is read (default: 8)")
    parser.add_argument("--longest", type=int, default=4, help="frames of the longest happening (default: 4)")
    parser.add_argument("--keep-ratio", type=float, default=0.25)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    family = load_family(arguments.model)
    numbers = (arguments.frames, arguments.every, arguments.longest, arguments.clips, arguments.keep_ratio)
    run(family, *numbers)


if __name__ == "__main__":
    main()
