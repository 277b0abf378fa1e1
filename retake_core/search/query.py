"""What a person types into the search box as terms: words, "exact phrases", folder:holiday, after:2023-05, -this.

Nothing that can be typed is an error: what is no filter is a plain word, and a filter that cannot be understood is
left out. A sentence tells of both.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date
from enum import StrEnum

_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_QUOTES = '"“”„«»'
_PREFIX = re.compile(r"([A-Za-z]+):")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})", re.ASCII)
_LENGTH = re.compile(
    r"(?=.)(?:(\d{1,6}(?:\.\d{1,3})?)h)?(?:(\d{1,6}(?:\.\d{1,3})?)m(?:in)?)?(?:(\d{1,6}(?:\.\d{1,3})?)s?)?",
    re.ASCII | re.IGNORECASE,
)
_COUNT = re.compile(r"[1-9]\d{0,2}", re.ASCII)


class Field(StrEnum):
    """What a term is about."""

    WORD = "word"
    PHRASE = "phrase"  # said, on screen or in a title, exactly so
    FOLDER = "folder"
    TITLE = "title"
    SAID = "said"
    SCREEN = "screen"
    MATCH = "match"  # why moments may match: one of `MATCHES`
    TYPE = "type"  # the file's ending, or its codec
    AFTER = "after"
    BEFORE = "before"
    LONGER = "longer"
    SHORTER = "shorter"
    TAG = "tag"  # that a person gave
    STARS = "stars"  # as many, or more
    IS = "is"  # favourite or hidden
    NOTE = "note"  # what a person wrote
    PERSON = "person"  # who is seen, by name or number
    PEOPLE = "people"  # how many are seen at once, or more


_FIELDS = {name.value: name for name in Field if name not in (Field.WORD, Field.PHRASE)} | {"in": Field.FOLDER}
DATES = (Field.AFTER, Field.BEFORE)
LENGTHS = (Field.LONGER, Field.SHORTER)
FACES = (Field.PERSON, Field.PEOPLE)
EXACT = (Field.PHRASE, Field.SAID, Field.SCREEN, Field.NOTE, *FACES)
"""Terms that name words or people which a moment must have, or must not."""
MATCHES = ("picture", "said", "screen", "title", "chapter", "described", "note", "person")
FAVOURITE, HIDDEN, LIVE = "favourite", "hidden", "live"
STATES = (FAVOURITE, HIDDEN, LIVE)
"""What `is:` can ask for."""
STARS = ("1", "2", "3", "4", "5")
NAMES = tuple(_FIELDS)
"""What can stand before the colon of a filter."""
_UNKNOWN = re.compile(r"([A-Za-z]{3,}):(?!/).+")  # not an address such as http://

NEEDS_DATE = "“{name}:” needs a date such as 2023, 2023-05 or 2023-05-17."
NEEDS_LENGTH = "“{name}:” needs a length such as 90s, 10m or 1h30m."
NEEDS_SOURCE = "“{name}:” needs picture, said, screen, title, chapter, described, note or person."
NEEDS_COUNT = "“{name}:” needs a number such as 2."
NEEDS_STARS = "“{name}:” needs a number from 1 to 5."
NEEDS_STATE = "“{name}:” needs favourite, hidden or live."
NEEDS_WORD = "“{name}:” needs a word after the colon."
NO_FILTER = "“{name}:” is not a filter, so it is searched for as a word."
SENTENCES = (
    NEEDS_DATE,
    NEEDS_LENGTH,
    NEEDS_SOURCE,
    NEEDS_COUNT,
    NEEDS_STARS,
    NEEDS_STATE,
    NEEDS_WORD,
    NO_FILTER,
)
"""All that can be wrong with a filter; the window translates them."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a query.

    Attributes:
        field: what it is about.
        value: as it was typed, without quotes.
        excluded: whether it must not match.
        span: where it stands in the text, as (start, end).
    """

    field: Field
    value: str
    excluded: bool = False
    span: tuple[int, int] = attribute(default=(0, 0), compare=False)

    def __str__(self) -> str:
        """Write it so that it is read as the same term."""
        value = self.value
        if self.field == Field.PHRASE or (self.field != Field.WORD and re.search(rf"[\s{_QUOTES}]", value)):
            value = f'"{value}"'
        prefix = "" if self.field in (Field.WORD, Field.PHRASE) else f"{self.field.value}:"
        return f"{'-' if self.excluded else ''}{prefix}{value}"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What of a query has no effect, or another one than it seems.

    Attributes:
        sentence: one of `SENTENCES`, with a place for the name.
        name: what stands before the colon.
        span: where it stands in the text, as (start, end).
        field: of a filter that was left out; None of what is searched for as a word.
    """

    sentence: str
    name: str
    span: tuple[int, int]
    field: Field | None = None

    def __str__(self) -> str:
        """Say it in English."""
        return self.sentence.format(name=self.name)

    @property
    def remark(self) -> str:
        """Say it in English, and what becomes of it."""
        return f"{self}{' It is left out.' if self.field else ''}"


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read.

    Attributes:
        terms: in the order of the text.
        complaints: what of it has no effect, or another one than it seems.
        open_end: whether the text ends within its last word, which may not be complete yet.
    """

    terms: tuple[Term, ...]
    complaints: tuple[Complaint, ...] = attribute(default=(), compare=False)
    open_end: bool = attribute(default=False, compare=False)

    @property
    def chips(self) -> tuple[Term, ...]:
        """The terms that a person sees as chips: all but plain words."""
        return tuple(term for term in self.terms if term.field != Field.WORD or term.excluded)

    @property
    def description(self) -> str:
        """The plain words: what is to be seen."""
        return " ".join(term.value for term in self.having(Field.WORD))

    def having(self, *fields: Field, excluded: bool = False) -> list[Term]:
        """Return the terms about these fields."""
        return [term for term in self.terms if term.field in fields and term.excluded == excluded]

    def __str__(self) -> str:
        """Write it so that it is read as the same query."""
        return " ".join(map(str, self.terms))


def parse(text: str) -> Query:
    """Read a query; every text is one."""
    text = unicodedata.normalize("NFC", text)
    terms: list[Term] = []
    complaints: list[Complaint] = []
    end = 0
    while (start := _skip(text, end, str.isspace)) < len(text):
        term, end = _term(text, start)
        if term is None:
            continue
        if (complaint := _complaint(term)) is not None:
            complaints.append(complaint)
        if term.value and (complaint is None or complaint.field is None):
            terms.append(term)
    open_end = bool(terms) and terms[-1].field == Field.WORD and terms[-1].span[1] == len(text)
    return Query(tuple(terms), tuple(complaints), open_end)


def in_plain_words(query: Query) -> Query:
    """Return a query for a question, where quotes and dashes are part of the language; filters stay filters."""
    plain = (Field.WORD, Field.PHRASE)
    terms = [replace(t, field=Field.WORD, excluded=False) if t.field in plain else t for t in query.terms]
    return Query(tuple(terms), query.complaints)


def as_date(value: str) -> date | None:
    """Return the first day of a year, a month or a day such as 2023-05-17, or None."""
    if not (match := _DATE.fullmatch(value)):
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def as_seconds(value: str) -> float | None:
    """Return a length such as 90, 90s, 10m, 1h30m or 1:30:00 in seconds, or None."""
    match = _CLOCK.fullmatch(value) or _LENGTH.fullmatch(value)
    if not match:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def as_state(value: str) -> str | None:
    """Return which of `STATES` a word asks for, or None."""
    word = value.lower().replace("favorite", FAVOURITE)
    return word if word in STATES else None


def as_count(value: str) -> int | None:
    """Return a number of people, from 1 on, or None."""
    return int(value) if _COUNT.fullmatch(value) else None


def _term(text: str, start: int) -> tuple[Term | None, int]:
    """Read the term at a place; None where there is nothing but signs."""
    at, excluded = start, False
    while at < len(text) and text[at] in _QUOTES + "-":
        if (quoted := _quoted(text, at)) is not None:
            value, end = quoted
            return Term(Field.PHRASE, value, excluded, (start, end)) if value else None, end
        excluded = text[at] == "-" or (excluded and text[at] != "-")
        at += 1
    if at == len(text) or text[at].isspace():
        return None, at
    prefix = _PREFIX.match(text, at)
    name = _FIELDS.get(prefix[1].lower()) if prefix else None
    if prefix is None or name is None:
        end = _skip(text, at, lambda sign: not sign.isspace())
        return Term(Field.WORD, text[at:end].rstrip(_QUOTES), excluded, (start, end)), end
    if (quoted := _quoted(text, prefix.end())) is not None:
        value, end = quoted
    else:
        end = _skip(text, prefix.end(), lambda sign: not sign.isspace())
        value = text[prefix.end() : end].replace('"', "").strip(_QUOTES)
    return Term(name, value, excluded, (start, end)), end


def _quoted(text: str, start: int) -> tuple[str, int] | None:
    """Read what stands in quotes at a place; None if no quote opens there, or none closes it."""
    closing = _CLOSING.get(text[start : start + 1])
    ends = [end for sign in closing or "" if (end := text.find(sign, start + 1)) >= 0]
    if not ends:
        return None
    return " ".join(text[start + 1 : min(ends)].replace('"', " ").split()), min(ends) + 1


def _skip(text: str, start: int, passed: Callable[[str], bool]) -> int:
    while start < len(text) and passed(text[start]):
        start += 1
    return start


def _complaint(term: Term) -> Complaint | None:
    """Say what is wrong with a filter's value, or with a word that only looks like a filter."""
    if term.field == Field.WORD:
        match = _UNKNOWN.fullmatch(term.value)
        return None if match is None else Complaint(NO_FILTER, match[1], term.span)
    sentence = _missing(term.field, term.value)
    return None if sentence is None else Complaint(sentence, term.field.value, term.span, term.field)


def _missing(field: Field, value: str) -> str | None:
    """Say what a filter needs in place of a value; None where the value will do."""
    if field in DATES and as_date(value) is None:
        return NEEDS_DATE
    if field in LENGTHS and as_seconds(value) is None:
        return NEEDS_LENGTH
    if field == Field.MATCH and value.lower() not in MATCHES:
        return NEEDS_SOURCE
    if field == Field.PEOPLE and as_count(value) is None:
        return NEEDS_COUNT
    if field == Field.STARS and value not in STARS:
        return NEEDS_STARS
    if field == Field.IS and as_state(value) is None:
        return NEEDS_STATE
    return None if value else NEEDS_WORD
