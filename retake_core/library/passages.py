"""Passages: the sentences of what is said, written and noted, with the vectors that tell their meaning.

Subtitles often hold half a sentence. Those that follow each other in one source are joined up to its end; a window
of several sentences is found half as often, as none of them is heard in the mean. A passage goes with its texts.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Row, bindparam, delete, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import counter, file, passage, text, video
from retake_core.library.texts import TextEntry, TextKind
from retake_core.library.vectors.stored import Ids, Stored, Vectors

AT_ONCE = 64  # texts that are embedded and stored in one go: a third of a second on one core
LENT = 1000  # vectors that are read in one go
KINDS = (TextKind.SPOKEN, TextKind.SCREEN, TextKind.CHAPTER, TextKind.DESCRIBED, TextKind.NOTE)
FEWEST, MOST = 2, 16  # words: fewer say nothing; where no sentence ends, so many are one passage
BREATH = 1.5  # seconds of silence within a sentence at most
_ENDS = (".", "?", "!", "…", "。", "？", "！")
_CLOSING = "\"'”’»)]♪ "


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A sentence.

    Attributes:
        first_id: of its first text.
        last_id: of its last one.
        content: what to embed.
    """

    first_id: int
    last_id: int
    content: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Texts of which the passages are not stored yet.

    Attributes:
        passages: in order of their texts.
        seen: the id of the last text that they take in.
    """

    passages: list[NewPassage]
    seen: int


@dataclass(frozen=True, slots=True)
class UnreadVideo:
    """A video with texts that may become passages.

    Attributes:
        video_id: the video.
        path: of one of its files.
        duration: seconds.
        texts: how many wait.
        first_id: of the first of these.
        last_id: of the last one.
    """

    video_id: int
    path: Path
    duration: float
    texts: int
    first_id: int
    last_id: int

    def share(self, seen: int) -> float:
        """Return how much of it is done when all texts up to an id are."""
        done = (seen + 1 - self.first_id) / (self.last_id + 1 - self.first_id)
        return min(max(done, 0.0), 1.0)


def begin_passages(connection: Connection, encoder: str) -> None:
    """Forget the passages of any other encoder.

    Args:
        connection: a writing transaction.
        encoder: id of the one that embeds from now on.
    """
    if _seen(connection, encoder) is None:
        connection.execute(delete(passage))
        connection.execute(delete(counter).where(counter.c.name.startswith(_counter(""))))
        connection.execute(insert(counter).values(name=_counter(encoder), value=0))


def has_unread(connection: Connection, encoder: str) -> bool:
    """Return whether there are texts that an encoder has not seen."""
    return _newest(connection) > (_seen(connection, encoder) or 0)


def unread_videos(connection: Connection, encoder: str) -> list[UnreadVideo]:
    """Return the videos with texts that an encoder has not seen, in the order in which they will be done."""
    path = select(func.min(file.c.path)).where(file.c.video_id == video.c.id).scalar_subquery()
    first, last = func.min(text.c.id).label("first"), func.max(text.c.id).label("last")
    statement = (
        select(video.c.id, video.c.duration_us, path.label("path"), func.count().label("texts"), first, last)
        .join_from(text, video)
        .where(text.c.id > (_seen(connection, encoder) or 0), text.c.kind.in_(KINDS))
        .group_by(video.c.id)
        .order_by(last)
    )
    return [
        UnreadVideo(
            video_id=row.id,
            path=row.path or Path(),
            duration=(row.duration_us or 0) / MICROSECONDS,
            texts=row.texts,
            first_id=row.first,
            last_id=row.last,
        )
        for row in connection.execute(statement)
    ]


def unread_texts(connection: Connection, encoder: str, *, english: bool = True) -> Unread:
    """Return the next texts to embed: ids are never used again, so that what is new comes after what was seen.

    Args:
        connection: sees the library.
        encoder: id of the one that embeds.
        english: whether it reads English alone.
    """
    seen = _seen(connection, encoder) or 0
    waiting = select(text).where(text.c.id > seen, text.c.kind.in_(KINDS))
    rows = connection.execute(waiting.order_by(text.c.id).limit(AT_ONCE)).all()
    passages = list(join_texts(rows, english=english))
    if len(rows) < AT_ONCE:
        return Unread([each for each in passages if _tells(each)], _newest(connection))
    if len(passages) < 2:
        return Unread([each for each in passages if _tells(each)], rows[-1].id)
    *passages, last = passages  # it may go on
    return Unread([each for each in passages if _tells(each)], last.first_id - 1)


def store_passages(
    connection: Connection, encoder: str, passages: Sequence[NewPassage], vectors: Vectors, seen: int
) -> None:
    """Store what an encoder made of texts, and up to which it has seen them; texts that have gone are left out.

    Args:
        connection: a writing transaction.
        encoder: its id.
        passages: in order.
        vectors: float32 [n, dimension], length 1.
        seen: the id of the last text.
    """
    statement = sql(
        "INSERT OR REPLACE INTO passage (text_id, last_id, vector) "
        "SELECT id, :last, :vector FROM text WHERE id = :first"
    ).bindparams(bindparam("vector"))
    rows = [
        {"first": each.first_id, "last": each.last_id, "vector": vector.astype("<f2").tobytes()}
        for each, vector in zip(passages, vectors, strict=True)
    ]
    if rows:
        connection.execute(statement, rows)
    connection.execute(counter.update().where(counter.c.name == _counter(encoder)).values(value=seen))


def join_texts(rows: Iterable[Row[tuple[object, ...]]], *, english: bool = True) -> Iterator[NewPassage]:
    """Join texts, rows of `text` in order of id, to sentences; where English is read, no other language."""
    told = (row for row in rows if row.kind in KINDS and (not english or _may_be_english(row.language)))
    for (_, _, kind), group in groupby(told, key=lambda row: (row.video_id, row.source, row.kind)):
        if kind == TextKind.SPOKEN:
            yield from _sentences(group)
        else:
            yield from (NewPassage(row.id, row.id, _one_line(row.content)) for row in group)


def passage_texts(connection: Connection, ids: Collection[int]) -> dict[int, TextEntry]:
    """Return passages by the ids of their first texts, with times in seconds; those that are gone are left out."""
    rows = connection.exec_driver_sql(
        "SELECT passage.text_id, text.video_id, text.kind, text.start_us, text.end_us, text.content, text.speaker "
        "FROM json_each(?) AS chosen JOIN passage ON passage.text_id = chosen.value "
        "JOIN text AS first ON first.id = passage.text_id "
        "JOIN text ON text.id BETWEEN passage.text_id AND passage.last_id "
        "AND text.video_id = first.video_id AND text.source = first.source "
        "ORDER BY passage.text_id, text.id",
        (json.dumps(list(ids)),),
    ).cursor.fetchall()
    entries = {}
    for number, group in groupby(rows, key=lambda row: int(row[0])):
        parts = list(group)
        _, video_id, kind, start_us, _, _, speaker = parts[0]
        ends = [end_us for _, _, _, _, end_us, _, _ in parts if end_us is not None]
        start = None if start_us is None else start_us / MICROSECONDS
        end = max(ends) / MICROSECONDS if ends else start
        content = " ".join(_one_line(part[5]) for part in parts)
        entries[number] = TextEntry(number, video_id, TextKind(kind), start, end, content, speaker)
    return entries


def passages_of(connection: Connection, video_ids: Collection[int]) -> Ids:
    """Return the ids of the passages of some videos."""
    rows = connection.exec_driver_sql(
        "SELECT passage.text_id FROM json_each(?) AS chosen JOIN text ON text.video_id = chosen.value "
        "JOIN passage ON passage.text_id = text.id",
        (json.dumps(list(video_ids)),),
    ).cursor.fetchall()
    return np.array([row[0] for row in rows], np.int64)


def has_passages(connection: Connection, encoder: str) -> bool:
    """Return whether an encoder has embedded any."""
    return (
        connection.scalar(select(passage.c.text_id).limit(1)) is not None
        and _seen(connection, encoder) is not None
    )


def count_passages(connection: Connection, encoder: str) -> int:
    """Return how many passages an encoder has embedded."""
    return _summary(connection, encoder)[0]


def _sentences(rows: Iterable[Row[tuple[object, ...]]]) -> Iterator[NewPassage]:
    parts: list[Row[tuple[object, ...]]] = []
    for row in rows:
        if parts and not _goes_on(parts, row):
            yield _joined(parts)
            parts = []
        parts.append(row)
    if parts:
        yield _joined(parts)


def _goes_on(parts: Sequence[Row[tuple[object, ...]]], row: Row[tuple[object, ...]]) -> bool:
    """Return whether a text may go on with a sentence."""
    last = parts[-1]
    end = last.start_us if last.end_us is None else last.end_us
    return (
        not last.content.rstrip(_CLOSING).endswith(_ENDS)
        and last.speaker == row.speaker
        and None not in (last.start_us, row.start_us)
        and last.start_us <= row.start_us <= end + BREATH * MICROSECONDS
        and sum(_words(part.content) for part in (*parts, row)) <= MOST
    )


def _joined(parts: Sequence[Row[tuple[object, ...]]]) -> NewPassage:
    return NewPassage(parts[0].id, parts[-1].id, " ".join(_one_line(part.content) for part in parts))


def _tells(entry: NewPassage) -> bool:
    return _words(entry.content) >= FEWEST and any(sign.isalpha() for sign in entry.content)


def _words(content: str) -> int:
    return len(content.split())


def _one_line(content: str) -> str:
    return " ".join(content.split())


def _may_be_english(language: str | None) -> bool:
    return language is None or language.split("-")[0].lower() in ("en", "eng", "und", "mul")


def _counter(encoder: str) -> str:
    return f"passages {encoder}"


def _seen(connection: Connection, encoder: str) -> int | None:
    return connection.scalar(select(counter.c.value).where(counter.c.name == _counter(encoder)))


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(text.c.id), 0))).scalar_one())


def _generation(connection: Connection) -> int:
    return int(connection.execute(select(counter.c.value).where(counter.c.name == "passages")).scalar_one())


def _summary(connection: Connection, encoder: str) -> tuple[int, int]:
    if _seen(connection, encoder) is None:
        return 0, 0
    count, total = connection.execute(select(func.count(), func.total(passage.c.text_id))).one()
    return int(count), int(total)


def _ids(connection: Connection, encoder: str, after: int) -> Ids:
    if _seen(connection, encoder) is None:
        return np.empty(0, np.int64)
    cursor = connection.exec_driver_sql("SELECT text_id FROM passage WHERE text_id > ? ORDER BY text_id", (after,))
    return np.fromiter((row[0] for row in cursor), np.int64)


def _vectors(
    connection: Connection,
    encoder: str,  # noqa: ARG001 - all are of one
    ids: Sequence[int] | Ids,
) -> Iterator[tuple[Ids, Vectors]]:
    for start in range(0, len(ids), LENT):
        part = [int(number) for number in ids[start : start + LENT]]
        rows = connection.exec_driver_sql(
            "SELECT text_id, vector FROM json_each(?) AS chosen JOIN passage ON text_id = chosen.value "
            "ORDER BY text_id",
            (json.dumps(part),),
        ).cursor.fetchall()
        if rows:
            vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f2").astype(np.float32)
            yield np.array([row[0] for row in rows], np.int64), vectors.reshape(len(rows), -1)


OF_PASSAGES = Stored(_generation, _summary, _ids, _vectors)
