"""What is left out of the library after it was in it: hidden, kept, and back when nothing leaves it out."""

from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.indexing.left_out import LeftOutPatterns
from retake_core.library.catalog import find_video
from retake_core.library.folders import left_out_videos
from retake_core.maintenance.removal import remove_left_out
from retake_core.search.filters import videos_in_scope
from retake_core.search.query import parse
from retake_core.settings import change_settings
from tests.support.scans import Scans, counts
from tests.support.shelf import put


def shown(scan: Scans) -> list[str]:
    return sorted(name for names, _ in scan.videos().values() for name in names)


def in_scope(scan: Scans, query: str) -> set[int] | None:
    with scan.database.reading() as connection:
        return videos_in_scope(connection, parse(query))


@pytest.mark.parametrize("way", ["pattern", ".retakeignore", ".nomedia"])
def test_what_is_left_out_is_hidden_and_comes_back(scan: Scans, folder: Path, way: str) -> None:
    put(folder / "a.mp4")
    put(folder / "drafts" / "b.mp4")
    scan(folder)
    before = scan.videos()
    patterns = ("drafts/",) if way == "pattern" else ()
    rules = {".retakeignore": folder / ".retakeignore", ".nomedia": folder / "drafts" / ".nomedia"}
    if way in rules:
        rules[way].write_text("drafts/\n")
    assert counts(scan(folder, *patterns)) == {"found": 1, "left_out": 1}
    assert shown(scan) == ["a.mp4"]
    hidden = {number for number in before if number not in scan.videos()}
    with scan.database.reading() as connection:
        assert left_out_videos(connection) == hidden
    for query in ("", "type:mp4 -trip", "-xyz"):
        assert in_scope(scan, query) == set(scan.videos()), query
    assert counts(scan(folder, *patterns)) == {"found": 1}, "told once"
    if way in rules:
        rules[way].unlink()
    assert counts(scan(folder)) == {"found": 2}
    assert scan.videos() == before
    assert scan.read == [], "nothing has to be read again"
    assert in_scope(scan, "") is None


def test_what_is_left_out_and_deleted_is_not_shown_as_gone(scan: Scans, folder: Path) -> None:
    put(folder / "drafts" / "b.mp4")
    put(folder / "c.tmp.mp4")
    scan(folder)
    patterns = ("drafts/", "*.tmp.mp4")
    assert counts(scan(folder, *patterns)) == {"left_out": 2}
    (folder / "drafts" / "b.mp4").unlink()
    (folder / "drafts").rmdir()
    (folder / "c.tmp.mp4").unlink()
    assert counts(scan(folder, *patterns)) == {}
    assert shown(scan) == []


def test_what_is_gone_is_not_left_out(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    put(folder / ".hidden" / "b.mp4")
    scan(folder)
    path.unlink()
    assert counts(scan(folder)) == {"missing": 1}
    assert list(scan.videos().values()) == [(["a.mp4"], "offline")]


def test_a_copy_elsewhere_stands_for_the_video(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4", b"the same")
    put(folder / "drafts" / "b.mp4", b"the same")
    scan(folder)
    assert counts(scan(folder, "drafts/")) == {"found": 1, "left_out": 1}
    assert shown(scan) == ["a.mp4"]
    (folder / "a.mp4").rename(folder / "drafts" / "a.mp4")
    scan(folder, "drafts/")
    assert list(scan.videos().values()) == [(["a.mp4"], "offline")]


def test_a_folder_of_the_library_is_taken_whatever_one_around_it_leaves_out(scan: Scans, folder: Path) -> None:
    put(folder / "drafts" / "a.mp4")
    scan(folder)
    scan(folder / "drafts")
    assert counts(scan(folder, "drafts/")) == {}
    assert list(scan.videos().values()) == [(["a.mp4"], "waiting")]
    assert counts(scan(folder / "drafts", "drafts/")) == {"found": 1}


def test_left_out_videos_are_forgotten_on_request(scan: Scans, folder: Path, data_dir: DataDir) -> None:
    put(folder / "a.mp4")
    put(folder / "drafts" / "b.mp4")
    scan(folder)
    scan(folder, "drafts/")
    assert remove_left_out(scan.database, data_dir).videos == 1
    assert counts(scan(folder)) == {"found": 2, "new": 1}


def test_a_left_out_video_has_no_name(scan: Scans, folder: Path) -> None:
    put(folder / "drafts" / "b.mp4")
    scan(folder)
    scan(folder, "drafts/")
    with scan.database.reading() as connection, pytest.raises(Exception, match="No video b"):
        find_video(connection, "b.mp4")


def test_patterns_are_those_of_now(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    patterns = LeftOutPatterns(path)
    assert patterns() == ()
    change_settings(path, leave_out=("drafts/",))
    assert patterns() == ("drafts/",)
    path.write_text("leave_out = [")
    assert patterns() == ("drafts/",), "what cannot be read changes nothing"
    path.unlink()
    assert patterns() == ()
