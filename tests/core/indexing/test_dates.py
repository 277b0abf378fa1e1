"""Which date a recording gets, and how much is looked at for it."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from retake_core.cancel import CancelToken
from retake_core.indexing import run
from retake_core.indexing.passes.dates import date_videos
from retake_core.indexing.passes.names_and_subtitles import TextPass
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.indexing.takeout import Descriptions
from retake_core.library.database import Database
from retake_core.media.ffmpeg.probe import probe
from retake_core.settings import Settings
from tests.contract.clips import ffmpeg
from tests.support.fakes import FakeEncoder
from tests.support.scans import Scans
from tests.support.shelf import put, run_index, video

LONG = "Birthday of the grandmother in the old house by the lake"
TAKEN = '{"photoTakenTime": {"timestamp": "1500000000"}}'


@pytest.mark.parametrize("future", ["2038-01-01T00:00:00", "2038", "2038-01-01"])
@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_a_date_of_the_future_hides_no_true_one(tmp_path: Path, suffix: str, future: str) -> None:
    tags = f"-metadata creation_time={future} -metadata date=2019-03-05"
    source = "-f lavfi -i color=s=64x48:r=5:d=1"
    flags = "-movflags use_metadata_tags" if suffix == ".mp4" else ""
    ffmpeg(f"{source} {tags} {flags} -c:v libx264 -pix_fmt yuv420p", tmp_path / f"clip{suffix}")
    assert probe(tmp_path / f"clip{suffix}").recorded == "2019-03-05T00:00:00"


def test_a_stream_of_the_future_hides_no_true_container(tmp_path: Path) -> None:
    tags = "-metadata creation_time=2019-03-05T10:00:00Z -metadata:s:v:0 creation_time=2038-01-01T00:00:00Z"
    ffmpeg(f"-f lavfi -i color=s=64x48:r=5:d=1 {tags} -c:v libx264 -pix_fmt yuv420p", tmp_path / "clip.mp4")
    assert (probe(tmp_path / "clip.mp4").recorded or "")[:10] == "2019-03-05"


@pytest.mark.parametrize(
    ("recording", "description"),
    [
        ("party.mp4", "party.mp4.json"),
        ("party.mp4", "party.json"),
        ("party.MP4", "party.mp4.supplemental-metadata.json"),
        ("party.mp4", "party.mp4.supplemental-meta.json"),
        ("party.mp4", "party.mp4.s.json"),
        ("party.mp4", "party.mp4..json"),
        ("party(1).mp4", "party.mp4(1).json"),
        ("party(1).mp4", "party.mp4.supplemental-metadata(1).json"),
        ("party(12).mp4", "party.mp4.suppl(12).json"),
        ("party(1).mp4", "party(1).mp4.json"),
        ("party-edited.mp4", "party.mp4.supplemental-metadata.json"),
        ("party-bearbeitet(2).mp4", "party.mp4(2).json"),
        ("party(2)-edited.mp4", "party.mp4(2).json"),
        ("IMG_1.MP4", "IMG_1.HEIC.supplemental-metadata.json"),
        (f"{LONG}.mp4", f"{LONG[:46]}.json"),
        (f"{LONG}(3).mp4", f"{LONG[:46]}(3).json"),
        (f"{LONG[:43]}.mp4", f"{LONG[:43]}.mp.json"),
        (f"{LONG[:40]}.mp4", f"{LONG[:40]}.mp4.s.json"),
        ("Fu\u0308\u00df\u00dfchen.mp4", "F\u00fc\u00df\u00dfchen.mp4.supplemental-metadata.json"),
    ],
)
def test_google_names_descriptions(tmp_path: Path, recording: str, description: str) -> None:
    (tmp_path / description).write_text(TAKEN)
    assert Descriptions().taken(tmp_path / recording) == "2017-07-14T02:40:00+00:00"


@pytest.mark.parametrize(
    ("recording", "description"),
    [
        ("party.mp4", "party.mp4.supplemental-metadata(1).json"),
        ("party(1).mp4", "party.mp4.supplemental-metadata.json"),
        ("party.mp4", "party.mp4.notes.json"),
        ("par.mp4", "party.mp4.json"),
        ("party.mp4", "metadata.json"),
    ],
)
def test_what_describes_another_is_left_alone(tmp_path: Path, recording: str, description: str) -> None:
    (tmp_path / description).write_text(TAKEN)
    assert Descriptions().taken(tmp_path / recording) is None


def calls(work: Callable[[], object]) -> int:
    """Return how many calls some work makes, those into C among them."""
    made = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


def test_a_folder_of_twice_as_many_takes_twice_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[Path] = []
    scandir = os.scandir

    def count(path: Path) -> object:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", count)
    work = []
    for size in (100, 200):
        folder = tmp_path / str(size)
        folder.mkdir()
        for number in range(size):
            (folder / f"clip{number:03}.mp4.supplemental-metadata.json").write_text(TAKEN)
        recordings = [folder / f"clip{number:03}.mp4" for number in range(size)]
        descriptions = Descriptions()
        work.append(calls(lambda of=descriptions, them=recordings: [of.taken(path) for path in them]))  # type: ignore[misc]
        assert listed == [folder], "once for all"
        listed.clear()
    assert work[1] < 2.1 * work[0]


def test_dates_are_found_once_a_run(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("short.mp4", "long.mp4"):
        shutil.copy2(clips / name, folder)
    times: list[int] = []
    read: list[str] = []
    inside = TextPass._read_one

    def count(*arguments: object) -> None:
        times.append(1)
        date_videos(*arguments)  # type: ignore[arg-type]

    def note(self: TextPass, decoder: object, video_id: int, path: Path) -> None:
        read.append(path.name)
        inside(self, decoder, video_id, path)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "date_videos", count)
    monkeypatch.setattr(TextPass, "_read_one", note)
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    first = video(database, "short.mp4").id
    assert times == [1]
    shutil.copy2(clips / "event.mp4", folder)
    read.clear()
    settings = Settings(screen_text=False, sampling_rate=1.0)
    list(index_folders(IndexRun(database, encoder, settings, CancelToken(), first=[first]), [folder]))
    assert times == [1, 1]
    assert read == ["event.mp4"], "and what is inside, once"


def test_descriptions_are_looked_for_where_something_may_have_come(scan: Scans, tmp_path: Path) -> None:
    for place in ("a", "b"):
        put(tmp_path / place / f"{place}.mp4")
        scan(tmp_path / place)
    date_videos(scan.database, [], CancelToken())
    assert video(scan.database, "a.mp4").dated_by == "change", "what has no date is looked at wherever it is"
    for place in ("a", "b"):
        (tmp_path / place / f"{place}.mp4.json").write_text(TAKEN)
    date_videos(scan.database, [tmp_path / "a"], CancelToken())
    assert [video(scan.database, name).dated_by for name in ("a.mp4", "b.mp4")] == ["takeout", "change"]
    date_videos(scan.database, [tmp_path / "b"], CancelToken())
    assert [video(scan.database, name).dated_by for name in ("a.mp4", "b.mp4")] == ["takeout", "takeout"]
