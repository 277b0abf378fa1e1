"""The demo model's world, and that it is trained on exactly the prompt that the product writes."""

import json
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.media.decoders.choice import open_source
from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.planner import sample_times
from retake_core.videollm.prefill import NEUTRAL_PROMPT, prefill
from retake_core.videollm.reading import Reading
from tests.benchmarks import second_world
from tests.demo_model import layout, recording, world
from tests.demo_model.model import DEMO, Setup, build, build_processor
from tests.support.tiny import drain

FRAME, SIDE = DEMO.sizes.frame, DEMO.sizes.side


@pytest.fixture(scope="module")
def untrained() -> Qwen2VL:
    family = build(0)
    family.model.eval()
    return family


class Recorder:
    """Stands before a family's forward pass and notes what it was given."""

    def __init__(self, family: Qwen2VL) -> None:
        self._forward = family.forward
        self.embeds: list[Tensor] = []
        self.positions: list[Tensor] = []

    def __call__(self, embeds: Tensor, positions: Tensor, *args: Any, **more: Any) -> Tensor:
        self.embeds.append(embeds)
        self.positions.append(positions)
        return self._forward(embeds, positions, *args, **more)


@pytest.mark.parametrize("setup", [DEMO, second_world.SETUP], ids=["demo", "second world"])
@pytest.mark.parametrize("frames", [16, 64, 72])
def test_training_lays_out_a_clip_as_the_product_does(
    monkeypatch: pytest.MonkeyPatch, frames: int, setup: Setup
) -> None:
    family = build(0, setup.sizes)
    family.model.eval()
    clip = world.draw_clip(np.random.default_rng(frames), frames, world=setup.world)
    reading = Reading(rate=clip.rate, frames=frames, policy=Policy.FULL, timestamps=setup.world.timestamps)
    recorder = Recorder(family)
    monkeypatch.setattr(family, "forward", recorder)
    memory = drain(prefill(family, lambda: clip.read(setup.sizes.frame), reading, CancelToken()))
    length = len(family.prompt.question(NEUTRAL_PROMPT))
    video = layout.lay_video(family, layout.step_times(family, clip), setup=setup)
    with torch.no_grad():
        features = layout.see(family, layout.draw_values(family, [clip], setup), setup).flatten(0, 1)
        embeds = family.embed(video.ids.tolist()).clone()
    embeds[video.visual] = features
    assert memory.free == video.free
    assert torch.equal(torch.cat(recorder.positions, dim=1)[:, :-length], video.positions)
    assert torch.allclose(torch.cat(recorder.embeds)[:-length], embeds, atol=1e-5)
    assert memory.times == pytest.approx(layout.step_times(family, clip))


def test_a_message_of_the_system_is_laid_out_as_the_product_does(untrained: Qwen2VL) -> None:
    """Models whose template begins with one of its own are asked with it."""
    rng = np.random.default_rng(0)
    system = next(filter(None, (layout.draw_system(untrained, rng) for _ in range(100))))
    words = untrained.processor.tokenizer.convert_ids_to_tokens(system)[2:-2]
    processor = build_processor()
    opening = f"<|im_start|>system\n{' '.join(words)}.<|im_end|>\n"
    processor.chat_template = opening + str(processor.chat_template)
    instructed = Qwen2VL(untrained.config, processor)
    video = layout.lay_video(untrained, [0.5, 1.5], system)
    assert video.ids[: video.prefix].tolist() == instructed.prompt.prefix(timestamps=True)
    assert video.free == layout.lay_video(instructed, [0.5, 1.5]).free


def test_training_predicts_what_the_product_predicts(untrained: Qwen2VL) -> None:
    """The whole batch, block mask and all, gives each question the answer that the product gives alone."""
    kinds = ("shape", "when", "count")
    batch = layout.draw_batch(untrained, np.random.default_rng(5), 1, 64, kinds, hide=0.0)
    rng = np.random.default_rng(5)
    clip = world.draw_clip(rng, 64)
    questions = [world.draw_question(rng, clip, kind) for kind in kinds]
    with torch.no_grad():
        features = layout.see(untrained, batch.values).view(1, -1, untrained.shape.hidden)
        embeds = untrained.embed(batch.ids.flatten().tolist())[None].clone()
        embeds[:, batch.visual.nonzero()[:, 0]] = features
        hidden = untrained.language_model(
            inputs_embeds=embeds, position_ids=batch.positions, attention_mask=batch.mask, use_cache=False
        ).last_hidden_state
    predicted = untrained.logits(hidden[batch.labels != layout.IGNORED]).argmax(-1)
    kind_of = batch.kinds[batch.labels != layout.IGNORED]
    reading = Reading(rate=clip.rate, frames=64, policy=Policy.FULL)
    memory = drain(prefill(untrained, lambda: clip.read(FRAME), reading, CancelToken()))
    for question in questions:
        assert question is not None
        ids = untrained.prompt.question(question.text)
        first = next(answer_ids(untrained, memory, ids, GenerationLimits(), CancelToken()))
        assert first == int(predicted[kind_of == world.KINDS.index(question.kind)][0])


def test_labels_are_the_answer_and_its_end(untrained: Qwen2VL) -> None:
    batch = layout.draw_batch(untrained, np.random.default_rng(1), 4, 32, ("when", "exists"), hide=0.5)
    tokenizer = untrained.processor.tokenizer
    for row in range(4):
        for kind, forms in (("when", r"\d+:\d\d"), ("exists", "yes|no")):
            labels = batch.labels[row][batch.kinds[row] == world.KINDS.index(kind)]
            assert int(labels[-1]) == tokenizer.eos_token_id
            assert re.fullmatch(forms, tokenizer.decode(labels[:-1]))


def test_questions_have_no_unknown_words(untrained: Qwen2VL) -> None:
    rng = np.random.default_rng(3)
    unknown = untrained.processor.tokenizer.unk_token_id
    assert unknown in untrained.prompt.question("What colour is the zebra?")
    for index in range(300):
        clip = world.draw_clip(rng, 32)
        question = world.draw_question(rng, clip, world.KINDS[index % len(world.KINDS)])
        if question is not None:
            ids = untrained.prompt.question(question.text) + untrained.prompt.tokens(question.answer)
            assert unknown not in ids


@pytest.mark.parametrize("there", [world.FIRST, second_world.SECOND], ids=["first world", "second world"])
@pytest.mark.parametrize("frames", [16, 32, 128])
def test_happenings_fit_and_do_not_overlap(frames: int, there: world.World) -> None:
    rng = np.random.default_rng(frames)
    counts = set()
    for _ in range(200):
        clip = world.draw_clip(rng, frames, world=there)
        counts.add(len(clip.happenings))
        end = -1
        for happening in clip.happenings:
            assert end < happening.start < happening.stop <= frames
            assert happening.stop - happening.start <= there.longest
            end = happening.stop
        assert len({happening.colour for happening in clip.happenings}) == len(clip.happenings)
    assert counts == {1, 2, 3, 4}


def test_pictures_show_what_the_labels_say() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        clip = world.draw_clip(rng, 32)
        pictures = clip.pictures(FRAME).reshape(16, 2, SIDE, FRAME // SIDE, SIDE, FRAME // SIDE, 3)
        cells, begun = clip.cells(2, SIDE)
        assert begun[-1] == len(clip.happenings)
        empty = without_happenings(clip).pictures(FRAME).reshape(pictures.shape)
        changed = (np.abs(pictures.astype(int) - empty).max(axis=-1) > 12).mean(axis=(1, 3, 5)).reshape(16, -1)
        assert (changed[cells == 0] <= 0.06).all()
        assert (changed[cells > 0] > 0.05).all()


def without_happenings(clip: world.Clip) -> world.Clip:
    return world.Clip(clip.frames, clip.rate, (), clip.seed, clip.noise)


def test_a_clip_is_the_same_at_every_size_and_every_time() -> None:
    clip = world.draw_clip(np.random.default_rng(2), 16)
    quiet = world.Clip(clip.frames, clip.rate, clip.happenings, clip.seed, 0.0)
    assert np.array_equal(clip.pictures(48), clip.pictures(48))
    small = quiet.pictures(48).astype(float)
    large = quiet.pictures(192).astype(float).reshape(16, 48, 4, 48, 4, 3).mean(axis=(2, 4))
    assert np.abs(small - large).mean() < 1.5


def test_a_recording_read_by_the_decoder_is_the_clip(tmp_path: Path) -> None:
    clip = replace(world.draw_clip(np.random.default_rng(6), 24, rate=2.0), noise=3.0)
    with closing(open_source(recording.write(clip, tmp_path / "clip.mp4"))) as source:
        frames = list(source.frames(clip.rate))
    assert [frame.time for frame in frames] == pytest.approx([index / clip.rate for index in range(24)])
    drawn = replace(clip, noise=0.0).pictures(160).astype(float)
    for picture, frame in zip(drawn, frames, strict=True):
        difference = picture - frame.image
        assert np.abs(difference - difference.mean()).mean() < 6  # the flicker of a frame is its own


def test_a_recording_of_the_library_is_sampled_whole(tmp_path: Path) -> None:
    (path,) = recording.write_library(tmp_path, clips=1, frames=24)
    notes = json.loads(path.with_suffix(".json").read_text("utf-8"))
    with closing(open_source(path)) as source:
        duration = source.info.duration
        assert duration is not None
        assert recording.SECONDS[0] - 1 <= duration <= recording.SECONDS[1] + 1
        rate, times = sample_times(duration, 24)
        frames = list(source.frames(rate))
    assert len(frames) == len(times) == 24
    assert all(0 <= happening["start"] < happening["stop"] <= duration + 1 for happening in notes["happenings"])
    assert {question["kind"] for question in notes["questions"]} >= {
        "shape",
        "first",
        "last",
        "count",
        "when",
    }
