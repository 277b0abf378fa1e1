"""What `retake doctor` tells of the encoders that can be loaded."""

import json
from pathlib import Path

import pytest
from huggingface_hub import constants

from retake_core.encoders import encoder_status, open_encoder, registry
from retake_core.encoders.registry import FAMILIES
from retake_core.errors import UserError
from retake_core.hub.cache import CachedModel, RemoteFile
from retake_core.models.catalogue import BY_ID
from retake_core.models.check import check_config

TINY_CLIP = "wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M"
Status = dict[str, tuple[bool, str]]


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))


def cached(model_id: str, model_type: str) -> CachedModel:
    """Put as much of a model into the cache as says what it is."""
    model = CachedModel(model_id)
    model.set_revision("1")
    folder = model.root / "snapshots" / "1"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": model_type}))
    return model


def status(setting: str = "builtin") -> Status:
    return {name: (available, detail) for name, available, detail in encoder_status(setting)}


def test_every_family_says_how_to_get_one() -> None:
    told = status()
    assert list(told) == ["builtin", *FAMILIES]
    for name, family in FAMILIES.items():
        get_one = f"{family.title}: get one with: retake models download {family.example}"
        assert told[name] == (False, family.missing or get_one)
        assert family.example in BY_ID


def test_a_missing_package_is_said_before_gigabytes_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda _: None)
    says = r"needs one more package; add it with: pip install 'retake-desktop\[open-clip\]'"
    config = tmp_path / "open_clip_config.json"
    config.write_text('{"model_cfg": {}}')
    assert status()["open_clip"] == (False, FAMILIES["open_clip"].missing)
    for use in (
        lambda: check_config(config, "timm/MobileCLIP2-S0-OpenCLIP"),
        lambda: open_encoder(f"open_clip:{tmp_path}", "cpu"),
    ):
        with pytest.raises(UserError, match=says):
            use()


def test_what_was_downloaded_is_named_with_its_family() -> None:
    cached(TINY_CLIP, "clip")
    cached("nobody/answers", "qwen3_vl")
    cached("Qwen/Qwen3-VL-Embedding-2B", "qwen3_vl")
    cached("google/siglip2-base-patch16-224", "siglip").note([RemoteFile("model.safetensors", 9, "1")])
    assert {name: detail for name, (available, detail) in status().items() if available and name in FAMILIES} == {
        "clip": f"CLIP: {TINY_CLIP}",
        "qwen3_vl_embedding": "Qwen3-VL-Embedding: Qwen/Qwen3-VL-Embedding-2B",
    }


def test_the_chosen_one_is_named_first_or_missed(tmp_path: Path) -> None:
    cached(TINY_CLIP, "clip")
    folder = tmp_path / "mine"
    assert status(f"clip:{folder}")["clip"][0] is False
    assert f"{folder} is not on this computer" in status(f"clip:{folder}")["clip"][1]
    folder.mkdir()
    assert status(f"clip:{folder}")["clip"] == (True, f"CLIP: {folder}, {TINY_CLIP}")
    assert status(f"clip:{TINY_CLIP}")["clip"] == (True, f"CLIP: {TINY_CLIP}")
    assert status("siglip")["siglip"][0] is False
