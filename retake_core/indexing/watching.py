"""Following the library's folders: telling what changed in them once it has come to rest."""

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled
from retake_core.indexing.relocation import mount_points
from retake_core.media.folder_walk import NO_MEDIA, FolderWalk
from retake_core.media.ignoring import IGNORE_FILE, Ignored
from retake_core.media.video_file import VIDEO_SUFFIXES, FoundFile, look_at
from retake_core.protocol.indexing_events import FolderChanged, FolderFollowed, IndexingEvent

log = logging.getLogger(__name__)

QUIET = 2.0  # seconds without a change after which a file has come to rest
LOOK = 3.0  # seconds between two looks whether a folder is there
RESCAN = 60.0  # seconds between two scans of a folder that tells no changes
SAFETY = 900.0  # seconds between two scans of one that does: the kernel drops changes when there are too many
SILENT = 15.0  # seconds after which a drive that does not answer counts as gone
STEP = 0.2  # seconds between two looks at the changes
NETWORK = ("nfs", "cifs", "smb", "sshfs", "fuse.rclone", "davfs", "webdav", "afpfs", "9p", "ceph", "gluster")

ListFiles = Callable[[], dict[Path, FoundFile]]
"""Returns the files that were there at the library's last scan, by path."""

Patterns = Callable[[], Sequence[str]]
"""Returns the patterns of what is left out now."""


def watch(
    folders: Sequence[Path], list_files: ListFiles, cancel: CancelToken, leave_out: Patterns = lambda: ()
) -> Iterator[IndexingEvent]:
    """Yield `FolderFollowed` and `FolderChanged` for folders and single files, until it is cancelled.

    Each folder is looked at by a thread of its own, so that a network drive that hangs holds up no other.

    Args:
        folders: what to watch.
        list_files: asked at every scan.
        cancel: ends it.
        leave_out: asked at every scan and change; what happens in there is not told.

    Raises:
        Cancelled: always, in the end.
    """
    events: queue.SimpleQueue[IndexingEvent] = queue.SimpleQueue()
    followers = [
        _Follower(folder, list_files, events.put, leave_out, [other for other in folders if other != folder])
        for folder in folders
    ]
    for follower in followers:
        follower.start()
    try:
        while True:
            cancel.check()
            for follower in followers:
                follower.notice_silence()
            try:
                yield events.get(timeout=STEP)
            except queue.Empty:
                continue
    finally:
        for follower in followers:
            follower.stop()


class ChangedFolders:
    """Collects which folders have changed, for one who works meanwhile; begins when it is first asked.

    Args:
        folders: of the library; asked for once.
        list_files: see `watch`.
        cancel: ends it.
        leave_out: see `watch`.
    """

    def __init__(
        self,
        folders: Callable[[], Sequence[Path]],
        list_files: ListFiles,
        cancel: CancelToken,
        leave_out: Patterns,
    ) -> None:
        self._folders, self._list_files, self._cancel = folders, list_files, cancel
        self._leave_out = leave_out
        self._changes: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._watch, name="changes", daemon=True)

    def any(self) -> bool:
        """Return whether a folder has changed."""
        self._start()
        return not self._changes.empty()

    def next(self) -> Path:
        """Wait for a folder that has changed.

        Raises:
            Cancelled: a stop was asked for.
        """
        self._start()
        while True:
            self._cancel.check()
            try:
                return self._changes.get(timeout=STEP)
            except queue.Empty:
                continue

    def _start(self) -> None:
        if self._thread.ident is None:
            self._thread.start()

    def _watch(self) -> None:
        with contextlib.suppress(Cancelled):
            for event in watch(self._folders(), self._list_files, self._cancel, self._leave_out):
                if isinstance(event, FolderChanged):
                    self._changes.put(Path(event.path))


class _Follower(threading.Thread):
    """Looks after one folder, or a single file."""

    def __init__(
        self,
        path: Path,
        list_files: ListFiles,
        tell: Callable[[IndexingEvent], None],
        leave_out: Patterns,
        others: Sequence[Path],
    ) -> None:
        super().__init__(name="follower", daemon=True)
        self._path = path
        self._list_files = list_files
        self._tell = tell
        self._stopped = threading.Event()
        self._state = ""
        self._device: int | None = None
        self._mounts: set[Path] = set()
        self._observer: BaseObserver | None = None
        self._leave_out, self._others = leave_out, others
        self._changes = RestingChanges(path, leave_out)
        self._files_before: dict[Path, FoundFile] = {}  # at the last scan
        self._waiting_since: float | None = None  # for an answer of the drive

    def stop(self) -> None:
        """Let it end, without waiting: its drive may never answer."""
        self._stopped.set()

    def notice_silence(self) -> None:
        """Tell that the folder is gone when its drive has not answered for long."""
        since = self._waiting_since
        if since is not None and time.monotonic() - since > SILENT:
            self._set_state("offline")

    def run(self) -> None:
        # At once, behind the first look: what came while nobody watched is told by no event.
        looked, scanned, pause = float("-inf"), float("-inf"), RESCAN
        while not self._stopped.is_set():
            now = time.monotonic()
            if now - looked >= LOOK:
                self._waiting_since = time.monotonic()
                self._look()
                looked = time.monotonic()
            if self._state != "offline" and now - scanned >= pause:
                self._waiting_since = time.monotonic()
                self._scan()
                scanned = time.monotonic()
                pause = SAFETY if self._state == "watched" else RESCAN
            self._waiting_since = None
            if self._changes.at_rest():
                self._tell_change()
            self._stopped.wait(STEP)
        self._end_observer()

    def _look(self) -> None:
        """Notice that the folder went, came back, or that another drive was mounted on it."""
        try:
            device: int | None = os.stat(self._path).st_dev  # noqa: PTH116 - may be a path too odd for pathlib
        except OSError:
            device = None
        if device is None:
            mounts = set(mount_points())
            if self._state != "offline" or mounts != self._mounts:  # it may have come back elsewhere
                self._end_observer()
                self._set_state("offline")
                self._tell_change()
            self._mounts = mounts
        elif device != self._device or self._state == "offline":
            came_back = self._state != ""
            self._end_observer()
            self._set_state("watched" if self._observe() else "rescanned")
            if came_back:
                self._tell_change()
        self._device = device

    def _observe(self) -> bool:
        """Have changes told, and return whether that is possible."""
        if is_network(self._path):
            log.info("a folder on the network is scanned every %g s", RESCAN)
            return False
        alone = self._path.is_file()
        observer = Observer()
        observer.start()
        try:
            observer.schedule(
                self._changes, os.fspath(self._path.parent if alone else self._path), recursive=not alone
            )
        except OSError as error:
            log.warning("a folder cannot be watched (%s); it is scanned every %g s", error, RESCAN)
            observer.stop()
            return False
        self._observer = observer
        return True

    def _end_observer(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer = None

    def _scan(self) -> None:
        """Compare what is there with what the library knows, and tell when that is new."""
        try:
            files = {file.path: file for file in self._files()}
        except OSError:
            return  # it went a moment ago, which the next look tells
        listed = {path: file for path, file in self._list_files().items() if path.is_relative_to(self._path)}
        before = self._files_before
        news = any(listed.get(path) != file and before.get(path) != file for path, file in files.items())
        self._files_before = files
        if news or not listed.keys() <= files.keys():
            self._tell_change()

    def _files(self) -> Iterator[FoundFile]:
        if not self._path.is_file():
            walk = FolderWalk(self._path, lambda _: None, leave_out=self._leave_out(), others=self._others)
            yield from walk.videos()
        elif (file := look_at(self._path)) is not None:
            yield file

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._tell(FolderFollowed(os.fspath(self._path), state))

    def _tell_change(self) -> None:
        self._tell(FolderChanged(os.fspath(self._path)))


class RestingChanges(FileSystemEventHandler):
    """Collects what changes in a folder, or of a file, until it has come to rest."""

    KINDS = (
        DirCreatedEvent,
        DirDeletedEvent,
        DirMovedEvent,
        FileClosedEvent,
        FileCreatedEvent,
        FileDeletedEvent,
        FileModifiedEvent,
        FileMovedEvent,
    )

    def __init__(self, place: Path, leave_out: Patterns = lambda: ()) -> None:
        self._place, self._leave_out = place, leave_out
        self._lock = threading.Lock()
        self._changed_at: dict[str, float] = {}

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take a change of a video, of a folder that may hold some, or of what a folder leaves out."""
        if not isinstance(event, self.KINDS):
            return  # a file that is read says so too
        for name in (event.src_path, event.dest_path):
            path = Path(os.fsdecode(name))
            is_video = path.suffix.lower() in VIDEO_SUFFIXES and not path.name.startswith(".")
            counts = event.is_directory or is_video or path.name in (IGNORE_FILE, NO_MEDIA)
            if name and counts and path.is_relative_to(self._place) and not self._is_left_out(path, event):
                with self._lock:
                    self._changed_at[os.fspath(path)] = time.monotonic()

    def _is_left_out(self, path: Path, event: FileSystemEvent) -> bool:
        patterns = self._leave_out()
        if not patterns or path == self._place:
            return False
        return Ignored.everywhere(self._place, patterns).matches(path, is_folder=event.is_directory)

    def at_rest(self) -> bool:
        """Return whether something changed and has stopped changing since; each change is told once."""
        with self._lock:
            quiet = time.monotonic() - QUIET
            resting = [path for path, changed in self._changed_at.items() if changed <= quiet]
            for path in resting:
                del self._changed_at[path]
            return bool(resting)


def is_network(path: Path) -> bool:
    """Whether a path lies on a network drive, by the table of mounts alone: the drive may not answer."""
    if os.name == "nt" and path.drive.startswith("\\\\"):
        return True
    mounts = [m for m in psutil.disk_partitions(all=True) if path.is_relative_to(m.mountpoint)]
    if not mounts:
        return False
    mount = max(mounts, key=lambda mount: len(mount.mountpoint))
    return mount.fstype.lower().startswith(NETWORK) or "remote" in mount.opts.split(",")
