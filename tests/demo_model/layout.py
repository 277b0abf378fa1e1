"""Training inputs: clips with several questions each, laid out exactly as the product lays out its prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, zip_longest
from typing import Any

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor
from transformers.models.qwen2_vl.modeling_qwen2_vl import rotate_half
from transformers.vision_utils import get_vision_position_ids

from retake_core.videollm.families.prompt import FAR_APART, TextPiece
from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.reading import Reading
from tests.demo_model import description
from tests.demo_model.model import DEMO, MINUTES, SECONDS, UNKNOWN, WORDS, Setup
from tests.demo_model.world import COLOURS, KINDS, SHAPES, Clip, Question, draw_clip, draw_question

IGNORED = -100
SYSTEM = 0.3
"""How often a prompt begins with a message of the system, which the demo model's own template does not write."""
SYSTEM_WORDS = 24
DESCRIBE = "describe"
"""A kind of question beside those of the world."""
TOLD = (*KINDS, *description.PARTS)
"""What a token of an answer may be: the answer to a question of a kind, or a part of a description."""
ASKED_TIMES = (0, 0, 1, 2, 3, 4, 6, 8, description.MOST_ASKED)
"""For how many times a description may be asked for lines, each as likely."""


@dataclass(frozen=True)
class Video:
    """The prompt up to the question.

    Attributes:
        ids: int64, [n], with the video token where a visual token stands.
        positions: int64, [3, n].
        visual: bool, [n].
        prefix: tokens before the video.
        written: for each time step, the time that stands before it; empty without timestamps.
        free: the first position behind it.
    """

    ids: Tensor
    positions: Tensor
    visual: Tensor
    prefix: int
    written: list[str]
    free: int


def draw_system(family: Qwen2VL, rng: np.random.Generator) -> list[int]:
    """Return the tokens of a message of the system made of any words, or of none at all."""
    if rng.random() >= SYSTEM:
        return []
    words = rng.choice([*WORDS, UNKNOWN], int(rng.integers(1, SYSTEM_WORDS + 1)))
    message = {"role": "system", "content": [{"type": "text", "text": " ".join(words) + "."}]}
    return family.prompt.tokens(family.processor.apply_chat_template([message], tokenize=False))


def lay_video(
    family: Qwen2VL,
    times: Sequence[float],
    system: Sequence[int] = (),
    chunk_frames: int = Reading(1, 1).chunk_frames,
    setup: Setup = DEMO,
) -> Video:
    """Lay out a video of time steps at some seconds, behind a message of the system or none."""
    token = family.config.video_token_id
    timestamps, side = setup.world.timestamps, setup.sizes.side
    ids = [*system, *family.prompt.prefix(timestamps)]
    prefix = len(ids)
    cursor, run = Cursor(family.prompt.position_rows).text(len(ids))
    runs, visual, written = [run], [False] * len(ids), []
    chunk = chunk_frames // family.vision.frames_per_step
    done, apart = 0, times[1] - times[0] if len(times) > 1 else 0.0
    for start in range(0, len(times), chunk):
        part = times[start : start + chunk]
        for piece in family.prompt.pieces(part, timestamps, first=start == 0, apart=apart):
            if isinstance(piece, TextPiece):
                cursor, run = cursor.text(len(piece.ids))
                ids, visual = ids + piece.ids, visual + [False] * len(piece.ids)
            else:
                cursor = cursor.open_segment() if piece.opens else cursor
                cursor, run, _ = cursor.video(piece.steps, side, side)
                ids, visual = ids + [token] * run.shape[1], visual + [True] * run.shape[1]
                if timestamps:
                    written += [family.prompt.timestamp(times[done]).strip()] * piece.steps
                done += piece.steps
            runs.append(run)
    ending = family.prompt.ending_ids(timestamps)
    cursor, run = cursor.text(len(ending))
    ids, visual, runs = ids + ending, visual + [False] * len(ending), [*runs, run]
    return Video(torch.tensor(ids), torch.cat(runs, dim=1), torch.tensor(visual), prefix, written, cursor.free)


def step_times(family: Qwen2VL, clip: Clip) -> list[float]:
    """Return the seconds of each time step, as the product gives them."""
    count = family.vision.frames_per_step
    return [(start + (count - 1) / 2) / clip.rate for start in range(0, clip.frames, count)]


def right_answer(family: Qwen2VL, clip: Clip, question: Question, written: Sequence[str]) -> str:
    """Return the answer; for "when" it is the time that stands before the first step that shows the shape."""
    if question.kind != "when":
        return question.answer
    span = clip.span(question)
    assert span is not None
    return written[span[0] // family.vision.frames_per_step]


@cache
def _question_ids(family: Qwen2VL, text: str) -> list[int]:
    return family.prompt.question(text)


@dataclass(frozen=True)
class Exchange:
    """A question and its right answer.

    Attributes:
        question: the ids after the video.
        answer: ids, with the one that ends it.
        told: for each token of the answer, the number of what it is in TOLD.
        about: for each of them, the number of the happening that it is about, or None.
    """

    question: list[int]
    answer: list[int]
    told: list[int]
    about: list[int | None]

    def __len__(self) -> int:
        """Return how many tokens the model is given."""
        return len(self.question) + len(self.answer) - 1


def draw_exchange(
    family: Qwen2VL, rng: np.random.Generator, clip: Clip, kind: str, written: Sequence[str], asked: int
) -> Exchange | None:
    """Draw a question of a kind; None when the clip allows none.

    Args:
        family: for its prompt.
        rng: decides everything.
        clip: what is asked about.
        kind: one of KINDS, or DESCRIBE.
        written: for each time step, the time that stands before it.
        asked: for how many times a description shall have lines.
    """
    end = family.processor.tokenizer.eos_token_id
    if kind == DESCRIBE:
        return _draw_description(family, rng, clip, asked, end)
    question = draw_question(rng, clip, kind)
    if question is None:
        return None
    answer = [*family.prompt.tokens(right_answer(family, clip, question, written)), end]
    count = len(answer)
    return Exchange(
        _question_ids(family, question.text), answer, [TOLD.index(kind)] * count, [question.about] * count
    )


def _draw_description(family: Qwen2VL, rng: np.random.Generator, clip: Clip, count: int, end: int) -> Exchange:
    asked = description.draw_asked(rng, clip, count, lambda seconds: family.prompt.timestamp(seconds).strip())
    question = description.question([each.time for each in asked])
    pieces = describe_clip(family, clip, asked)
    ids = family.processor.tokenizer.convert_tokens_to_ids([token for token, _, _ in pieces])
    return Exchange(
        family.prompt.question(question),
        [*ids, end],
        [TOLD.index(part) for part in (*(part for _, part, _ in pieces), "next")],
        [*(about for _, _, about in pieces), None],
    )


def describe_clip(family: Qwen2VL, clip: Clip, asked: Sequence[description.Asked]) -> list[description.Piece]:
    """Return the right description of a clip, in the times of the family's prompt."""
    times = step_times(family, clip)
    return description.describe(clip, times, asked, lambda seconds: family.prompt.timestamp(seconds).strip())


@dataclass(frozen=True)
class Batch:
    """Clips of one length with their questions.

    Attributes:
        values: float, the pixels, as the vision tower takes them.
        ids: int64, [clips, n].
        positions: int64, [3, clips, n].
        visual: bool, [n]; all clips of a batch have the same layout up to the questions.
        mask: bool, [clips, 1, n, n]: what sees what.
        labels: int64, [clips, n], the token that follows, or IGNORED.
        kinds: int64, [clips, n], the number in TOLD of what is told where there is a label.
        holders: bool, [labels, visual tokens]: for each place where there is a label of an answer, in order, the
            visual tokens that show what it is about.
        shown: int64, [clips, visual tokens, 6]: colour (0 is none), shape, how many happenings have begun,
            minutes and seconds of the time written before, and the seconds of the time written before the first
            step that shows the same happening; IGNORED where it is hard to say.
    """

    values: Tensor
    ids: Tensor
    positions: Tensor
    visual: Tensor
    mask: Tensor
    labels: Tensor
    kinds: Tensor
    holders: Tensor
    shown: Tensor


AUXILIARY = (len(COLOURS) + 1, len(SHAPES) + 1, 5, len(MINUTES), len(SECONDS), len(SECONDS))
"""Classes of each thing that `Batch.shown` says."""


def _draw_clips(family: Qwen2VL, rng: np.random.Generator, count: int, frames: int, setup: Setup) -> list[Clip]:
    """Draw clips that have as many timestamps as each other: in a batch, all layouts are equally long."""
    drawn: list[Clip] = []
    while len(drawn) < count:
        clip = draw_clip(rng, frames, world=setup.world)
        steps = [family.vision.frames_per_step / each.rate >= FAR_APART for each in (clip, *drawn[:1])]
        if len(set(steps)) == 1:
            drawn.append(clip)
    return drawn


def draw_batch(
    family: Qwen2VL,
    rng: np.random.Generator,
    clips: int,
    frames: int,
    kinds: Sequence[str],
    hide: float,
    setup: Setup = DEMO,
) -> Batch:
    """Draw clips, with one question of each of `kinds` where a clip allows it.

    Args:
        family: for its prompt.
        rng: decides everything.
        clips: how many.
        frames: of each clip.
        kinds: of the questions; a kind may stand there more than once.
        hide: how often a question does not see the text inside of the video. Otherwise the model may put what it
            saw into that text, which is never evicted, and the frames would be of no use any more.
        setup: the world of the clips, and the model that learns it.
    """
    drawn = _draw_clips(family, rng, clips, frames, setup)
    system = draw_system(family, rng)
    videos = [lay_video(family, step_times(family, clip), system, setup=setup) for clip in drawn]
    prefix = len(videos[0].ids)
    asked = int(rng.choice(ASKED_TIMES)) if DESCRIBE in kinds else 0
    exchanges: list[list[Exchange]] = []
    for clip, video in zip(drawn, videos, strict=True):
        drafts = [draw_exchange(family, rng, clip, kind, video.written, asked) for kind in kinds]
        exchanges.append([exchange for exchange in drafts if exchange is not None])
    # Each place is as wide as its widest exchange: a description takes ten times as many tokens as others.
    widths = [max(map(len, filter(None, place))) for place in zip_longest(*exchanges)]
    starts = [prefix, *(prefix + width for width in accumulate(widths))]
    n = starts[-1]
    ids = torch.full((clips, n), family.processor.tokenizer.pad_token_id)
    positions = torch.zeros(3, clips, n, dtype=torch.long)
    labels, kind_of = torch.full((clips, n), IGNORED), torch.full((clips, n), IGNORED)
    cells = [torch.from_numpy(_cells(family, clip, setup)[0]).flatten() for clip in drawn]
    holders: list[Tensor] = []
    mask = torch.zeros(clips, 1, n, n, dtype=torch.bool)
    mask[:, :, :prefix, :prefix] = torch.ones(prefix, prefix, dtype=torch.bool).tril()
    inner_text = ~videos[0].visual
    inner_text[: videos[0].prefix] = False
    for row, (video, row_exchanges) in enumerate(zip(videos, exchanges, strict=True)):
        ids[row, :prefix], positions[:, row, :prefix] = video.ids, video.positions
        for place, (start, width) in enumerate(zip(starts, widths, strict=False)):
            mask[row, 0, start : start + width, :prefix] = ~inner_text if rng.random() < hide else True
            mask[row, 0, start : start + width, start : start + width] = torch.ones(width, width).tril().bool()
            positions[:, row, start : start + width] = video.free + torch.arange(width)
            if place < len(row_exchanges):
                exchange = row_exchanges[place]
                tokens = torch.tensor(exchange.question + exchange.answer)
                ids[row, start : start + len(exchange)] = tokens[:-1]
                told = slice(start + len(exchange.question) - 1, start + len(exchange))
                labels[row, told] = tokens[len(exchange.question) :]
                kind_of[row, told] = torch.tensor(exchange.told)
                holders += [cells[row] == (-2 if about is None else about + 1) for about in exchange.about]
    shown = torch.stack([_shown(family, clip, video, setup) for clip, video in zip(drawn, videos, strict=True)])
    return Batch(
        draw_values(family, drawn, setup),
        ids,
        positions,
        videos[0].visual,
        mask,
        labels,
        kind_of,
        torch.stack(holders),
        shown,
    )


def _cells(family: Qwen2VL, clip: Clip, setup: Setup) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return clip.cells(family.vision.frames_per_step, setup.sizes.side, setup.world.covered)


def draw_values(family: Qwen2VL, clips: Sequence[Clip], setup: Setup = DEMO) -> Tensor:
    """Return the clips' pixels as the product's own preprocessing gives them."""
    frames = np.concatenate([clip.pictures(setup.sizes.frame) for clip in clips])
    pictures = list(torch.from_numpy(frames).permute(0, 3, 1, 2))
    return family.vision.preprocess(pictures, [0.0] * len(pictures)).values


def show(family: Qwen2VL, clip: Clip, setup: Setup = DEMO) -> Tensor:
    """Say which colour and shape each visual token shows, 0 for none: int64, [steps, tokens, 2]."""
    cells, _ = _cells(family, clip, setup)
    colours = [0, *(list(COLOURS).index(happening.colour) + 1 for happening in clip.happenings), IGNORED]
    shapes = [0, *(SHAPES.index(happening.shape) + 1 for happening in clip.happenings), IGNORED]
    return torch.stack([torch.tensor(colours)[cells], torch.tensor(shapes)[cells]], dim=-1)


def _shown(family: Qwen2VL, clip: Clip, video: Video, setup: Setup) -> Tensor:
    """Say what each visual token shows; see `Batch.shown`."""
    cells, begun = _cells(family, clip, setup)
    clear = torch.from_numpy(cells)
    # Where nothing is to be seen, the number of happenings so far is not asked for: it shall be read from them.
    ordinal = torch.where(clear > 0, torch.from_numpy(begun)[:, None], IGNORED)
    minutes = seconds = onsets = torch.full_like(clear, IGNORED)
    if video.written:
        split = [time.split(":") for time in video.written]
        minutes = torch.tensor([int(minute) for minute, _ in split])[:, None].expand_as(clear)
        seconds = torch.tensor([int(second) for _, second in split])[:, None].expand_as(clear)
        steps = [happening.start // family.vision.frames_per_step for happening in clip.happenings]
        onsets = torch.tensor([IGNORED, *(int(seconds[step, 0]) for step in steps), IGNORED])[clear]
    told = torch.stack([ordinal, minutes, seconds, onsets], dim=-1)
    return torch.cat([show(family, clip, setup), told], dim=-1).flatten(0, 1)


def see(family: Qwen2VL, values: Tensor, setup: Setup = DEMO) -> Tensor:
    """Run the vision tower on many time steps at once: [steps, tokens, channels].

    The model's own code takes the time steps one by one, which is slow for small ones.
    """
    visual: Any = family.model.model.visual
    side = setup.sizes.side * setup.sizes.merge
    grid = torch.tensor([[1, side, side]])
    cos, sin = visual.rotary_pos_emb(values, get_vision_position_ids(grid, setup.sizes.merge))
    hidden = visual.patch_embed(values).view(-1, side * side, visual.config.embed_dim)
    for block in visual.blocks:
        attention = block.attn
        states = attention.qkv(block.norm1(hidden)).unflatten(-1, (3, attention.num_heads, -1))
        query, key, value = states.permute(2, 0, 3, 1, 4)
        query, key = (x * cos + rotate_half(x) * sin for x in (query, key))  # type: ignore[no-untyped-call]
        mixed = nnf.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        hidden = hidden + attention.proj(mixed)
        hidden = hidden + block.mlp(block.norm2(hidden))
    merged: Tensor = visual.merger(hidden.flatten(0, 1))
    return merged.view(len(hidden), setup.sizes.side**2, -1)
