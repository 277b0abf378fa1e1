"""Answering: text behind a memory, token by token; the memory is as before when it ends."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.videollm.families.base import Family
from retake_core.videollm.kv.attention import AttentionObserver, StopCheck, watched
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.memory.memory import Memory


@dataclass(frozen=True)
class GenerationLimits:
    """How tokens are chosen.

    Attributes:
        max_tokens: the answer ends after so many.
        temperature: 0 takes the likeliest token always.
        top_p: sampling stays within the likeliest tokens of this total probability.
        seed: of the sampling.
    """

    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 0.9
    seed: int = 0


def choose(logits: Tensor, decoding: GenerationLimits, generator: torch.Generator) -> int:
    """Pick a token from logits, float32 [vocabulary]."""
    if decoding.temperature <= 0:
        return int(logits.argmax())
    probabilities, order = (logits.cpu() / decoding.temperature).softmax(dim=-1).sort(descending=True)
    # The likeliest token stays whatever top_p is: what is before it sums to zero.
    probabilities[probabilities.cumsum(dim=-1) - probabilities >= decoding.top_p] = 0
    if not probabilities.sum() > 0:
        return int(order[0])
    return int(order[torch.multinomial(probabilities, 1, generator=generator)])


def answer_ids(
    family: Family,
    memory: Memory,
    question: list[int],
    decoding: GenerationLimits,
    cancel: CancelToken,
    observer: AttentionObserver | None = None,
) -> Generator[int, None, None]:
    """Yield the answer's tokens, without the one that ends it.

    Args:
        family: with its model loaded.
        memory: what the question is about; its cache is cropped back at the end, also after an error.
        question: the ids after the video.
        decoding: how tokens are chosen.
        cancel: looked at in every layer.
        observer: sees the attention of every pass.
    """
    cursor = Cursor(family.position_rows, free=memory.free)
    generator = torch.Generator().manual_seed(decoding.seed)
    stops = family.stop_ids()
    check = StopCheck(cancel, observer)
    before = memory.cache.lengths()
    ids = question
    try:
        with watched(family.model):
            for _ in range(decoding.max_tokens):
                cancel.check()
                cursor, positions = cursor.text(len(ids))
                hidden = family.forward(family.embed(ids), positions, memory.cache, check)
                token = choose(family.logits(hidden[-1]), decoding, generator)
                if token in stops:
                    return
                yield token
                ids = [token]
    finally:
        memory.cache.truncate(before)


def stream_text(family: Family, ids: Iterator[int]) -> Iterator[str]:
    """Turn tokens into text as soon as whole characters are there."""
    tokenizer = family.processor.tokenizer
    known: list[int] = []
    shown = ""
    for token in ids:
        known.append(token)
        text: str = tokenizer.decode(known, skip_special_tokens=True)
        # A character of several tokens decodes to a replacement until its last one came.
        if not text.endswith("\N{REPLACEMENT CHARACTER}") and len(text) > len(shown):
            yield text[len(shown) :]
            shown = text
    rest: str = tokenizer.decode(known, skip_special_tokens=True)[len(shown) :]
    if rest:
        yield rest
