"""The form in which the demo model describes: its tokens, what it is trained to say, and how that is measured."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from retake_core.cancel import CancelToken
from retake_core.system.bundled import demo_model
from retake_core.videollm.describing.told import parse
from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.loading import open_family
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading
from tests.benchmarks.describing import Scores
from tests.demo_model import description, layout, world
from tests.demo_model.model import DEMO, build, build_tokenizer
from tests.demo_model.world import Clip, Happening
from tests.support.tiny import drain


def still(colour: str, shape: str, start: int, stop: int) -> Happening:
    return Happening(colour, shape, start, stop, (0.5, 0.5), 0.22, 0.0, (0.0, 0.0), (0.0, 0.0, 0.0))


CLIP = Clip(
    80,
    2.0,
    (still("yellow", "square", 10, 23), still("red", "circle", 40, 48)),
    seed=3,
    noise=2.0,
)
ASKED = [description.Asked(14, "0:07"), description.Asked(62, "0:31")]
TOLD = """Title: yellow square, red circle
Summary: A yellow square appears, then a red circle.
0:05-0:12 yellow square | A yellow square appears.
0:20-0:24 red circle | A red circle appears.
Pictures:
0:07 yellow square
0:31 nothing
"""
TEXTS = (
    "Is there a yellow square? When did the red shape appear?",
    "Title: a | b - 0:05-0:12 Yellow  square\nPictures:\n\nA then nothing appears",
    "<|im_start|>user\nDescribe the video.<|im_end|>\n12:07 <unk>",
)


@pytest.fixture(scope="module")
def untrained() -> Qwen2VL:
    family = build(0)
    description.extend(family)
    family.model.eval()
    return family


@pytest.fixture(scope="module", params=["built", "shipped"])
def tokenizer(request: pytest.FixtureRequest) -> PreTrainedTokenizerFast:
    if request.param == "built":
        return build_tokenizer(description.TOKENS)
    shipped: PreTrainedTokenizerFast = open_family(demo_model()).processor.tokenizer
    return shipped


def pieces_of(family: Qwen2VL, clip: Clip, asked: Sequence[description.Asked]) -> list[str]:
    return [token for token, _, _ in layout.describe_clip(family, clip, asked)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("trusted", [True, False])
def test_all_text_is_encoded_as_without_the_tokens_of_descriptions(
    tokenizer: PreTrainedTokenizerFast, text: str, trusted: bool
) -> None:
    old = build_tokenizer()

    def encoded(by: PreTrainedTokenizerFast) -> list[int]:
        ids: list[int] = by(text, add_special_tokens=False, split_special_tokens=not trusted)["input_ids"]
        return ids

    assert encoded(tokenizer) == encoded(old)
    assert tokenizer.get_vocab() == old.get_vocab() | {
        token: number for number, token in enumerate(description.TOKENS, start=len(old))
    }


def test_a_description_is_the_text_of_its_tokens_to_the_byte(
    tokenizer: PreTrainedTokenizerFast, untrained: Qwen2VL
) -> None:
    pieces = pieces_of(untrained, CLIP, ASKED)
    ids = [tokenizer.get_vocab()[piece] for piece in pieces]
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode([*ids, tokenizer.eos_token_id], skip_special_tokens=True) == TOLD
    assert [tokenizer.decode([token]) for token in ids] == pieces


def test_what_was_not_asked_for_is_not_told(untrained: Qwen2VL) -> None:
    assert "".join(pieces_of(untrained, CLIP, [])) == TOLD.partition("Pictures:")[0]
    assert description.question([]).endswith("happens.")
    assert description.question(["0:07", "0:31"]).endswith(" Then a line for each of these times: 0:07, 0:31.")


def test_a_chapter_ends_with_the_clip_at_the_latest(untrained: Qwen2VL) -> None:
    last = replace(CLIP.happenings[1], start=70, stop=80)
    text = "".join(pieces_of(untrained, replace(CLIP, happenings=(last,)), []))
    assert "\n0:35-0:40 red circle | A red circle appears.\n" in text


@pytest.mark.parametrize("frames", [32, 128])
def test_every_chapter_that_is_trained_begins_within_two_seconds(untrained: Qwen2VL, frames: int) -> None:
    rng, scores = np.random.default_rng(frames), Scores()
    for _ in range(50):
        clip = world.draw_clip(rng, frames)
        asked = description.draw_asked(rng, clip, 12, lambda seconds: untrained.prompt.timestamp(seconds).strip())
        text = "".join(pieces_of(untrained, clip, asked))
        times = [each.frame / clip.rate for each in asked]
        scores.add(clip, times, parse(text, times), 0)
    for right in (scores.near, scores.titles, scores.whole_titles, scores.told, scores.pictures, scores.shapes):
        assert right
        assert all(right)
    assert not any(scores.empty)


def test_labels_of_a_description_are_its_tokens_and_what_they_are_about(untrained: Qwen2VL) -> None:
    kinds = (layout.DESCRIBE, "when", "exists")
    batch = layout.draw_batch(untrained, np.random.default_rng(1), 4, 64, kinds, hide=0.5)
    tokenizer = untrained.processor.tokenizer
    asked, first = batch.labels != layout.IGNORED, len(world.KINDS)
    holds = torch.zeros(asked.shape, dtype=torch.bool).masked_scatter(asked, batch.holders.any(dim=1))
    for row in range(4):
        of_description = batch.kinds[row] >= first
        labels = batch.labels[row][of_description]
        assert int(labels[-1]) == tokenizer.eos_token_id
        told = parse(str(tokenizer.decode(labels[:-1])), [])
        assert told.title
        assert told.title == ", ".join(each.title for each in told.happenings)
        about = of_description & (batch.kinds[row] == layout.TOLD.index("start"))
        assert int(about.sum()) == 2 * len(told.happenings)
        assert holds[row][about].all()


def test_training_predicts_the_description_that_the_product_predicts(untrained: Qwen2VL) -> None:
    """Beside questions that take a tenth of its tokens, all in one batch."""
    kinds = (layout.DESCRIBE, "shape", "count")
    batch = layout.draw_batch(untrained, np.random.default_rng(5), 1, 32, kinds, hide=0.0)
    with torch.no_grad():
        features = layout.see(untrained, batch.values).view(1, -1, untrained.shape.hidden)
        embeds = untrained.embed(batch.ids.flatten().tolist())[None].clone()
        embeds[:, batch.visual.nonzero()[:, 0]] = features
        hidden = untrained.language_model(
            inputs_embeds=embeds, position_ids=batch.positions, attention_mask=batch.mask, use_cache=False
        ).last_hidden_state[0]
    told = (batch.kinds[0] >= len(world.KINDS)).nonzero()[:, 0]
    clip = world.draw_clip(np.random.default_rng(5), 32)
    reading = Reading(rate=clip.rate, frames=32, policy=Policy.FULL)
    memory = drain(prefill(untrained, lambda: clip.read(DEMO.sizes.frame), reading, CancelToken()))
    prefix = len(layout.lay_video(untrained, layout.step_times(untrained, clip)).ids)
    answer = batch.labels[0, told].tolist()
    for place in (0, len(answer) // 2, len(answer) - 1):
        given = batch.ids[0, prefix : int(told[place]) + 1].tolist()
        first = next(answer_ids(untrained, memory, given, GenerationLimits(), CancelToken()), None)
        assert first == int(untrained.logits(hidden[told[place]][None]).argmax())


def test_scores_see_what_is_wrong() -> None:
    scores = Scores()
    wrong = (
        TOLD.replace("0:20-0:24", "0:30-0:34")
        .replace("yellow square |", "yellow cross |")
        .replace("nothing", "red circle")
    )
    scores.add(CLIP, [7.0, 31.0, 35.0], parse(wrong, [7.0, 31.0]), 1)
    assert scores == Scores(
        near=[True, False],
        empty=[False, True],
        titles=[False],
        whole_titles=[True],
        told=[True, True, False],
        pictures=[True, False],
        shapes=[True, False],
        unsupported=1,
    )
