"""What a clip tells of itself: when, where, and what it is called."""

import shutil
from pathlib import Path

import av
import pytest

from retake_core.cancel import CancelToken
from retake_core.export.service import ExportService
from retake_core.library.database import Database
from retake_core.library.indexing import set_date
from retake_core.media.ffmpeg.probe import probe
from retake_core.protocol.export_order import Order, Wanted
from retake_core.protocol.requests import Export
from tests.contract.clips import ffmpeg
from tests.support.fakes import FakeEncoder, age
from tests.support.shelf import run_index, video

SOURCE = "-f lavfi -i testsrc2=s=64x48:r=10:d=12 -c:v libx264 -g 40 -sc_threshold 0 -pix_fmt yuv420p"
TAGS = "-metadata title=Beach -metadata location=+47.1+008.2/ -metadata creation_time=2019-07-14T12:00:00Z"


class Beach:
    """A library with one recording that has a key frame every four seconds."""

    def __init__(self, database: Database, exporter: ExportService, folder: Path, encoder: FakeEncoder) -> None:
        self.database, self._exporter, self._folder, self._encoder = database, exporter, folder, encoder

    def add(self, name: str, tags: str) -> None:
        ffmpeg(f"{SOURCE} {tags}", self._folder / name)
        age(self._folder / name)
        run_index(self.database, self._folder, self._encoder)

    def cut(self, name: str, target: Path, **options: bool) -> dict[str, str]:
        """Cut 6.5 s to 9 s out, and return the tags of the clip."""
        wanted = Wanted(video(self.database, name).id, 6.5, 6.5, 9.0)
        order = Order("clip", str(target), (wanted,), **options)  # type: ignore[arg-type]
        self._exporter.export(Export(id=1, order=order), CancelToken(), lambda _: None)
        with av.open(str(target)) as container:
            return {key.lower(): value for key, value in container.metadata.items()}


@pytest.fixture
def beach(database: Database, exporter: ExportService, folder: Path, encoder: FakeEncoder) -> Beach:
    return Beach(database, exporter, folder, encoder)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize(("exact", "date"), [(False, "2019-07-14T12:00:04"), (True, "2019-07-14T12:00:06")])
def test_a_clip_is_dated_by_its_first_frame(
    beach: Beach, tmp_path: Path, suffix: str, exact: bool, date: str
) -> None:
    beach.add("beach.mp4", TAGS)
    tags = beach.cut("beach.mp4", tmp_path / f"clip{suffix}", exact=exact)
    assert tags["creation_time"].startswith(date)
    assert tags["title"] == "Beach"
    assert any(key.startswith("location") for key in tags)


def test_date_and_place_are_left_out_on_request(beach: Beach, tmp_path: Path) -> None:
    beach.add("beach.mp4", TAGS)
    for exact in (False, True):
        target = tmp_path / f"{exact}.mp4"
        without = beach.cut("beach.mp4", target, exact=exact, date=False, place=False)
        assert not {"creation_time", "date", "location"} & without.keys()
        assert probe(target).recorded is None
        assert without["title"] == "Beach"


def test_the_date_is_the_library_s(beach: Beach, tmp_path: Path) -> None:
    """It may be set by hand, told by the name of the file, or only be a year; the time of the file is no date."""
    beach.add("beach.mp4", TAGS)
    with beach.database.writing() as connection:
        set_date(connection, video(beach.database, "beach.mp4").id, "2001-02-03T10:00:00+00:00")
    assert beach.cut("beach.mp4", tmp_path / "1.mp4")["creation_time"].startswith("2001-02-03T10:00:04")
    beach.add("PXL_20180203_101112000.mp4", "-metadata title=a")
    assert (
        beach.cut("PXL_20180203_101112000.mp4", tmp_path / "2.mp4")["creation_time"][:19] == "2018-02-03T10:11:16"
    )
    beach.add("zoo.mkv", "-metadata date=2017")
    assert beach.cut("zoo.mkv", tmp_path / "3.mkv")["date"] == "2017"
    beach.add("bare.mp4", "-metadata title=b")
    assert "creation_time" not in beach.cut("bare.mp4", tmp_path / "4.mp4")


def test_a_clip_of_a_clip_keeps_the_clock(beach: Beach, folder: Path, tmp_path: Path) -> None:
    beach.add("beach.mp4", TAGS)
    beach.cut("beach.mp4", tmp_path / "clip.mp4")
    shutil.copy(tmp_path / "clip.mp4", folder / "part.mp4")
    age(folder / "part.mp4")
    beach.add("other.mp4", "-metadata title=c")
    wanted = (video(beach.database, "part.mp4").recorded or "")[:19]
    assert wanted == "2019-07-14T12:00:04"
