"""A query's filters in plain words: what stands on a chip, what is wrong with a filter, and a name for it all."""

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from retake_core.search.query import (
    FAVOURITE,
    HIDDEN,
    LIVE,
    Field,
    Query,
    Term,
    as_count,
    as_date,
    as_seconds,
    as_state,
    parse,
)
from retake_desktop.common import safe_text, wording

LONGEST_NAME = 60  # characters of a proposed name
_ICONS = {
    Field.WORD: "minus-circle-outline",
    Field.PHRASE: "format-quote-close",
    Field.FOLDER: "folder-outline",
    Field.TITLE: "format-title",
    Field.SAID: "account-voice",
    Field.SCREEN: "text-recognition",
    Field.MATCH: "filter-outline",
    Field.TYPE: "file-video-outline",
    Field.AFTER: "calendar-start",
    Field.BEFORE: "calendar-end",
    Field.LONGER: "timer-outline",
    Field.SHORTER: "timer-outline",
    Field.TAG: "tag-outline",
    Field.STARS: "star-outline",
    Field.NOTE: "note-text-outline",
    Field.PERSON: "account-outline",
    Field.PEOPLE: "account-group-outline",
}
_STATE_ICONS = {FAVOURITE: "heart-outline", HIDDEN: "eye-off-outline", LIVE: "motion-play-outline"}


def symbol(term: Term) -> str:
    """Return the name of a filter's icon."""
    if term.field == Field.IS:
        return _STATE_ICONS[as_state(term.value) or FAVOURITE]
    return _ICONS[term.field]


def describe(term: Term) -> str:
    """Say what a filter lets through."""
    if term.field in (Field.AFTER, Field.BEFORE):
        since = (term.field == Field.AFTER) != term.excluded
        return (_tr("Since {date}") if since else _tr("Before {date}")).format(date=_date(term.value))
    if term.field in (Field.LONGER, Field.SHORTER):
        longer = (term.field == Field.LONGER) != term.excluded
        return (_tr("Longer than {length}") if longer else _tr("Shorter than {length}")).format(
            length=_length(as_seconds(term.value) or 0.0)
        )
    if term.field == Field.PEOPLE:
        return _count(as_count(term.value) or 1, excluded=term.excluded)
    if term.field == Field.STARS:
        return _stars(int(term.value), excluded=term.excluded)
    if term.field == Field.IS:
        return _state(as_state(term.value), excluded=term.excluded)
    inclusion, exclusion = _sentences()[term.field]
    value = match_words().get(term.value.lower(), term.value) if term.field == Field.MATCH else term.value
    return (exclusion if term.excluded else inclusion).format(value=safe_text.line(value))


def match_words() -> dict[str, str]:
    """Return what may match, by the word that stands for it in a query."""
    return {
        "picture": _tr("the picture"),
        "said": _tr("what is said"),
        "screen": _tr("text on screen"),
        "title": _tr("the title"),
        "chapter": _tr("the name of a chapter"),
        "described": _tr("a summary, or a sentence about a chapter"),
        "note": _tr("a note"),
        "person": _tr("who is seen"),
    }


def complaints(query: Query) -> list[str]:
    """Say which parts of a query have no effect, or not the one that they seem to have."""
    sentences = (_tr(c.sentence).format(name=safe_text.line(c.name)) for c in query.complaints)
    return list(dict.fromkeys(sentences))


def propose_name(text: str) -> str:
    """Return a name for a search: its words, and its filters in plain words."""
    query = parse(text)
    parts = [query.description] if query.description else []
    parts += [describe(term) for term in query.chips]
    name = ", ".join(parts) or text.strip()
    name = name[:1].upper() + name[1:]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _sentences() -> dict[Field, tuple[str, str]]:
    return {
        Field.WORD: ("{value}", _tr("Without {value}")),
        Field.PHRASE: (_tr("Exactly “{value}”"), _tr("Without “{value}”")),
        Field.FOLDER: (_tr("In folder {value}"), _tr("Not in folder {value}")),
        Field.TITLE: (_tr("Title has “{value}”"), _tr("Title without “{value}”")),
        Field.SAID: (_tr("Said: “{value}”"), _tr("Not said: “{value}”")),
        Field.SCREEN: (_tr("On screen: “{value}”"), _tr("Not on screen: “{value}”")),
        Field.MATCH: (_tr("Only by {value}"), _tr("Not by {value}")),
        Field.TYPE: (_tr("Only {value} files"), _tr("No {value} files")),
        Field.TAG: (_tr("Tagged “{value}”"), _tr("Not tagged “{value}”")),
        Field.NOTE: (_tr("Note has “{value}”"), _tr("Note without “{value}”")),
        Field.PERSON: (_tr("With {value}"), _tr("Without {value}")),
    }


def _count(count: int, *, excluded: bool) -> str:
    if count == 1:
        return _tr("Nobody is seen") if excluded else _tr("Somebody is seen")
    return (_tr("Fewer than {count} people") if excluded else _tr("{count} people or more")).format(count=count)


def _stars(count: int, *, excluded: bool) -> str:
    if excluded:
        return _tr("No stars") if count == 1 else _tr("Fewer than {count} stars").format(count=count)
    if count == 1:
        return _tr("1 star or more")
    return _tr("5 stars") if count == 5 else _tr("{count} stars or more").format(count=count)


def _state(state: str | None, *, excluded: bool) -> str:
    if state == LIVE:
        return _tr("No films of live photos") if excluded else _tr("Films of live photos")
    if state == HIDDEN:
        return _tr("Not hidden") if excluded else _tr("Hidden videos")
    return _tr("No favourites") if excluded else _tr("Favourites")


def _date(value: str) -> str:
    """Write a date as exactly as it was given."""
    day = as_date(value)
    assert day is not None  # others are problems
    exactness = sum(sign in "-/." for sign in value)
    if exactness == 0:
        return str(day.year)
    shown = QDate(day.year, day.month, day.day)
    chinese = QLocale().language() == QLocale.Language.Chinese
    if exactness == 1:
        return QLocale().toString(shown, "yyyy年M月" if chinese else "MMMM yyyy")
    return wording.date(shown)


def _length(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    units = [(hours, _tr("{count} h")), (minutes, _tr("{count} min")), (rest, _tr("{count} s"))]
    parts = [text.format(count=count) for count, text in units if count]
    return " ".join(parts) or _tr("{count} s").format(count=0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("filters", text)
