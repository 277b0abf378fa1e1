"""Pictures in bfloat16: taken where it is faster and search sees the same, remembered, and left where it fails."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from retake_core.cli.show.doctor import print_report
from retake_core.data_dir import DataDir
from retake_core.encoders import open_encoder, precision, precision_verdicts
from retake_core.encoders.base import EncodedFrames
from retake_core.encoders.local_encoder import LocalEncoder
from retake_core.encoders.precision import LOSS, PICTURES, Precision, choose_precision, difference
from retake_core.encoders.precision_verdicts import BFLOAT16, PrecisionVerdicts, precision_status
from retake_core.encoders.registry import EMBEDDING, prepare_for_indexing
from retake_core.hub.model_folder import OPEN_CLIP
from retake_core.maintenance.doctor import examine
from retake_core.system.verdicts import Verdict
from tests.support.tiny_encoders import HERE, save_tiny_encoder

Open = Callable[..., LocalEncoder]
ANY = 2.0
"""A cosine that no two pictures reach: all count as different."""


@pytest.fixture(autouse=True)
def processor(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A processor that computes in bfloat16; change it."""
    stand_in: dict[str, object] = {"cpu_name": "Test 1", "avx512_bf16": True, "l2_cache_size": 1}
    monkeypatch.setattr(precision_verdicts, "processor", lambda: stand_in)
    return stand_in


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {family: save_tiny_encoder(family, tmp_path_factory.mktemp("models") / family) for family in HERE}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "speeds" / "precision.json"


@pytest.fixture
def opened(folders: dict[str, Path], kept: Path) -> Open:
    """Opens an encoder whose bfloat16 takes a part of float32's time."""

    def open_one(part: float = 0.5, family: str = "siglip", alike: float = ANY) -> LocalEncoder:
        encoder = open_encoder(f"{family}:{folders[family]}", "cpu")
        assert isinstance(encoder, LocalEncoder)
        now = 0.0

        def clock() -> float:
            nonlocal now
            now += 1.0 if encoder.picture_dtype == torch.float32 else part
            return now

        encoder.precision = Precision(encoder, PrecisionVerdicts(kept), clock, alike)
        return encoder

    return open_one


def pictures(number: int = PICTURES, first: int = 0) -> list[NDArray[np.uint8]]:
    """Return smooth, coloured noise."""
    made = []
    for seed in range(first, first + number):
        coarse = torch.from_numpy(np.random.default_rng(seed).random((1, 3, 4, 4), np.float32))
        smooth = nn.functional.interpolate(coarse, (90, 120), mode="bilinear")
        made.append((smooth[0].permute(1, 2, 0) * 255).byte().numpy())
    return made


def the_verdict(kept: Path, encoder: LocalEncoder) -> Verdict:
    return PrecisionVerdicts(kept).of(BFLOAT16)[encoder.id]


def refuse_bfloat16(encoder: LocalEncoder) -> None:
    """Let a model's picture side fail in bfloat16, as on a processor that lacks an operation."""

    def refuse(_: nn.Module, arguments: tuple[Any, ...]) -> None:
        if arguments[0].dtype == torch.bfloat16:
            raise RuntimeError("no kernel for BFloat16")

    for part in encoder.parts().values():
        linear = next(module for module in part.modules() if isinstance(module, nn.LayerNorm))
        linear.register_forward_pre_hook(refuse)


@pytest.mark.parametrize("family", [name for name in HERE if name not in (EMBEDDING, OPEN_CLIP)])
def test_the_faster_one_is_taken_and_search_sees_the_same(
    opened: Open, kept: Path, family: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    encoder = opened(0.5, family)
    before, text = encoder.encode_frames(pictures()), encoder.encode_text("a bicycle")
    assert encoder.picture_dtype == torch.bfloat16
    assert the_verdict(kept, encoder).right
    assert "50% of the time" in the_verdict(kept, encoder).why
    assert "looks at pictures in bfloat16" in caplog.text
    after = encoder.encode_frames(pictures())
    assert (before.embeddings * after.embeddings).sum(1).min() > 1 - LOSS
    assert not np.array_equal(before.embeddings, after.embeddings), "it is another precision"
    assert after.embeddings.dtype == after.maps.dtype == np.float32
    np.testing.assert_array_equal(encoder.encode_text("a bicycle"), text, "texts stay in float32")


@pytest.mark.skipif(OPEN_CLIP not in HERE, reason="needs the extra open-clip")
def test_models_of_openclip_see_in_bfloat16(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the tiny one all pictures look the same, so that no order of them is left to compare."""
    monkeypatch.setattr(precision, "LOSS", 2.0)
    encoder = opened(0.5, OPEN_CLIP)
    before = encoder.encode_frames(pictures())
    assert encoder.picture_dtype == torch.bfloat16
    after = encoder.encode_frames(pictures())
    assert (before.embeddings * after.embeddings).sum(1).min() > 1 - LOSS


def test_a_verdict_is_asked_for_once(opened: Open, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened().encode_frames(pictures())
    monkeypatch.setattr(precision, "judge", None)  # whoever calls it fails
    again = opened()
    assert again.picture_dtype == torch.bfloat16, "from the first picture on"
    again.encode_frames(pictures(2 * PICTURES))
    assert the_verdict(kept, again).right


def test_one_that_is_not_clearly_faster_is_not_taken(opened: Open, kept: Path) -> None:
    encoder = opened(0.9)
    before = encoder.encode_frames(pictures()).embeddings
    assert the_verdict(kept, encoder) == Verdict(False, "It takes 90% of the time of float32.")
    np.testing.assert_array_equal(encoder.encode_frames(pictures()).embeddings, before)
    assert opened(0.1).picture_dtype == torch.float32, "remembered"


def test_one_that_sees_something_else_is_not_taken(
    opened: Open, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = precision._copies

    def coarse(parts: Mapping[str, nn.Module], dtype: torch.dtype) -> dict[str, nn.Module]:
        made = copies(parts, dtype)
        for weight in [weight for part in made.values() for weight in part.parameters()]:
            weight.add_(0.2 * weight.std(correction=0) * torch.randn(weight.shape, generator=noise))
        return made

    noise = torch.Generator().manual_seed(1)
    monkeypatch.setattr(precision, "_copies", coarse)
    encoder = opened()
    before = encoder.encode_frames(pictures()).embeddings
    assert "Search would see a difference of" in the_verdict(kept, encoder).why
    assert not the_verdict(kept, encoder).right
    np.testing.assert_array_equal(encoder.encode_frames(pictures()).embeddings, before)


@pytest.mark.parametrize("change", ["processor", "features", "pytorch", "weights"])
def test_what_decides_it_is_asked_anew(
    opened: Open,
    kept: Path,
    processor: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    opened(0.9).encode_frames(pictures())
    match change:
        case "processor":
            processor["cpu_name"] = "Test 2"
        case "features":
            processor["amx_bf16"] = True
        case "pytorch":
            monkeypatch.setattr(precision_verdicts, "version", lambda _: "99")
    encoder = opened(0.5, "clip" if change == "weights" else "siglip")
    encoder.encode_frames(pictures())
    assert encoder.picture_dtype == torch.bfloat16
    assert the_verdict(kept, encoder).right


def test_a_picture_side_that_fails_in_the_trial_stays_in_float32(
    opened: Open, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = opened()
    refuse_bfloat16(encoder)
    before = encoder.encode_frames(pictures()).embeddings
    assert the_verdict(kept, encoder) == Verdict(False, "It fails: no kernel for BFloat16.")
    assert "cannot look at pictures in bfloat16" in caplog.text
    np.testing.assert_array_equal(encoder.encode_frames(pictures()).embeddings, before)


def test_one_that_fails_later_goes_on_in_float32(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    opened().encode_frames(pictures())
    encoder = opened()
    expected = encoder.encode_frames(pictures()).embeddings
    refuse_bfloat16(encoder)
    found = encoder.encode_frames(pictures()).embeddings
    assert encoder.picture_dtype == torch.float32
    assert (found * expected).sum(1).min() > 1 - LOSS
    assert caplog.text.count("fails in bfloat16, and goes on in float32: no kernel for BFloat16") == 1
    encoder.encode_frames(pictures())
    assert caplog.text.count("fails in bfloat16") == 1


def test_pictures_are_gathered_over_calls_and_look_alikes_count_once(opened: Open, kept: Path) -> None:
    encoder = opened(alike=0.9999)
    for _ in range(PICTURES):
        encoder.encode_frames(pictures(1))
    encoder.encode_frames(pictures(PICTURES - 2, first=1))
    assert not kept.exists()
    encoder.encode_frames(pictures(9, first=PICTURES - 1))
    assert the_verdict(kept, encoder).right


def test_who_keeps_float32(
    folders: dict[str, Path], kept: Path, processor: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts of Qwen3-VL go through the layers of its pictures; the built-in encoder knows no other precision."""
    prepare_for_indexing(open_encoder("builtin"), kept)

    def prepared(family: str) -> LocalEncoder:
        encoder = open_encoder(f"{family}:{folders[family]}", "cpu")
        assert isinstance(encoder, LocalEncoder)
        prepare_for_indexing(encoder, kept)
        return encoder

    assert prepared(EMBEDDING).precision is None
    processor["avx512_bf16"] = False
    assert prepared("clip").precision is None
    processor["bf16"] = True  # as ARM's are called
    encoder = prepared("clip")
    chosen = encoder.precision
    assert chosen is not None
    choose_precision(encoder, PrecisionVerdicts(kept))
    assert encoder.precision is chosen, "the next run goes on gathering"
    monkeypatch.undo()
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not precision_verdicts.computes_in_bfloat16(), "an older PyTorch does not tell"


def test_an_encoder_that_was_only_opened_keeps_float32(folders: dict[str, Path]) -> None:
    encoder = open_encoder(f"clip:{folders['clip']}", "cpu")
    assert isinstance(encoder, LocalEncoder)
    encoder.encode_frames(pictures())
    assert encoder.picture_dtype == torch.float32


def seen(*rows: list[float]) -> EncodedFrames:
    vectors = np.array(rows, np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return EncodedFrames(vectors, vectors[:, None])


def test_difference_is_the_most_of_what_search_sees() -> None:
    full = seen([1, 0, 0], [0, 1, 0], [0, 0, 1])
    texts = seen([1, 2, 3]).embeddings
    assert difference(full, full, texts) == pytest.approx(0, abs=1e-6)
    turned = seen([1, 0.1, 0], [0, 1, 0], [0, 0, 1])
    assert difference(full, turned, texts) > 1 - 1 / np.hypot(1, 0.1), "of the picture that differs most"
    assert np.isnan(difference(full, seen([np.nan, 0, 0], [0, 1, 0], [0, 0, 1]), texts))
    near = seen([1, 0, 0.01], [1, 0.01, 0], [1, 0.01, 0.01])
    moved = seen([1, 0, 0.02], [1, 0.02, 0], [1, 0.02, 0.02])
    assert (near.embeddings * moved.embeddings).sum(1).min() > 1 - LOSS
    assert difference(near, moved, texts) > LOSS, "what hardly differs changes its order by little"


def test_the_doctor_tells_what_is_known(
    opened: Open, kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert precision_status(kept) == []
    encoder = opened()
    encoder.encode_frames(pictures())
    ((name, lower, why),) = precision_status(kept)
    assert (name, lower) == (encoder.id, True)
    assert why.startswith("It takes 50% of the time of float32; search sees a difference of 0.0")
    report = examine(DataDir(kept.parent.parent), [], str)
    assert report["precision"] == [{"name": name, "lower": True, "detail": why}]
    print_report(report)
    shown = " ".join(capsys.readouterr().out.split())
    assert f"pictures by {encoder.id} in bfloat16 on the processor: It takes 50%" in shown
