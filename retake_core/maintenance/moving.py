"""Moving the library to another folder: copied, checked, and switched to. The old one is kept for the user."""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retake_core.data_dir import MOVED_FROM, MOVED_TO, DataDir
from retake_core.errors import UserError
from retake_core.library.database import copy_database
from retake_core.library.sqlite_errors import explain
from retake_core.system.files import (
    WRITING,
    delete,
    free_bytes,
    size_of,
    sweep,
    sync,
    sync_directory,
    write_durably,
)

Step = Callable[[float], None]
"""Hears how far the work has come, 0..1; what it raises ends it, and nothing is changed."""
SPARE = 100_000_000  # bytes that must stay free
ATTEMPTS = 5  # to copy the library while it stands still
PIECE = 4_000_000  # bytes


def move_library(data_dir: DataDir, target: Path, step: Step) -> None:
    """Copy all that cannot be made again, check it, and let this data directory point there from now on.

    Nobody may index meanwhile: hold the writer's lock.

    Args:
        data_dir: to move.
        target: a folder that is not there yet, or empty.
        step: looked at on the way.

    Raises:
        UserError: the target cannot be used, or the disk is full; the library is where it was.
    """
    check_target(data_dir, target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        with _folder(target.parent) as folder:
            _copy_files(data_dir, folder, step)
            _copy_library(data_dir, folder, step)
            write_durably(folder / MOVED_FROM, os.fsencode(data_dir.root))
            if target.is_dir():
                target.rmdir()
            folder.rename(target)
        sync_directory(target.parent)
        write_durably(data_dir.root / MOVED_TO, os.fsencode(target))
    except sqlite3.Error as error:
        raise explain(error, target) or UserError(f"The library cannot be copied ({error}).") from error
    except OSError as error:
        raise UserError(
            f"The library cannot be moved to {target} ({error.strerror}), and is where it was; choose another."
        ) from error


def check_target(data_dir: DataDir, target: Path) -> None:
    """Check whether the library can be moved to a folder.

    Raises:
        UserError: it cannot, with the reason.
    """
    root, place = data_dir.root.resolve(), target.resolve()
    if place.is_relative_to(root) or root.is_relative_to(place):
        raise UserError(f"{target} and {data_dir.root} lie in one another; choose another folder.")
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UserError(f"{target} is not empty; choose an empty folder, or a new one.")
        needed = sum(path.stat().st_size for path in _files(data_dir)) + size_of(data_dir.database) + SPARE
        free = free_bytes(target)
    except OSError as error:
        raise UserError(f"{target} cannot be used ({error.strerror}); choose another folder.") from error
    if free < needed:
        raise UserError(
            f"The disk of {target} has {free / 1e9:.1f} GB free, and {needed / 1e9:.1f} GB are needed."
        )


def old_place(data_dir: DataDir) -> Path | None:
    """Return from where the library was moved here, as long as the old one is kept."""
    try:
        old = Path(os.fsdecode((data_dir.root / MOVED_FROM).read_bytes()))
    except OSError:
        return None
    return old if (old / MOVED_TO).exists() else None


def delete_old(data_dir: DataDir) -> int:
    """Delete the library that was moved here from its old place, and return the bytes that freed.

    The way from there to here stays, for who starts the app with the old place.

    Raises:
        UserError: it cannot be deleted.
    """
    old = old_place(data_dir)
    freed = 0
    try:
        for path in () if old is None else sorted(old.iterdir()):
            if path.name != MOVED_TO:
                freed += size_of(path)
                delete(path)
        (data_dir.root / MOVED_FROM).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{old} cannot be deleted ({error.strerror}); close what uses it.") from error
    return freed


@contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=WRITING, dir=parent))  # mode 0700
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # it is gone when all went well


def _files(data_dir: DataDir) -> list[Path]:
    """Return what is copied beside the library itself: no locks, and nothing that can be made again."""
    remade = {data_dir.proxies.name, data_dir.dragged.name, data_dir.citations.name, data_dir.vectors.name}
    single = {MOVED_TO, MOVED_FROM}
    return [
        path
        for path in sorted(data_dir.root.rglob("*"))
        if path.is_file()
        and (top := path.relative_to(data_dir.root).parts[0]) not in remade | single
        and path.suffix not in (".lock", ".log")
        and not top.startswith((WRITING, data_dir.database.name))
    ]


def _copy_files(data_dir: DataDir, folder: Path, step: Step) -> None:
    paths = _files(data_dir)
    whole = sum(path.stat().st_size for path in paths) + size_of(data_dir.database) or 1
    done = 0
    for path in paths:
        target = folder / path.relative_to(data_dir.root)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with path.open("rb") as source, target.open("wb") as copy:
            target.chmod(0o600)
            while piece := source.read(PIECE):
                step(done / whole)
                copy.write(piece)
                digest.update(piece)
                done += len(piece)
        sync(target)
        with target.open("rb") as copy:
            if hashlib.file_digest(copy, "sha256").digest() != digest.digest():
                raise UserError(f"{target} does not hold what was written to it; that disk is not reliable.")


def _copy_library(data_dir: DataDir, folder: Path, step: Step) -> None:
    copy = DataDir(folder).database
    with closing(sqlite3.connect(data_dir.database)) as watching:
        for _ in range(ATTEMPTS):
            before = _version(watching)
            copy_database(data_dir.database, copy, lambda fraction: step(min(0.5 + fraction / 2, 1.0)))
            if _version(watching) == before:  # nobody has changed it meanwhile
                break
        else:
            raise UserError("The library is being changed all the time; stop what runs, and move it then.")
    with closing(sqlite3.connect(copy)) as connection:
        (result,) = connection.execute("PRAGMA integrity_check").fetchone()
    if result != "ok":
        raise UserError(f"The copy in {folder.parent} is damaged ({result}); that disk is not reliable.")


def _version(connection: sqlite3.Connection) -> int:
    """Return a number that is another one as soon as somebody else has changed the library."""
    (number,) = connection.execute("PRAGMA data_version").fetchone()
    return int(number)
