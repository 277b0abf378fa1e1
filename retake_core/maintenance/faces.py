"""Forgetting faces: every vector and picture of them goes from the disk, and they go from backups."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from retake_core.data_dir import DataDir
from retake_core.library import persons
from retake_core.library.database import Database
from retake_core.maintenance.copies import list_copies
from retake_core.maintenance.removal import delete_file
from retake_core.protocol.indexing_events import FacesForgotten
from retake_core.settings import change_settings

_TABLES = ("not_person", "face", "person", "face_reading")


def forget_persons(database: Database, data_dir: DataDir, person_ids: Sequence[int]) -> FacesForgotten:
    """Forget people with all their faces.

    Raises:
        UserError: the library cannot be written, or a copy of it not be deleted; nothing was forgotten.
    """
    return _forget(database, data_dir, lambda c: sum(persons.forget_person(c, number) for number in person_ids))


def forget_everybody(database: Database, data_dir: DataDir) -> FacesForgotten:
    """Forget all people and faces, and look for none from now on.

    Raises:
        UserError: the settings or the library cannot be written, or a copy not be deleted; no face was forgotten.
    """
    change_settings(data_dir.settings, faces=False)
    return _forget(database, data_dir, persons.forget_people)


def forget_people(database: Database, data_dir: DataDir, person_ids: Sequence[int] | None) -> FacesForgotten:
    """Forget people, or, with None, everybody; see the functions for each."""
    if person_ids is None:
        return forget_everybody(database, data_dir)
    return forget_persons(database, data_dir, person_ids)


def leave_faces_out(library: Path) -> None:
    """Take all people and faces out of a copy of a library that nobody has open.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    with closing(sqlite3.connect(library)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in _TABLES:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.commit()
        connection.execute("VACUUM")


def count_faces(library: Path) -> int:
    """Return how many faces a library holds.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    with closing(sqlite3.connect(library)) as connection:
        return int(connection.execute("SELECT count(*) FROM face").fetchone()[0])


def _forget(database: Database, data_dir: DataDir, forget: Callable[[Connection], int]) -> FacesForgotten:
    before = database.size()
    with database.writing() as connection:
        faces = forget(connection)
        # Before the commit: who dies in between has fewer copies, never a copy that remembers.
        freed = sum(map(delete_file, _copies(data_dir)))
    database.reclaim()
    return FacesForgotten(faces, freed + max(0, before - database.size()))


def _copies(data_dir: DataDir) -> list[Path]:
    """Return the copies of the library, and those that were set aside because they are damaged."""
    return [
        *(copy.path for copy in list_copies(data_dir)),
        *data_dir.set_aside.glob(f"*/{data_dir.database.name}*"),
    ]
