"""The notes that a person writes about videos, or about a time in them. The search finds them as texts."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library.catalog import videos
from retake_core.library.indexing import MICROSECONDS, to_microseconds
from retake_core.library.marks import NOTE_SOURCE, hidden_videos
from retake_core.library.schema import note
from retake_core.library.texts import NewText, TextKind, add_texts, forget_texts

LONGEST_NOTE = 10_000  # characters
BEYOND = 0.5  # seconds after a video's end that still are its end


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note.

    Attributes:
        time: seconds in the video, or None where it is about the whole.
        created: seconds since 1970.
        changed: the same, of the last change.
    """

    id: int
    video_id: int
    time: float | None
    content: str
    created: float
    changed: float


def notes(connection: Connection, video_id: int | None = None) -> list[NoteEntry]:
    """Return the notes of a video, or of all that are not hidden: those about the whole first, then by time."""
    statement = select(note).order_by(note.c.video_id, note.c.time_us.nulls_first(), note.c.id)
    if video_id is not None:
        statement = statement.where(note.c.video_id == video_id)
    left_out = hidden_videos(connection) if video_id is None else set()
    return [
        NoteEntry(
            row.id,
            row.video_id,
            None if row.time_us is None else row.time_us / MICROSECONDS,
            row.content,
            row.created_us / MICROSECONDS,
            row.changed_us / MICROSECONDS,
        )
        for row in connection.execute(statement)
        if row.video_id not in left_out
    ]


def add_note(connection: Connection, video_ids: Collection[int], content: str, seconds: float | None) -> list[int]:
    """Write a note about videos in a writing transaction, and return its id for each that is there.

    Args:
        connection: a writing transaction.
        video_ids: what it is about.
        content: what it says.
        seconds: the time that it is about; None is the whole video.

    Raises:
        UserError: it says nothing, or a video ends before that time.
    """
    content, now = _checked(content), to_microseconds(time.time())
    ids = []
    for entry in videos(connection, video_ids):
        if seconds is not None and entry.duration and seconds > entry.duration + BEYOND:
            raise UserError(f"{readable(entry.path.name)} ends before that; it is {entry.duration:.1f} s long.")
        row = {
            "video_id": entry.id,
            "time_us": None if seconds is None else to_microseconds(seconds),
            "content": content,
            "created_us": now,
            "changed_us": now,
        }
        note_id = int(connection.execute(insert(note).values(row).returning(note.c.id)).scalar_one())
        _index(connection, note_id)
        ids.append(note_id)
    return ids


def change_note(connection: Connection, note_id: int, content: str) -> None:
    """Write a note anew in a writing transaction.

    Raises:
        UserError: there is none of this id, or it says nothing.
    """
    values = {"content": _checked(content), "changed_us": to_microseconds(time.time())}
    _found(connection, note_id)
    connection.execute(update(note).where(note.c.id == note_id).values(values))
    _index(connection, note_id)


def delete_note(connection: Connection, note_id: int) -> None:
    """Delete a note in a writing transaction.

    Raises:
        UserError: there is none of this id.
    """
    forget_texts(connection, _found(connection, note_id), f"{NOTE_SOURCE}{note_id}")
    connection.execute(delete(note).where(note.c.id == note_id))


def _index(connection: Connection, note_id: int) -> None:
    """Have the search find what a note says now."""
    row = connection.execute(select(note).where(note.c.id == note_id)).one()
    source = f"{NOTE_SOURCE}{note_id}"
    at = None if row.time_us is None else row.time_us / MICROSECONDS
    forget_texts(connection, row.video_id, source)
    add_texts(connection, row.video_id, source, TextKind.NOTE, [NewText(row.content, at, at)])


def _found(connection: Connection, note_id: int) -> int:
    """Return the video of a note."""
    video_id = connection.execute(select(note.c.video_id).where(note.c.id == note_id)).scalar()
    if video_id is None:
        raise UserError(f"There is no note {note_id}; `retake note` lists the notes.")
    return int(video_id)


def _checked(content: str) -> str:
    content = "\n".join(line.rstrip() for line in content.strip().splitlines())
    if not content or len(content) > LONGEST_NOTE:
        raise UserError(f"A note says something, in {LONGEST_NOTE} characters at most.")
    return content
