"""Where what a query asks for exactly is: words that are said or written, and people who are seen."""

from collections.abc import Collection

from sqlalchemy import Connection

from retake_core.search.by_people import find_people
from retake_core.search.by_words import find_exact_words
from retake_core.search.fusion import SourceHit
from retake_core.search.query import FACES, Term


def find_exactly(connection: Connection, term: Term, videos: Collection[int] | None) -> list[SourceHit]:
    """Return the hits of one of the terms of `EXACT`, or of a plain word; in all videos, or only in these."""
    return (find_people if term.field in FACES else find_exact_words)(connection, term, videos)
