"""Clips that are made when a test first asks for them, and the process that decodes them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.child import Child
from tests.contract.clips import BUILDERS, Clip

ClipMaker = Callable[[str], Clip]


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipMaker:
    """Return the function that gives a clip by its name."""
    made: dict[str, Clip] = {}

    def get(name: str) -> Clip:
        if name not in made:
            made[name] = BUILDERS[name](tmp_path_factory.mktemp("clip"))
        return made[name]

    return get


@pytest.fixture(scope="session")
def child() -> Iterator[Child]:
    """Return the process that decodes."""
    process = Child()
    yield process
    process.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for one test's own files."""
    return tmp_path
