"""A folder of two clips to describe, by a tiny model."""

import shutil
from functools import partial
from pathlib import Path

import pytest
import torch

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.support.describing import Run, Script, run_describing, small_model
from tests.support.fakes import FakeEncoder, age, make_clip


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return small_model(tmp_path_factory.mktemp("small-model"))


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    make_clip(folder / "short.mp4", [(10, "red"), (10, "green")])
    make_clip(folder / "long.mp4", [(10, "red"), (10, "green"), (10, "white")])
    return folder


@pytest.fixture
def run(
    data_dir: DataDir,
    database: Database,
    folder: Path,
    films: Path,
    model: Path,
    in_process: None,  # noqa: ARG001
) -> Run:
    """Index and describe a folder of two clips."""
    for name in ("short.mp4", "long.mp4"):
        age(Path(shutil.copy2(films / name, folder / name)))
    return partial(run_describing, data_dir, database, folder, FakeEncoder(), model=model)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script().install(monkeypatch)
