"""A small library with all that tools tell of, and a server that the SDK's own client talks to over a pipe."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from retake_core.data_dir import DataDir
from retake_core.library import faces
from retake_core.library.catalog import find_video
from retake_core.library.database import Database
from retake_core.library.description import Chapter, Description, describe
from retake_core.library.keyframes import keyframes
from retake_core.library.marks import set_marks
from retake_core.library.persons import name_person
from retake_core.library.schema import person
from retake_core.library.texts import NewText, TextKind, replace_texts
from tests.core.library.test_persons import MODEL, SAME, add_face
from tests.core.mcp_server.program import Program
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.in_process import decode_in_threads
from tests.support.shapes import make_shapes
from tests.support.shelf import run_index

SECRET, SAID = "zanzibar", "quagmire"
"""A name that nobody may see; a word that is said again and again."""
LINES = 2000


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory and its videos; copy them, do not change them."""
    root = tmp_path_factory.mktemp("shared-library")
    patch = pytest.MonkeyPatch()
    decode_in_threads(patch)
    make_shapes(root)
    make_clip(root / "videos" / f"{SECRET}.mp4", [(6, "white"), (6, "red")])
    with closing(Database(DataDir(root / "data").database)) as database:
        run_index(database, root / "videos", FakeEncoder())
        _tell_of(database)
    patch.undo()
    return root


def _tell_of(database: Database) -> None:
    """Give the videos words, chapters and faces, and hide one of them."""
    with database.writing() as connection:
        shapes, colours, secret = (find_video(connection, name).id for name in ("shapes-01", "colours", SECRET))
        lines = [NewText(f"{number} {SAID}", 2.0 * number, 2.0 * number + 1) for number in range(LINES)]
        replace_texts(connection, shapes, TextKind.SPOKEN.value, TextKind.SPOKEN, "1", lines)
        told = (Chapter(0.0, 6.0, "The red one", "It is red."), Chapter(6.0, 18.0, "The others"))
        describe(connection, colours, Description("Colours", "Three of them.", told))
        for place in ((colours, 1, 0), (colours, 15, 0), (secret, 2, 0), (secret, 4, 1), (secret, 5, 1)):
            add_face(connection, *place)
        faces.group_new_faces(connection, MODEL, SAME)
        first = connection.scalar(select(func.min(person.c.id)))
        assert first is not None
        name_person(connection, first, "Anna")
        set_marks(connection, [secret], hidden=True)


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Path:
    """Return a data directory of a test's own; its videos are shared."""
    shutil.copytree(made / "data", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def shared(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory that the tests of a module share."""
    data = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(made / "data", data)
    return data


@pytest.fixture
def secret_picture(made: Path) -> int:
    """Return a keyframe of the video that nobody may see."""
    with closing(Database(DataDir(made / "data").database)) as database, database.reading() as connection:
        return keyframes(connection, find_video(connection, SECRET).id)[0].id


@pytest.fixture
def program(library: Path) -> Iterator[Program]:
    """Return a program that talks to a server of its own."""
    with Program.started(library) as talking:
        yield talking
