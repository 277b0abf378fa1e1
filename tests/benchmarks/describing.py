"""How right descriptions of held-out clips of the small world are, all read and told through the product's code.

    python -m tests.benchmarks.describing retake_core/demo-model --clips 10     # a first look
    python -m tests.benchmarks.describing retake_core/demo-model --frames 32 64 128 --ratios 1 0.25

For each length and keep ratio, each with its 95 % interval: the share of events of which a chapter begins within
two seconds; of chapters at whose time nothing happens; of those chapters' titles that name colour and shape; of
recordings whose title names all in order; of keyframes that get a line, and of these lines, and those of them that
name a shape, the ones that say what the keyframe shows. Lines that the model's attention does not support count as
not told. `--as-told` leaves starts where the model told them.

The clips are drawn from seeds that training never uses, at all rates that the world has, and indexed as the
product does it: starts go to keyframes, and the most prominent ones get a line.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from retake_core.cancel import CancelToken
from retake_core.encoders.builtin import BuiltinEncoder
from retake_core.videollm.describing.describe import tell
from retake_core.videollm.describing.form import MOST_PICTURES
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.told import Told
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.loading import load_family
from tests.benchmarks.guided import index_prominence
from tests.benchmarks.outcomes import share
from tests.benchmarks.small_world import HELD_OUT, NEAR, Cell, read, see
from tests.demo_model.recording import FINENESS
from tests.demo_model.world import Clip, draw_clip
from tests.support.report import Report, Row, make_parser
from tests.support.tiny import drain

TIMES = 6  # a part of the seeds
NOTHING = "nothing"
TOLERANCE = 1e-6  # of a frame: times are rounded
LIMITS = GenerationLimits(max_tokens=400)


@dataclass
class Scores:
    """What was right in some descriptions.

    Attributes:
        near: for each event, whether a chapter of its own begins within two seconds of it.
        empty: for each chapter, whether nothing happens at its time.
        titles: for each chapter that is near an event, whether its title names the event.
        whole_titles: for each recording, whether its title names all events in order.
        told: for each keyframe for which a line was asked, whether there is one.
        pictures: for each of these lines, whether it says what the keyframe shows.
        shapes: the same, for those that name a shape.
        unsupported: how many lines were left out.
    """

    near: list[bool] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    whole_titles: list[bool] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)
    pictures: list[bool] = field(default_factory=list)
    shapes: list[bool] = field(default_factory=list)
    unsupported: int = 0

    def add(self, clip: Clip, asked: Sequence[float], told: Told, unsupported: int) -> None:
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
        for time in asked:
            line = told.pictures.get(time)
            self.told.append(line is not None)
            if line is not None:
                self.pictures.append(line == shown_at(clip, time))
                self.shapes += [line == shown_at(clip, time)] * (line != NOTHING)
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
            "keyframes with a line %": share(self.told),
            "lines right %": share(self.pictures),
            "lines of shapes right %": share(self.shapes),
            "lines left out": str(self.unsupported),
        }


def shown_at(clip: Clip, time: float) -> str:
    """Return what is to be seen at a time, in seconds."""
    frame = math.floor(time * clip.rate + TOLERANCE)
    there = (each for each in clip.happenings if each.start <= frame < each.stop)
    return next((f"{each.colour} {each.shape}" for each in there), NOTHING)


def draw(frames: int, number: int) -> Clip:
    """Draw a held-out clip."""
    return draw_clip(np.random.default_rng([HELD_OUT, TIMES, frames, number]), frames)


def describe_clip(
    family: Family, clip: Clip, asked: Sequence[float], keyframes: Sequence[float], ratios: Sequence[float]
) -> Iterator[tuple[float, Told, int]]:
    """Read a clip at some keep ratios, and describe it from each memory."""
    seen, vocabulary = see(family, clip), Vocabulary.of(family)
    for ratio in ratios:
        policy = Policy.PIVOTKV if ratio < 1 else Policy.FULL
        memory = read(family, clip, seen, Cell(clip.frames, policy.value, ratio))
        yield ratio, *drain(tell(family, vocabulary, memory, asked, keyframes, CancelToken(), limits=LIMITS))


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--clips", type=int, default=100, help="of each length (default: 100)")
    parser.add_argument("--first", type=int, default=0, help="number of the first clip (default: 0)")
    parser.add_argument("--as-told", action="store_true", help="leave starts where the model told them")
    parser.add_argument("--frames", type=int, nargs="+", default=[32, 64, 128], help="lengths of clips")
    parser.add_argument("--ratios", type=float, nargs="+", default=[1.0, 0.25], help="of entries that stay")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.describing")
    torch.set_num_threads(1)
    family, encoder = load_family(arguments.model), BuiltinEncoder()
    rows = []
    for frames in arguments.frames:
        scores = {ratio: Scores() for ratio in arguments.ratios}
        with watched(family.model):
            for number in range(arguments.first, arguments.first + arguments.clips):
                clip = draw(frames, number)
                guide, prominence = index_prominence(clip.finer(FINENESS), encoder)
                asked = sorted(sorted(guide.times, key=prominence.__getitem__)[-MOST_PICTURES:])
                keyframes = () if arguments.as_told else guide.times
                for ratio, told, unsupported in describe_clip(family, clip, asked, keyframes, arguments.ratios):
                    scores[ratio].add(clip, asked, told, unsupported)
        rows += [scores[ratio].row(frames, ratio) for ratio in arguments.ratios]
    report.publish(rows, f"{arguments.clips} held-out clips for each row; 95 % intervals.")


if __name__ == "__main__":
    main()
