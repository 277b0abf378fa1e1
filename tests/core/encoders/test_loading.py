"""Loading encoders: what happens to their files is a sentence, or nothing at all."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from huggingface_hub import constants
from safetensors.torch import load_file, save_file

from retake_core.encoders import loading, open_encoder
from retake_core.errors import UserError
from retake_core.hub.cache import CachedModel
from retake_core.hub.weights import reading_weights
from tests.support.tiny_encoders import save_tiny_encoder

IMAGE = np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_encoder("clip", tmp_path_factory.mktemp("saved") / "clip")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "clip"))


def weights(folder: Path) -> Path:
    return folder / "model.safetensors"


def cut(folder: Path) -> None:
    os.truncate(weights(folder), weights(folder).stat().st_size // 2)


def swap(folder: Path) -> None:
    tensors = {name: value + 1 for name, value in load_file(weights(folder)).items()}
    save_file(tensors, weights(folder), {"format": "pt"})


@pytest.mark.parametrize(("harm", "says"), [(cut, "cannot be loaded"), (swap, "was changed meanwhile; try again")])
def test_weights_that_change_while_they_are_read_are_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None], says: str
) -> None:

    @contextmanager
    def harmed(folder: Path, **options: Any) -> Iterator[dict[str, Any]]:
        with reading_weights(folder, **options) as read:
            harm(folder)
            yield read

    monkeypatch.setattr(loading, "reading_weights", harmed)
    with pytest.raises(UserError, match=says) as raised:
        open_encoder(f"clip:{folder}", "cpu")
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(sys.platform != "linux", reason="only there can be seen what is mapped")
def test_only_files_of_the_cache_are_mapped(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who searches and who indexes share them in memory; a folder of its own may be written into."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    cached = CachedModel("nobody/clip")
    cached.set_revision("1")
    shutil.copytree(folder, cached.root / "snapshots" / "1")
    own, shared = open_encoder(f"clip:{folder}", "cpu"), open_encoder("clip:nobody/clip", "cpu")
    mapped = Path("/proc/self/maps").read_text()
    assert str(cached.root) in mapped
    assert str(folder) not in mapped
    one, other = (each.encode_frames([IMAGE]).embeddings for each in (own, shared))
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_weights_in_another_form_beside_them_are_left_alone(folder: Path) -> None:
    before = open_encoder(f"clip:{folder}", "cpu").encode_text("a dog")
    save_file(
        {"visual.proj": next(iter(load_file(weights(folder)).values()))}, folder / "open_clip_model.safetensors"
    )
    np.testing.assert_array_equal(open_encoder(f"clip:{folder}", "cpu").encode_text("a dog"), before)
