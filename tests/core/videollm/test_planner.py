"""Plans: counts that a run confirms, and lowering until it fits."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.models.catalogue import BY_ID, CATALOGUE
from retake_core.models.fitting import blueprint
from retake_core.videollm import costs
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.costs import ANSWER_TOKENS, attention_bytes, count, peak_bytes
from retake_core.videollm.events import Stats
from retake_core.videollm.families import base
from retake_core.videollm.families.base import Family
from retake_core.videollm.kv.pivotkv import GPU_BLOCK_BYTES
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.loading import load_family
from retake_core.videollm.machine import available_bytes
from retake_core.videollm.planner import TYPICAL, USABLE, Recording, make_plan, sample_times
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import PLAIN, Detail, Reading, keep_ratio_for, lowered
from retake_core.videollm.shape import ModelShape
from retake_core.videollm.weights import revision, weight_bytes
from tests.support import tiny
from tests.support.live_bytes import LiveBytes


@pytest.mark.parametrize("ratio", [1.0, 0.3])
@pytest.mark.parametrize("timestamps", [True, False])
@pytest.mark.parametrize("frames", [1, 21, 50])
def test_counts_are_what_a_run_allocates(family: Family, ratio: float, timestamps: bool, frames: int) -> None:
    reading = tiny.tiny_reading(keep_ratio=ratio, timestamps=timestamps, frames=frames)
    times = [index / reading.rate for index in range(frames)]
    counts = count(family, reading, times, 32, 24)
    memory = tiny.read_tiny(family, reading)
    assert counts.frames == frames
    assert counts.visual_tokens == memory.visual_tokens
    assert counts.kept_tokens == memory.kept_tokens
    assert [counts.entries] * 3 == memory.cache.lengths()
    assert counts.kv_bytes == memory.cache.nbytes


@pytest.mark.parametrize("ratio", [1.0, 0.3])
@pytest.mark.parametrize("timestamps", [True, False])
def test_no_position_is_used_beyond_those_that_are_counted(
    family: Family, ratio: float, timestamps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []
    forward = type(family).forward

    def note(self: Family, embeds: Tensor, positions: Tensor, *rest: Any, **more: Any) -> Tensor:
        used.append(int(positions.max()) + 1)
        return forward(self, embeds, positions, *rest, **more)

    reading = tiny.tiny_reading(keep_ratio=ratio, timestamps=timestamps, frames=50)
    counts = count(family, reading, [index / reading.rate for index in range(50)], 32, 24)
    monkeypatch.setattr(type(family), "forward", note)
    memory = tiny.read_tiny(family, reading)
    assert counts.positions == max(*used[:-1], memory.free + ANSWER_TOKENS)  # the last one is the neutral prompt's


def test_a_processor_takes_more_than_a_card(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Recording(8.0, 96, 72).count(qwen, tiny.tiny_reading(long_side=96))
    more, all_of_it = costs.processor_bytes(qwen, counts.chunk_tokens), peak_bytes(qwen, counts, weights=0)
    assert costs.KEPT_ON_PROCESSORS < more < all_of_it
    monkeypatch.setattr(type(qwen), "device", torch.device("cuda"))
    assert costs.processor_bytes(qwen, counts.chunk_tokens) == 0


def test_a_plan_stays_within_the_positions_that_a_model_knows() -> None:
    """LLaVA-OneVision knows 32,768: the question must not be asked at their end."""
    offered = BY_ID["llava-hf/llava-onevision-qwen2-7b-ov-hf"]
    assert offered.decoder is not None
    family = blueprint(offered.decoder)
    family.config.get_text_config().max_position_embeddings = 32_768
    plan = make_plan(family, TYPICAL, available=1 << 60, weights=0)
    assert plan.reading.frames == 2048
    assert not plan.lowered
    assert plan.counts.positions <= 32_768
    assert plan.counts.entries < 32_768 - 4096
    more = make_plan(family, TYPICAL, available=1 << 60, weights=0, budget=32_000)
    assert more.counts.positions <= 32_768
    assert more.lowered


@pytest.mark.parametrize("ratio", [0.25, 1.0])
def test_the_peak_is_no_more_than_planned_and_flat_beyond_the_budget(
    family: Family, ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "processor_bytes", lambda *_: 0)  # of a model so small, all else is less
    peaks = []
    for frames in (16, 48):
        # The same budget for both.
        reading = tiny.tiny_reading(
            frames=frames, long_side=96, keep_ratio=ratio * (16 / frames if ratio < 1 else 1)
        )
        counts = Recording(frames / reading.rate, 96, 72).count(family, reading)
        frames_of = partial(tiny.tiny_frames, frames, reading.rate, 96, 72)
        with LiveBytes() as live:
            memory = tiny.drain(prefill(family, frames_of, reading, CancelToken(), shape=(96, 72)))
        assert memory.cache.stored_bytes == family.shape.kv_bytes(counts.room, 4) + family.shape.state_bytes(4)
        assert live.peak <= peak_bytes(family, counts, weights=0)
        peaks.append(live.peak)
    if ratio < 1:
        assert peaks[1] < 1.15 * peaks[0]


def test_counting_everything_ignores_the_keep_ratio(qwen: Family) -> None:
    reading = tiny.tiny_reading(keep_ratio=0.1, policy=Policy.FULL)
    counts = count(qwen, reading, [index / 4 for index in range(20)], 32, 24)
    assert counts.kept_tokens == counts.visual_tokens == tiny.read_tiny(qwen, reading).kept_tokens


def test_the_numbers_of_the_paper_scale_model() -> None:
    """Qwen2-VL-7B on 2048 frames of 16 x 9 tokens: 8.46 GB in full, 1.84 GB at a budget of 32,000."""
    shape = ModelShape(28, 28, 4, 128, 3584, 18944, 152064)
    visual = 1024 * 16 * 9
    assert visual == 147_456
    assert shape.kv_bytes(visual, 2) == pytest.approx(8.46e9, rel=0.001)
    assert shape.kv_bytes(32_000, 2) == pytest.approx(1.84e9, rel=0.003)
    assert keep_ratio_for(32_000, visual) == pytest.approx(0.217, abs=0.001)
    assert keep_ratio_for(32_000, 10) == 1.0


@settings(deadline=None)
@given(duration=st.floats(0.1, 40_000), frames=st.integers(1, 2048))
def test_frames_are_spread_over_the_whole_video(duration: float, frames: int) -> None:
    rate, times = sample_times(duration, frames)
    assert 1 <= len(times) <= frames
    assert rate <= 2.0
    assert times[0] == 0
    assert times[-1] < duration
    assert duration - times[-1] <= 1 / rate + 1e-6


def test_a_video_of_unknown_length_gets_a_plan(qwen: Family) -> None:
    assert make_plan(qwen, Recording(0.0, 32, 24), 1 << 40, 0).counts.frames == 1


def test_a_plan_with_room_is_not_lowered(qwen: Family) -> None:
    plan = make_plan(qwen, Recording(60.0, 32, 24), available=1 << 40, weights=1000)
    assert not plan.lowered
    assert plan.reading.keep_ratio == 1.0
    assert plan.counts.frames == 120
    assert plan.seconds == {}


def test_the_keep_ratio_follows_the_budget(qwen: Family) -> None:
    plan = make_plan(qwen, Recording(60.0, 448, 448), available=1 << 40, weights=0, budget=1000)
    assert plan.counts.kept_tokens <= 1000
    assert plan.counts.kept_tokens > 1000 - len(range(0, 120, 32)) - 1
    assert not plan.lowered


def test_first_the_chunks_are_smaller_then_the_keep_ratio_then_the_frames(
    qwen: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "processor_bytes", lambda *_: 0)  # of a model so small, all else is less
    full = make_plan(qwen, Recording(600.0, 448, 448), 1 << 40, 0, frames=1024, keep_ratio=1.0)
    seen = []
    for share in (0.9, 0.6, 0.24):
        plan = make_plan(
            qwen, Recording(600.0, 448, 448), int(share * full.peak_bytes), 0, frames=1024, keep_ratio=1.0
        )
        assert plan.peak_bytes <= share * full.peak_bytes
        assert plan.lowered == ((plan.counts.frames, plan.reading.keep_ratio) != (1024, 1.0))
        seen.append((plan.counts.frames, plan.reading.keep_ratio, plan.reading.chunk_frames))
    assert seen[0] == (1024, 1.0, 16)
    assert seen[1][:2] == (1024, 0.5)
    assert seen[-1][0] < 1024
    assert seen == sorted(seen, reverse=True)


def published(model: str) -> Family:
    decoder = BY_ID[model].decoder
    assert decoder is not None
    return blueprint(decoder)


@pytest.mark.parametrize(
    ("seconds", "side", "rate"),
    [(10, 1008, 4.0), (30, 1008, 2.0), (100, 672, 2.0), (300, 448, 2.0), (3600, 448, 0.57)],
)
def test_a_short_clip_uses_the_budget_that_is_there(seconds: float, side: int, rate: float) -> None:
    family, recording = published("Qwen/Qwen2-VL-7B-Instruct"), Recording(seconds, 1920, 1080, 30.0)
    plan = make_plan(family, recording, 1 << 60, 0, detail=Detail())
    plain = make_plan(family, recording, 1 << 60, 0)
    assert (plan.reading.long_side, round(plan.reading.rate, 2)) == (side, rate)
    assert plan.counts.visual_tokens * plan.reading.keep_ratio <= 32_000
    assert plan.reading.keep_ratio == plain.reading.keep_ratio, "nothing more is evicted for it"
    assert not plan.lowered


def test_what_is_spent_fits_the_card_and_the_wishes() -> None:
    family, recording = published("Qwen/Qwen2-VL-7B-Instruct"), Recording(20.0, 1920, 1080, 30.0)
    plain, closest = (make_plan(family, recording, 1 << 60, 0, detail=d) for d in (PLAIN, Detail()))
    sides = []
    for available in range(plain.peak_bytes, closest.peak_bytes, (closest.peak_bytes - plain.peak_bytes) // 8):
        plan = make_plan(family, recording, available, 0, detail=Detail())
        assert plan.peak_bytes <= available
        sides.append((plan.reading.long_side, plan.counts.visual_tokens))
    assert sides[0][0] < sides[-1][0]
    assert sides == sorted(sides)
    assert make_plan(family, recording, 1 << 60, 0, frames=20, detail=Detail()).counts.frames <= 20
    assert make_plan(family, recording, 1 << 60, 0, detail=Detail(672, 2.0)).reading.long_side == 672
    assert make_plan(family, recording, 1 << 60, 0, detail=Detail(224, 1.0)).reading.long_side == 224


def test_a_small_video_is_planned_at_no_more_pixels_than_it_has() -> None:
    """So that its memory has one key, however much room there is."""
    family = published("Qwen/Qwen2-VL-7B-Instruct")
    plan = make_plan(family, Recording(60.0, 640, 360, 30.0), 1 << 60, 0, detail=Detail())
    assert plan.reading.long_side == 672
    assert family.vision.frame_size(640, 360, 672) == family.vision.frame_size(640, 360, 1008)


def test_out_of_memory_takes_the_detail_first() -> None:
    reading = Reading(rate=4.0, frames=80, long_side=1008)
    steps = []
    while (smaller := lowered(reading)) is not None:
        reading = smaller
        steps.append((reading.frames, reading.rate, reading.long_side, reading.keep_ratio))
    assert steps[:5] == [
        (40, 2.0, 1008, 1.0), (40, 2.0, 868, 1.0), (40, 2.0, 672, 1.0), (40, 2.0, 512, 1.0), (40, 2.0, 448, 1.0),
    ]  # fmt: skip
    assert steps[5] == (40, 2.0, 448, 0.5)
    assert steps[-1][0] >= 16


@pytest.mark.parametrize("wishes", [{"frames": 0}, {"keep_ratio": 0.0}, {"keep_ratio": 1.5}, {"budget": 0}])
def test_senseless_wishes_are_refused(qwen: Family, wishes: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="at least 1"):
        make_plan(qwen, Recording(60.0, 32, 24), 1 << 40, 0, **wishes)


def test_what_never_fits_is_a_clear_error(qwen: Family) -> None:
    with pytest.raises(UserError, match="are free"):
        make_plan(qwen, Recording(600.0, 448, 448), available=1000, weights=2000)


def test_masks_are_counted_where_there_are_any(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    chunk, past, layer = 1000, 20_000, 4 * 2 * qwen.shape.heads * qwen.shape.head_dim
    joined, short = attention_bytes(qwen, chunk, past), attention_bytes(qwen, chunk, 2000)
    assert short == 3000 * layer + chunk * 3000 * (1 + 4)
    assert joined == attention_bytes(qwen, chunk, 10 * past) == 4095 * layer + chunk * 4095 * (1 + 4)
    monkeypatch.setattr(costs, "kernel_for", lambda *_: None)
    assert attention_bytes(qwen, chunk, past) == (past + chunk) * (layer + chunk * (1 + 4))
    assert attention_bytes(qwen, chunk, 2000) == short


@given(ratio=st.floats(0.05, 1.0), frames=st.integers(16, 512))
@settings(deadline=None, max_examples=25)
def test_more_of_anything_never_needs_less(qwen: Family, ratio: float, frames: int) -> None:
    times = [index / 2 for index in range(2 * frames)]
    reading = Reading(rate=2.0, frames=frames, keep_ratio=ratio, timestamps=False)
    small = peak_bytes(qwen, count(qwen, reading, times, 448, 252), 0)
    assert peak_bytes(qwen, count(qwen, replace(reading, frames=2 * frames), times, 448, 252), 0) >= small
    assert peak_bytes(qwen, count(qwen, replace(reading, keep_ratio=1.0), times, 448, 252), 0) >= small


@pytest.mark.parametrize(
    ("title", "free", "frames"), [("Qwen2-VL 2B", 5.9e9, 1024), ("Qwen2.5-VL 3B", 9.7e9, 1024)]
)
def test_a_small_card_reads_in_smaller_chunks_and_not_fewer_frames(
    title: str, free: float, frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With chunks of 32 frames and blocks of 256 MB, 16 and 256 frames would fit."""
    (offered,) = (model for model in CATALOGUE if model.title == title)
    assert offered.decoder is not None
    monkeypatch.setattr(base, "model_dtype", lambda *_: torch.bfloat16)
    monkeypatch.setattr(costs, "block_bytes_on", lambda _: GPU_BLOCK_BYTES)
    monkeypatch.setattr(costs, "processor_bytes", lambda *_: 0)
    plan = make_plan(blueprint(offered.decoder), TYPICAL, int(USABLE * free), 2 * offered.parameters)
    assert plan.reading.frames >= frames
    assert plan.reading.chunk_frames >= 16


def test_the_peak_is_flat_beyond_the_budget(qwen: Family) -> None:
    peaks = []
    for duration in (256, 512, 1024):
        plan = make_plan(qwen, Recording(duration, 448, 448), 1 << 40, 0, budget=8000)
        assert plan.counts.frames == 2 * duration
        peaks.append(plan.peak_bytes)
    assert max(peaks) < 1.06 * min(peaks)  # only the written times grow


def test_weights_are_counted_from_their_headers(tmp_path: Path) -> None:
    folder = tiny.save_tiny("qwen2_vl", tmp_path)
    numbers = sum(parameter.numel() for parameter in load_family(folder).model.parameters())
    assert weight_bytes(folder, torch.bfloat16) == 2 * numbers
    assert weight_bytes(folder, torch.float32) == 4 * numbers


@pytest.mark.parametrize("content", [b"", b"\xff" * 16, b"\x02\0\0\0\0\0\0\0[]"])
def test_damaged_weights_are_a_clear_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UserError, match="has none"):
        weight_bytes(tmp_path, torch.float32)
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(UserError, match="damaged"):
        weight_bytes(tmp_path, torch.float32)


def test_the_revision_changes_with_weights_and_settings(tmp_path: Path) -> None:
    folder = tiny.save_tiny("qwen2_vl", tmp_path)
    first = revision(folder)
    assert revision(folder) == first
    config = folder / "config.json"
    config.write_text(config.read_text() + " ")
    second = revision(folder)
    tiny.save_tiny("qwen2_5_vl", folder)
    assert len({first, second, revision(folder)}) == 3


def test_this_machine_has_some_memory() -> None:
    assert available_bytes() > 0


def test_predictions_follow_the_runs(qwen: Family, tmp_path: Path) -> None:
    stats = Stats()
    memory = tiny.read_tiny(qwen, tiny.tiny_reading(), stats)
    counts = count(qwen, tiny.tiny_reading(), [index / 4 for index in range(20)], 32, 24)
    assert counts.visual_tokens == memory.visual_tokens
    path = tmp_path / "folder" / "calibration.json"
    assert Calibration.load(path).predict(counts) == {}
    learned = Calibration({}).updated(counts, stats)
    learned.save(path)
    stored = Calibration.load(path)
    predicted = stored.predict(counts)
    assert set(predicted) == {"decode", "vision", "prefill"}
    for phase, seconds in predicted.items():
        assert seconds == pytest.approx(stats.seconds[phase])
    twice = replace(counts, frames=40, visual_tokens=2 * counts.visual_tokens)
    assert stored.predict(twice)["prefill"] == pytest.approx(2 * predicted["prefill"])
    slower = Stats(seconds={"prefill": 3 * stats.seconds["prefill"]})
    assert stored.updated(counts, slower).predict(counts)["prefill"] == pytest.approx(2 * predicted["prefill"])
    from_memory = Stats(seconds={"prefill": 0.0}, from_memory=True)
    assert stored.updated(counts, from_memory) == stored
    plan = make_plan(qwen, Recording(5.0, 32, 24), 1 << 40, 0, frames=10, calibration=stored)
    assert set(plan.seconds) == set(predicted)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"prefill": "fast"}', b"\xff"])
def test_a_damaged_calibration_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(content)
    assert Calibration.load(path).rates == {}
