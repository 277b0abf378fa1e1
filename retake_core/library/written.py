"""Statements that are asked again and again, written once: SQLAlchemy writes longer than SQLite answers."""

from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.dialects import sqlite

LISTED = text("SELECT value FROM json_each(?)")
"""What a list in JSON holds, however long, which is a parameter of the written statement."""


def written(statement: Select[Any]) -> str:
    """Return a statement as SQLite reads it, with its values in it; for `Connection.exec_driver_sql`."""
    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
