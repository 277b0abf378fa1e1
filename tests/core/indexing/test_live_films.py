"""The films of live photos are known as such; other short videos are not."""

import shutil
import subprocess
from pathlib import Path

import pytest

from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.indexing import forget_index
from retake_core.search.filters import videos_in_scope
from retake_core.search.query import parse
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.shelf import run_index, video

pytestmark = pytest.mark.usefixtures("in_process")
TAG = "com.apple.quicktime.content.identifier=9C7C1E8A-4B3D-4C2F-8E0E-1F4A6B7C8D9E"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a film of three seconds, and one of ten."""
    folder = tmp_path_factory.mktemp("films")
    make_clip(folder / "short.mov", [(3, "red")])
    make_clip(folder / "long.mov", [(10, "blue")])
    return folder / "short.mov", folder / "long.mov"


def put_film(source: Path, target: Path, *options: str) -> None:
    """Copy a film with a title of its own, so that it is no copy of the others."""
    target.parent.mkdir(exist_ok=True)
    tags = [part for tag in (f"comment={target}", *options) for part in ("-metadata", tag)]
    form = ["-c", "copy", "-movflags", "use_metadata_tags", "-f", "mov"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *tags, *form, target], check=True)
    age(target)


def matching(database: Database, query: str) -> set[str]:
    with database.reading() as connection:
        scope = videos_in_scope(connection, parse(query))
        return {entry.path.name for entry in catalog.videos(connection) if scope is None or entry.id in scope}


def index(database: Database, folder: Path) -> set[str]:
    """Index, and return the names of what is marked, by the search's filter too."""
    run_index(database, folder, FakeEncoder())
    with database.reading() as connection:
        entries = catalog.videos(connection)
    live = {entry.path.name for entry in entries if entry.live}
    assert matching(database, "is:live") == live
    assert matching(database, "-is:live") == {entry.path.name for entry in entries} - live
    return live


@pytest.mark.parametrize(
    ("film", "still"),
    [
        ("IMG_0001.MOV", "IMG_0001.HEIC"),
        ("img_0002.mov", "IMG_0002.JPG"),
        ("IMG_E0003.MOV", "IMG_E0003.jpeg"),
        ("Birthday.mov", "Birthday.heic"),
        ("MVIMG_20190714_153000.mp4", "MVIMG_20190714_153000.jpg"),
        ("PXL_20230101_120000123.MP", "PXL_20230101_120000123.MP.jpg"),
    ],
)
def test_a_short_film_beside_its_photo_is_marked(
    database: Database, folder: Path, films: tuple[Path, Path], film: str, still: str
) -> None:
    put_film(films[0], folder / film)
    (folder / still).write_bytes(b"still")
    assert index(database, folder) == {film}


def test_nothing_else_is(database: Database, folder: Path, films: tuple[Path, Path]) -> None:
    short, long = films
    put_film(short, folder / "IMG_0001.MOV")  # its photo is another one
    put_film(short, folder / "party.mp4")  # a cover lies beside it
    put_film(long, folder / "IMG_0003.MOV")
    put_film(long, folder / "IMG_0004.MOV", TAG)
    for still in ("IMG_0002.HEIC", "party.jpg", "IMG_0003.HEIC", "IMG_0004.HEIC"):
        (folder / still).write_bytes(b"still")
    assert index(database, folder) == set()


def test_a_tag_tells_it_without_the_photo(database: Database, folder: Path, films: tuple[Path, Path]) -> None:
    put_film(films[0], folder / "exported.mov", TAG)
    assert index(database, folder) == {"exported.mov"}


def test_the_mark_follows_what_lies_there(database: Database, folder: Path, films: tuple[Path, Path]) -> None:
    put_film(films[0], folder / "IMG_0001.MOV")
    assert index(database, folder) == set()
    (folder / "IMG_0001.HEIC").write_bytes(b"still")
    assert index(database, folder) == {"IMG_0001.MOV"}
    with database.writing() as connection:
        forget_index(connection, video(database, "IMG_0001.MOV").id)
    assert index(database, folder) == {"IMG_0001.MOV"}
    (folder / "IMG_0001.HEIC").unlink()
    assert index(database, folder) == set()
    (folder / "IMG_0001.HEIC").write_bytes(b"still")
    index(database, folder)
    shutil.move(folder, folder.with_name("unplugged"))
    folder.mkdir()
    run_index(database, folder, FakeEncoder())
    assert video(database, "IMG_0001.MOV").live, "a drive that is unplugged loses no mark"
