"""Where an answer ends, and what its tokens are chosen by."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import RepetitionPenaltyLogitsProcessor

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import Ending, GenerationLimits, answer_ids, loops, penalized
from retake_core.videollm.loading import open_family
from tests.support import tiny


def written(
    family: Family, tokens: Iterator[int], most: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Ending]:
    """Return how many tokens of a model that writes these are taken, and why it ended."""
    monkeypatch.setattr(family, "logits", lambda _: 9 * torch.eye(family.shape.vocabulary)[next(tokens)])
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    ids = answer_ids(family, memory, [1, 2], GenerationLimits(max_tokens=most), CancelToken())
    count = 0
    while True:
        try:
            next(ids)
        except StopIteration as stop:
            return count, stop.value
        count += 1


def test_an_answer_tells_why_it_ended(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = qwen.processor.tokenizer.eos_token_id
    assert written(qwen, iter([5, 6, stop]), 8, monkeypatch) == (2, Ending.COMPLETE)
    assert written(qwen, iter(range(1, 9)), 8, monkeypatch) == (8, Ending.LIMIT)


@pytest.mark.parametrize(("period", "tokens"), [(1, 24), (5, 24), (8, 24), (20, 60), (64, 192)])
def test_an_answer_that_repeats_itself_is_stopped(
    qwen: Family, monkeypatch: pytest.MonkeyPatch, period: int, tokens: int
) -> None:
    endless = (index % period + 1 for index in range(1000))
    assert written(qwen, endless, 500, monkeypatch) == (tokens, Ending.REPETITION)


@pytest.mark.parametrize("tokens", [[], [1] * 20, list(range(300)), [*range(60), *range(60)], [7, 8] * 10 + [9]])
def test_what_comes_twice_is_no_loop(tokens: list[int]) -> None:
    assert not loops(tokens)


@pytest.mark.parametrize("penalty", [1.0, 1.05, 1.3])
def test_the_penalty_is_that_of_transformers(penalty: float) -> None:
    logits, seen = torch.randn(50, generator=torch.Generator().manual_seed(1)), [3, 7, 7, 40]
    theirs = RepetitionPenaltyLogitsProcessor(penalty)(torch.tensor([seen]), logits[None].clone())
    assert torch.equal(penalized(logits, seen, penalty), theirs[0])


def test_the_models_own_penalty_is_honoured(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is a little likelier than all others comes once; then the others do."""
    logits = torch.full((qwen.shape.vocabulary,), 1.0)
    logits[qwen.processor.tokenizer.eos_token_id] = 0.0
    logits[9] = 1.2
    memory = tiny.read_tiny(qwen, tiny.tiny_reading(keep_ratio=0.5))
    monkeypatch.setattr(qwen, "logits", lambda _: logits)
    limits = GenerationLimits(max_tokens=4)
    assert list(answer_ids(qwen, memory, [1], limits, CancelToken())) == [9, 9, 9, 9]
    monkeypatch.setattr(qwen.model.generation_config, "repetition_penalty", 1.3)
    assert list(answer_ids(qwen, memory, [1], limits, CancelToken())) == [9, 0, 2, 3]


@pytest.mark.parametrize(
    ("opening", "refused"),
    [("<think>\\n", True), ("<think>\\n\\n</think>\\n\\n", False), ("", False)],
)
def test_a_model_that_thinks_aloud_is_refused_with_a_sentence(tmp_path: Path, opening: str, refused: bool) -> None:
    folder = tiny.save_tiny("qwen3_vl", tmp_path)
    template = folder / "chat_template.jinja"
    template.write_text(template.read_text("utf-8") + f"{{{{ '{opening}' }}}}", "utf-8")
    if refused:
        with pytest.raises(UserError, match="choose its Instruct version"):
            open_family(folder)
    else:
        assert not open_family(folder).prompt.thinks_aloud


def test_a_model_that_need_not_think_does_not(tmp_path: Path) -> None:
    folder = tiny.save_tiny("qwen3_vl", tmp_path)
    template = folder / "chat_template.jinja"
    opening = "{{ '</think>' if enable_thinking is false else '<think>' }}"
    template.write_text(template.read_text("utf-8") + opening, "utf-8")
    assert not open_family(folder).prompt.thinks_aloud
