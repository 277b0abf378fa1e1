"""Which files are pieces of one recording: names, folders, pictures and clocks tell it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from retake_core.library.catalog import video_rows
from retake_core.library.database import Database
from retake_core.library.folders import add_folder
from retake_core.library.recordings import pieces_of, recordings, rows_as_recordings
from retake_core.library.schema import file, video
from tests.support.fakes import FakeEncoder, age
from tests.support.shelf import run_index

Clip = tuple[str, str | None, float]
"""A name, when it was begun, and its seconds."""


class Shelf:
    """A library of videos that nobody has to decode."""

    def __init__(self, database: Database, root: Path) -> None:
        self._database, self._root = database, root
        with database.writing() as connection:
            self._folder = add_folder(connection, root)

    def put(self, name: str, recorded: str | None = None, seconds: float = 60.0, **facts: object) -> int:
        values = {"fingerprint": f"{name} {recorded}", "size": 1, "depth": 1, "width": 1920, "height": 1080}
        values |= {"codec": "h264", "frame_rate": 25.0, "recorded": recorded, "duration_us": round(seconds * 1e6)}
        with self._database.writing() as connection:
            made = connection.execute(video.insert().values(values | facts)).inserted_primary_key
            assert made is not None
            connection.execute(file.insert().values(self._file(made[0], name)))
        return int(made[0])

    def copy(self, video_id: int, name: str) -> None:
        with self._database.writing() as connection:
            connection.execute(file.insert().values(self._file(video_id, name)))

    def _file(self, video_id: int, name: str) -> dict[str, object]:
        place = {"folder_id": self._folder, "video_id": video_id, "path": self._root / name}
        return place | {"size": 1, "mtime_ns": 1, "missing": 0}

    def groups(self) -> set[tuple[int, ...]]:
        with self._database.reading() as connection:
            return set(recordings(video_rows(connection)).values())


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    return Shelf(database, tmp_path)


def at(seconds: float) -> str:
    return f"2024-06-01T10:{int(seconds) // 60:02}:{int(seconds) % 60:02}+00:00"


@pytest.mark.parametrize(
    "clips",
    [
        [("GH010001.MP4", None, 60), ("GH020001.MP4", None, 60), ("GH030001.MP4", None, 9)],
        [("GX010007.MP4", at(0), 60), ("GX020007.MP4", at(60), 60)],  # each its own time
        [
            ("GX010007.MP4", at(0), 60),
            ("GX020007.MP4", at(0), 60),
            ("GX030007.MP4", at(0), 60),
        ],  # the first one's
        [("GX020007.MP4", at(0), 60), ("GX030007.MP4", at(60), 60)],  # the first was deleted
        [("GOPR0001.MP4", None, 60), ("GP010001.MP4", None, 60), ("GP020001.MP4", None, 60)],
        [("GS010003.360", None, 60), ("GS020003.360", None, 60)],
        [("DJI_0001.MP4", at(0), 60.4), ("DJI_0002.MP4", at(60), 60), ("DJI_0003.MP4", at(121), 5)],
        [("DJI_0005_001.MP4", at(0), 60), ("DJI_0005_002.MP4", at(60), 60)],
        [("DJI_20240601100000_0001_D.MP4", None, 60), ("DJI_20240601100100_0002_D.MP4", None, 60)],
        [("VID_20240601_100000_00_001.insv", None, 60), ("VID_20240601_100000_00_002.insv", None, 60)],
        [("20240601_100000_000001F.MP4", None, 60), ("20240601_100100_000002F.MP4", None, 60)],
        [("2024_0601_100000_0001F.MP4", at(7), 60), ("2024_0601_100100_0002F.MP4", at(7), 60)],
    ],
)
def test_pieces_of_one_recording(shelf: Shelf, clips: Sequence[Clip]) -> None:
    ids = [shelf.put(*clip) for clip in reversed(clips)]
    shelf.put("GH010099.MP4", at(0))
    shelf.put("party.mp4", at(60))
    assert shelf.groups() == {tuple(reversed(ids))}


@pytest.mark.parametrize(
    "clips",
    [
        [("GH010001.MP4", None, 60), ("GH020002.MP4", None, 60)],  # another recording
        [("GH010001.MP4", None, 60), ("GH030001.MP4", None, 60)],  # one is missing between them
        [("GH010001.MP4", None, 60), ("GX020001.MP4", None, 60)],  # another kind
        [("GH010001.MP4", at(0), 60), ("GH020001.MP4", at(900), 60)],  # another day's card
        [("GH010001.MP4", at(0), 60), ("GH020001.MP4", None, 60)],  # one of them was written by a program
        [("a/GH010001.MP4", None, 60), ("b/GH020001.MP4", None, 60)],  # another folder
        [("GOPR0001.MP4", None, 60), ("GP020001.MP4", None, 60)],
        [("DJI_0001.MP4", at(0), 60), ("DJI_0002.MP4", at(64), 60)],  # it was stopped for a moment
        [("DJI_0001.MP4", None, 60), ("DJI_0002.MP4", None, 60)],  # nothing tells when they began
        [("DJI_0001.MP4", "2024-06-01", 60), ("DJI_0002.MP4", "2024-06-01", 60)],
        [("DJI_20240601100000_0001_D.MP4", None, 60), ("DJI_20240601100100_0002_T.MP4", None, 60)],
        [("VID_20240601_100000_00_001.insv", None, 60), ("VID_20240601_100000_10_001.insv", None, 60)],  # lenses
        [("VID_20240601_100000_00_001.insv", None, 60), ("VID_20240601_100100_00_002.insv", None, 60)],
        [("20240601_100000_000001F.MP4", None, 60), ("20240601_100100_000002R.MP4", None, 60)],  # front and rear
        [("99999999_999999_0001F.MP4", None, 60), ("99999999_999999_0002F.MP4", None, 60)],
        [("IMG_0001.MP4", at(0), 60), ("IMG_0002.MP4", at(60), 60)],
    ],
)
def test_what_is_uncertain_stays_apart(shelf: Shelf, clips: Sequence[Clip]) -> None:
    for clip in clips:
        shelf.put(*clip)
    assert shelf.groups() == set()


@pytest.mark.parametrize(
    "facts",
    [
        {"width": 1280, "height": 720},
        {"codec": "hevc"},
        {"frame_rate": 50.0},
        {"error": "It cannot be read."},
        {"depth": 0},
        {"duration_us": None},
    ],
)
def test_pieces_look_alike(shelf: Shelf, facts: dict[str, object]) -> None:
    shelf.put("GH010001.MP4")
    shelf.put("GH020001.MP4", **facts)  # type: ignore[arg-type]
    assert shelf.groups() == set()


def test_copies_of_pieces_elsewhere(shelf: Shelf) -> None:
    ids = tuple(shelf.put(f"card/GH0{number}0001.MP4") for number in (1, 2, 3))
    for number in (1, 2):
        shelf.copy(ids[number - 1], f"backup/GH0{number}0001.MP4")
    assert shelf.groups() == {ids}


@pytest.mark.usefixtures("in_process")
def test_real_files_one_line_and_each_by_itself(database: Database, folder: Path) -> None:
    for number, colour in enumerate(("red", "blue", "green"), start=1):
        path = folder / f"GH0{number}0001.MP4"
        picture = f"color=c={colour}:s=64x48:r=10:d={number}"
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", str(path)]
        subprocess.run(command, check=True)
        age(path)
    run_index(database, folder, FakeEncoder())
    with database.reading() as connection:
        rows = video_rows(connection)
        parts = [pieces_of(connection, row.entry) for row in rows]
    found = recordings(rows)
    (shown,) = rows_as_recordings(rows, found)
    assert shown.entry.path.name == "GH010001.MP4"
    assert shown.entry.duration == pytest.approx(6.0)
    assert shown.keyframes == sum(row.keyframes for row in rows)
    assert parts == [[row.entry for row in rows]] * 3
    assert shown.pieces == tuple(rows)
    assert rows_as_recordings(rows[1:], found) == rows[1:], "without its first piece it is not whole"
