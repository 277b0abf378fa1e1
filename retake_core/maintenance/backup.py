"""Backups: the library, the settings and, if wanted, the memories in one file, and the way back.

What restores a backup also restores a copy of the library that was made by itself.
"""

import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from retake_core.data_dir import DataDir
from retake_core.errors import DamagedError, UserError
from retake_core.library.database import Database, copy_database
from retake_core.library.schema import video
from retake_core.library.sqlite_errors import explain
from retake_core.maintenance.copies import keep_copy
from retake_core.maintenance.faces import count_faces, leave_faces_out
from retake_core.maintenance.health import set_aside
from retake_core.settings import load_settings
from retake_core.system.files import WRITING, replacing, size_of, sync, sync_directory, write_durably

LIBRARY, SETTINGS, MEMORIES = "library.db", "settings.toml", "memories"
_NAMES = re.compile(rf"{LIBRARY}|{SETTINGS}|{MEMORIES}/[0-9a-f]{{24}}(-[0-9a-f]{{24}}\.memory|\.pin)")
_NOT_WRITTEN = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"})
PIECE = 4_000_000  # bytes between two looks at whether to go on
SQLITE = b"SQLite format 3\0"
Step = Callable[[float], None]
"""Hears how far the work has come, 0..1; what it raises ends it, and nothing is changed."""
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, NotImplementedError)


@dataclass(frozen=True)
class BackupContents:
    """What a backup holds: numbers of videos, memories and faces, and its size in bytes."""

    videos: int
    memories: int
    faces: int
    size: int


def _go_on(_fraction: float) -> None:
    pass


def write_backup(
    data_dir: DataDir, target: Path, *, memories: bool = False, faces: bool = False, step: Step = _go_on
) -> BackupContents:
    """Write a backup, also while the library is being indexed; it shows one moment of it.

    Args:
        data_dir: to back up.
        target: a zip file, uncompressed, which the new backup replaces when it is complete.
        memories: include what is remembered of videos; it can be made anew, and is large.
        faces: include the faces that were found, and who they are.
        step: looked at on the way.

    Raises:
        DamagedError: the library is.
        UserError: the target cannot be written.
    """
    try:
        if target.is_dir():
            raise UserError(f"{target} is a folder; give the name of a file.")
        if not target.parent.is_dir():
            raise UserError(f"The folder {target.parent} does not exist; choose another one.")
        with replacing(target) as archive, _folder(target.parent) as folder:
            copy_database(data_dir.database, folder / LIBRARY, lambda fraction: step(fraction / 2))
            if not faces:
                leave_faces_out(folder / LIBRARY)
            count = _pack(data_dir, archive, folder / LIBRARY, memories, lambda fraction: step((1 + fraction) / 2))
            videos, faces_in = _videos(folder / LIBRARY), count_faces(folder / LIBRARY)
        return BackupContents(videos, count, faces_in, target.stat().st_size)
    except sqlite3.Error as error:
        place = target if error.sqlite_errorname in _NOT_WRITTEN else data_dir.database
        raise explain(error, place) or UserError(
            f"The library cannot be backed up ({error}); look at it with: retake doctor"
        ) from error
    except OSError as error:
        raise UserError(f"{target} cannot be written ({error.strerror}); choose another place.") from error


def restore_backup(
    data_dir: DataDir, source: Path, *, replace: bool = False, step: Step = _go_on
) -> BackupContents:
    """Put a backup in the place of the library, in one transaction: whatever happens, one of the two is there.

    Other processes may have the library open, but must not write to it: hold the writer's lock.

    Args:
        data_dir: to restore to.
        source: what `write_backup` wrote, or a copy of a library.
        replace: also when there are videos in the library; a copy of it is kept.
        step: looked at on the way, as long as nothing is changed.

    Raises:
        UserError: the backup is damaged, none, or of a newer version; or there are videos in the library.
    """
    with _folder(data_dir.root) as folder:
        count = _unpack(source, folder, step)
        videos = _checked(source, folder)
        _make_way(data_dir, replace, step)
        try:
            _replace_library(folder / LIBRARY, data_dir.database)
            if (folder / SETTINGS).exists():
                write_durably(data_dir.settings, (folder / SETTINGS).read_bytes())
            _move_memories(folder / MEMORIES, data_dir.memories)
        except sqlite3.Error as error:
            raise explain(error, data_dir.database) or UserError(
                f"The library cannot be replaced ({error}); it is as it was."
            ) from error
        except OSError as error:
            raise UserError(f"{data_dir.root} cannot be written to ({error.strerror}); restore again.") from error
    return BackupContents(videos, count, count_faces(data_dir.database), source.stat().st_size)


@contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=WRITING, dir=parent, ignore_cleanup_errors=True) as name:  # mode 0700
        yield Path(name)


def _pack(data_dir: DataDir, archive: Path, library: Path, memories: bool, step: Step) -> int:
    """Fill the archive, and return how many memories went into it."""
    files = {LIBRARY: library, SETTINGS: data_dir.settings}
    for path in sorted(data_dir.memories.glob("*")) if memories else ():
        if _NAMES.fullmatch(name := f"{MEMORIES}/{path.name}"):
            files[name] = path
    whole = sum(map(size_of, files.values()))
    count = 0
    with zipfile.ZipFile(archive, "w", strict_timestamps=False) as packed:
        for name, path in files.items():
            with suppress(FileNotFoundError):  # there are no settings, or a memory has just been evicted
                entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
                with path.open("rb") as content, packed.open(entry, "w") as file:
                    while piece := content.read(PIECE):
                        file.write(piece)
                        step(min(archive.stat().st_size / max(whole, 1), 1.0))
                count += path.suffix == ".memory"
    return count


def _unpack(source: Path, folder: Path, step: Step) -> int:
    """Take a backup apart, trusting nothing in it, and return how many memories it held."""
    try:
        with source.open("rb") as content:
            if content.read(len(SQLITE)) == SQLITE:
                (folder / MEMORIES).mkdir(mode=0o700)
                content.seek(0)
                _take(content, folder / LIBRARY, source.stat().st_size, step)
                return 0
        whole = source.stat().st_size
        with zipfile.ZipFile(source) as packed:
            names = packed.namelist()
            if LIBRARY not in names or not all(_NAMES.fullmatch(name) for name in names):
                raise UserError(f"{source} is no backup of ReTaKe.")
            (folder / MEMORIES).mkdir(mode=0o700)
            for name in names:
                with packed.open(name) as member:
                    _take(member, folder / name, whole, step)  # at the end of each, its checksum is compared
    except _UNREADABLE as error:
        raise UserError(f"The backup {source} cannot be read ({error}); the library is as it was.") from error
    return sum(name.endswith(".memory") for name in names)


def _take(content: IO[bytes], target: Path, whole: int, step: Step) -> None:
    """Write what a file or an archive holds into a private file."""
    done = 0
    with target.open("xb") as file:
        while piece := content.read(PIECE):
            file.write(piece)
            done += len(piece)
            step(min(done / max(whole, 1), 1.0) / 2)
    target.chmod(0o600)


def _checked(source: Path, folder: Path) -> int:
    """Bring an unpacked library to this version, look through it, and return how many videos it holds."""
    try:
        with closing(Database(folder / LIBRARY)) as database, database.reading() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            videos = int(connection.execute(select(func.count()).select_from(video)).scalar_one())
        if (folder / SETTINGS).exists():
            load_settings(folder / SETTINGS)
    except UserError as error:
        reason = str(error).replace(f"{folder}/", "")
        raise UserError(f"The backup {source} cannot be restored. {reason}") from error
    if not sound:
        raise UserError(f"The backup {source} is damaged; the library is as it was.")
    return videos


def _make_way(data_dir: DataDir, replace: bool, step: Step) -> None:
    """See to it that there is a library that can be replaced, and a copy of it.

    Raises:
        UserError: it holds videos and may not be, or there is no room for the copy.
    """
    try:
        with closing(Database(data_dir.database)):
            videos = _videos(data_dir.database)
    except DamagedError:
        set_aside(data_dir, data_dir.database)
        Database(data_dir.database).close()
        return
    if videos and not replace:
        raise UserError(
            f"The library holds {videos} videos, which the backup would replace; to have it so, add --replace."
        )
    keep_copy(data_dir, lambda fraction: step((1 + fraction) / 2))


def _replace_library(new: Path, library: Path) -> None:
    # Not by renaming: who has the old file open would go on with it, and mix its log with the new one.
    with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(library)) as target:
        target.execute("PRAGMA busy_timeout = 5000")
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target)
        target.execute("UPDATE counter SET value = random() & 0xffffffffffff WHERE name = 'generation'")
        target.commit()  # no file of vectors is of this one
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _move_memories(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for path in source.iterdir():
        sync(path)
        path.replace(target / path.name)
    sync_directory(target)


def _videos(library: Path) -> int:
    with closing(sqlite3.connect(library)) as connection:
        return int(connection.execute("SELECT count(*) FROM video").fetchone()[0])
