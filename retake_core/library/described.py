"""What a model told of recordings: which are due, what is stored, and which could not be described, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.description import (
    MODEL,
    Chapter,
    has_file_chapters,
    is_described,
    replace_description,
)
from retake_core.library.schema import text_reading, video
from retake_core.library.settled import SettledVideo, settled_videos
from retake_core.library.texts import NewText, TextKind, readings, replace_texts

PICTURES = f"{MODEL}:pictures"
"""The source of the lines about keyframes."""
VERSION = 1  # raise it when the same model would tell better


class DescribedState(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far describing a video has come; the stamp of the source `MODEL`.

    Attributes:
        model: what told what is stored of it; "" where nothing is.
        version: of how it was told.
        settings: of the reading, and the model's revision.
        begun: times that describing it began and did not come to an end.
        tried: the model that could not describe it.
        reason: why; "" where it could, or was not tried.
    """

    model: str = ""
    version: int = VERSION
    settings: dict[str, str | int | float] = {}  # msgspec gives every instance its own
    begun: int = 0
    tried: str = ""
    reason: str = ""

    def is_due(self, model: str) -> bool:
        """Return whether a model is to describe the video."""
        is_told = self.model == model and self.version == VERSION
        return not is_told and not (self.reason and self.tried == model)


@dataclass(frozen=True)
class ModelTold:
    """What a model told of a video.

    Attributes:
        title: on one line.
        summary: some sentences.
        chapters: arranged.
        pictures: by seconds: a line about the keyframe that is there.
    """

    title: str = ""
    summary: str = ""
    chapters: Sequence[Chapter] = ()
    pictures: Mapping[float, str] = field(default_factory=dict)


def due_descriptions(
    connection: Connection, model: str, folders: Collection[Path] | None = None, also: Collection[int] = ()
) -> list[SettledVideo]:
    """Return the present, sound videos that a model is to describe; those that it did not survive come last.

    What a person described is left alone.

    Args:
        connection: sees the library.
        model: names it.
        folders: whose videos are described; None is all of them.
        also: videos to describe wherever they lie.
    """
    states = described_states(connection)
    due = [
        entry
        for entry in settled_videos(connection, model, least_side=0)
        if states.get(entry.video_id, DescribedState()).is_due(model)
        and (folders is None or entry.video_id in also or any(map(entry.file.path.is_relative_to, folders)))
        and not is_described(connection, entry.video_id)
    ]
    return sorted(due, key=lambda entry: states.get(entry.video_id, DescribedState()).begun)


def described_states(connection: Connection) -> dict[int, DescribedState]:
    """Return how far describing has come, by video."""
    return {video_id: _state(stamp) for (video_id, _), stamp in readings(connection, MODEL).items()}


def described_state(connection: Connection, video_id: int) -> DescribedState:
    """Return how far describing a video has come."""
    statement = select(text_reading.c.stamp).where(
        text_reading.c.video_id == video_id, text_reading.c.source == MODEL
    )
    return _state(connection.execute(statement).scalar() or "")


def begin_describing(connection: Connection, video_id: int) -> None:
    """Note, in a writing transaction, that describing a video begins: it may end this process."""
    state = described_state(connection, video_id)
    _keep(connection, video_id, msgspec.structs.replace(state, begun=state.begun + 1))


def leave_describing(connection: Connection, video_id: int) -> None:
    """Note, in a writing transaction, that describing a video was left, and that nothing was wrong with it."""
    state = described_state(connection, video_id)
    _keep(connection, video_id, msgspec.structs.replace(state, begun=max(0, state.begun - 1)))


def store_told(
    connection: Connection,
    video_id: int,
    model: str,
    settings: Mapping[str, str | int | float],
    told: ModelTold,
) -> bool:
    """Store what a model told in place of what one told before, in a writing transaction.

    A person's own words stay as they are, and so do the chapters that a file names.

    Returns:
        Whether it was stored: the video may have gone, or a person may have described it in the meantime.
    """
    present = connection.execute(select(video.c.id).where(video.c.id == video_id)).first() is not None
    if not present or is_described(connection, video_id):
        return False
    chapters = () if has_file_chapters(connection, video_id) else told.chapters
    replace_description(connection, video_id, MODEL, told.title, told.summary, chapters)
    pictures = [NewText(line, time, time) for time, line in sorted(told.pictures.items())]
    replace_texts(connection, video_id, PICTURES, TextKind.DESCRIBED, str(VERSION), pictures)
    _keep(connection, video_id, DescribedState(model, settings=dict(settings)))
    return True


def fail_description(connection: Connection, video_id: int, model: str, reason: str) -> None:
    """Note, in a writing transaction, why a model cannot describe a video; what another one told stays."""
    state = described_state(connection, video_id)
    _keep(connection, video_id, msgspec.structs.replace(state, tried=model, reason=reason, begun=0))


def not_described(connection: Connection, video_ids: Collection[int] | None = None) -> dict[int, str]:
    """Return why videos could not be described, by video: of these or of all."""
    return {
        video_id: state.reason
        for video_id, state in described_states(connection).items()
        if state.reason and (video_ids is None or video_id in video_ids)
    }


def retry_descriptions(connection: Connection, video_ids: Sequence[int] | None = None) -> int:
    """Let videos that could not be described be tried once more, these or all. Returns how many."""
    failed = not_described(connection, video_ids)
    for video_id in failed:
        state = described_state(connection, video_id)
        _keep(connection, video_id, msgspec.structs.replace(state, tried="", reason=""))
    return len(failed)


def _state(stamp: str) -> DescribedState:
    try:
        return msgspec.json.decode(stamp, type=DescribedState)
    except msgspec.MsgspecError:
        return DescribedState()


def _keep(connection: Connection, video_id: int, state: DescribedState) -> None:
    stamp = msgspec.json.encode(state).decode()
    row = insert(text_reading).values(video_id=video_id, source=MODEL, stamp=stamp)
    keys = [text_reading.c.video_id, text_reading.c.source]
    connection.execute(row.on_conflict_do_update(index_elements=keys, set_={"stamp": stamp}))
