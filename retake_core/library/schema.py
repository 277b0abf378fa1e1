"""The tables as SQLAlchemy sees them. The migrations make them; a test holds the two together."""

import os
from enum import IntEnum
from pathlib import Path

from sqlalchemy import Column, Float, ForeignKey, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Presence(IntEnum):
    """Where a file is, as the last scan saw it; of a video's files, the first in this order stands for it."""

    HERE = 0
    GONE = 1
    LEFT_OUT = 2  # there, but a person, or the system, does not count it among the recordings


class FilePath(TypeDecorator[Path]):
    """A path as the file system's own bytes: not every file name is valid Unicode."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Path | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Turn a path into bytes."""
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Path | None:  # noqa: ARG002
        """Turn bytes into a path."""
        return None if value is None else Path(os.fsdecode(value))


metadata = MetaData()

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

folder = Table(
    "folder",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", FilePath, nullable=False, unique=True),
)

ignored = Table(
    "ignored",
    metadata,
    Column("folder_id", Integer, ForeignKey("folder.id", ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", Text, primary_key=True),
)

video = Table(
    "video",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("duration_us", Integer),
    Column("width", Integer),
    Column("height", Integer),
    Column("rotation", Integer),
    Column("codec", Text),
    Column("container", Text),
    Column("frame_rate", Float),
    Column("start_us", Integer),
    Column("recorded", Text),  # what the file says of itself
    Column("depth", Integer, nullable=False),  # the deepest pass that is complete: a Depth
    Column("recipe", Text),  # what made the keyframes: encoder, sampling, limits
    Column("promise", Float),  # how much the refining pass can hope to find
    Column("spans", LargeBinary),  # what the refining pass decodes
    Column("error", Text),
    Column("dated", Text),  # when it was recorded, by the best of all that tells it: a year, or ISO 8601
    Column("dated_us", Integer),  # the same as microseconds since 1970
    Column("dated_by", Text),  # what told: a DateSource
    Column("sound_track", Integer),  # chosen by hand to be listened to, counted from 1
    Column("live", Text),  # what tells that it is the film of a live photo: a LiveSign
    Column("has_sound", Integer),  # whether it has a sound track
)

file = Table(
    "file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder_id", Integer, ForeignKey("folder.id", ondelete="CASCADE"), nullable=False),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), nullable=False),
    Column("path", FilePath, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("mtime_ns", Integer, nullable=False),
    Column("missing", Integer, nullable=False),  # a Presence
)

keyframe = Table(
    "keyframe",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), nullable=False),
    Column("time_us", Integer, nullable=False),
    Column("prominence", Float, nullable=False),
    Column("thumbnail", LargeBinary, nullable=False),
)

embedding = Table(
    "embedding",
    metadata,
    Column("encoder", Text, primary_key=True),
    Column("keyframe_id", Integer, ForeignKey("keyframe.id", ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float16, little endian, length 1
    Column(
        "from_thumbnail", Integer, nullable=False, server_default="0"
    ),  # not from the frames that it stands for
)

keyframe_attributes = Table(
    "keyframe_attributes",
    metadata,
    Column("keyframe_id", Integer, ForeignKey("keyframe.id", ondelete="CASCADE"), primary_key=True),
    Column("measure", Text, nullable=False),  # how the numbers were made
    Column("numbers", LargeBinary, nullable=False),  # float16, little endian, 0..1
)

encoder = Table(
    "encoder",
    metadata,
    Column("name", Text, primary_key=True),  # as the settings call it
    Column("id", Text, nullable=False),  # of the embeddings that it makes
)

job = Table(
    "job",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("depth", Integer, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("decoder", Text, nullable=False),
    Column("failures", Integer, nullable=False),  # times the decoder died or hung on this pass
    Column("resume_us", Integer, nullable=False),
    Column("state", LargeBinary),  # the keyframe stream's state at resume_us
)

text = Table(
    "text",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # a TextKind
    Column("source", Text, nullable=False),  # what it was read from, such as "beside:holiday.en.srt"
    Column("language", Text),
    Column("start_us", Integer),  # null where it is about the whole video
    Column("end_us", Integer),
    Column("content", Text, nullable=False),
    Column("stems", Text, nullable=False),  # what the full-text index holds of it
    Column("speaker", Text),  # who says it
    Column("partial", Integer, nullable=False, server_default="0"),  # its source leaves out most of what is said
)

passage = Table(
    "passage",
    metadata,
    Column("text_id", Integer, ForeignKey("text.id", ondelete="CASCADE"), primary_key=True),  # its first text
    Column("last_id", Integer, nullable=False),  # and its last, of the same video and source
    Column("vector", LargeBinary, nullable=False),  # float16, little endian, length 1
)

text_reading = Table(
    "text_reading",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
)

listening = Table(
    "listening",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("stamp", Text, nullable=False),
    Column("resume_us", Integer, nullable=False),
    Column("failures", Integer, nullable=False),  # times the model's process died on it
    Column("votes", Text, nullable=False),  # for each language that may be spoken, as JSON
)

mark = Table(
    "mark",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("stars", Integer, nullable=False, server_default="0"),  # 0 to 5
    Column("favourite", Integer, nullable=False, server_default="0"),
    Column("hidden", Integer, nullable=False, server_default="0"),
)

tag = Table(
    "tag",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),  # the name by which tags are the same
    Column("name", Text, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), nullable=False),
    Column("time_us", Integer),  # null where it is about the whole video
    Column("content", Text, nullable=False),
    Column("created_us", Integer, nullable=False),  # since 1970
    Column("changed_us", Integer, nullable=False),
)

watching = Table(
    "watching",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("position_us", Integer, nullable=False),  # where a person stopped
    Column("watched_us", Integer, nullable=False),  # when that was, since 1970
)

saved_search = Table(
    "saved_search",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("query", Text, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE")),
    Column("folder_id", Integer, ForeignKey("folder.id", ondelete="CASCADE")),
    Column("begun_us", Integer, nullable=False),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Integer, ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("asked_us", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("state", Text, nullable=False),  # a history.AnswerState
    Column("answer", Text, nullable=False, server_default=""),
    Column("details", LargeBinary),  # history.Details as JSON
)

citation = Table(
    "citation",
    metadata,
    Column("message_id", Integer, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), nullable=False),
    Column("keyframe_id", Integer, ForeignKey("keyframe.id", ondelete="SET NULL")),
    Column("time_us", Integer, nullable=False),
    Column("start_us", Integer, nullable=False),
    Column("end_us", Integer, nullable=False),
    Column("strength", Float, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text),  # null until a person gives one
    Column("key", Text, unique=True),  # what is the same of all spellings of the name
    Column("hidden", Integer, nullable=False, server_default="0"),
)

face = Table(
    "face",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Integer, ForeignKey("person.id", ondelete="SET NULL")),  # null while it is in no group
    Column("by_hand", Integer, nullable=False, server_default="0"),  # a person put it there
    Column("time_us", Integer, nullable=False),
    Column("x0", Float, nullable=False),  # of its box: fractions of the picture
    Column("y0", Float, nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("model", Text, nullable=False),  # what made the vector
    Column("vector", LargeBinary, nullable=False),  # float16
    Column("picture", LargeBinary),  # of the face, at keyframes
)

not_person = Table(
    "not_person",
    metadata,
    Column("face_id", Integer, ForeignKey("face.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
)

face_reading = Table(
    "face_reading",
    metadata,
    Column("video_id", Integer, ForeignKey("video.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),  # a stretch of keyframes; -1 is the whole video
    Column("stamp", Text, nullable=False),
)
