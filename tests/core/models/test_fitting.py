"""What a model takes on a computer, and how long it works there."""

from pathlib import Path

import pytest

from retake_core.models import fitting
from retake_core.models.catalogue import BY_ID, CATALOGUE, LanguageModelSizes
from retake_core.protocol.model_messages import ModelKind
from retake_core.videollm.loading import load_family
from retake_core.videollm.planner import Recording
from retake_core.videollm.reading import Reading

GB = 10**9


def test_a_blueprint_counts_what_the_model_itself_counts(saved: Path) -> None:
    family = load_family(saved)
    text, vision = family.config.get_text_config(), family.config.vision_config
    shape = family.shape
    decoder = LanguageModelSizes(
        "qwen2_vl",
        shape.layers,
        shape.heads,
        shape.kv_heads,
        shape.head_dim,
        shape.hidden,
        shape.intermediate,
        text.vocab_size,
        vision.patch_size,
    )
    recording, reading = Recording(60.0, 448, 252), Reading(rate=1.0, frames=60, keep_ratio=0.5)
    ours, real = recording.count(fitting.blueprint(decoder), reading), recording.count(family, reading)
    assert (ours.frames, ours.visual_tokens, ours.kept_tokens) == (
        real.frames,
        real.visual_tokens,
        real.kept_tokens,
    )
    assert ours.pixel_bytes == real.pixel_bytes


def test_compression_saves_memory_and_less_of_it_means_fewer_frames() -> None:
    for entry in CATALOGUE:
        roomy = fitting.need(entry, 1 << 50)
        if entry.decoder is None:
            assert (roomy.full_bytes, roomy.frames) == (None, 1)
            continue
        assert roomy.frames == 2048
        assert roomy.full_bytes is not None
        assert entry.parameters * 2 < roomy.compressed_bytes < roomy.full_bytes
        assert fitting.need(entry, roomy.compressed_bytes).frames == 2048
        assert fitting.need(entry, 1 * GB).frames == 0
    tight = fitting.need(BY_ID["Qwen/Qwen2.5-VL-7B-Instruct"], 37 * GB)
    assert 0 < tight.frames <= 2048


def test_an_hour_of_video_takes_longer_with_larger_models_and_slower_machines() -> None:
    small, large = BY_ID["Qwen/Qwen2-VL-2B-Instruct"], BY_ID["Qwen/Qwen2-VL-7B-Instruct"]
    fast, slow = (fitting.need(small, 1 << 50, speed=speed).hour_seconds for speed in (1e14, 1e11))
    assert fast is not None
    assert slow is not None
    assert slow == pytest.approx(1000 * fast)
    assert 3600 < slow < 36_000  # hours on a processor
    more = fitting.need(large, 1 << 50, speed=1e11).hour_seconds
    assert more is not None
    assert more > 2 * slow
    for kind in (ModelKind.ENCODER, ModelKind.SPEECH):
        times = [
            fitting.need(model, 1 << 50, speed=1e11).hour_seconds for model in CATALOGUE if model.kind is kind
        ]
        assert all(time is not None and 5 < time < 300_000 for time in times)  # the largest are for graphics cards
    assert fitting.need(small, 1 << 50).hour_seconds is None  # where nothing was measured


def test_what_fits_is_told_by_the_memory_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "total_bytes", lambda: 64 * GB)
    monkeypatch.setattr(fitting, "available_bytes", lambda: 1 * GB)
    measured = fitting.measure()
    needs = {need.id: need for need in measured.needs}
    assert (measured.free_bytes, measured.total_bytes) == (1 * GB, 64 * GB)
    assert needs["Qwen/Qwen2-VL-2B-Instruct"].frames
    assert all(need.hour_seconds for need in measured.needs)
