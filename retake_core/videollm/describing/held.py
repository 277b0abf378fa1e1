"""Holding an answer to a grammar: of each next token, only those that may follow are left to the model."""

import json
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

import torch
from llguidance import LLMatcher, LLTokenizer
from llguidance._tokenizer import TokenizerWrapper
from torch import Tensor

from retake_core.videollm.families.base import Family


class Vocabulary:
    """What each token of a model writes, as grammars need it.

    Args:
        tokenizer: of the model.
        stops: tokens that end an answer.
    """

    def __init__(self, tokenizer: Any, stops: Collection[int]) -> None:
        self._tokenizer, self._stops = tokenizer, sorted(stops)

    @classmethod
    def of(cls, family: Family) -> "Vocabulary":
        """Return that of a family whose model is loaded."""
        return cls(family.processor.tokenizer, family.stop_ids())

    def hold(self, grammar: str) -> "HeldAnswer":
        """Return what holds one answer to a grammar, in the Lark format of llguidance."""
        matcher = LLMatcher(self._tokens, LLMatcher.grammar_from_lark(grammar))
        return HeldAnswer(matcher, len(self._tokenizer), self._stops)

    @cached_property
    def _tokens(self) -> LLTokenizer:
        """The vocabulary; large ones take about a second."""
        described = self._tokenizer.backend_tokenizer.to_str()
        if "ByteLevel" in json.dumps(json.loads(described).get("decoder")):
            return LLTokenizer(described, eos_token=self._stops)
        return LLTokenizer(TokenizerWrapper(_Pieces(self._tokenizer, self._stops)), eos_token=self._stops)


class _Pieces:
    """A tokenizer whose tokens each write a piece of text of their own.

    llguidance asks it for what a grammar leaves no choice about, and wants all of that written. Behind the tokens
    of the model come those that it lacks for that: one for each byte. Nobody can choose them.
    """

    def __init__(self, tokenizer: Any, stops: Sequence[int]) -> None:
        self.eos_token_id, self.bos_token_id = stops[0], None
        self.special_token_ids = sorted({*tokenizer.all_special_ids, *stops})
        written = [str(tokenizer.decode([token])).encode() for token in range(len(tokenizer))]
        plain = {piece: token for token, piece in enumerate(written) if token not in self.special_token_ids}
        missing = [bytes([byte]) for byte in range(256) if bytes([byte]) not in plain]
        self.tokens = written + missing
        self._ids = plain | {piece: len(written) + number for number, piece in enumerate(missing)}
        self._longest = max(map(len, self._ids))

    def __call__(self, text: bytes) -> list[int]:
        """Return the tokens that write a text, the longest first."""
        ids: list[int] = []
        while text:
            sizes = range(min(len(text), self._longest), 0, -1)
            size = next(size for size in sizes if text[:size] in self._ids)
            ids.append(self._ids[text[:size]])
            text = text[size:]
        return ids


class HeldAnswer:
    """Holds one answer to its grammar; see `TokenFilter`.

    Args:
        matcher: at the beginning of the grammar.
        size: how many tokens the model has.
        stops: those that end an answer.
    """

    def __init__(self, matcher: LLMatcher, size: int, stops: Sequence[int]) -> None:
        assert not matcher.is_error(), matcher.get_error()
        self._matcher, self._size, self._stops = matcher, size, stops

    def filter(self, logits: Tensor) -> Tensor | None:
        """Return logits in which what may not follow is minus infinity; see `TokenFilter`."""
        may_follow = (
            torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8)[: self._size] > 0
        )
        if self._ends_nowhere(may_follow):
            return None
        barred = torch.ones(len(logits), dtype=torch.bool)
        known = min(len(logits), len(may_follow))
        barred[:known] = ~may_follow[:known]
        return logits.masked_fill(barred.to(logits.device), float("-inf"))

    def take(self, token: int) -> None:
        """Note the token that was chosen."""
        if token not in self._stops:
            taken = self._matcher.consume_token(token)
            assert taken, self._matcher.get_error()

    def _ends_nowhere(self, may_follow: Tensor) -> bool:
        """Return whether no token writes what must come next; llguidance then names one all the same."""
        left = may_follow.nonzero()[:2, 0].tolist()
        if len(left) != 1 or left[0] in self._stops:
            return not left
        return not self._matcher.validate_tokens(left)
