"""Folders are followed by real file operations; every wait is for what is told."""

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from watchdog.events import (
    DirCreatedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)
from watchdog.observers.api import BaseObserver

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled
from retake_core.indexing import scan, watching
from retake_core.indexing.watching import Patterns, RestingChanges
from retake_core.library.database import Database
from retake_core.library.folders import present_files
from retake_core.media.video_file import FoundFile
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import FolderChanged, FolderFollowed
from tests.support.shelf import put

PATIENCE = 20.0  # seconds


class Watch:
    """Watches in a thread, and lets a test wait for what is told."""

    def __init__(
        self,
        folders: list[Path],
        known: Callable[[], dict[Path, FoundFile]] = dict,
        leave_out: Patterns = tuple,
    ) -> None:
        self.events: list[Event] = []
        self._token = CancelToken()
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._run, args=(folders, known, leave_out))
        self._thread.start()

    def _run(self, folders: list[Path], known: Callable[[], dict[Path, FoundFile]], leave_out: Patterns) -> None:
        try:
            for event in watching.watch(folders, known, self._token, leave_out):
                with self._came:
                    self.events.append(event)
                    self._came.notify_all()
        except Cancelled:
            pass

    def expect(self, event: Event) -> None:
        """Wait for an event, and forget it with all that came before."""
        with self._came:
            assert self._came.wait_for(lambda: event in self.events, PATIENCE), (event, self.events)
            del self.events[: self.events.index(event) + 1]

    def close(self) -> None:
        self._token.cancel()
        self._thread.join()


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET", 0.3)
    monkeypatch.setattr(watching, "LOOK", 0.1)
    monkeypatch.setattr(watching, "STEP", 0.02)


Watches = Callable[..., Watch]


@pytest.fixture
def watch() -> Iterator[Watches]:
    made: list[Watch] = []

    def make(
        folders: list[Path],
        known: Callable[[], dict[Path, FoundFile]] = dict,
        leave_out: Patterns = tuple,
    ) -> Watch:
        made.append(Watch(folders, known, leave_out))
        return made[-1]

    yield make
    for one in made:
        one.close()


def state(path: Path, name: str) -> FolderFollowed:
    return FolderFollowed(os.fspath(path), name)


def changed(path: Path) -> FolderChanged:
    return FolderChanged(os.fspath(path))


def test_files_that_come_move_and_go_are_told(watch: Watches, folder: Path) -> None:
    watched = watch([folder])
    watched.expect(state(folder, "watched"))
    path = put(folder / "new" / "a.mp4")
    watched.expect(changed(folder))
    path = path.rename(folder / "b.mp4")
    watched.expect(changed(folder))
    path.write_bytes(b"something else")
    watched.expect(changed(folder))
    path.unlink()
    watched.expect(changed(folder))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list that holds the time."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    "event",
    [
        FileModifiedEvent("/videos/notes.txt"),
        FileCreatedEvent("/videos/a.mp4.part"),
        FileCreatedEvent("/videos/.a.mp4"),
        FileOpenedEvent("/videos/a.mp4"),
        FileClosedNoWriteEvent("/videos/a.mp4"),
        FileCreatedEvent("/elsewhere/a.mp4"),
    ],
)
def test_what_is_no_change_of_a_video_is_not_told(clock: list[float], event: FileSystemEvent) -> None:
    changes = RestingChanges(Path("/videos"))
    changes.on_any_event(event)
    clock[0] += 100
    assert not changes.at_rest()


def test_what_a_folder_leaves_out_is_told_when_it_changes_and_its_content_is_not(clock: list[float]) -> None:
    changes = RestingChanges(Path("/videos"), lambda: ("drafts/", "*.tmp.mp4"))
    told = {
        FileCreatedEvent("/videos/drafts/a.mp4"): False,
        DirCreatedEvent("/videos/trip/drafts"): False,
        FileModifiedEvent("/videos/a.tmp.mp4"): False,
        FileMovedEvent("/videos/a.tmp.mp4", "/videos/a.mp4"): True,
        FileModifiedEvent("/videos/trip/.retakeignore"): True,
        FileDeletedEvent("/videos/trip/.nomedia"): True,
    }
    for event, is_told in told.items():
        changes.on_any_event(event)
        clock[0] += 100
        assert changes.at_rest() == is_told, event


def test_what_is_left_out_now_is_looked_for(
    watch: Watches, folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "is_network", lambda _: True)
    monkeypatch.setattr(watching, "RESCAN", 0.1)

    def known() -> dict[Path, FoundFile]:
        with database.reading() as connection:
            return present_files(connection)

    put(folder / "drafts" / "a.mp4")
    list(scan.sync_folder(database, folder, CancelToken()))
    patterns: list[str] = []
    watched = watch([folder], known, lambda: tuple(patterns))
    watched.expect(state(folder, "rescanned"))
    patterns.append("drafts/")
    watched.expect(changed(folder))
    list(scan.sync_folder(database, folder, CancelToken(), patterns))
    watched.events.clear()
    patterns.clear()
    watched.expect(changed(folder))


def test_a_growing_file_is_told_once_when_it_has_come_to_rest(clock: list[float]) -> None:
    changes = RestingChanges(Path("/videos"))
    for _ in range(50):
        changes.on_any_event(FileModifiedEvent("/videos/a.mp4"))
        clock[0] += 0.1
        assert not changes.at_rest()
    changes.on_any_event(FileMovedEvent("/elsewhere/b.mp4", "/videos/b.mp4"))
    clock[0] += 0.25
    assert changes.at_rest()
    assert not changes.at_rest()


def test_a_folder_that_goes_and_comes_back(watch: Watches, folder: Path) -> None:
    watched = watch([folder])
    watched.expect(state(folder, "watched"))
    away = folder.rename(folder.with_name("unplugged"))
    watched.expect(state(folder, "offline"))
    watched.expect(changed(folder))
    away.rename(folder)
    watched.expect(state(folder, "watched"))
    watched.expect(changed(folder))
    put(folder / "a.mp4")
    watched.expect(changed(folder))


def test_what_came_before_somebody_watched_is_told_and_what_is_known_is_not(watch: Watches, folder: Path) -> None:
    path = put(folder / "a.mp4")
    known = FoundFile(path, path.stat().st_size, path.stat().st_mtime_ns)
    watch([folder]).expect(changed(folder))
    watched = watch([folder], lambda: {path: known})
    watched.expect(state(folder, "watched"))
    put(folder / "b.mp4")
    watched.expect(changed(folder))
    assert changed(folder) not in watched.events


def test_a_new_drive_may_hold_a_folder_that_is_gone(
    watch: Watches, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts: list[Path] = []
    monkeypatch.setattr(watching, "mount_points", lambda: mounts)
    gone = folder / "gone"
    watched = watch([gone])
    watched.expect(state(gone, "offline"))
    watched.expect(changed(gone))
    mounts.append(Path("/media/usb"))
    watched.expect(changed(gone))


def test_a_single_file_is_followed_and_not_its_neighbours(watch: Watches, folder: Path) -> None:
    path = put(folder / "a.mp4")
    known = FoundFile(path, path.stat().st_size, path.stat().st_mtime_ns)
    watched = watch([path], lambda: {path: known})
    watched.expect(state(path, "watched"))
    put(folder / "b.mp4")
    path.unlink()
    watched.expect(state(path, "offline"))


def test_scans_make_up_for_a_kernel_that_will_not_watch(
    watch: Watches,
    folder: Path,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    monkeypatch.setattr(watching, "RESCAN", 0.1)

    def known() -> dict[Path, FoundFile]:
        with database.reading() as connection:
            return present_files(connection)

    put(folder / "a.mp4")
    list(scan.sync_folder(database, folder, CancelToken()))
    watched = watch([folder], known)
    watched.expect(state(folder, "rescanned"))
    assert "limit reached" in caplog.text
    put(folder / "b.mp4")
    watched.expect(changed(folder))
    list(scan.sync_folder(database, folder, CancelToken()))
    watched.events.clear()
    (folder / "a.mp4").unlink()
    watched.expect(changed(folder))


def test_a_drive_that_hangs_is_offline_and_holds_up_no_other(
    watch: Watches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, alive = tmp_path / "dead", tmp_path / "alive"
    dead.mkdir()
    alive.mkdir()
    answers = threading.Event()
    real = os.stat

    def stat(path: str | Path | int, **options: object) -> os.stat_result:
        if path == dead:
            answers.wait()
        return real(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "SILENT", 1.0)
    monkeypatch.setattr(os, "stat", stat)
    try:
        watched = watch([dead, alive])
        watched.expect(state(dead, "offline"))
        put(alive / "a.mp4")
        watched.expect(changed(alive))
    finally:
        answers.set()
    watched.expect(state(dead, "watched"))


def test_network_drives_are_known_by_the_table_of_mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Partition:
        def __init__(self, mountpoint: str, fstype: str) -> None:
            self.mountpoint, self.fstype, self.opts = mountpoint, fstype, "rw"

    table = [Partition("/", "ext4"), Partition("/net/films", "nfs4"), Partition("/net/films/usb", "vfat")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: table)
    assert watching.is_network(Path("/net/films/a"))
    assert not watching.is_network(Path("/net/films/usb/a"))
    assert not watching.is_network(Path("/net"))


def test_a_whole_folder_that_moves_in_is_told_once_it_is_complete(watch: Watches, folder: Path) -> None:
    outside = folder.with_name("outside")
    for number in range(20):
        put(outside / f"{number}.mp4")
    watched = watch([folder])
    watched.expect(state(folder, "watched"))
    shutil.copytree(outside, folder / "inside")
    watched.expect(changed(folder))
    put(folder / "inside" / "one more.mp4")
    watched.expect(changed(folder))
