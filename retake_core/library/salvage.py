"""Saving what can be read of a damaged library into a new one, and filling the rest from a copy."""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from retake_core.library.database import PAGE_SIZE, Database
from retake_core.library.filling import fill

STEP = 256  # rows that are read at once, and one by one where that fails
HEADER = 100  # bytes
_NOT_EMBEDDED = "SELECT DISTINCT video_id FROM keyframe WHERE id NOT IN (SELECT keyframe_id FROM embedding)"
_RESULT = """SELECT (SELECT count(*) FROM video), (SELECT count(*) FROM keyframe),
(SELECT count(*) FROM video WHERE depth = 0 AND error IS NULL)"""
_COUNTED = {"keyframe": "sqlite_autoindex_keyframe_1", "text": "text_source"}
LARGEST = 10_000_000  # a higher id than this comes from a damaged page
_NEEDED = 'SELECT name, "notnull" OR pk FROM pragma_table_info(?)'
_OWNERS = 'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)'
_UNREADABLE = (sqlite3.Error, OverflowError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was saved of a library.

    Attributes:
        videos: in the new one.
        keyframes: in the new one.
        copy: that something was filled from; None where none was needed or none could be read.
        filled: videos that are as in the copy.
        again: videos that are to be indexed again.
    """

    videos: int
    keyframes: int
    copy: Path | None
    filled: int
    again: int


def salvage(damaged: Path, new: Path, copies: Sequence[Path] = ()) -> Salvaged:
    """Copy every row that can be read into a new library, and mark the videos that lost some to be indexed again.

    Args:
        damaged: a library's file; it is not changed, but what its write-ahead log holds may be moved into it.
        new: where the new one is made; there is nothing yet.
        copies: earlier states of the library, newest first; the first that can be read fills what is lost.
    """
    Database(new).close()
    with closing(sqlite3.connect(new, uri=True)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        with closing(_open(damaged, new.with_suffix(".header"))) as source, target:
            source.text_factory = lambda raw: raw.decode(errors="strict")
            torn = {table for table in _tables(target) if not _copy(source, target, table)}
            if target.execute("SELECT 1 FROM video").fetchone() is None:
                torn = set(_tables(target))  # an emptied file is a sound library, of nothing
            counted = [_lost(source, target, table, index, torn) for table, index in _COUNTED.items()]
            short = _merged([*counted, {number for (number,) in target.execute(_NOT_EMBEDDED)}])
        copy, filled = None, set[int]()
        if torn or short is None or short:
            copy, filled = _fill(target, copies, torn, short)
        with target:
            every = {number for (number,) in target.execute("SELECT id FROM video")}
            _mend(target, (every if short is None else short) - filled)
        videos, keyframes, again = target.execute(_RESULT).fetchone()
    with suppress(FileNotFoundError):
        new.with_suffix(".header").unlink()
    return Salvaged(videos, keyframes, copy, len(filled), again)


def _fill(
    target: sqlite3.Connection, copies: Sequence[Path], torn: set[str], short: set[int] | None
) -> tuple[Path | None, set[int]]:
    for copy in copies:
        with suppress(sqlite3.Error):
            return copy, fill(target, copy, torn, short)
    return None, set()


def _open(damaged: Path, copy: Path) -> sqlite3.Connection:
    """Open a library for reading; when nothing can be read, a copy with the header that it should have."""
    source = sqlite3.connect(damaged)
    try:
        if source.execute("SELECT count(*) FROM sqlite_master WHERE name = 'video'").fetchone()[0]:
            return source
    except _UNREADABLE:
        pass
    source.close()
    shutil.copyfile(damaged, copy)
    copy.chmod(0o600)
    with copy.open("r+b") as file:
        pages = os.path.getsize(copy) // PAGE_SIZE  # noqa: PTH202
        file.write(b"SQLite format 3\0" + PAGE_SIZE.to_bytes(2) + bytes([1, 1, 0, 64, 32, 32]))
        file.write(bytes(4) + pages.to_bytes(4) + bytes(8) + (1).to_bytes(4) + (4).to_bytes(4) + bytes(8))
        file.write((1).to_bytes(4) + bytes(HEADER - 60))
    return sqlite3.connect(copy)


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in rows]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    with suppress(*_UNREADABLE):
        return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    return []


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> bool:
    """Copy the rows of a table that can be read; return whether those are all."""
    columns = [name for name in _columns(target, table) if name in _columns(source, table)]
    if not columns:  # a library of an earlier version may be without the table
        return bool(_columns(source, "video"))
    names = ", ".join(columns)
    insert = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    whole = True
    for row in _rows(source, table, names):
        try:
            assert row is not None
            target.execute(insert, row)
        except (*_UNREADABLE, AssertionError):  # a damaged value may break what the table demands
            whole = False
    return whole


def _rows(source: sqlite3.Connection, table: str, columns: str) -> Iterator[tuple[object, ...] | None]:
    """Yield the rows of a table, and None where some cannot be read."""
    if not _has_rowids(source, table):
        try:
            yield from source.execute(f"SELECT {columns} FROM {table}")  # noqa: S608
        except _UNREADABLE:
            yield None
        return
    select = f"SELECT {columns} FROM {table} WHERE rowid BETWEEN ? AND ?"  # noqa: S608
    last = _last_id(source, table)
    for start in range(0, last + 1, STEP):
        try:
            yield from source.execute(select, (start, start + STEP - 1)).fetchall()
        except _UNREADABLE:
            yield None
            for number in range(start, start + STEP):
                with suppress(*_UNREADABLE):
                    yield from source.execute(select, (number, number)).fetchall()


def _has_rowids(source: sqlite3.Connection, table: str) -> bool:
    row = source.execute(
        "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (table,)
    ).fetchone()
    return row is not None and not row[0]


def _last_id(source: sqlite3.Connection, table: str) -> int:
    """Return an id that none exceeds: from either end of the table, or from what counts its ids."""
    ids = [STEP]
    for question in (
        f"SELECT max(rowid) FROM {table}",  # noqa: S608
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",  # noqa: S608
    ):
        with suppress(*_UNREADABLE):
            ids += [value for (value,) in source.execute(question) if isinstance(value, int) and value <= LARGEST]
    return max(ids)


def _lost(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str, index: str, torn: set[str]
) -> set[int] | None:
    """Return the videos that lost rows of a table, or None when that cannot be told.

    The index knows how many a video had, and lies on other pages than they.
    """
    count = f"SELECT video_id, count(*) FROM {table} {{}} GROUP BY video_id"  # noqa: S608
    try:
        before = dict(source.execute(count.format(f"INDEXED BY {index}")).fetchall())
    except _UNREADABLE:
        return None if table in torn else set()
    after = dict(target.execute(count.format("")).fetchall())
    return {video for video, number in before.items() if after.get(video) != number}


def _merged(short: Iterable[set[int] | None]) -> set[int] | None:
    """Return the videos of all sets, None where one of them holds any video."""
    merged: set[int] = set()
    for one in short:
        if one is None:
            return None
        merged |= one
    return merged


def _mend(target: sqlite3.Connection, short: set[int]) -> None:
    """Drop rows whose owner is lost, and have videos indexed again that are no longer complete."""
    _restore_folders(target)
    _part_from_lost_owners(target)
    again = "UPDATE video SET depth = 0, recipe = NULL, spans = NULL, promise = NULL"
    lost = [(number,) for number in short]
    target.executemany(f"{again} WHERE id = ?", lost)
    for table in ("text_reading", "listening", "face_reading"):
        target.executemany(f"DELETE FROM {table} WHERE video_id = ?", lost)  # noqa: S608
    target.execute(f"{again} WHERE id IN ({_NOT_EMBEDDED})")
    target.execute("DELETE FROM job")
    target.execute("DELETE FROM video WHERE id NOT IN (SELECT video_id FROM file)")
    target.execute("DELETE FROM counter WHERE name GLOB 'passages *'")  # all are made anew, which is quickly done
    for name in ("generation", "passages"):
        target.execute(
            "INSERT INTO counter (name, value) VALUES (?, random() & 0xffffffffffff) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name,),
        )


def _part_from_lost_owners(target: sqlite3.Connection) -> None:
    """Drop the rows that cannot be without an owner that is lost, and set free those that can."""
    while target.execute("PRAGMA foreign_key_check").fetchone() is not None:
        for table in _tables(target):
            optional = {name for name, needed in target.execute(_NEEDED, (table,)) if not needed}
            for parent, column, key in target.execute(_OWNERS, (table,)).fetchall():
                change = f"UPDATE {table} SET {column} = NULL" if column in optional else f"DELETE FROM {table}"  # noqa: S608
                target.execute(f"{change} WHERE {column} NOT IN (SELECT {key} FROM {parent})")  # noqa: S608


def _restore_folders(target: sqlite3.Connection) -> None:
    """Name lost folders by what their files have in common."""
    lost = target.execute("SELECT DISTINCT folder_id FROM file WHERE folder_id NOT IN (SELECT id FROM folder)")
    for (folder_id,) in lost.fetchall():
        rows = target.execute("SELECT path FROM file WHERE folder_id = ?", (folder_id,)).fetchall()
        with suppress(ValueError, sqlite3.Error):  # nothing in common, or there is such a folder
            common = os.path.commonpath([os.path.dirname(path) for (path,) in rows])  # noqa: PTH120 - bytes
            target.execute("INSERT INTO folder (id, path) VALUES (?, ?)", (folder_id, common))
