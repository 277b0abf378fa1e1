"""Files that join the library by themselves, and videos that are taken out of it."""

from pathlib import Path

import pytest

from retake_core.errors import UserError
from retake_core.library.folders import remove_folder
from retake_core.library.removed_videos import remove_videos
from tests.support.scans import Scans, counts, folder_paths
from tests.support.shelf import put


def test_a_single_file_joins_the_library_without_its_folder(scan: Scans, folder: Path) -> None:
    alone = put(folder / "a.mp4")
    put(folder / "b.mp4")
    assert counts(scan(alone)) == {"found": 1, "new": 1}
    assert scan.names() == ["a.mp4"]
    assert folder_paths(scan) == [alone]
    (before,) = scan.videos()
    alone.unlink()
    assert counts(scan(alone)) == {"missing": 1}
    assert scan.videos() == {before: (["a.mp4"], "offline")}
    put(alone)
    assert counts(scan(alone)) == {"found": 1}
    with scan.database.writing() as connection:
        remove_folder(connection, alone)
    assert scan.videos() == {}


def test_a_single_file_inside_a_folder_of_the_library_is_no_entry_of_its_own(scan: Scans, folder: Path) -> None:
    scan(folder)
    alone = put(folder / "a.mp4")
    assert counts(scan(alone)) == {"found": 1, "new": 1}
    assert folder_paths(scan) == [folder]
    assert counts(scan(folder)) == {"found": 1}


def test_a_file_that_is_no_video_is_refused(scan: Scans, folder: Path) -> None:
    with pytest.raises(UserError, match="no video that ReTaKe knows"):
        scan(put(folder / "notes.txt"))


def test_a_video_that_was_taken_out_stays_out_until_it_is_added_by_itself(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    put(folder / "b.mp4")
    scan(folder)
    number = next(i for i, (names, _) in scan.videos().items() if names == ["a.mp4"])
    with scan.database.writing() as connection:
        remove_videos(connection, [number])
    path = path.rename(folder / "renamed.mp4")
    scan(folder)
    assert scan.names() == ["b.mp4"]
    scan(path)
    assert scan.names() == ["b.mp4", "renamed.mp4"]
    scan(folder)
    assert scan.names() == ["b.mp4", "renamed.mp4"]


def test_a_removed_folder_forgets_what_was_taken_out_of_it(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4")
    scan(folder)
    with scan.database.writing() as connection:
        remove_videos(connection, list(scan.videos()))
        remove_folder(connection, folder)
    scan(folder)
    assert scan.names() == ["a.mp4"]
