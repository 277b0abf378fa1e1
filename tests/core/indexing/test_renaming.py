"""Renaming a video's file in its folder: nothing is lost or overwritten, and the library follows at once."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.indexing import scan as sync
from retake_core.indexing.passes.names_and_subtitles import TextPass
from retake_core.indexing.renaming import rename_video
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.folders import folders, known_files
from retake_core.library.schema import text
from retake_core.library.texts import TextKind
from retake_core.media.folder_walk import FolderWalk
from retake_core.media.video_file import FoundFile, fingerprint
from tests.support.scans import Scans, counts
from tests.support.shelf import put

SUBTITLES = b"1\n00:00:01,000 --> 00:00:02,000\nHello there\n"


@pytest.fixture
def scan(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scans:
    return Scans(database, monkeypatch)


def index(scan: Scans, place: Path) -> None:
    scan(place)
    texts = TextPass(scan.database, CancelToken())
    texts.read_names()
    texts.read_sidecars()


def rename(scan: Scans, old: Path, name: str) -> Path:
    with scan.database.reading() as connection:
        video_id = known_files(connection)[old].video_id
    return rename_video(scan.database, video_id, name, old)


def texts_of(scan: Scans, kind: TextKind) -> list[str]:
    with scan.database.reading() as connection:
        return list(connection.execute(select(text.c.content).where(text.c.kind == kind)).scalars())


def names_in(folder: Path) -> list[str]:
    return sorted(os.fspath(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_file_and_the_library(scan: Scans, folder: Path) -> None:
    path = put(folder / "MVI_1.MP4")
    index(scan, folder)
    before = scan.videos()
    assert rename(scan, path, "Anna's birthday") == folder / "Anna's birthday.MP4"
    assert names_in(folder) == ["Anna's birthday.MP4"]
    assert scan.videos() == {i: (["Anna's birthday.MP4"], state) for i, (_, state) in before.items()}
    assert "Anna's birthday" in texts_of(scan, TextKind.TITLE)
    assert "MVI_1" not in texts_of(scan, TextKind.TITLE)
    assert counts(scan(folder)) == {"found": 1}
    assert scan.read == []


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("b.mp4", "b.mp4"),
        ("b.MP4", "b.mp4"),
        (" v1.2 \n", "v1.2.mp4"),
        ("夏休み", "夏休み.mp4"),
        ("a.mp4", "a.mp4"),
    ],
)
def test_the_ending_stays(scan: Scans, folder: Path, name: str, new: str) -> None:
    path = put(folder / "a.mp4")
    index(scan, folder)
    assert rename(scan, path, name) == folder / new
    assert names_in(folder) == [new]


def test_what_bears_its_name_goes_along(scan: Scans, folder: Path) -> None:
    path = put(folder / "party.mp4")
    for name in ("party.srt", "party.en.srt", "party.mp4.vtt", "Subs/party.de.srt"):
        put(folder / name, SUBTITLES)
    put(folder / "party.mp4.supplemental-metadata.json", json.dumps({}).encode())
    put(folder / "party 2.mp4")
    put(folder / "party 2.srt", SUBTITLES)
    put(folder / "party.txt")
    index(scan, folder)
    said = texts_of(scan, TextKind.SPOKEN)
    rename(scan, path, "feast")
    assert names_in(folder) == [
        "Subs/feast.de.srt",
        "feast.en.srt",
        "feast.mp4",
        "feast.mp4.supplemental-metadata.json",
        "feast.mp4.vtt",
        "feast.srt",
        "party 2.mp4",
        "party 2.srt",
        "party.txt",
    ]
    assert texts_of(scan, TextKind.SPOKEN) == said
    with scan.database.reading() as connection:
        sources = set(connection.execute(select(text.c.source).where(text.c.kind == TextKind.SPOKEN)).scalars())
    assert "beside:Subs/feast.de.srt" in sources
    assert not any("party." in source for source in sources)


def test_subtitles_that_another_video_has_too_stay(scan: Scans, folder: Path) -> None:
    path = put(folder / "party.mp4")
    put(folder / "party.mkv")
    put(folder / "party.srt", SUBTITLES)
    index(scan, folder)
    rename(scan, path, "feast")
    assert names_in(folder) == ["feast.mp4", "party.mkv", "party.srt"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("taken", "There is a file taken.mp4 already"),
        ("busy", "There is a file busy.srt already"),
        ("", "not empty"),
        (".mp4", "not empty"),
        (".hidden", "does not begin with a dot"),
        ("../a", "does not begin with a dot"),
        ("sub/b", "no slashes"),
        ("b\x00c", "no control characters"),
        ("b.mkv", r"stays \.mp4; leave \.mkv out"),
        ("x" * 300, "No file can be called"),
    ],
)
def test_what_cannot_be_leaves_all_as_it_was(scan: Scans, folder: Path, name: str, reason: str) -> None:
    path = put(folder / "a.mp4")
    put(folder / "a.srt", SUBTITLES)
    put(folder / "taken.mp4")
    put(folder / "busy.srt")
    index(scan, folder)
    before, names = scan.videos(), names_in(folder)
    with pytest.raises(UserError, match=reason):
        rename(scan, path, name)
    assert (scan.videos(), names_in(folder)) == (before, names)


def test_a_failure_halfway_is_taken_back(scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(folder / "a.mp4")
    put(folder / "a.srt", SUBTITLES)
    index(scan, folder)
    before, names, real = scan.videos(), names_in(folder), Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name == "a.srt":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(UserError, match=r"a\.srt cannot be renamed \(Input/output error\)"):
        rename(scan, path, "b")
    assert (scan.videos(), names_in(folder)) == (before, names)


def test_what_is_gone_is_told(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    index(scan, folder)
    path.unlink()
    with pytest.raises(UserError, match=r"a\.mp4 is not there now"):
        rename(scan, path, "b")


def test_the_copy_that_is_named_is_renamed(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4", b"same" * 50)
    copy = put(folder / "sub/a.mp4", b"same" * 50)
    index(scan, folder)
    rename(scan, copy, "b")
    assert names_in(folder) == ["a.mp4", "sub/b.mp4"]
    with scan.database.reading() as connection:
        (entry,) = catalog.videos(connection)
    assert entry.paths == (folder / "a.mp4", folder / "sub/b.mp4")


def test_a_file_that_is_in_the_library_by_itself(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    index(scan, path)
    new = rename(scan, path, "b")
    with scan.database.reading() as connection:
        assert [place for _, place in folders(connection)] == [new]
    assert counts(scan(new)) == {"found": 1}


def test_a_scan_that_runs_meanwhile_does_not_lose_it(
    scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder / "a.mp4")
    index(scan, folder)
    put(folder / "z.mp4")

    def rename_and_read(file: Path) -> str:
        rename(scan, path, "b")
        return fingerprint(file)

    def walk(_: FolderWalk) -> Iterator[FoundFile]:
        yield look_at_it(folder / "z.mp4")  # the walk comes by before a.mp4 is there, or after it has gone

    monkeypatch.setattr(sync, "fingerprint", rename_and_read)
    monkeypatch.setattr(FolderWalk, "videos", walk)
    scan(folder)
    with scan.database.reading() as connection:
        offline = {entry.path.name: entry.offline for entry in catalog.videos(connection)}
    assert offline == {"b.mp4": False, "z.mp4": False}


def look_at_it(path: Path) -> FoundFile:
    status = path.stat()
    return FoundFile(path, status.st_size, status.st_mtime_ns)
