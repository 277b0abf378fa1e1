"""Editing the text of a query: removing a filter, adding one, and how the word at the cursor could continue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retake_core.search.query import MATCHES, NAMES, STARS, STATES, Field, Term, parse

_TOKEN = re.compile(r"(?:[^\s\"]|\"[^\"]*\"?)*$")  # from the last space that is not within quotes
_FILTER = re.compile(r"(-?)([A-Za-z]+):(.*)", re.DOTALL)
_LENGTHS = ("1m", "5m", "10m", "30m", "1h")
_FIXED = {
    Field.LONGER: _LENGTHS,
    Field.SHORTER: _LENGTHS,
    Field.MATCH: MATCHES,
    Field.PEOPLE: ("1", "2", "3"),
    Field.STARS: STARS,
    Field.IS: STATES,
}
MOST = 8  # suggestions
WORDS = ("in", "is")  # that a person types without meaning a filter
SEVERAL = (
    Field.PHRASE,
    Field.WORD,
    Field.SAID,
    Field.SCREEN,
    Field.TITLE,
    Field.TAG,
    Field.NOTE,
    Field.IS,
    Field.PERSON,
)
"""What may stand in a query more than once."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a library has that filters can name: folders by path, types, years, the newest first, tags, people."""

    folders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def without(text: str, span: tuple[int, int]) -> str:
    """Take a part out of a text, with the space around it."""
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    return f"{before} {after}" if before and after else before or after


def with_filter(text: str, term: Term) -> str:
    """Put a filter at the end of a query, in place of one about the same."""
    if term.field not in SEVERAL:
        query = parse(text)
        old = [other.span for other in query.having(term.field, excluded=term.excluded)]
        old += [complaint.span for complaint in query.complaints if complaint.field == term.field]
        for span in sorted(old, reverse=True):
            text = without(text, span)
    return f"{text.rstrip()} {term}".lstrip() + " "


def token_at(text: str, cursor: int) -> tuple[int, str]:
    """Return the word that is being typed at the cursor, and where it begins."""
    match = _TOKEN.search(text[:cursor])
    assert match is not None  # it matches the empty text
    return match.start(), match[0]


def suggestions(text: str, cursor: int, vocabulary: Vocabulary) -> list[str]:
    """Return what the word at the cursor could become: names of filters, and values of theirs."""
    _, token = token_at(text, cursor)
    if cursor < len(text) and not text[cursor].isspace():
        return []
    match = _FILTER.fullmatch(token)
    if match is None:
        sign = "-" if token.startswith("-") else ""
        typed = token.removeprefix("-").lower()
        names = [name for name in NAMES if name not in WORDS and name.startswith(typed)]
        return [f"{sign}{name}:" for name in names] if len(typed) >= 2 else []
    sign, name, value = match[1], match[2].lower(), match[3].strip('"').lower()
    if name not in NAMES:
        return []
    field = Field.FOLDER if name == "in" else Field(name)
    found = [
        choice for choice in _values(field, vocabulary) if value in choice.lower() and value != choice.lower()
    ]
    found.sort(key=lambda choice: not choice.lower().startswith(value))
    return [str(Term(field, choice, bool(sign))) for choice in found[:MOST]]


def _values(field: Field, vocabulary: Vocabulary) -> Sequence[str]:
    if field in _FIXED:
        return _FIXED[field]
    match field:
        case Field.FOLDER:
            return vocabulary.folders
        case Field.TYPE:
            return vocabulary.types
        case Field.AFTER | Field.BEFORE:
            return vocabulary.years
        case Field.TAG:
            return vocabulary.tags
        case Field.PERSON:
            return vocabulary.people
    return ()
