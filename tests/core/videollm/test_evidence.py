"""Attention by time, citations, and the times that a model writes."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from retake_core.cancel import CancelToken
from retake_core.videollm.evidence import (
    Citation,
    EvidenceCollector,
    cite,
    cite_answer,
    evidence,
    snap,
)
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.prefill import NEUTRAL_PROMPT
from tests.support import tiny


def attention_of(family: Family, memory: Memory, ids: list[int]) -> torch.Tensor:
    """Return what each token of a prompt pays to each time step, by the weights that the model itself returns."""
    rows = torch.arange(memory.free, memory.free + len(ids))
    before = memory.cache.mark()
    family.model.set_attn_implementation("eager")
    try:
        with torch.no_grad():
            output = family.language_model(
                inputs_embeds=family.embed(ids)[None],
                position_ids=rows.expand(3, 1, -1) if family.prompt.position_rows == 3 else rows[None],
                past_key_values=memory.cache,
                output_attentions=True,
            )
    finally:
        family.model.set_attn_implementation("sdpa")
        memory.cache.rewind(before)
    paid = torch.zeros(len(ids), len(memory.times))
    for layer, weights in zip(memory.cache.attention.values(), output.attentions, strict=True):
        visual = layer.origin >= 0
        step = layer.origin[visual] // memory.tokens_per_step
        paid.index_add_(1, step, weights[0, :, :, : len(visual)].mean(dim=0)[:, visual])
    return paid


def test_the_collected_mass_is_the_models_own_attention(family: Family) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    collector = EvidenceCollector(memory.cache, len(memory.times), memory.tokens_per_step)
    list(
        answer_ids(
            family, memory, family.prompt.question("So?"), GenerationLimits(max_tokens=1), CancelToken(), collector
        )
    )
    assert collector.tokens == 1
    expected = attention_of(family, memory, family.prompt.question("So?"))[-1]
    assert torch.allclose(collector.per_step(), expected, atol=1e-5)


@pytest.mark.parametrize("begun", [0, 3, 20])
def test_tokens_that_are_summed_together_pay_what_each_pays(family: Family, begun: int) -> None:
    """Also those of an answer that goes on, which come in one pass with its question."""
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    question = family.prompt.question("So?") + [7] * begun
    collector = EvidenceCollector(memory.cache, len(memory.times), memory.tokens_per_step, begun)
    tokens = list(answer_ids(family, memory, question, GenerationLimits(max_tokens=21), CancelToken(), collector))
    ended = len(tokens) < 21  # then the last token attended, too, and gave the end of the answer
    assert collector.tokens == begun + len(tokens) + ended
    looking = tokens if ended else tokens[:-1]
    paid = attention_of(family, memory, question + looking)[len(question) - 1 - begun :]
    assert torch.allclose(collector.per_step(), paid.mean(dim=0), atol=1e-5)


def test_the_baseline_is_what_every_token_pays(family: Family) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    paid = attention_of(family, memory, family.prompt.question(NEUTRAL_PROMPT))
    assert len(paid) > 3
    assert torch.allclose(memory.baseline, paid.amin(dim=0), atol=1e-5)
    assert (memory.baseline < paid[-1]).any()


def test_the_baseline_is_taken_away(qwen: Family) -> None:
    memory = tiny.read_tiny(qwen, tiny.tiny_reading(keep_ratio=0.5))
    share = evidence(memory.baseline + torch.eye(len(memory.times))[4], memory.baseline)
    assert share[4] == pytest.approx(1.0)
    assert evidence(memory.baseline, memory.baseline).sum() == 0


def test_an_answer_is_cited_within_the_video(family: Family) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    collector = EvidenceCollector(memory.cache, len(memory.times), memory.tokens_per_step)
    ids = family.prompt.question("What is it?")
    list(answer_ids(family, memory, ids, GenerationLimits(max_tokens=5), CancelToken(), collector))
    citations = cite_answer(memory, collector)
    assert citations
    assert all(c.time in memory.times and c.start <= c.time <= c.end for c in citations)
    assert sum(c.strength for c in citations) <= 1 + 1e-5
    keyframes = [0.0, 2.6]
    for cited in cite_answer(memory, collector, keyframes):
        near = [keyframe for keyframe in keyframes if abs(keyframe - cited.time) <= 2]
        assert cited.time in (near or memory.times)


def test_close_steps_are_one_citation_and_weak_ones_none() -> None:
    share = torch.tensor([0.0, 0.3, 0.02, 0.2, 0.0, 0.0, 0.0, 0.08, 0.4])
    times = [float(step) for step in range(9)]
    first, second = cite(share, times)
    assert (first.time, first.start, first.end) == (1.0, 1.0, 3.0)
    assert first.strength == pytest.approx(0.52)
    assert (second.time, second.start, second.end) == (8.0, 8.0, 8.0)


@pytest.mark.parametrize("share", [torch.zeros(5), torch.zeros(0)])
def test_no_evidence_is_no_citation(share: torch.Tensor) -> None:
    assert cite(share, [0.0] * len(share)) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.integers(1, 5))
def test_citations_are_few_sorted_and_disjoint(values: list[float], limit: int) -> None:
    citations = cite(torch.tensor(values), [float(i) for i in range(len(values))], limit)
    assert len(citations) <= limit
    assert [c.strength for c in citations] == sorted((c.strength for c in citations), reverse=True)
    spans = sorted((c.start, c.end) for c in citations)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_citations_that_meet_at_a_keyframe_are_joined() -> None:
    citations = [Citation(4.0, 4.0, 5.0, 0.5), Citation(11.0, 11.0, 11.0, 0.3), Citation(6.0, 6.0, 6.5, 0.2)]
    snapped = snap(citations, [5.0, 12.0])
    assert snapped == [Citation(5.0, 4.0, 6.5, 0.7), Citation(12.0, 11.0, 11.0, 0.3)]
    assert snap(citations, []) == citations
    assert snap(citations, [5.0, 40.0], reach=1.0) == [Citation(5.0, 4.0, 6.5, 0.7), citations[1]]


def test_a_stretch_is_not_moved_behind_its_end() -> None:
    stretch, step = Citation(54.0, 47.0, 54.0, 0.6), Citation(54.0, 54.0, 54.0, 0.6)
    assert snap([stretch], [44.0, 56.0], reach=3.5) == [stretch]
    assert [citation.time for citation in snap([step], [44.0, 56.0], reach=3.5)] == [56.0]
