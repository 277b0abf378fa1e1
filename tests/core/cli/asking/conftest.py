"""Tiny random models, small real videos, an encoder that sees colours."""

import shutil
from pathlib import Path

import pytest
import torch

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.core.cli.asking.desk import Desk
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.in_process import decode_in_threads
from tests.support.shelf import run_index
from tests.support.tiny import save_tiny


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return save_tiny("qwen2_vl", tmp_path_factory.mktemp("videollm"))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory and its videos; copy them, do not change them."""
    root = tmp_path_factory.mktemp("shelf")
    videos = root / "videos"
    videos.mkdir()
    make_clip(videos / "party.mp4", [(10, "red"), (10, "green"), (10, "blue")])
    make_clip(videos / "beach.mp4", [(10, "yellow"), (10, "blue")])
    data = DataDir(root / "data")
    data.create()
    patch = pytest.MonkeyPatch()
    decode_in_threads(patch)
    database = Database(data.database)
    run_index(database, videos, FakeEncoder())
    database.close()
    patch.undo()
    return root


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Decode in this process, encode colours, find no model but those that are named."""
    decode_in_threads(monkeypatch)
    monkeypatch.setattr("retake_core.cli.context.open_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def desk(tmp_path: Path, shelf: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    shutil.copytree(shelf / "data", tmp_path / "data")
    return Desk(tmp_path / "data", model, capsys)
