"""What a scan of a folder tells and records. Content is arbitrary: a scan does not decode."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, UserError
from retake_core.indexing import relocation
from retake_core.indexing import scan as sync
from retake_core.media.video_file import fingerprint
from retake_core.protocol.indexing_events import Scanning
from retake_core.system import throttle
from tests.support.scans import Scans, counts, folder_paths
from tests.support.shelf import put


def test_new_files_and_nothing_else(scan: Scans, folder: Path) -> None:
    for name in ("a.mp4", "b.MKV", "sub/deep/c.webm", "notes.txt", "picture.jpg", "mp4", "d.mp4.part"):
        put(folder / name)
    assert counts(scan(folder)) == {"found": 3, "new": 3}
    assert scan.names() == ["a.mp4", "b.MKV", "c.webm"]


def test_unchanged_files_are_not_read_again(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4")
    put(folder / "b.mp4")
    scan(folder)
    assert sorted(scan.read) == ["a.mp4", "b.mp4"]
    put(folder / "c.mp4")
    assert counts(scan(folder)) == {"found": 3, "new": 1}
    assert scan.read == ["c.mp4"]


def test_changed(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4")
    scan(folder)
    (before,) = scan.videos()
    put(folder / "a.mp4", b"another content")
    assert counts(scan(folder)) == {"found": 1, "changed": 1}
    ((after, (names, _)),) = scan.videos().items()
    assert after != before
    assert names == ["a.mp4"]


def test_touched_is_not_changed(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    scan(folder)
    before = scan.videos()
    os.utime(path, (1_500_000_000, 1_500_000_000))
    assert counts(scan(folder)) == {"found": 1}
    assert scan.videos() == before
    scan(folder)
    assert scan.read == []


@pytest.mark.parametrize("target", ["b.mp4", "sub/a.mp4", "sub/b.mkv"])
def test_moved_or_renamed(scan: Scans, folder: Path, target: str) -> None:
    path = put(folder / "a.mp4")
    scan(folder)
    (before,) = scan.videos()
    (folder / target).parent.mkdir(exist_ok=True)
    path.rename(folder / target)
    assert counts(scan(folder)) == {"found": 1, "moved": 1, "missing": 1}
    assert scan.videos() == {before: ([Path(target).name], "waiting")}
    assert counts(scan(folder)) == {"found": 1}


def test_moved_between_folders(scan: Scans, tmp_path: Path) -> None:
    path = put(tmp_path / "one" / "a.mp4")
    (tmp_path / "other").mkdir()
    scan(tmp_path / "one")
    (before,) = scan.videos()
    path.rename(tmp_path / "other" / "a.mp4")
    scan(tmp_path / "other")
    scan(tmp_path / "one")
    assert scan.videos() == {before: (["a.mp4"], "waiting")}


def test_two_files_that_change_places(scan: Scans, folder: Path) -> None:
    a, b = put(folder / "a.mp4"), put(folder / "b.mp4")
    scan(folder)
    before = scan.videos()
    a.rename(folder / "c")
    b.rename(a)
    (folder / "c").rename(b)
    os.utime(a, (1, 1))
    os.utime(b, (2, 2))
    assert counts(scan(folder)) == {"found": 2, "changed": 2}
    assert {number: names for number, (names, _) in scan.videos().items()} == {
        number: ["b.mp4" if names == ["a.mp4"] else "a.mp4"] for number, (names, _) in before.items()
    }


def test_a_copy_is_another_file_of_the_same_video(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    scan(folder)
    shutil.copy2(path, folder / "copy.mp4")
    scan(folder)
    ((number, (names, _)),) = scan.videos().items()
    assert names == ["a.mp4", "copy.mp4"]
    path.unlink()
    scan(folder)
    assert scan.videos() == {number: (["copy.mp4"], "waiting")}


def test_deleted_is_offline_and_comes_back(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    put(folder / "b.mp4")
    scan(folder)
    before = scan.videos()
    path.unlink()
    assert counts(scan(folder)) == {"found": 1, "missing": 1}
    assert sorted(state for _, state in scan.videos().values()) == ["offline", "waiting"]
    put(folder / "a.mp4")
    assert counts(scan(folder)) == {"found": 2}
    assert scan.videos() == before


def test_a_folder_that_is_gone_is_offline_and_comes_back(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4")
    put(folder / "sub" / "b.mp4")
    scan(folder)
    before = scan.videos()
    folder.rename(folder.with_name("unplugged"))
    scanned = scan(folder)
    assert counts(scanned) == {"missing": 2}
    assert len(scanned.problems) == 1
    assert [state for _, state in scan.videos().values()] == ["offline", "offline"]
    folder.with_name("unplugged").rename(folder)
    assert counts(scan(folder)) == {"found": 2}
    assert scan.videos() == before
    assert scan.read == []


@pytest.mark.parametrize("name", ["nowhere", "x" * 300, "b.mp4"])
def test_no_such_folder(scan: Scans, folder: Path, name: str) -> None:
    put(folder / "a.mp4")
    with pytest.raises(UserError, match="no folder"):
        scan(folder / name)


def test_nested_folders_share_their_files(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4")
    put(folder / "sub" / "b.mp4")
    assert counts(scan(folder / "sub")) == {"found": 1, "new": 1}
    assert counts(scan(folder)) == {"found": 2, "new": 1}
    assert counts(scan(folder / "sub")) == {"found": 1}
    assert len(scan.videos()) == 2


def test_a_folder_beside_with_a_longer_name_is_not_inside(scan: Scans, tmp_path: Path) -> None:
    put(tmp_path / "films" / "a.mp4")
    put(tmp_path / "films2" / "b.mp4")
    scan(tmp_path / "films2")
    scan(tmp_path / "films")
    assert [state for _, state in scan.videos().values()] == ["waiting", "waiting"]


def test_the_same_folder_by_another_name(scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder / "a.mp4")
    scan(folder)
    monkeypatch.chdir(folder)
    for name in (".", "../videos", str(folder) + "/", "sub/.."):
        assert counts(scan(Path(name))) == {"found": 1}


def test_a_growing_file_is_left_for_the_next_run(scan: Scans, folder: Path) -> None:
    put(folder / "old.mp4")
    growing = folder / "growing.mp4"
    growing.write_bytes(b"begin")
    stop = threading.Event()

    def grow() -> None:
        with growing.open("ab") as file:
            while not stop.wait(0.002):
                file.write(b"more")
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        scanned = scan(folder)
    finally:
        stop.set()
        writer.join()
    assert counts(scanned) == {"found": 2, "new": 1}
    assert scanned.deferred == (str(growing),)
    assert scan.names() == ["old.mp4"]
    assert counts(scan(folder)) == {"found": 2, "new": 1}
    assert scan.names() == ["growing.mp4", "old.mp4"]


def test_links_are_followed_to_files_but_not_in_circles(scan: Scans, folder: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "film.mp4")
    put(folder / "sub" / "a.mp4")
    (folder / "link.mp4").symlink_to(outside)
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "loop.mp4").symlink_to(folder / "loop.mp4")
    (folder / "broken.mp4").symlink_to(folder / "nothing.mp4")
    scanned = scan(folder)
    assert counts(scanned) == {"found": 2, "new": 2}
    assert len(scanned.problems) == 2
    assert all("\n" not in problem for problem in scanned.problems)


def test_what_is_no_file_or_hidden_is_passed_over(scan: Scans, folder: Path) -> None:
    os.mkfifo(folder / "pipe.mp4")
    (folder / "folder.mp4").mkdir()
    put(folder / "folder.mp4" / "inside.mp4")
    put(folder / ".hidden.mp4")
    put(folder / ".cache" / "a.mp4")
    put(folder / "._resource.mp4")
    assert counts(scan(folder)) == {"found": 1, "new": 1}
    assert scan.names() == ["inside.mp4"]


def test_an_unreadable_folder_and_file_are_told(
    scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made by an error at the call, since a superuser may read everything."""
    put(folder / "a.mp4")
    put(folder / "locked" / "b.mp4")
    put(folder / "secret.mp4")
    look, walk = os.scandir, scan._fingerprint

    def scandir(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return look(path)

    def read(path: Path) -> str:
        if path.name == "secret.mp4":
            raise PermissionError(13, "Permission denied", path)
        return walk(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(sync, "fingerprint", read)
    scanned = scan(folder)
    assert scanned.problems == (
        f"{folder / 'locked'}: Permission denied",
        f"{folder / 'secret.mp4'}: Permission denied",
    )
    assert scan.names() == ["a.mp4"]


@pytest.mark.parametrize("name", [b"new\nline.mp4", b"not \xff unicode.mp4", b" .mp4", "🎬.mp4".encode()])
def test_odd_names(scan: Scans, folder: Path, name: bytes) -> None:
    put(folder / os.fsdecode(name))
    assert counts(scan(folder)) == {"found": 1, "new": 1}
    assert scan.names() == [os.fsdecode(name)]
    assert counts(scan(folder)) == {"found": 1}


@pytest.mark.parametrize("offset", [0, 100_000, 250_000, 499_999])
def test_the_fingerprint_sees_head_middle_and_tail(tmp_path: Path, offset: int) -> None:
    content = bytearray(500_000)
    one = fingerprint(put(tmp_path / "a.mp4", bytes(content)))
    content[offset] = 1
    other = fingerprint(put(tmp_path / "b.mp4", bytes(content)))
    assert (one == other) == (offset == 100_000)  # between the samples it does not look


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 200_000])
def test_the_fingerprint_knows_the_size(tmp_path: Path, size: int) -> None:
    one = fingerprint(put(tmp_path / "a.mp4", bytes(size)))
    assert one == fingerprint(put(tmp_path / "b.mkv", bytes(size)))
    assert one != fingerprint(put(tmp_path / "c.mp4", bytes(size + 1)))


def test_a_scan_that_is_cancelled_leaves_a_library_that_can_be_read(
    scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder / "a.mp4")
    put(folder / "b.mp4")
    scan(folder)
    put(folder / "a.mp4", b"changed")
    put(folder / "b.mp4", b"changed as well")
    token = CancelToken()

    def stop_after(path: Path) -> str:
        token.cancel()
        return fingerprint(path)

    with monkeypatch.context() as patch:
        patch.setattr(sync, "fingerprint", stop_after)
        with pytest.raises(Cancelled):
            list(sync.sync_folder(scan.database, folder, token))
    assert sorted(names for names, _ in scan.videos().values()) == [["a.mp4"], ["b.mp4"]]
    scan(folder)
    assert len(scan.videos()) == 2


def test_many_files_are_stored_together_and_told_of(
    scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        put(folder / f"{number}.mp4")
    monkeypatch.setattr(sync, "BATCH", 4)
    monkeypatch.setattr(sync, "BATCH_SECONDS", 1000.0)
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    events = sync.sync_folder(scan.database, folder, CancelToken())
    reading = (event for event in events if isinstance(event, Scanning) and event.unread)
    stored = [(event.read, len(scan.names())) for event in reading]
    assert stored == [(4, 4), (8, 8), (10, 10)]


def test_a_stop_keeps_what_was_read_for_the_next_batch(
    scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        put(folder / f"{number}.mp4")
    token = CancelToken()

    def stop_at_the_third(path: Path) -> str:
        if path.name == "2.mp4":
            token.cancel()
        return fingerprint(path)

    with monkeypatch.context() as patch:
        patch.setattr(sync, "BATCH_SECONDS", 1000.0)
        patch.setattr(sync, "fingerprint", stop_at_the_third)
        with pytest.raises(Cancelled):
            list(sync.sync_folder(scan.database, folder, token))
    assert scan.names() == ["0.mp4", "1.mp4", "2.mp4"]
    assert scan(folder).new == 2


def test_the_walk_is_told_of_and_stops(scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(folder / f"{number}.mp4")
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    token = CancelToken()
    events = sync.sync_folder(scan.database, folder, token)
    assert [next(events), next(events)] == [Scanning(1), Scanning(2)]
    token.cancel()
    with pytest.raises(Cancelled):
        next(events)


@pytest.mark.parametrize("inside", ["", "Videos/2024"])
def test_a_drive_that_comes_back_under_another_mount_point(
    scan: Scans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    old, new = tmp_path / "media" / "usb", tmp_path / "media" / "usb1"
    put(old / inside / "a.mp4")
    put(old / inside / "sub" / "b.mp4")
    scan(old / inside)
    before = scan.videos()
    other = tmp_path / "other"
    put(other / inside / "a.mp4", b"something else of the same name")
    monkeypatch.setattr(relocation, "mount_points", lambda: [other])
    old.rename(new)
    assert counts(scan(old / inside)) == {"missing": 2}
    monkeypatch.setattr(relocation, "mount_points", lambda: [other, new])
    assert counts(scan(old / inside)) == {"found": 2}
    assert scan.read == []
    assert scan.videos() == before
    assert folder_paths(scan) == [new / inside]
