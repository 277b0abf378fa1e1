"""What is said, written and named in videos: stored by source, and found by words."""

import json
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import Connection, delete, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import MICROSECONDS, to_microseconds
from retake_core.library.schema import text, text_reading
from retake_core.library.stems import ENGLISH, stemming_language
from retake_core.library.words import SoughtWord, Word, parts_of, sought_word, title_tokens, tokens

SPEECH = "speech"
"""The source of what a speech model heard; all others of spoken texts are subtitles."""


INSIDE = "inside"
"""The source of what a file says of itself; subtitle streams and chapters have it in front."""

FILE_CHAPTERS = f"{INSIDE}:chapters"
"""The source of the chapters that a file names."""

CHANGED = ""
"""The stamp of a source that has changed since it was read."""


class TextKind(StrEnum):
    """How a text is in a video."""

    SPOKEN = "spoken"
    SCREEN = "screen"
    TITLE = "title"
    CHAPTER = "chapter"
    DESCRIBED = "described"  # a summary, or a sentence about a chapter
    NOTE = "note"  # that a person wrote


@dataclass(frozen=True, slots=True)
class NewText:
    """A text to store.

    Attributes:
        start: seconds, or None where it is about the whole video.
        end: seconds.
        language: as a tag such as "en".
        speaker: who says it.
        partial: its source does not write down all that is said, but signs or foreign words.
    """

    content: str
    start: float | None = None
    end: float | None = None
    language: str | None = None
    speaker: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A stored text: see `NewText`."""

    id: int
    video_id: int
    kind: TextKind
    start: float | None
    end: float | None
    content: str
    speaker: str | None = None
    language: str | None = None

    @property
    def shown(self) -> str:
        """Its words as a person reads them, behind the name of who says them."""
        return _shown(self.speaker, self.content)

    def tokens(self) -> tuple[Word, ...]:
        """Return the words of what is shown."""
        return _remembered_words(self.kind, self.shown, stemming_language(self.language))


Phrase = tuple[SoughtWord, ...]
"""Words that follow each other; a single one is a word."""


def _words(kind: TextKind, content: str, language: str | None) -> tuple[Word, ...]:
    """Return the words of a text: names, and what is written on screen, are split where people leave no space."""
    if kind in (TextKind.SPOKEN, TextKind.NOTE):
        return tuple(tokens(content, language))
    return tuple(title_tokens(content))


def stems_of(kind: str, speaker: str | None, content: str, language: str | None) -> str:
    """Return what the full-text index holds of a text."""
    words = _words(TextKind(kind), _shown(speaker, content), stemming_language(language))
    return " ".join(word.stem for word in words)


def _shown(speaker: str | None, content: str) -> str:
    return f"{speaker}: {content}" if speaker else content


_remembered_words = lru_cache(1 << 13)(_words)  # while a query is typed, the same texts match again and again


def timed_texts(connection: Connection, video_id: int, kind: TextKind) -> list[TextEntry]:
    """Return the texts of a kind that stand at times of a video, in order of time; each has an end."""
    statement = (
        select(text)
        .where(text.c.video_id == video_id, text.c.kind == kind, text.c.start_us.is_not(None))
        .order_by(text.c.start_us, text.c.id)
    )
    return [
        TextEntry(
            row.id,
            video_id,
            kind,
            row.start_us / MICROSECONDS,
            (row.start_us if row.end_us is None else row.end_us) / MICROSECONDS,
            row.content,
            row.speaker,
            row.language,
        )
        for row in connection.execute(statement)
    ]


def anything_said(connection: Connection) -> bool:
    """Whether there is a text of what is said in any video."""
    return bool(connection.execute(select(text.c.id).where(text.c.kind == TextKind.SPOKEN).limit(1)).first())


def said_while(connection: Connection, spans: Sequence[tuple[int, float, float]]) -> list[bool]:
    """Tell for each span, a video and seconds from and to, whether something is said in it."""
    query = (
        "SELECT span.key FROM json_each(?) AS span WHERE EXISTS (SELECT 1 FROM text WHERE kind = 'spoken' "
        "AND video_id = json_extract(span.value, '$[0]') AND start_us <= json_extract(span.value, '$[2]') "
        "AND coalesce(end_us, start_us) >= json_extract(span.value, '$[1]'))"
    )
    asked = json.dumps([(video, to_microseconds(start), to_microseconds(end)) for video, start, end in spans])
    said = {row[0] for row in connection.exec_driver_sql(query, (asked,)).cursor.fetchall()}
    return [number in said for number in range(len(spans))]


def erase_deleted(connection: Connection) -> None:
    """Take the words of deleted texts out of the index, where FTS5 only marks them as deleted until it merges."""
    connection.execute(sql("INSERT INTO text_index (text_index) VALUES ('optimize')"))


def readings(connection: Connection, sources: str = "*") -> dict[tuple[int, str], str]:
    """Return which state of each source was read last: stamps by video and source.

    Args:
        connection: sees the library.
        sources: which ones, as a pattern in which * stands for anything.
    """
    statement = select(text_reading).where(text_reading.c.source.op("GLOB")(sources))
    return {(row.video_id, row.source): row.stamp for row in connection.execute(statement)}


def replace_texts(
    connection: Connection, video_id: int, source: str, kind: TextKind, stamp: str, new: Iterable[NewText]
) -> None:
    """Store what a source says now in place of what it said before.

    Args:
        connection: a writing transaction.
        video_id: the video.
        source: names what was read.
        kind: of all its texts.
        stamp: names the state of the source, so that it is read again only when it has changed.
        new: empty texts are left out.
    """
    forget_texts(connection, video_id, source)
    add_texts(connection, video_id, source, kind, new)
    connection.execute(insert(text_reading).values(video_id=video_id, source=source, stamp=stamp))


def add_texts(connection: Connection, video_id: int, source: str, kind: TextKind, new: Iterable[NewText]) -> None:
    """Store more of what a source says, composed as queries are; empty texts are left out."""
    composed = [
        replace(entry, content=_composed(entry.content), speaker=entry.speaker and _composed(entry.speaker))
        for entry in new
    ]
    rows = [
        {
            "video_id": video_id,
            "kind": kind,
            "source": source,
            "language": entry.language,
            "start_us": None if entry.start is None else to_microseconds(entry.start),
            "end_us": None if entry.end is None else to_microseconds(entry.end),
            "content": entry.content,
            "stems": stems_of(kind, entry.speaker, entry.content, entry.language),
            "speaker": entry.speaker,
            "partial": int(entry.partial),
        }
        for entry in composed
    ]
    # A chapter has its place even where its title has no word, such as "…".
    if rows := [row for row in rows if row["stems"] or (kind == TextKind.CHAPTER and row["content"])]:
        connection.execute(insert(text), rows)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def forget_texts(connection: Connection, video_id: int, source: str) -> None:
    """Drop a source and what it said."""
    for table in (text, text_reading):
        connection.execute(delete(table).where(table.c.video_id == video_id, table.c.source == source))


def find_texts(
    connection: Connection,
    phrases: Sequence[Phrase],
    *,
    every: bool,
    kinds: Collection[TextKind] = tuple(TextKind),
    videos: Collection[int] | None = None,
    prefix: Phrase | None = None,
    limit: int = 300,
) -> list[TextEntry]:
    """Return the texts that hold some phrases, those that hold most of the rare ones first.

    Args:
        connection: sees the library.
        phrases: what to look for.
        every: whether all of them must be there, or only one.
        kinds: of texts.
        videos: only theirs; None is all.
        prefix: the one of the phrases that may go on with more letters.
        limit: how many at most.
    """
    if not phrases or (videos is not None and not videos):
        return []
    terms = [_term(phrase, goes_on=phrase == prefix) for phrase in phrases]
    among = "" if videos is None else "AND text.video_id IN (SELECT value FROM json_each(:videos)) "
    query = (
        "SELECT text.id, text.video_id, text.kind, text.start_us, text.end_us, "  # noqa: S608
        "text.content, text.speaker, text.language "
        "FROM text_index JOIN text ON text.id = text_index.rowid WHERE text_index MATCH :words "
        f"AND text.kind IN (SELECT value FROM json_each(:kinds)) {among}ORDER BY rank LIMIT :limit"
    )
    asked = {
        "words": (" AND " if every else " OR ").join(terms),
        "kinds": json.dumps(list(kinds)),
        "videos": json.dumps(list(videos or ())),
        "limit": limit,
    }
    # As text, and the rows as the driver gives them: a person types.
    return [
        TextEntry(number, video_id, TextKind(kind), _seconds(start), _seconds(end), content, speaker, language)
        for number, video_id, kind, start, end, content, speaker, language in connection.exec_driver_sql(
            query, asked
        ).cursor.fetchall()
    ]


def count_texts(connection: Connection) -> int:
    """Return how many texts there are, not counting gaps in their numbers."""
    return int(connection.execute(sql("SELECT coalesce(max(id), 0) FROM text")).scalar_one())


def sought_words(connection: Connection, query: str) -> list[SoughtWord]:
    """Return the words of a query; one that no text holds is looked for by its parts: 36L of RUNWAY36L, too."""
    languages = _languages(connection)
    words: list[SoughtWord] = []
    for word in tokens(query):
        sought = sought_word(word, query, languages)
        parts = parts_of(word, query)
        if len(parts) > 1 and not frequency(connection, sought):
            words += [sought_word(part, query, languages) for part in parts]
        else:
            words.append(sought)
    return words


def frequency(connection: Connection, word: SoughtWord) -> int:
    """Return how many texts hold a word, in whatever language."""
    query = "SELECT sum(doc) FROM text_vocabulary WHERE term IN (SELECT value FROM json_each(?))"
    return int(connection.exec_driver_sql(query, (json.dumps(word.all_stems()),)).scalar() or 0)


def _languages(connection: Connection) -> set[str]:
    """Return the languages of texts whose endings differ from English ones."""
    # Steps from one language to the next in the index: DISTINCT would look at every text.
    statement = sql(
        "WITH RECURSIVE found (tag) AS (SELECT min(language) FROM text WHERE language > '' UNION ALL "
        "SELECT (SELECT min(language) FROM text WHERE language > tag) FROM found WHERE tag IS NOT NULL) "
        "SELECT tag FROM found WHERE tag IS NOT NULL"
    )
    return {
        language for tag in connection.execute(statement).scalars() if (language := stemming_language(tag))
    } - {ENGLISH}


def _term(phrase: Phrase, *, goes_on: bool) -> str:
    """Return a phrase as FTS5 writes it, as texts of every language may hold it; the last word may go on."""
    forms = dict.fromkeys(zip(*(word.all_stems() for word in phrase), strict=True))
    return "(" + " OR ".join(f'"{" ".join(form)}"{" *" if goes_on else ""}' for form in forms) + ")"


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / MICROSECONDS
