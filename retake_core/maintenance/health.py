"""Whether the files of the data directory are sound, and mending those that are not."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from safetensors import SafetensorError
from sqlalchemy import select

from retake_core.data_dir import DataDir
from retake_core.display import counted, data_size
from retake_core.errors import DamagedError, NewerVersionError, StorageError, UserError
from retake_core.library.database import Database
from retake_core.library.embeddings import only_thumbnails
from retake_core.library.salvage import Salvaged, salvage
from retake_core.library.schema import video
from retake_core.library.sqlite_errors import explain
from retake_core.maintenance.copies import list_copies
from retake_core.settings import load_settings
from retake_core.system.files import WRITING, delete, size_of, sync_directory
from retake_core.videollm.memory.index import SUFFIX, digest


class Finding(msgspec.Struct, frozen=True):
    """What was found of a part of the data directory.

    Attributes:
        part: one word.
        state: "good", "damaged" or "mended".
        detail: one sentence.
    """

    part: str
    state: str
    detail: str


def examine(data_dir: DataDir) -> list[Finding]:
    """Look at every file of a data directory; nothing is changed."""
    return list(_look(data_dir, mend=False)) if data_dir.root.is_dir() else []


def repair(data_dir: DataDir) -> list[Finding]:
    """Mend what is damaged: rebuilt where it can be, else kept aside. Hold the writer's lock.

    Raises:
        StorageError: the disk is full, or another program holds the library.
        NewerVersionError: the library is of a newer version of the app.
    """
    return list(_look(data_dir, mend=True))


def set_aside(data_dir: DataDir, path: Path) -> Path:
    """Move a damaged file, and what SQLite keeps beside it, out of the way, and return the new place."""
    data_dir.set_aside.mkdir(mode=0o700, exist_ok=True)
    place = data_dir.set_aside / f"{time.strftime('%Y-%m-%d-%H%M%S')}-{time.time_ns() % 10**9:09}"
    place.mkdir(mode=0o700)
    for ending in ("", "-wal", "-shm"):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.replace(place / file.name)
    for directory in (place, data_dir.set_aside, data_dir.root):
        sync_directory(directory)
    return place / path.name


def _look(data_dir: DataDir, mend: bool) -> Iterator[Finding]:
    library = _library(data_dir, mend)
    yield library
    yield from _copies(data_dir)
    if library.state == "good":
        yield from _stand_ins(data_dir)
    yield _settings(data_dir, mend)
    yield _memories(data_dir, mend, orphans=library.state == "good")
    yield from _vectors(data_dir, mend)
    yield from _leftovers(data_dir, mend)


def _library(data_dir: DataDir, mend: bool) -> Finding:
    path = data_dir.database
    if not path.exists():
        return Finding("library", "good", "There is none yet.")
    problem = _problem(path) or _emptied(data_dir)
    if problem is None:
        return Finding("library", "good", f"{path} is sound.")
    if not mend:
        return Finding("library", "damaged", f"{problem} Mend it with: retake doctor --repair")
    _refuse_if_open(path)
    new = path.with_name(f"{WRITING}salvaged.db")
    for ending in ("", "-wal", "-shm"):
        new.with_name(new.name + ending).unlink(missing_ok=True)
    try:
        saved = salvage(path, new, [copy.path for copy in list_copies(data_dir)])
    except (sqlite3.Error, OSError) as error:
        reason = explain(error, path) if isinstance(error, sqlite3.Error) else None
        raise reason or UserError(f"The library cannot be mended ({error}).") from error
    old = set_aside(data_dir, path)
    new.replace(path)
    sync_directory(data_dir.root)
    return Finding(
        "library",
        "mended",
        f"{_saved(saved)} The damaged file is kept: {old}",
    )


def _saved(saved: Salvaged) -> str:
    """Say in one sentence what was saved, and what is indexed again."""
    parts = [f"{counted(saved.videos, 'video')} and {counted(saved.keyframes, 'keyframe')} were saved"]
    if saved.copy is not None:
        made = _when(saved.copy.stat().st_mtime)
        parts.append(f"{saved.filled} of the videos and what else could not be read come from the copy of {made}")
    if saved.again:
        parts.append(f"{saved.again} of the videos are indexed again by the next run")
    else:
        parts.append("nothing of them has to be indexed again")
    return "; ".join(parts) + "."


def _copies(data_dir: DataDir) -> Iterator[Finding]:
    if copies := list_copies(data_dir):
        size = data_size(sum(copy.size for copy in copies))
        detail = f"Kept: {len(copies)} ({size}), the newest of {_when(copies[0].made)}."
        yield Finding("copies", "good", detail)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _stand_ins(data_dir: DataDir) -> Iterator[Finding]:
    if not data_dir.database.exists():
        return
    with closing(Database(data_dir.database)) as database, database.reading() as connection:
        number = only_thumbnails(connection)
    if number:
        detail = f"{number} are known to the new encoder by their thumbnails only; go on with: retake index"
        yield Finding("keyframes", "good", detail)


def _problem(path: Path) -> str | None:
    """Return what is wrong with a library.

    Raises:
        StorageError: it cannot be looked at now.
        NewerVersionError: it is of a newer version of the app.
    """
    try:
        with closing(Database(path)) as database, database.reading() as connection:
            report = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
            if report == "ok" and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None:
                return None
            return f"The library is damaged ({report.splitlines()[-1]})."
    except (NewerVersionError, StorageError):
        raise
    except DamagedError as error:
        return str(error).partition(";")[0] + "."
    except UserError as error:
        return str(error)


def _emptied(data_dir: DataDir) -> str | None:
    """Tell that a library lost all its videos, other than by removing them: then its copies go, too."""
    copies = list_copies(data_dir)
    with closing(sqlite3.connect(data_dir.database)) as connection:
        if not copies or connection.execute("SELECT 1 FROM video").fetchone() is not None:
            return None
    return "The library is empty, although there are copies of it."


def _refuse_if_open(path: Path) -> None:
    """Raise StorageError while another process has the library open, even if it only reads.

    What it has open would be moved away under its hands, and its log mixed up with the new library's. Every
    connection holds a lock on these bytes of the file; Windows moves no file that is open.
    """
    if os.name != "posix":
        return
    import fcntl

    with path.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
        except OSError as error:
            raise StorageError(f"The library {path} is open in another ReTaKe; close it, then repair.") from error


def _settings(data_dir: DataDir, mend: bool) -> Finding:
    try:
        load_settings(data_dir.settings)
    except UserError as error:
        if not mend:
            return Finding("settings", "damaged", str(error))
        old = set_aside(data_dir, data_dir.settings)
        return Finding("settings", "mended", f"All settings are as by default now. The old file is kept: {old}")
    return Finding("settings", "good", "They can be read.")


def _memories(data_dir: DataDir, mend: bool, *, orphans: bool) -> Finding:
    digests = _known_digests(data_dir) if orphans else None
    bad, freed, good = 0, 0, 0
    for path in data_dir.memories.glob("*"):
        owner = path.name.partition("-")[0].partition(".")[0]
        if (digests is not None and owner not in digests) or (path.suffix == SUFFIX and not _sound_memory(path)):
            bad += 1
            freed += size_of(path)
            if mend:
                delete(path)
        else:
            good += path.suffix == SUFFIX
    if not bad:
        return Finding("memories", "good", f"Sound: {good}.")
    files = f"{counted(bad, 'file')} ({data_size(freed)})"
    if not mend:
        return Finding("memories", "damaged", f"Damaged, or of no video in the library: {files}.")
    return Finding("memories", "mended", f"Deleted: {files}; the next question about a video makes one anew.")


def _known_digests(data_dir: DataDir) -> set[str]:
    if not data_dir.database.exists():
        return set()
    with closing(Database(data_dir.database)) as database, database.reading() as connection:
        return {digest(fingerprint) for fingerprint in connection.execute(select(video.c.fingerprint)).scalars()}


def _sound_memory(path: Path) -> bool:
    from retake_core.videollm.memory.file import verify

    try:
        verify(path)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError):
        return False
    return True


def _vectors(data_dir: DataDir, mend: bool) -> Iterator[Finding]:
    from retake_core.library.vectors import is_sound

    bad = [path for path in sorted(data_dir.vectors.glob("*.faiss")) if not is_sound(path)]
    bad += [path for path in sorted(data_dir.vectors.glob("*.json")) if not path.with_suffix(".faiss").exists()]
    if not bad:
        yield Finding("vectors", "good", "The index files are sound.")
        return
    if mend:
        for path in bad:
            delete(path)
            delete(path.with_suffix(".json"))
    detail = "The next search builds the index anew."
    yield Finding("vectors", "mended" if mend else "damaged", detail)


def _leftovers(data_dir: DataDir, mend: bool) -> Iterator[Finding]:
    places = (data_dir.root, data_dir.vectors, data_dir.memories, data_dir.speeds, data_dir.copies)
    left = [path for place in places for path in place.glob(f"{WRITING}*")]
    left += [path for path in data_dir.speeds.glob("*.json") if not _is_json(path)]
    if left:
        freed = sum(map(size_of, left))
        if mend:
            for path in left:
                delete(path)
        word = "were deleted" if mend else "are left of what was interrupted or damaged"
        yield Finding(
            "leftovers", "mended" if mend else "damaged", f"{len(left)} files ({data_size(freed)}) {word}."
        )
    if data_dir.set_aside.is_dir():
        size = data_size(size_of(data_dir.set_aside))
        yield Finding(
            "set aside",
            "good",
            f"{data_dir.set_aside} keeps damaged files ({size}); delete it when all is well.",
        )


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True
