"""How far the recordings have been listened to."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Text, cast, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import MICROSECONDS, Depth, to_microseconds
from retake_core.library.schema import Presence, file, listening, text, text_reading, video
from retake_core.library.texts import SPEECH, NewText, TextKind, add_texts, forget_texts
from retake_core.media.video_file import FoundFile

Votes = dict[str, float]
"""For each language that may be spoken: how much speaks for it."""


@dataclass(frozen=True, slots=True)
class DueSpeech:
    """A video to listen to.

    Attributes:
        fingerprint: of its content.
        file: one that holds it, as it was when it was scanned.
        duration: seconds, 0.0 while unknown.
        has_sound: whether it has a sound track; so it says while that is unknown.
        sound_track: that a person chose, counted from 1.
    """

    video_id: int
    fingerprint: str
    file: FoundFile
    duration: float
    has_sound: bool = True
    sound_track: int | None = None

    @property
    def audible(self) -> float:
        """Seconds of it that can be listened to."""
        return self.duration if self.has_sound else 0.0

    def stamp(self, model: str) -> str:
        """Return the stamp of what a model hears in it."""
        chosen = "" if self.sound_track is None else f" track {self.sound_track}"
        return model + self.fingerprint + chosen


@dataclass(frozen=True, slots=True)
class ListeningState:
    """Where to go on with a video.

    Attributes:
        resume: seconds up to which it has been listened to.
        failures: times the model's process died on it.
        votes: for the language.
    """

    resume: float
    failures: int
    votes: Votes


def due_speech(connection: Connection, stamp: str) -> list[DueSpeech]:
    """Return the present videos that were not yet listened to, in order of id.

    Those whose subtitles say what is said are left out.

    Args:
        connection: sees the library.
        stamp: of the model; see `DueSpeech.stamp`.
    """
    track = func.coalesce(" track " + cast(video.c.sound_track, Text), "")
    heard = select(text_reading.c.video_id).where(
        text_reading.c.video_id == video.c.id,
        text_reading.c.source == SPEECH,
        text_reading.c.stamp == stamp + video.c.fingerprint + track,
    )
    subtitled = select(text.c.id).where(
        text.c.video_id == video.c.id,
        text.c.kind == TextKind.SPOKEN,
        text.c.source != SPEECH,
        text.c.partial == 0,
    )
    present = file.alias()
    first = select(present.c.id).where(present.c.video_id == video.c.id, present.c.missing == Presence.HERE)
    first = first.order_by(present.c.path).limit(1)
    statement = (
        select(
            video.c.id,
            video.c.fingerprint,
            video.c.duration_us,
            video.c.has_sound,
            video.c.sound_track,
            file.c.path,
            file.c.size,
            file.c.mtime_ns,
        )
        .join_from(video, file, file.c.id == first.correlate(video).scalar_subquery())
        .where(video.c.error.is_(None), video.c.depth > Depth.NONE, ~heard.exists(), ~subtitled.exists())
        .order_by(video.c.id)
    )
    return [
        DueSpeech(
            row.id,
            row.fingerprint,
            FoundFile(row.path, row.size, row.mtime_ns),
            (row.duration_us or 0) / MICROSECONDS,
            row.has_sound != 0,
            row.sound_track,
        )
        for row in connection.execute(statement)
    ]


def heard_seconds(connection: Connection) -> dict[int, float]:
    """Return up to which second the videos have been listened to in which that was interrupted, by their ids."""
    rows = connection.execute(select(listening.c.video_id, listening.c.resume_us))
    return {row.video_id: row.resume_us / MICROSECONDS for row in rows}


def is_silent(connection: Connection, video_id: int) -> bool:
    """Whether a video is known to have no sound track at all."""
    return connection.scalar(select(video.c.has_sound).where(video.c.id == video_id)) == 0


def sound_track_of(connection: Connection, video_id: int) -> int | None:
    """Return the sound track that a person chose for a video, counted from 1; None where nobody did."""
    return connection.scalar(select(video.c.sound_track).where(video.c.id == video_id))


def choose_sound_track(connection: Connection, video_id: int, track: int | None) -> None:
    """Store which sound track of a video is listened to, counted from 1; None leaves it to the file's own tags.

    The next run that indexes listens to it anew.
    """
    connection.execute(update(video).where(video.c.id == video_id).values(sound_track=track))


def begin_listening(connection: Connection, video_id: int, stamp: str) -> ListeningState:
    """Return where listening was interrupted; another stamp begins anew, and what was heard before goes."""
    row = connection.execute(select(listening).where(listening.c.video_id == video_id)).first()
    if row is None or row.stamp != stamp:
        forget_texts(connection, video_id, SPEECH)
        connection.execute(delete(listening).where(listening.c.video_id == video_id))
        connection.execute(
            insert(listening).values(video_id=video_id, stamp=stamp, resume_us=0, failures=0, votes="{}")
        )
        return ListeningState(0.0, 0, {})
    votes = msgspec.json.decode(row.votes, type=Votes)
    return ListeningState(row.resume_us / MICROSECONDS, row.failures, votes)


def store_heard(
    connection: Connection, video_id: int, new: Iterable[NewText], resume: float, votes: Votes
) -> None:
    """Store what was heard up to `resume` seconds, in one transaction with that place."""
    add_texts(connection, video_id, SPEECH, TextKind.SPOKEN, new)
    values = {"resume_us": to_microseconds(resume), "votes": msgspec.json.encode(votes).decode()}
    connection.execute(update(listening).where(listening.c.video_id == video_id).values(values))


def count_failure(connection: Connection, video_id: int) -> int:
    """Note that the model's process died on a video. Returns how often it has."""
    statement = update(listening).where(listening.c.video_id == video_id)
    connection.execute(statement.values(failures=listening.c.failures + 1))
    failures = select(listening.c.failures).where(listening.c.video_id == video_id)
    return int(connection.execute(failures).scalar() or 0)


def finish_listening(connection: Connection, video_id: int, stamp: str) -> int:
    """Note that a video was listened to, to its end or as far as it can be. Returns how many texts there are."""
    if connection.execute(delete(listening).where(listening.c.video_id == video_id)).rowcount:
        connection.execute(insert(text_reading).values(video_id=video_id, source=SPEECH, stamp=stamp))
    texts = select(func.count()).where(text.c.video_id == video_id, text.c.source == SPEECH)
    return int(connection.execute(texts).scalar_one())
