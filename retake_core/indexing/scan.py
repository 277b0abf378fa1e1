"""Comparing a folder, or a single file, with what the library knows of it."""

import logging
import os
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import Cancelled, UserError
from retake_core.indexing.relocation import find_again
from retake_core.library.database import Database
from retake_core.library.folders import (
    KnownFile,
    add_folder,
    fingerprints,
    folders,
    forget_stale,
    known_files,
    look_inside_again,
    move_folder,
    put_file,
    set_presence,
    video_of,
)
from retake_core.library.marks import hand_on
from retake_core.library.removed_videos import is_ignored, welcome_back
from retake_core.library.schema import Presence
from retake_core.media.folder_walk import FolderWalk
from retake_core.media.video_file import VIDEO_SUFFIXES, FoundFile, fingerprint, look_at
from retake_core.protocol.indexing_events import IndexingEvent, Scanned, Scanning
from retake_core.system.files import absolute
from retake_core.system.throttle import Throttle

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds: a file that changed this lately may still be growing
SETTLE = 1.0  # seconds after which a growing file shows that it grows
BATCH = 300  # files that are stored at once: a transaction costs as much as storing some
BATCH_SECONDS = 0.5  # of reading files, that a crash may cost


@dataclass
class _ScanTally:
    """What a scan has counted and noted so far: see `Scanned`."""

    new: int = 0
    changed: int = 0
    moved: int = 0
    deferred: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    replaced: list[tuple[int, int]] = field(default_factory=list)  # the video that a file held, and what it holds

    def note(self, path: str | Path, error: OSError) -> None:
        """Note what cannot be looked at, and why."""
        self.problems.append(f"{readable(path)}: {error.strerror}")

    def note_walked(self, error: OSError) -> None:
        """Note what a walk cannot look at."""
        self.note(error.filename, error)


def sync_folder(
    database: Database, path: Path, cancel: CancelToken, leave_out: Sequence[str] = ()
) -> Iterator[IndexingEvent]:
    """Bring the library's list of files in line with a folder, or a file that is in the library by itself.

    Content is read only where a file changed. A folder that is gone is looked for under the other mount points.

    Tells how far it has come, at most ten times a second, and ends with `Scanned`.

    Args:
        database: the library.
        path: the folder or file.
        cancel: stops it.
        leave_out: patterns of files and folders that are not taken.

    Raises:
        UserError: there is no such folder or video file, and never was.
        Cancelled: what was found so far stays recorded.
    """
    path, folder_id, alone = _place(database, absolute(path))
    with database.reading() as connection:
        entries = known_files(connection)
        others = [place for _, place in folders(connection) if place != path]
    tally, throttle = _ScanTally(), Throttle()
    files: dict[Path, FoundFile] = {}
    walk = FolderWalk(path, tally.note_walked, leave_out=leave_out, others=others, on_folder=cancel.check)
    for file in _look_at(path, tally) if alone else walk.videos():
        cancel.check()
        files[file.path] = file
        if throttle.ready():
            yield Scanning(len(files))
    unread = [file for file in files.values() if not _unchanged(file, entries)]
    read = 0
    for batch in _batches(_read(_settled(unread, tally, cancel), tally, cancel)):
        with database.writing() as connection:
            for file, content in batch:
                _record(connection, folder_id, file, content, entries, tally, added=alone)
        read += len(batch)
        if throttle.ready():
            yield Scanning(len(files), read, len(unread))
    absences = _absences(path, files, entries, walk.left_out, others)
    missing, left_out = _mark(database, absences, files, entries, tally.replaced)
    yield Scanned(
        found=len(files),
        new=tally.new,
        changed=tally.changed,
        moved=tally.moved,
        missing=missing,
        deferred=tuple(tally.deferred),
        problems=tuple(tally.problems),
        unknown=walk.unknown,
        left_out=left_out,
    )


def _place(database: Database, path: Path) -> tuple[Path, int, bool]:
    """Return where a folder or file lies now, the folder of the library that holds it, and whether it is a file.

    Raises:
        UserError: it is not in the library, and cannot join it.
    """
    with database.reading() as connection:
        places = {place: folder_id for folder_id, place in folders(connection)}
    alone = os.path.isfile(path)  # noqa: PTH113 - is_file() raises on a name that is too long
    if path in places and not alone and not os.path.isdir(path):  # noqa: PTH112
        path = _relocated(database, path, places)
        alone = os.path.isfile(path)  # noqa: PTH113
    elif path not in places:
        _check_addition(path, alone)
    with database.writing() as connection:
        # A file in a folder of the library needs no entry of its own.
        around = next((i for place, i in places.items() if alone and path.is_relative_to(place)), None)
        return path, add_folder(connection, path) if around is None else around, alone


def _check_addition(path: Path, alone: bool) -> None:
    if alone and path.suffix.lower() not in VIDEO_SUFFIXES:
        raise UserError(f"{readable(path.name)} is no video that ReTaKe knows; add videos, or folders of them.")
    if not alone and not os.path.isdir(path):  # noqa: PTH112 - is_dir() raises on a name that is too long
        raise UserError(f"There is no folder {readable(path)}; check the name.")


def _relocated(database: Database, path: Path, places: Iterable[Path]) -> Path:
    """Return where a folder that is gone lies now, which is recorded; or its path when it is nowhere."""
    with database.reading() as connection:
        inside = [entry for file, entry in known_files(connection).items() if file.is_relative_to(path)]
        contents = fingerprints(connection)
    new = find_again(path, inside, contents)
    if new is None or any(new.is_relative_to(place) or place.is_relative_to(new) for place in places):
        return path
    log.info("a folder came back at another place")
    with database.writing() as connection:
        move_folder(connection, path, new)
    return new


def _look_at(path: Path, tally: _ScanTally) -> list[FoundFile]:
    try:
        file = look_at(path)
    except OSError as error:
        tally.note(path, error)
        return []
    return [] if file is None else [file]


def _unchanged(file: FoundFile, entries: dict[Path, KnownFile]) -> bool:
    entry = entries.get(file.path)
    return entry is not None and entry.file == file


def _settled(files: list[FoundFile], tally: _ScanTally, cancel: CancelToken) -> Iterator[FoundFile]:
    """Yield the files that have stopped growing; note the others for the next run."""
    fresh = {file for file in files if abs(time.time() - file.mtime_ns / 1e9) < FRESH}
    yield from (file for file in files if file not in fresh)
    if not fresh:
        return
    cancel.sleep(SETTLE)
    for file in (file for file in files if file in fresh):
        try:
            settled = look_at(file.path) == file
        except OSError:
            settled = False
        if settled:
            yield file
        else:
            tally.deferred.append(readable(file.path))


def _read(files: Iterable[FoundFile], tally: _ScanTally, cancel: CancelToken) -> Iterator[tuple[FoundFile, str]]:
    """Yield the files that can be read, each with its fingerprint."""
    for file in files:
        cancel.check()
        try:
            yield file, fingerprint(file.path)
        except OSError as error:
            tally.note(file.path, error)


def _batches(pairs: Iterator[tuple[FoundFile, str]]) -> Iterator[list[tuple[FoundFile, str]]]:
    """Group what is to be stored at once; a stop does not take back what was read."""
    batch: list[tuple[FoundFile, str]] = []
    until = time.monotonic() + BATCH_SECONDS
    try:
        for pair in pairs:
            batch.append(pair)
            if len(batch) >= BATCH or time.monotonic() > until:
                yield batch
                batch, until = [], time.monotonic() + BATCH_SECONDS
    except Cancelled:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _record(
    connection: Connection,
    folder_id: int,
    file: FoundFile,
    content: str,
    entries: dict[Path, KnownFile],
    tally: _ScanTally,
    *,
    added: bool,
) -> None:
    """Store what a file holds, unless a person took that out, and did not add it again by itself."""
    if added:
        welcome_back(connection, content)
    elif is_ignored(connection, content):
        return
    video_id, before = video_of(connection, content), entries.get(file.path)
    tally.new += before is None and video_id is None
    tally.moved += before is None and video_id is not None
    tally.changed += before is not None and before.video_id != video_id
    put_file(connection, folder_id, file, content)
    if before is not None and video_id is None and (new := video_of(connection, content)) is not None:
        tally.replaced.append((before.video_id, new))
    if before is not None and before.video_id == video_id and before.file != file:
        # What tells the content apart is a sample: tags may have been mended between.
        look_inside_again(connection, video_id)


def _absences(
    folder: Path,
    present: Container[Path],
    entries: dict[Path, KnownFile],
    left_out: Container[Path],
    others: Iterable[Path],
) -> Iterator[tuple[KnownFile, Presence]]:
    """Yield the known files of a folder that were not found, and where they are instead.

    What was left out once stays so until it is found again: who left it out does not want to hear that it is gone.
    """
    # Folders that are in the library by themselves are looked through by themselves.
    apart = [other for other in others if other.is_relative_to(folder) and _is_among(other, left_out)]
    absent = [path for path in entries if path.is_relative_to(folder) and path not in present]
    for path in absent:
        if any(path.is_relative_to(other) for other in apart):
            continue
        entry = entries[path]
        hidden = entry.presence == Presence.LEFT_OUT or _is_among(path, left_out)
        yield entry, Presence.LEFT_OUT if hidden else Presence.GONE


def _is_among(path: Path, places: Container[Path]) -> bool:
    return path in places or any(parent in places for parent in path.parents)


def _mark(
    database: Database,
    absences: Iterable[tuple[KnownFile, Presence]],
    present: Container[Path],
    entries: dict[Path, KnownFile],
    replaced: Iterable[tuple[int, int]],
) -> tuple[int, int]:
    """Store where the known files are now; return how many are gone, and how many are newly left out."""
    absent = list(absences)
    moved = {
        presence: [entry for entry, now in absent if now == presence != entry.presence]
        for presence in (Presence.GONE, Presence.LEFT_OUT)
    }
    back = [e for path, e in entries.items() if e.presence != Presence.HERE and path in present]
    with database.writing() as connection:
        for presence, gone in moved.items():
            set_presence(connection, gone, presence)
        set_presence(connection, back, Presence.HERE)
        hand_on(connection, replaced)
        forget_stale(connection)
    return sum(now == Presence.GONE for _, now in absent), len(moved[Presence.LEFT_OUT])
