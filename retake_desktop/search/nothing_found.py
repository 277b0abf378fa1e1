"""What is said where a search finds nothing, and what would find more."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from retake_core.hub.recommended import recommended_encoder
from retake_core.models.catalogue import BY_ID
from retake_core.search.query import Field, Query, parse
from retake_desktop.common import safe_text, wording
from retake_desktop.search.run import Findings


def nothing_found(findings: Findings, *, only_video: bool) -> str:
    """Say that nothing was found, and what may help."""
    query = safe_text.line(findings.question.query.strip())
    if findings.question.like is not None or findings.question.picture is not None:
        text = (
            _tr("Nothing that looks like this matches “{query}”.")
            if query
            else _tr("Nothing else looks like this.")
        )
    elif only_video:
        text = _tr("Nothing in this video matches “{query}”.")
    elif parse(query).chips:
        text = _tr("Nothing matches all of this. Remove a filter, or try other words.")
    elif findings.weaker:
        text = _tr("Nothing matches “{query}”, not even weakly. Try other words.")
    else:
        text = _tr("Nothing matches “{query}”. Try other words.")
    return text.format(query=query)


def better_encoder() -> str:
    """Say what the built-in encoder lacks, and what the better one takes."""
    better = BY_ID[recommended_encoder()]
    text = _tr(
        "The built-in encoder knows little of what pictures can show. {name} finds far more; it takes {size}."
    )
    return text.format(name=better.title, size=wording.size(better.disk_bytes))


def unknown_words(words: Sequence[str], *, faceless: bool) -> str:
    """Say which words of a query the built-in encoder left out, and what finds people; "" where there are none."""
    if not words:
        return ""
    quoted = _tr(", ").join(_tr("“{word}”").format(word=safe_text.line(word)) for word in words)
    text = _tr("The built-in encoder does not know {words}.").format(words=quoted)
    if not faceless:
        return text
    people = _tr("People are found by their faces: switch on “Look for faces” in the preferences, under People.")
    return f"{text}\n{people}"


def is_about_content(query: Query) -> bool:
    """Whether a query asks for something in videos, and not only for some of them."""
    return bool(query.description or query.having(Field.PHRASE, Field.SAID, Field.SCREEN))


def _tr(text: str) -> str:
    return QCoreApplication.translate("SearchPanel", text)
