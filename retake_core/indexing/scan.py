"""Comparing a folder, or a single file, with what the library knows of it."""

import logging
import os
import time
from collections.abc import Iterable, Iterator
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
    set_missing,
    video_of,
)
from retake_core.library.removed_videos import is_ignored, welcome_back
from retake_core.media.video_file import VIDEO_SUFFIXES, FoundFile, find_videos, fingerprint, look_at
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import Scanned, Scanning
from retake_core.system.files import absolute

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds: a file that changed this lately may still be growing
SETTLE = 1.0  # seconds after which a growing file shows that it grows
TELL_EVERY = 0.1  # seconds between two events
BATCH = 300  # files that are stored at once: a transaction costs as much as storing some
BATCH_SECONDS = 0.5  # of reading files, that a crash may cost


@dataclass
class _Difference:
    new: int = 0
    changed: int = 0
    moved: int = 0
    deferred: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unknown: int = 0


def sync_folder(database: Database, path: Path, cancel: CancelToken) -> Iterator[Event]:
    """Bring the library's list of files in line with a folder, or a file that is in the library by itself.

    Content is read only where a file changed. A folder that is gone is looked for under the other mount points.

    Tells how far it has come, at most ten times a second, and ends with `Scanned`.

    Raises:
        UserError: there is no such folder or video file, and never was.
        Cancelled: what was found so far stays recorded.
    """
    path = absolute(path)
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
        folder_id = add_folder(connection, path) if around is None else around
        known = known_files(connection)

    changes = _Difference()
    found: dict[Path, FoundFile] = {}
    told = time.monotonic()
    for file in _look_at(path, changes) if alone else _walk(path, changes, cancel):
        found[file.path] = file
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            yield Scanning(len(found))
    candidates = [file for file in found.values() if not _unchanged(file, known)]
    read = 0
    for batch in _batches(_read(_settled(candidates, changes, cancel), changes, cancel)):
        with database.writing() as connection:
            for file, content in batch:
                _record(connection, folder_id, file, content, known, changes, wanted=alone)
        read += len(batch)
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            yield Scanning(len(found), read, len(candidates))
    missing = _mark_missing(database, path, found, known)
    yield Scanned(
        found=len(found),
        new=changes.new,
        changed=changes.changed,
        moved=changes.moved,
        missing=missing,
        deferred=tuple(changes.deferred),
        problems=tuple(changes.problems),
        unknown=changes.unknown,
    )


def _check_addition(path: Path, alone: bool) -> None:
    if alone and path.suffix.lower() not in VIDEO_SUFFIXES:
        raise UserError(f"{readable(path.name)} is no video that ReTaKe knows; add videos, or folders of them.")
    if not alone and not os.path.isdir(path):  # noqa: PTH112 - is_dir() raises on a name that is too long
        raise UserError(f"There is no folder {readable(path)}; check the name.")


def _relocated(database: Database, path: Path, places: Iterable[Path]) -> Path:
    """Return where a folder that is gone lies now, which is recorded; or its path when it is nowhere."""
    with database.reading() as connection:
        inside = [file for file in known_files(connection).values() if file.found.path.is_relative_to(path)]
        contents = fingerprints(connection)
    new = find_again(path, inside, contents)
    if new is None or any(new.is_relative_to(place) or place.is_relative_to(new) for place in places):
        return path
    log.info("a folder came back at another place")
    with database.writing() as connection:
        move_folder(connection, path, new)
    return new


def _look_at(path: Path, changes: _Difference) -> list[FoundFile]:
    try:
        found = look_at(path)
    except OSError as error:
        changes.problems.append(f"{readable(path)}: {error.strerror}")
        return []
    return [] if found is None else [found]


def _walk(path: Path, changes: _Difference, cancel: CancelToken) -> Iterator[FoundFile]:
    def report(error: OSError) -> None:
        changes.problems.append(f"{readable(error.filename)}: {error.strerror}")

    def count(_path: Path) -> None:
        changes.unknown += 1

    for file in find_videos(path, report, cancel.check, count):
        cancel.check()
        yield file


def _unchanged(file: FoundFile, known: dict[Path, KnownFile]) -> bool:
    before = known.get(file.path)
    return before is not None and before.found == file


def _settled(files: list[FoundFile], changes: _Difference, cancel: CancelToken) -> Iterator[FoundFile]:
    """Yield the files that have stopped growing; note the others for the next run."""
    fresh = [file for file in files if abs(time.time() - file.mtime_ns / 1e9) < FRESH]
    waiting = set(fresh)
    yield from (file for file in files if file not in waiting)
    if not fresh:
        return
    cancel.sleep(SETTLE)
    for file in fresh:
        try:
            settled = look_at(file.path) == file
        except OSError:
            settled = False
        if settled:
            yield file
        else:
            changes.deferred.append(readable(file.path))


def _read(
    files: Iterable[FoundFile], changes: _Difference, cancel: CancelToken
) -> Iterator[tuple[FoundFile, str]]:
    """Yield the files that can be read, each with its fingerprint."""
    for file in files:
        cancel.check()
        try:
            yield file, fingerprint(file.path)
        except OSError as error:
            changes.problems.append(f"{readable(file.path)}: {error.strerror}")


def _batches(read: Iterator[tuple[FoundFile, str]]) -> Iterator[list[tuple[FoundFile, str]]]:
    """Group what is to be stored at once; a stop does not take back what was read."""
    batch: list[tuple[FoundFile, str]] = []
    until = time.monotonic() + BATCH_SECONDS
    try:
        for pair in read:
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
    known: dict[Path, KnownFile],
    changes: _Difference,
    *,
    wanted: bool,
) -> None:
    """Store what a file holds, unless a person took that out and does not want it back."""
    if wanted:
        welcome_back(connection, content)
    elif is_ignored(connection, content):
        return
    video_id, before = video_of(connection, content), known.get(file.path)
    changes.new += before is None and video_id is None
    changes.moved += before is None and video_id is not None
    changes.changed += before is not None and before.video_id != video_id
    put_file(connection, folder_id, file, content)
    if before is not None and before.video_id == video_id and before.found != file:
        # What tells the content apart is a sample: tags may have been mended between.
        look_inside_again(connection, video_id)


def _mark_missing(database: Database, folder: Path, found: Iterable[Path], known: dict[Path, KnownFile]) -> int:
    present = set(found)
    inside = [file for file in known.values() if file.found.path.is_relative_to(folder)]
    gone = [file for file in inside if file.found.path not in present]
    back = [file.id for file in inside if file.missing and file.found.path in present]
    with database.writing() as connection:
        set_missing(connection, [file.id for file in gone if not file.missing], missing=True)
        set_missing(connection, back, missing=False)
        forget_stale(connection)
    return len(gone)
