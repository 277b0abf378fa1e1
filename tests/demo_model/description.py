"""What the demo model shall say when it is asked to describe a recording, token by token, and the tokens for it.

    Title: yellow square, red circle
    Summary: A yellow square appears, then a red circle.
    0:05-0:12 yellow square | A yellow square appears.
    0:20-0:24 red circle | A red circle appears.
    Pictures:
    0:07 yellow square
    0:31 nothing

A chapter begins in the time step that shows its shape first, and ends where the next step shows it no longer.
"""
# mypy: allow-untyped-calls

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from retake_core.videollm.families.qwen2_vl import Qwen2VL
from tests.demo_model.model import MINUTES, build_tokenizer
from tests.demo_model.world import COLOURS, SHAPES, Clip, Happening

LINE, BAR, TITLE, SUMMARY, PICTURES = "\n", " |", "Title:", "Summary:", "Pictures:"
ENDS = tuple(f"-{minute}" for minute in MINUTES)
"""The minutes in which a chapter ends, with the dash in front: a dash alone is what people write, too."""
TOKENS = (
    *(LINE, BAR, TITLE, SUMMARY, PICTURES, *ENDS),
    *(f" {word}" for word in ("A", "a", "appears", "then", "nothing", *COLOURS, *SHAPES)),
)
"""No text that is put to the model has one of them, so that all text is encoded as it was without them."""
PARTS = ("form", "next", "title", "summary", "start", "end", "chapter", "asked", "picture")
"""What a token is for; "next" says whether there is more to tell, which the form leaves open."""
MOST_ASKED = 12
Piece = tuple[str, str, int | None]
"""A token, the one of PARTS that it belongs to, and the number of the happening that it is about, if any."""


@dataclass(frozen=True)
class Asked:
    """A frame for which a line is asked.

    Attributes:
        frame: its number.
        time: as the question writes it.
    """

    frame: int
    time: str


def question(times: Sequence[str]) -> str:
    """Return the question for a description, with a line for each of some times."""
    text = "Describe the video: a title, a summary, and a line for each thing that happens."
    return f"{text} Then a line for each of these times: {', '.join(times)}." if times else text


def draw_asked(rng: np.random.Generator, clip: Clip, count: int, written: Callable[[float], str]) -> list[Asked]:
    """Draw up to `count` frames of different times; keyframes often stand where something begins or ends.

    Args:
        rng: decides everything.
        clip: the recording.
        count: how many at most.
        written: how the prompt writes seconds.
    """
    asked: dict[str, Asked] = {}
    for _ in range(count):
        happening = clip.happenings[int(rng.integers(len(clip.happenings)))]
        inside = int(rng.integers(happening.start, happening.stop))
        choices = (int(rng.integers(clip.frames)), inside, happening.start, min(happening.stop, clip.frames - 1))
        frame = int(rng.choice(choices, p=(0.4, 0.3, 0.2, 0.1)))
        time = written(frame / clip.rate)
        asked.setdefault(time, Asked(frame, time))
    chosen = sorted(asked.values(), key=lambda each: each.frame)
    if rng.random() < 0.25:
        rng.shuffle(chosen)
    return chosen


def describe(
    clip: Clip, step_times: Sequence[float], asked: Sequence[Asked], written: Callable[[float], str]
) -> list[Piece]:
    """Return the right description, without the token that ends it.

    Args:
        clip: the recording.
        step_times: seconds of each time step.
        asked: see `draw_asked`.
        written: how the prompt writes seconds.
    """
    happenings = list(enumerate(clip.happenings))
    pieces: list[Piece] = [(TITLE, "form", None)]
    for number, happening in happenings:
        pieces += [(",", "next", number)] * (number > 0) + _name(happening, "title", number)
    pieces += [(LINE, "next", None), (SUMMARY, "form", None)]
    for number, happening in happenings:
        between = ((" A", "summary", None),) if number == 0 else ((",", "next", number), (" then", "form", None))
        pieces += [*between, *([(" a", "form", None)] * (number > 0)), *_name(happening, "summary", number)]
        pieces += [(" appears", "form", None)] * (number == 0)
    pieces += [(".", "next", None), (LINE, "form", None)]
    for number, happening in happenings:
        start, end = _span(clip, happening, step_times)
        pieces += [(token, "start", number) for token in _time(written(start))]
        pieces += [(token, "end", number) for token in _time(written(end), "-")]
        name = _name(happening, "chapter", number)
        pieces += [*name, (BAR, "form", None), (" A", "form", None), *name]
        pieces += [(" appears", "form", None), (".", "form", None), (LINE, "form", None)]
    pieces += [(PICTURES, "next", None), (LINE, "form", None)] if asked else []
    for each in asked:
        pieces += [(token, "asked", None) for token in _time(each.time)]
        pieces += [*_shown(clip, each.frame), (LINE, "form", None)]
    return pieces


def _name(happening: Happening, part: str, number: int) -> list[Piece]:
    return [(f" {happening.colour}", part, number), (f" {happening.shape}", part, number)]


def _shown(clip: Clip, frame: int) -> list[Piece]:
    for number, happening in enumerate(clip.happenings):
        if happening.start <= frame < happening.stop:
            return _name(happening, "picture", number)
    return [(" nothing", "picture", None)]


def _span(clip: Clip, happening: Happening, step_times: Sequence[float]) -> tuple[float, float]:
    """Return the seconds of the first step that shows a happening, and of the next one that does not."""
    per_step = clip.frames // len(step_times)
    after = (happening.stop - 1) // per_step + 1
    end = step_times[after] if after < len(step_times) else clip.frames / clip.rate
    return step_times[happening.start // per_step], end


def _time(written: str, before: str = "") -> tuple[str, str]:
    minutes, seconds = written.split(":")
    return f"{before}{minutes}:", seconds


def known(family: Qwen2VL) -> bool:
    """Return whether a model has the tokens of a description."""
    return TITLE in family.processor.tokenizer.get_vocab()


def extend(family: Qwen2VL, seed: int = 0) -> None:
    """Give a model the tokens of a description; a word with a space before it begins as the word itself."""
    if known(family):
        return
    tokenizer = build_tokenizer(TOKENS)
    old = len(family.processor.tokenizer)
    family.processor.tokenizer = tokenizer
    model = family.model
    model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    generator = torch.Generator().manual_seed(seed)
    tables = ((model.get_input_embeddings().weight, 0.5), (model.get_output_embeddings().weight, 0.07))
    with torch.no_grad():
        for table, spread in tables:
            for number, token in enumerate(TOKENS, start=old):
                like = tokenizer.convert_tokens_to_ids(token.strip(" -").lower())
                table[number] = spread * torch.randn(table.shape[1], generator=generator)
                if like != tokenizer.unk_token_id:
                    table[number] = table[like] + 0.3 * table[number]
