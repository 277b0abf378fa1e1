"""How right descriptions of held-out clips of the small world are, all read and told through the product's code.

    python -m tests.benchmarks.describing retake_core/demo-model --clips 10     # a first look
    python -m tests.benchmarks.describing retake_core/demo-model --frames 32 64 128 --ratios 1 0.25

For each length and keep ratio, each with its 95 % interval: the share of events of which a chapter begins within
two seconds; of chapters at whose time nothing happens; of those chapters' titles that name colour and shape; of
recordings whose title names all in order; and of lines for asked times that say what is to be seen there. Lines
that the model's attention does not support count as not told. Starts are not moved to keyframes.

The clips are drawn from seeds that training never uses, at all rates that the world has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from retake_core.cancel import CancelToken
from retake_core.videollm.describing.describe import tell
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.told import Told
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.loading import load_family
from tests.benchmarks.outcomes import share
from tests.benchmarks.small_world import HELD_OUT, NEAR, Cell, read, see
from tests.demo_model.description import Asked, draw_asked
from tests.demo_model.world import Clip, draw_clip
from tests.support.report import Report, Row, make_parser
from tests.support.tiny import drain

TIMES = 6
"""For so many times a line is asked, at most."""
LIMITS = GenerationLimits(max_tokens=400)


@dataclass
class Scores:
    """What was right in some descriptions.

    Attributes:
        near: for each event, whether a chapter of its own begins within two seconds of it.
        empty: for each chapter, whether nothing happens at its time.
        titles: for each chapter that is near an event, whether its title names the event.
        whole_titles: for each recording, whether its title names all events in order.
        pictures: for each asked time, whether its line says what is to be seen.
        unsupported: how many lines were left out.
    """

    near: list[bool] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    whole_titles: list[bool] = field(default_factory=list)
    pictures: list[bool] = field(default_factory=list)
    unsupported: int = 0

    def add(self, clip: Clip, asked: Sequence[Asked], told: Told, unsupported: int) -> None:
        """Score a description; a chapter counts for one event only."""
        left = list(told.happenings)
        for happening in clip.happenings:
            start = happening.start / clip.rate
            nearest = min(left, key=lambda each: abs(each.start - start), default=None)
            near = nearest is not None and abs(nearest.start - start) <= NEAR
            self.near.append(near)
            if nearest is not None and near:
                left.remove(nearest)
                self.titles.append(nearest.title == f"{happening.colour} {happening.shape}")
        for chapter in told.happenings:
            spans = ((each.start / clip.rate, each.stop / clip.rate) for each in clip.happenings)
            self.empty.append(not any(chapter.start < stop and start <= chapter.end for start, stop in spans))
        self.whole_titles.append(told.title == ", ".join(f"{e.colour} {e.shape}" for e in clip.happenings))
        for each in asked:
            second = int(each.frame / clip.rate)
            self.pictures.append(told.pictures.get(second) in shown_in_second(clip, each))
        self.unsupported += unsupported

    def row(self, frames: int, keep_ratio: float) -> Row:
        """Write them as a row of the table."""
        return {
            "frames": str(frames),
            "keep": f"{keep_ratio:g}",
            "events": str(len(self.near)),
            "begun within 2 s %": share(self.near),
            "chapters of nothing %": share(self.empty),
            "chapters' titles right %": share(self.titles),
            "title right %": share(self.whole_titles),
            "asked times right %": share(self.pictures),
            "lines left out": str(self.unsupported),
        }


def shown_in_second(clip: Clip, asked: Asked) -> set[str]:
    """Return what is to be seen in the second of an asked time: the question does not say it more closely."""
    second = int(asked.frame / clip.rate)
    shown = set()
    for frame in range(clip.frames):
        if int(frame / clip.rate) == second:
            there = [each for each in clip.happenings if each.start <= frame < each.stop]
            shown.add(f"{there[0].colour} {there[0].shape}" if there else "nothing")
    return shown


def draw(family: Family, number: int, frames: int) -> tuple[Clip, list[Asked]]:
    """Draw a held-out clip, and frames to ask for in order of time."""
    rng = np.random.default_rng([HELD_OUT, TIMES, frames, number])
    clip = draw_clip(rng, frames)
    asked = draw_asked(rng, clip, TIMES, lambda seconds: family.prompt.timestamp(seconds).strip())
    return clip, sorted(asked, key=lambda each: each.frame)


def describe_clip(
    family: Family, clip: Clip, asked: Sequence[Asked], ratios: Sequence[float]
) -> Iterator[tuple[float, Told, int]]:
    """Read a clip at some keep ratios, and describe it from each memory."""
    seen, times = see(family, clip), [float(int(each.frame / clip.rate)) for each in asked]
    vocabulary = Vocabulary.of(family)
    for ratio in ratios:
        policy = Policy.PIVOTKV if ratio < 1 else Policy.FULL
        memory = read(family, clip, seen, Cell(clip.frames, policy.value, ratio))
        yield ratio, *drain(tell(family, vocabulary, memory, times, (), CancelToken(), limits=LIMITS))


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--clips", type=int, default=100, help="of each length (default: 100)")
    parser.add_argument("--frames", type=int, nargs="+", default=[32, 64, 128], help="lengths of clips")
    parser.add_argument("--ratios", type=float, nargs="+", default=[1.0, 0.25], help="of entries that stay")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.describing")
    torch.set_num_threads(1)
    family = load_family(arguments.model)
    rows = []
    for frames in arguments.frames:
        scores = {ratio: Scores() for ratio in arguments.ratios}
        with watched(family.model):
            for number in range(arguments.clips):
                clip, asked = draw(family, number, frames)
                for ratio, told, unsupported in describe_clip(family, clip, asked, arguments.ratios):
                    scores[ratio].add(clip, asked, told, unsupported)
        rows += [scores[ratio].row(frames, ratio) for ratio in arguments.ratios]
    report.publish(rows, f"{arguments.clips} held-out clips for each row; 95 % intervals.")


if __name__ == "__main__":
    main()
