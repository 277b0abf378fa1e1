"""Filling what a damaged library lost from an earlier copy of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DERIVED = ("keyframe", "text", "text_reading", "listening", "face", "face_reading")
"""Tables of what was found in a video: of one copy as a whole, or not at all."""
_PASSED_OVER = frozenset({"video", "embedding", "keyframe_attributes", "job", "counter", "passage", *DERIVED})
_STATE = frozenset({"depth", "recipe", "promise", "spans", "error"})
_MISSING = "SELECT id FROM spare.video WHERE id NOT IN (SELECT id FROM main.video)"
_AS_COMPLETE = """SELECT id FROM spare.video AS old WHERE id = ? AND depth > 0
AND (SELECT count(*) FROM spare.keyframe WHERE video_id = old.id)
>= (SELECT count(*) FROM main.keyframe WHERE video_id = old.id)"""


def fill(target: sqlite3.Connection, copy: Path, torn: set[str], short: set[int] | None) -> set[int]:
    """Take from a copy what a library lost.

    Args:
        target: the library, as far as it could be read; foreign keys are off.
        copy: an earlier state of it, of this version or an older one.
        torn: tables of which rows were lost.
        short: videos of which something that was found is lost; None is any of them.

    Returns:
        The videos that are as in the copy now.

    Raises:
        sqlite3.Error: the copy cannot be read; roll back.
    """
    with _attached(target, copy), target:
        filled = set()
        if torn & {"video", "file"}:
            filled = {number for (number,) in target.execute(_MISSING)}
            for number in filled:
                _insert(target, "video", "id = ?", number, "IGNORE")
        known = target.execute("SELECT id FROM main.video").fetchall() if short is None else [(n,) for n in short]
        for (number,) in known:
            if number not in filled and target.execute(_AS_COMPLETE, (number,)).fetchone() is not None:
                filled.add(number)
                for column in _STATE & set(_shared(target, "video")):
                    target.execute(
                        f"UPDATE main.video SET {column} = (SELECT {column} FROM spare.video WHERE id = ?1) "  # noqa: S608
                        "WHERE id = ?1",
                        (number,),
                    )
        for number in filled:
            _take_findings(target, number)
        for table in sorted(torn - _PASSED_OVER):
            _insert(target, table, "?", 1, "IGNORE")
    return filled


@contextmanager
def _attached(target: sqlite3.Connection, copy: Path) -> Iterator[None]:
    target.execute("ATTACH ? AS spare", (f"{copy.absolute().as_uri()}?mode=ro",))
    try:
        yield
    finally:
        target.rollback()  # of what failed; else there is nothing to roll back
        target.execute("DETACH spare")


def _take_findings(target: sqlite3.Connection, number: int) -> None:
    of_keyframes = "keyframe_id IN (SELECT id FROM {}.keyframe WHERE video_id = ?)"
    for table, where in {
        "embedding": of_keyframes,
        "keyframe_attributes": of_keyframes,
        **dict.fromkeys(DERIVED, "video_id = ?"),
    }.items():
        target.execute(f"DELETE FROM main.{table} WHERE {where.format('main')}", (number,))  # noqa: S608
        _insert(target, table, where.format("spare"), number, "REPLACE")


def _insert(target: sqlite3.Connection, table: str, where: str, value: int, otherwise: str) -> None:
    if columns := ", ".join(_shared(target, table)):
        target.execute(
            f"INSERT OR {otherwise} INTO main.{table} ({columns}) "  # noqa: S608
            f"SELECT {columns} FROM spare.{table} WHERE {where}",
            (value,),
        )


def _shared(target: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that both have: none where the copy is of a time before the table."""
    names = [
        [name for (name,) in target.execute("SELECT name FROM pragma_table_info(?, ?)", (table, schema))]
        for schema in ("main", "spare")
    ]
    return [name for name in names[0] if name in names[1]]
