"""Renaming a video's file in its folder, with the subtitles and descriptions beside it that bear its name."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, update

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.indexing.passes.names_and_subtitles import TextPass, source_of, subtitle_files
from retake_core.library.catalog import video_by_id
from retake_core.library.database import Database
from retake_core.library.folders import known_files, rename_file
from retake_core.library.schema import text, text_reading
from retake_core.media.subtitles.labels import Owners
from retake_core.media.video_file import VIDEO_SUFFIXES

_FORBIDDEN = frozenset("/\\" if os.name == "posix" else '<>:"/\\|?*')
_DESCRIPTION = ".json"  # of Google Takeout
_Rename = tuple[Path, Path]


def rename_video(database: Database, video_id: int, name: str, path: Path | None = None) -> Path:
    """Rename a video's file in its folder, and what beside it bears its name; the library follows at once.

    Args:
        database: of the library.
        video_id: the video.
        name: the new one; the ending stays as it is, whether it is told or not.
        path: which of its files, where it has copies; None is the first one.

    Returns:
        The file's new path.

    Raises:
        UserError: the name cannot be, is taken, or the file is not there; all is as it was.
    """
    with database.writing() as connection:
        entry = video_by_id(connection, video_id)
        old = path or entry.path
        if old not in entry.paths or not old.is_file():
            raise UserError(f"{readable(old.name)} is not there now; connect its drive.")
        new = old.with_name(_checked(name, old) + old.suffix)
        if new == old:
            return old
        renames = [(old, new), *_beside(connection, old, new.stem)]
        for _, target in renames:
            _check_free(target, renames)
        rename_file(connection, old, new)
        _rename_sources(connection, video_id, renames[1:])
        done: list[_Rename] = []
        try:
            for before, after in renames:
                before.rename(after)
                done.append((before, after))
        except OSError as error:
            _take_back(done)
            raise UserError(f"{readable(before.name)} cannot be renamed ({error.strerror}).") from error
    TextPass(database, CancelToken()).read_names()
    return new


def _checked(name: str, old: Path) -> str:
    """Return a new name without its ending."""
    name = name.strip()
    suffix = Path(name).suffix
    if suffix.casefold() == old.suffix.casefold():
        name = name[: -len(suffix)].rstrip()
    elif suffix.casefold() in VIDEO_SUFFIXES:
        raise UserError(f"The ending says what kind of file it is, and stays {old.suffix}; leave {suffix} out.")
    if not name or name.startswith("."):
        raise UserError("A name does not begin with a dot, and is not empty; choose another one.")
    if _FORBIDDEN & set(name) or not name.isprintable():
        raise UserError("A file is renamed in its folder: a name has no slashes and no control characters.")
    return name


def _beside(connection: Connection, old: Path, stem: str) -> list[_Rename]:
    """Return how the files that bear a video's name are to be called, and belong to no other video."""
    others = [path for path in known_files(connection) if path.parent == old.parent and path != old]
    if any(path.stem == old.stem for path in others):
        return []
    owners = Owners({old.stem, *(path.stem for path in others)})
    found = [
        Path(entry.path)
        for entry in subtitle_files(old.parent)
        if entry.name.startswith((f"{old.name}.", old.stem)) and _owner(Path(entry.name), old, owners) == old.stem
    ]
    with suppress(OSError):
        found += [
            path
            for path in old.parent.iterdir()
            if path.suffix == _DESCRIPTION and path.name.startswith((f"{old.name}.", f"{old.stem}{_DESCRIPTION}"))
        ]
    return [(path, path.with_name(stem + path.name[len(old.stem) :])) for path in found]


def _owner(subtitles: Path, old: Path, owners: Owners) -> str | None:
    return old.stem if subtitles.stem == old.name else owners.owner(subtitles.stem)


def _check_free(target: Path, renames: Sequence[_Rename]) -> None:
    """See to it that nothing is lost.

    Raises:
        UserError: the name is taken, or longer than the disk allows.
    """
    try:
        target.lstat()
        # On disks that know no case, a name in other letters is the file itself.
        taken = not any(target.samefile(before) for before, after in renames if after == target)
    except FileNotFoundError:
        taken = False
    except OSError as error:
        raise UserError(f"No file can be called {readable(target.name)} ({error.strerror}).") from error
    if taken:
        raise UserError(f"There is a file {readable(target.name)} already; choose another name.")


def _rename_sources(connection: Connection, video_id: int, renames: Sequence[_Rename]) -> None:
    """Let what was read of subtitles belong to their new names, so that they need not be read again."""
    for before, after in renames:
        for table in (text, text_reading):
            mine = (table.c.video_id == video_id) & (table.c.source == source_of(before))
            connection.execute(update(table).where(mine).values(source=source_of(after)))


def _take_back(done: Sequence[_Rename]) -> None:
    for before, after in reversed(done):
        with suppress(OSError):  # the next scan finds it under the new name
            after.rename(before)
