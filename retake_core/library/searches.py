"""Searches that a person keeps, by name."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.errors import UserError
from retake_core.library.schema import saved_search


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query with a name."""

    id: int
    name: str
    query: str


def saved_searches(connection: Connection) -> list[SavedSearch]:
    """Return what is kept, in order of name."""
    rows = connection.execute(select(saved_search).order_by(func.lower(saved_search.c.name), saved_search.c.id))
    return [SavedSearch(row.id, row.name, row.query) for row in rows]


def find_search(connection: Connection, name: str) -> SavedSearch:
    """Return the search of this name.

    Raises:
        UserError: there is none.
    """
    matches = [entry for entry in saved_searches(connection) if entry.name == name.strip()]
    if not matches:
        raise UserError(f"No search is kept as {name}; `retake searches` lists them.")
    return matches[0]


def save_search(connection: Connection, name: str, query: str) -> None:
    """Keep a query in a writing transaction; one of the same name is replaced.

    Raises:
        UserError: the name or the query is empty.
    """
    name, query = name.strip(), query.strip()
    if not name or not query:
        raise UserError("A search that is kept needs a name and a query.")
    statement = insert(saved_search).values(name=name, query=query)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"query": query}))


def rename_search(connection: Connection, name: str, new: str) -> None:
    """Give a search another name in a writing transaction.

    Raises:
        UserError: there is none of this name, or another one has the new name.
    """
    search, new = find_search(connection, name), new.strip()
    if not new:
        raise UserError("A search that is kept needs a name and a query.")
    if any(entry.name == new and entry.id != search.id for entry in saved_searches(connection)):
        raise UserError(f"Another search is kept as {new}; choose a name of its own.")
    connection.execute(update(saved_search).where(saved_search.c.id == search.id).values(name=new))


def delete_search(connection: Connection, name: str) -> None:
    """Forget a search in a writing transaction.

    Raises:
        UserError: there is none of this name.
    """
    connection.execute(delete(saved_search).where(saved_search.c.id == find_search(connection, name).id))
