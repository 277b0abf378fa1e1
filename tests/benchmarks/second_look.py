"""What a second look brings, where the first one is too sparse or too small for what is asked.

    python -m tests.benchmarks.second_look retake_core/demo-model                     # too brief
    python -m tests.benchmarks.second_look retake_core/demo-model --frames 32 --every 1 --small 0.5   # too small

Clips of the small world are read at a fraction of their frames, asked about, and asked about again as a thorough
answer does it: with what the first answer points at read more closely behind the memory. What is too small is read
at the model's own 48 pixels first, and at 96 again.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from retake_core.cancel import CancelToken
from retake_core.encoders.builtin import BuiltinEncoder
from retake_core.media.frames import Frame, in_span, sample_cell
from retake_core.media.video_info import Span
from retake_core.videollm.answer import VideoSource
from retake_core.videollm.events import AnswerPiece, Citations, Stats
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.loading import load_family
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading
from retake_core.videollm.second_look import SecondLook, answer_thoroughly
from tests.benchmarks.guided import by_kind, frames_of, index
from tests.benchmarks.small_world import RATE, SIZE, Outcome, accuracy, answer, draw, is_right
from tests.demo_model.world import Clip
from tests.support.tiny import drain


@dataclass
class ClipReader:
    """Decodes a clip."""

    clip: Clip

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """See `FrameReader`."""
        cell = -1
        for frame in self.clip.read(SIZE):
            inside = spans is None or any(in_span(frame.time, span) for span in spans)
            if inside and sample_cell(frame.time, rate) > cell:
                cell = sample_cell(frame.time, rate)
                yield frame

    def close(self) -> None:
        """Nothing is open."""


def see(family: Family, pixels: int) -> None:
    """Let the model see frames of another size than it is bound to."""
    family.processor.video_processor.size["longest_edge"] = pixels * pixels


def run(family: Family, arguments: argparse.Namespace) -> None:
    """Answer the questions about held-out clips at first and at second sight, and print a table."""
    encoder = BuiltinEncoder()
    once: list[Outcome] = []
    twice: list[Outcome] = []
    cited = confirmed = 0
    for number in range(arguments.first, arguments.first + arguments.clips):
        clip, questions = draw(number, arguments.frames, arguments.longest, small=arguments.small)
        guide = index(clip, encoder) if arguments.every > 1 else None
        reading = Reading(RATE / arguments.every, clip.frames // arguments.every, guided=guide is not None)
        see(family, 48)
        memory = drain(prefill(family, partial(frames_of, clip, reading.rate, guide), reading, CancelToken()))
        source = VideoSource("", partial(ClipReader, clip))
        again = replace(reading, rate=RATE, guided=False)
        pointed: tuple[Span, ...] = ()
        if guide is not None:
            pointed = tuple((time - 1.0, time + 2.0) for time in guide.times) if arguments.index else ()
        look = SecondLook(source, again, clip.frames / RATE, pointed)
        near = max(2.0, arguments.every / RATE)
        with watched(family.model):
            for question in questions:
                see(family, 48)
                once.append(answer(family, memory, clip, question, near))
                see(family, 96 if arguments.small < 1 else 48)
                text = ""
                limits = GenerationLimits(max_tokens=8)
                for event in answer_thoroughly(
                    family, memory, question.text, look, CancelToken(), limits, Stats()
                ):
                    if isinstance(event, AnswerPiece):
                        text += event.text
                    elif isinstance(event, Citations):
                        cited += len(event.citations)
                        confirmed += sum(citation.confirmed is True for citation in event.citations)
                right = is_right(clip, question, text.strip(), near)
                twice.append(Outcome(question.kind, right, None, None, None))
    for name, outcomes in (("first look", once), ("second look", twice)):
        print(f"{name:12} {100 * accuracy(outcomes):5.1f} of {len(outcomes)}  {by_kind(outcomes)}", flush=True)
    print(f"{confirmed} of {cited} citations confirmed")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--first", type=int, default=0, help="number of the first clip (default: 0)")
    parser.add_argument("--frames", type=int, default=256, help="of a clip, two a second (default: 256)")
    parser.add_argument("--every", type=int, default=8, help="one frame in so many is read at first (default: 8)")
    parser.add_argument("--longest", type=int, default=4, help="frames of the longest happening (default: 4)")
    parser.add_argument("--small", type=float, default=1.0, help="size of the shapes, of their usual one")
    parser.add_argument("--index", action="store_true", help="look at the keyframes of the index, too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    run(load_family(arguments.model), arguments)


if __name__ == "__main__":
    main()
