"""Questions and answers that were: conversations about a video, several, a folder or the library.

They are written in transactions of their own, each short, so that a question is kept while indexing goes on.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from retake_core.errors import UserError
from retake_core.library.catalog import video_by_id
from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import citation, conversation, folder, keyframe, message, video
from retake_core.protocol.question_events import Cited, CitedLine, Measured, QuestionPlan, WrittenTime
from retake_core.protocol.question_outcome import AnswerState


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of an answer beside its text and citations.

    Attributes:
        reason: why it failed, or why there are only moments.
        video_ids: what it was asked about, where that is several videos.
        unconfirmed: places of the citations that a second look does not confirm.
    """

    notices: tuple[str, ...] = ()
    written: tuple[WrittenTime, ...] = ()
    reason: str = ""
    plan: QuestionPlan | None = None
    measured: Measured | None = None
    lines: tuple[CitedLine, ...] = ()
    video_ids: tuple[int, ...] = ()
    unconfirmed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A question and what came of it."""

    id: int
    question: str
    state: AnswerState
    answer: str
    citations: tuple[Cited, ...]
    details: Details


@dataclass(frozen=True, slots=True)
class Conversation:
    """A row of the history.

    Attributes:
        title: its first question.
        asked: when the last question was asked, seconds since 1970.
        questions: how many.
        video_ids: what it is about, where that is several videos.
    """

    id: int
    title: str
    asked: float
    questions: int
    video_ids: tuple[int, ...] = ()


def conversations(
    connection: Connection, *, video_id: int | None = None, inside: Path | None = None
) -> list[Conversation]:
    """Return the conversations about a video, a folder or, without either, the library, the newest first.

    Those about several videos are the library's.
    """
    per_conversation = select(
        message.c.conversation_id,
        func.min(message.c.id).label("first"),
        func.max(message.c.asked_us).label("asked"),
        func.count().label("questions"),
    )
    by_conversation = per_conversation.group_by(message.c.conversation_id).subquery()
    rows = (
        select(
            conversation.c.id,
            message.c.question,
            message.c.details,
            by_conversation.c.asked,
            by_conversation.c.questions,
        )
        .join(by_conversation, by_conversation.c.conversation_id == conversation.c.id)
        .join(message, message.c.id == by_conversation.c.first)
        .outerjoin(folder, folder.c.id == conversation.c.folder_id)
        .where(conversation.c.video_id == video_id if video_id else conversation.c.video_id.is_(None))
        .where(folder.c.path == inside if inside is not None else conversation.c.folder_id.is_(None))
        .order_by(by_conversation.c.asked.desc(), conversation.c.id.desc())
    )
    return [
        Conversation(
            row.id,
            row.question,
            row.asked / MICROSECONDS,
            row.questions,
            _details(row.details).video_ids,
        )
        for row in connection.execute(rows)
    ]


def messages(connection: Connection, conversation_id: int) -> list[StoredMessage]:
    """Return what was asked and answered in a conversation, in order."""
    return _read(connection, select(message).where(message.c.conversation_id == conversation_id))


def find_message(connection: Connection, message_id: int | None = None) -> tuple[StoredMessage, float]:
    """Return a question with its answer, or the newest that has one, and when it was asked, in seconds since 1970.

    Raises:
        UserError: there is none.
    """
    candidates = select(message.c.id, message.c.asked_us)
    if message_id is None:
        matching = candidates.where(message.c.state.in_([AnswerState.ANSWERED, AnswerState.MOMENTS]))
    else:
        matching = candidates.where(message.c.id == message_id)
    row = connection.execute(matching.order_by(message.c.id.desc()).limit(1)).first()
    if row is None:
        raise UserError("There is no such answer in the history; ask a question first, or give another number.")
    (entry,) = _read(connection, select(message).where(message.c.id == row.id))
    return entry, row.asked_us / MICROSECONDS


def newest_messages(connection: Connection, limit: int) -> list[StoredMessage]:
    """Return the questions that were asked last, the newest first."""
    ids = select(message.c.id).order_by(message.c.id.desc()).limit(limit)
    return _read(connection, select(message).where(message.c.id.in_(ids)))[::-1]


def _read(connection: Connection, matching: Select[Any]) -> list[StoredMessage]:
    rows = connection.execute(matching.order_by(message.c.id)).all()
    cited: dict[int, list[Cited]] = {row.id: [] for row in rows}
    doubtful = {row.id: _details(row.details).unconfirmed for row in rows}
    statement = select(citation).where(citation.c.message_id.in_(list(cited))).order_by(citation.c.position)
    for row in connection.execute(statement):
        times = (row.time_us / MICROSECONDS, row.start_us / MICROSECONDS, row.end_us / MICROSECONDS)
        keyframe_id = row.keyframe_id or _keyframe_before(connection, row.video_id, row.time_us)
        confirmed = False if row.position in doubtful[row.message_id] else None
        cited[row.message_id].append(Cited(row.video_id, keyframe_id, *times, row.strength, confirmed))
    return [
        StoredMessage(
            row.id, row.question, AnswerState(row.state), row.answer, tuple(cited[row.id]), _details(row.details)
        )
        for row in rows
    ]


def begin_message(
    connection: Connection,
    question: str,
    *,
    conversation_id: int | None = None,
    video_id: int | None = None,
    video_ids: tuple[int, ...] = (),
    inside: Path | None = None,
) -> tuple[int, int]:
    """Put down a question that is about to be answered.

    Args:
        connection: may write.
        question: as the user wrote it.
        conversation_id: where it goes on; None, or one that was deleted, begins a new conversation.
        video_id: what a new conversation is about.
        video_ids: what the question is about, where that is several videos.
        inside: the folder of the library that a new conversation is about.

    Returns:
        The ids of the conversation and of the message.

    Raises:
        UserError: the video or the folder is no longer in the library.
    """
    now = round(time.time() * MICROSECONDS)
    known = select(conversation.c.id).where(conversation.c.id == conversation_id)
    if conversation_id is None or connection.execute(known).scalar() is None:
        place: dict[str, int | None] = {"video_id": video_id, "folder_id": None}
        if video_id is not None:
            video_by_id(connection, video_id)
        if inside is not None:
            place["folder_id"] = connection.scalar(select(folder.c.id).where(folder.c.path == inside))
            if place["folder_id"] is None:
                raise UserError("The folder is no longer in the library.")
        row = connection.execute(insert(conversation).values(begun_us=now, **place))
        conversation_id = int(row.inserted_primary_key[0])  # type: ignore[index]
    values = {
        "conversation_id": conversation_id,
        "asked_us": now,
        "question": question,
        "state": AnswerState.ASKED,
        "details": msgspec.json.encode(Details(video_ids=video_ids)),
    }
    row = connection.execute(insert(message).values(**values))
    return conversation_id, int(row.inserted_primary_key[0])  # type: ignore[index]


def finish_message(
    connection: Connection,
    message_id: int,
    state: AnswerState,
    answer: str,
    citations: Sequence[Cited],
    details: Details,
) -> None:
    """Put down what became of a question, in place of what was put down before.

    One that was deleted meanwhile stays deleted.
    """
    values = {"state": state, "answer": answer, "details": msgspec.json.encode(details)}
    if not connection.execute(update(message).where(message.c.id == message_id).values(**values)).rowcount:
        return
    connection.execute(delete(citation).where(citation.c.message_id == message_id))
    here = set(connection.execute(select(video.c.id)).scalars())
    keyframe_ids = [cited.keyframe_id for cited in citations]
    pictures = set(connection.execute(select(keyframe.c.id).where(keyframe.c.id.in_(keyframe_ids))).scalars())
    rows = [
        {
            "message_id": message_id,
            "position": position,
            "video_id": cited.video_id,
            "keyframe_id": cited.keyframe_id if cited.keyframe_id in pictures else None,
            "time_us": round(cited.time * MICROSECONDS),
            "start_us": round(cited.start * MICROSECONDS),
            "end_us": round(cited.end * MICROSECONDS),
            "strength": cited.strength,
        }
        for position, cited in enumerate(citations)
        if cited.video_id in here
    ]
    if rows:
        connection.execute(insert(citation), rows)


def forget_conversations(connection: Connection, ids: Sequence[int]) -> None:
    """Delete conversations with all that was said in them."""
    connection.execute(delete(conversation).where(conversation.c.id.in_(ids)))


def forget_cited_lines(connection: Connection) -> None:
    """Take the words of videos that are gone out of the answers that cite them."""
    here = set(connection.execute(select(video.c.id)).scalars())
    citing = select(message.c.id, message.c.details).where(func.instr(message.c.details, b'"lines":') > 0)
    for row in connection.execute(citing).all():
        details = _details(row.details)
        lines = tuple(line for line in details.lines if line.video_id in here)
        if lines != details.lines:
            kept = msgspec.json.encode(msgspec.structs.replace(details, lines=lines))
            connection.execute(update(message).where(message.c.id == row.id).values(details=kept))


def _keyframe_before(connection: Connection, video_id: int, time_us: int) -> int | None:
    """Return the keyframe that stands for a time; indexing again has replaced the one that was cited."""
    earlier = select(keyframe.c.id).where(keyframe.c.video_id == video_id, keyframe.c.time_us <= time_us)
    return connection.scalar(earlier.order_by(keyframe.c.time_us.desc()).limit(1))


def _details(stored: bytes | None) -> Details:
    try:
        return msgspec.json.decode(stored or b"{}", type=Details)
    except msgspec.MsgspecError:
        return Details()  # of another version of the app: text and citations are what counts
