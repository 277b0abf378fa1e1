"""Answering: text behind a memory, token by token; the memory is as before when it ends."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.kv.attention import AttentionObserver, StopCheck, watched
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.memory.memory import Memory


@dataclass(frozen=True)
class GenerationLimits:
    """How long an answer may be, and how freely its tokens are sampled.

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


class Ending(StrEnum):
    """Why an answer ended."""

    COMPLETE = "complete"
    """The model ended it."""
    LIMIT = "limit"
    """It is as long as it may be."""
    REPETITION = "repetition"
    """The model wrote the same over and over."""


class TokenFilter(Protocol):
    """Says which tokens may come next."""

    def filter(self, logits: Tensor) -> Tensor | None:
        """Return logits, float32 [vocabulary], in which what may not come next is minus infinity.

        None where nothing may: the answer ends there.
        """

    def take(self, token: int) -> None:
        """Note the token that was chosen."""


LONGEST_LOOP = 64
"""Tokens of the longest stretch that is taken for a loop when it comes again and again."""
LOOP_TOKENS, LOOP_ROUNDS = 24, 3
"""An answer loops when so many tokens at least are so many times the same stretch."""


def choose(logits: Tensor, limits: GenerationLimits, generator: torch.Generator) -> int:
    """Pick a token from logits, float32 [vocabulary]."""
    if limits.temperature <= 0:
        return int(logits.argmax())
    probabilities, order = (logits.cpu() / limits.temperature).softmax(dim=-1).sort(descending=True)
    # The likeliest token stays whatever top_p is: what is before it sums to zero.
    probabilities[probabilities.cumsum(dim=-1) - probabilities >= limits.top_p] = 0
    if not probabilities.sum() > 0:
        return int(order[0])
    return int(order[torch.multinomial(probabilities, 1, generator=generator)])


def penalized(logits: Tensor, seen: Sequence[int], penalty: float) -> Tensor:
    """Make tokens that were there before less likely, as the model's makers ask for.

    Args:
        logits: float32, [vocabulary].
        seen: of the question and the answer so far.
        penalty: 1 changes nothing.
    """
    if penalty == 1 or not seen:
        return logits
    index = torch.tensor(sorted(set(seen)), device=logits.device)
    values = logits[index]
    return logits.index_copy(0, index, torch.where(values < 0, values * penalty, values / penalty))


def loops(tokens: Sequence[int]) -> bool:
    """Return whether tokens end in one stretch again and again."""
    for period in range(1, LONGEST_LOOP + 1):
        length = max(LOOP_TOKENS, LOOP_ROUNDS * period)
        if length > len(tokens):
            return False
        if tokens[-length:-period] == tokens[-length + period :]:
            return True
    return False


def answer_ids(
    family: Family,
    memory: Memory,
    question: list[int],
    limits: GenerationLimits,
    cancel: CancelToken,
    observer: AttentionObserver | None = None,
    form: TokenFilter | None = None,
) -> Generator[int, None, Ending]:
    """Yield the answer's tokens, without the one that ends it; the generator's value is why it ended.

    Args:
        family: with its model loaded.
        memory: what the question is about; its cache is as before at the end, also after an error.
        question: the ids after the video.
        limits: of the answer.
        cancel: looked at in every layer of the question, and for every token.
        observer: sees the attention of every pass.
        form: what the answer is held to.
    """
    cursor = Cursor(family.prompt.position_rows, free=memory.free)
    generator = torch.Generator().manual_seed(limits.seed)
    stops = family.stop_ids()
    check: AttentionObserver | None = StopCheck(cancel, observer)  # the question may be a long pass
    before = memory.cache.mark()
    ids, penalty = question, family.repetition_penalty
    answered: list[int] = []
    try:
        with watched(family.model):
            while len(answered) < limits.max_tokens:
                cancel.check()
                cursor, positions = cursor.text(len(ids))
                hidden = family.forward(family.embed(ids), positions, memory.cache, check)
                logits = penalized(family.logits(hidden[-1]), question + answered, penalty)
                allowed = logits if form is None else form.filter(logits)
                if allowed is None:
                    return Ending.LIMIT
                token = choose(allowed, limits, generator)
                if form is not None:
                    form.take(token)
                if token in stops:
                    return Ending.COMPLETE
                yield token
                ids, check = [token], observer
                answered.append(token)
                if loops(answered):
                    return Ending.REPETITION
            return Ending.LIMIT
    finally:
        memory.cache.rewind(before)


def stream_text(prompt: Prompt, ids: Iterator[int]) -> Iterator[str]:
    """Turn tokens into text as soon as whole characters are there."""
    tokens: list[int] = []
    shown = ""
    for token in ids:
        tokens.append(token)
        text = prompt.text(tokens)
        # A character of several tokens decodes to a replacement until its last one came.
        if not text.endswith("\N{REPLACEMENT CHARACTER}") and len(text) > len(shown):
            yield text[len(shown) :]
            shown = text
    if rest := prompt.text(tokens)[len(shown) :]:
        yield rest
