"""How much of what a VideoLLM knows of a video each rule of eviction keeps, measured on clips of the small world.

    python -m tests.benchmarks.retake_eval resources/demo-model --clips 20     # a first look
    python -m tests.benchmarks.retake_eval resources/demo-model --clips 200 --frames 32 64 128 --json out.json

For each length, policy and keep ratio: the accuracy over all questions and by kind, each with its 95 % interval;
how often the strongest citation lies in the happening that was asked about, and within two seconds of it; and how
often it would without the baseline of the neutral prompt. A time is right within two seconds. "event evicted" is
the full cache without the entries of all happenings: what is still right there, the model did not need to see.

The clips are drawn from seeds that training never uses. All is read and answered through the product's own code.
"""

import argparse
import json
import math
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from retake_core.jobs import CancelToken
from retake_core.media.frames import Frame
from retake_core.media.sources import open_source
from retake_core.videollm.cache import VideoCache
from retake_core.videollm.evidence import EvidenceCollector, cite_answer
from retake_core.videollm.families import Family, load_family
from retake_core.videollm.generate import Decoding, answer_ids, stream_text
from retake_core.videollm.memory import Memory
from retake_core.videollm.policy import Policy
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading
from tests.core.videollm.tiny import drain
from tests.demo_model import recording
from tests.demo_model.world import KINDS, Clip, Question, draw_clip, draw_question

RATE = 2.0
NEAR = 2.0
"""Seconds by which a time may be off."""
EVICTED = "event evicted"
HELD_OUT = 1_000_003
SIZE = 96
"""Pixels of the clips; the product scales them down."""


@dataclass(frozen=True)
class Cell:
    """One way of reading."""

    frames: int
    policy: str
    keep_ratio: float


@dataclass(frozen=True)
class Outcome:
    """One question answered.

    Attributes:
        kind: of the question.
        right: whether the answer was.
        cited: whether the strongest citation lies in the happening; None where no single one is asked about.
        near: the same, within two seconds.
        plain: as `cited`, had the neutral prompt's attention not been taken away.
    """

    kind: str
    right: bool
    cited: bool | None
    near: bool | None
    plain: bool | None


def cells(frames: Sequence[int], ratios: Sequence[float], policies: Sequence[str]) -> Iterator[Cell]:
    """List the ways of reading; where everything is kept, all policies are the same."""
    for length in frames:
        yield Cell(length, Policy.FULL, 1.0)
        yield Cell(length, EVICTED, 1.0)
        for ratio in ratios:
            for policy in policies:
                yield Cell(length, policy, ratio)


def draw(number: int, frames: int) -> tuple[Clip, list[Question]]:
    """Draw a held-out clip, and a question of each kind."""
    rng = np.random.default_rng([HELD_OUT, frames, number])
    clip = draw_clip(rng, frames, RATE)
    questions = [draw_question(rng, clip, kind) for kind in KINDS]
    return clip, [question for question in questions if question is not None]


def frames_of(clip: Clip, recorded: bool) -> Iterator[Frame]:
    """Yield a clip's frames as they were drawn, or from a file that was encoded and decoded."""
    if not recorded:
        yield from clip.read(SIZE)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_source(recording.write(clip, Path(folder) / "clip.mp4"))) as source,
    ):
        yield from source.frames(clip.rate)


def read(family: Family, clip: Clip, cell: Cell, recorded: bool = False) -> Memory:
    """Read a clip in the way of a cell."""
    policy = Policy.FULL if cell.policy == EVICTED else Policy(cell.policy)
    reading = Reading(rate=clip.rate, frames=clip.frames, keep_ratio=cell.keep_ratio, policy=policy)
    memory = drain(prefill(family, lambda: frames_of(clip, recorded), reading, CancelToken()))
    return without_happenings(memory, clip) if cell.policy == EVICTED else memory


def without_happenings(memory: Memory, clip: Clip) -> Memory:
    """Take the entries of every time step that shows a happening out of a cache."""
    frames_per_step = clip.frames // len(memory.times)
    gone = torch.zeros(len(memory.times), dtype=torch.bool)
    for happening in clip.happenings:
        gone[happening.start // frames_per_step : (happening.stop - 1) // frames_per_step + 1] = True
    keys, values, origins = [], [], []
    for layer in memory.cache.layers:
        step = layer.origin.clamp(min=0) // memory.tokens_per_step
        stays = (layer.origin < 0) | ~gone[step]
        key, value = layer.entries
        keys.append(key[stays])
        values.append(value[stays])
        origins.append(layer.origin[stays])
    return replace(memory, cache=VideoCache.of(keys, values, origins))


def answer(family: Family, memory: Memory, clip: Clip, question: Question) -> Outcome:
    """Ask a question and look at what came."""
    collector = EvidenceCollector(memory.cache, len(memory.times), memory.tokens_per_step)
    ids = family.question(question.text)
    told = answer_ids(family, memory, ids, Decoding(max_tokens=8), CancelToken(), collector)
    text = "".join(stream_text(family, told)).strip()
    span = clip.span(question)
    if span is None:
        return Outcome(question.kind, text == question.answer, None, None, None)
    # A time step shows the happening when any of its frames does.
    step = clip.frames // len(memory.times)
    start, stop = span[0] // step * step / clip.rate, -(-span[1] // step) * step / clip.rate
    right = text == question.answer
    if question.kind == "when":
        found = re.fullmatch(r"(\d+):(\d\d)", text)
        right = found is not None and abs(60 * int(found[1]) + int(found[2]) - span[0] / clip.rate) <= NEAR
    time = strongest(memory, collector)
    plain = strongest(replace(memory, baseline=torch.zeros_like(memory.baseline)), collector)
    near = start - NEAR <= time < stop + NEAR
    return Outcome(question.kind, right, start <= time < stop, near, start <= plain < stop)


def strongest(memory: Memory, collector: EvidenceCollector) -> float:
    """Return the seconds of the strongest citation."""
    citations = cite_answer(memory, collector)
    return citations[0].time if citations else math.inf


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def run_cell(family: Family, cell: Cell, clips: int, recorded: bool = False) -> list[Outcome]:
    """Answer the questions of the first held-out clips."""
    outcomes = []
    for number in range(clips):
        clip, questions = draw(number, cell.frames)
        memory = read(family, clip, cell, recorded)
        outcomes += [answer(family, memory, clip, question) for question in questions]
    return outcomes


def share(values: Sequence[bool]) -> str:
    """Write a share with its interval, in percent."""
    if not values:
        return "-"
    low, high = wilson(sum(values), len(values))
    return f"{100 * sum(values) / len(values):.1f} [{100 * low:.0f}-{100 * high:.0f}]"


def accuracy(outcomes: Sequence[Outcome]) -> float:
    """Return the share of right answers."""
    return sum(outcome.right for outcome in outcomes) / len(outcomes)


def row(cell: Cell, outcomes: Sequence[Outcome]) -> list[str]:
    """Write a cell as a row of the table."""
    by_kind = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome.right)
    return [
        str(cell.frames),
        cell.policy,
        f"{cell.keep_ratio:g}",
        share([outcome.right for outcome in outcomes]),
        *(share(by_kind[kind]) for kind in KINDS),
        share([outcome.cited for outcome in outcomes if outcome.cited is not None]),
        share([outcome.near for outcome in outcomes if outcome.near is not None]),
        share([outcome.plain for outcome in outcomes if outcome.plain is not None]),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--frames", type=int, nargs="+", default=[64])
    parser.add_argument("--ratios", type=float, nargs="+", default=[0.5, 0.25, 0.125])
    policies = [policy.value for policy in Policy if policy is not Policy.FULL]
    parser.add_argument("--policies", nargs="+", choices=policies, default=policies)
    parser.add_argument("--recorded", action="store_true", help="encode the clips as H.264 and decode them")
    parser.add_argument("--json", type=Path, help="write every answer there")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    family = load_family(arguments.model)
    heading = [
        "frames",
        "policy",
        "keep",
        "accuracy %",
        *KINDS,
        "cited %",
        "within 2 s %",
        "cited without baseline %",
    ]
    print("| " + " | ".join(heading) + " |\n" + "|---" * len(heading) + "|", flush=True)
    results = []
    for cell in cells(arguments.frames, arguments.ratios, arguments.policies):
        outcomes = run_cell(family, cell, arguments.clips, arguments.recorded)
        print("| " + " | ".join(row(cell, outcomes)) + " |", flush=True)
        results.append({**asdict(cell), "outcomes": [asdict(outcome) for outcome in outcomes]})
        if arguments.json:
            arguments.json.write_text(json.dumps(results), "utf-8")
    print(f"{arguments.clips} held-out clips for each row; 95 % intervals", file=sys.stderr)


if __name__ == "__main__":
    main()
