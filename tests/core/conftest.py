"""A library in an empty folder, and clips that are made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.support.colour_library import Library
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.in_process import decode_in_threads


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    directory = DataDir(tmp_path / "data")
    directory.create()
    return directory


@pytest.fixture
def database(data_dir: DataDir) -> Iterator[Database]:
    opened = Database(data_dir.database)
    yield opened
    opened.close()


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def library(database: Database, data_dir: DataDir) -> Library:
    return Library(database, data_dir)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "videos"
    made.mkdir()
    return made


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of clips; copy them, do not change them."""
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "short.mp4", [(10, "red"), (10, "green"), (10, "blue")])
    make_clip(folder / "long.mp4", [(50, "red"), (45, "green"), (40, "blue"), (45, "white")])
    make_clip(folder / "mpeg4.mkv", [(30, "yellow"), (50, "blue")], codec="mpeg4")
    still = [(33.0, "grey"), (2.0, "grey+red"), (85.0, "grey")]
    make_clip(folder / "event.mp4", still, cuts=False)
    return folder


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decode in threads of this process."""
    decode_in_threads(monkeypatch)
