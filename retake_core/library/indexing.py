"""What indexing writes: videos, their keyframes and how far each pass has come."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.errors import UserError
from retake_core.library.dates import DateSource, instant_us
from retake_core.library.live_films import LiveSign
from retake_core.library.schema import Presence, counter, embedding, file, job, keyframe, video
from retake_core.media.recording_date import normal
from retake_core.media.video_file import FoundFile
from retake_core.media.video_info import DOLBY_VISION, Span, VideoInfo

if TYPE_CHECKING:  # the window reads this module, and starts faster without
    import numpy as np
    from numpy.typing import NDArray

MICROSECONDS = 1_000_000
NO_PLAN = msgspec.json.encode([])


class Depth(enum.IntEnum):
    """How closely a video was looked at."""

    NONE = 0
    QUICK = 1  # the codec's own key frames
    REFINED = 2  # and every span in which something changes
    THOROUGH = 3  # and all the rest


@dataclass(frozen=True, slots=True)
class NewKeyframe:
    """A keyframe to store: seconds, prominence 0..1, an encoded picture, a unit vector [dimension]."""

    time: float
    prominence: float
    thumbnail: bytes
    embedding: "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Job:
    """A pass over one video that has begun or is due.

    Attributes:
        file: a file that holds the video, as it was when it was scanned.
        fingerprint: of the video; see `video_file.fingerprint`.
        duration: seconds, 0.0 while unknown.
        spans: what to decode, or None for all of it.
        decoder: the best one, or the safe one after another failed on it.
        resume: seconds up to which keyframes are stored.
        state: the keyframe stream's state there.
    """

    video_id: int
    file: FoundFile
    fingerprint: str
    duration: float
    spans: list[Span] | None
    decoder: str
    failures: int
    resume: float
    state: bytes | None


@dataclass(frozen=True, slots=True)
class DueVideo:
    """A video that a pass has to look at, with what is known of it; all but the size may be unknown.

    Attributes:
        size: bytes.
        duration: seconds.
        pixels: of a frame.
        frame_rate: frames a second.
        spans: what the refining pass decodes, None for all of it.
        found: keyframes that the quick pass found; None where it has not looked, or nobody has counted them.
    """

    id: int
    size: int
    duration: float = 0.0
    pixels: int = 0
    codec: str = ""
    frame_rate: float = 0.0
    spans: list[Span] | None = None
    found: int | None = None


def to_microseconds(seconds: float) -> int:
    """Round to the database's unit of time."""
    return round(seconds * MICROSECONDS)


def due_videos(connection: Connection, depth: Depth, recipe: str) -> list[DueVideo]:
    """Return the present, readable videos that a pass of this depth has not finished with this recipe.

    Those with most to find come first; equals in order of id. A quick pass of another recipe is not done again
    where it left a plan: its fewer keyframes would replace better ones until the deeper pass has come by.
    """
    present = select(file.c.video_id).where(file.c.missing == Presence.HERE)
    # A job that was left off has replaced some keyframes, but not all, whatever the video was before.
    left_off = select(job.c.video_id).where((job.c.recipe != recipe) | (job.c.depth <= depth))
    outdated = video.c.recipe.is_distinct_from(recipe) | video.c.id.in_(left_off)
    if depth == Depth.QUICK:
        outdated &= video.c.spans.is_(None) | (video.c.spans == NO_PLAN)
    unfinished = (video.c.depth < depth) | outdated
    statement = (
        select(
            video.c.id,
            video.c.size,
            video.c.duration_us,
            video.c.width,
            video.c.height,
            video.c.codec,
            video.c.frame_rate,
            video.c.spans,
        )
        .where(video.c.id.in_(present), video.c.error.is_(None), unfinished)
        .order_by(video.c.promise.desc().nulls_last(), video.c.id)
    )
    return [
        DueVideo(
            id=row.id,
            size=row.size,
            duration=(row.duration_us or 0) / MICROSECONDS,
            pixels=(row.width or 0) * (row.height or 0),
            codec=row.codec or "",
            frame_rate=row.frame_rate or 0.0,
            spans=_planned(row.spans, depth),
        )
        for row in connection.execute(statement)
    ]


def begin_job(connection: Connection, video_id: int, depth: Depth, recipe: str) -> Job:
    """Return the video's job of this depth and recipe: where it was interrupted, or from the start."""
    same = (job.c.video_id == video_id) & (job.c.depth == depth) & (job.c.recipe == recipe)
    if connection.execute(select(job.c.video_id).where(same)).first() is None:
        connection.execute(delete(job).where(job.c.video_id == video_id))
        values = {"depth": depth, "recipe": recipe, "decoder": "auto", "failures": 0, "resume_us": 0}
        connection.execute(insert(job).values(video_id=video_id, **values))
    row = connection.execute(select(job, video).join(video).where(job.c.video_id == video_id)).one()
    first = connection.execute(
        select(file.c.path, file.c.size, file.c.mtime_ns)
        .where(file.c.video_id == video_id)
        .order_by(file.c.missing, file.c.path)
    ).first()
    assert first is not None  # `forget_stale` drops videos without a file
    return Job(
        video_id=video_id,
        file=FoundFile(first.path, first.size, first.mtime_ns),
        fingerprint=row.fingerprint,
        duration=(row.duration_us or 0) / MICROSECONDS,
        spans=_planned(row.spans, depth),
        decoder=row.decoder,
        failures=row.failures,
        resume=row.resume_us / MICROSECONDS,
        state=row.state,
    )


def _planned(stored: bytes | None, depth: Depth) -> list[Span] | None:
    """Return what a pass decodes, None for all of it."""
    return (msgspec.json.decode(stored, type=list[Span]) or None) if depth == Depth.REFINED and stored else None


def set_info(connection: Connection, video_id: int, info: VideoInfo) -> None:
    """Store what the file says of itself; it may tell no length, or one that is too short."""
    told = to_microseconds(info.duration)
    seen = select(func.max(keyframe.c.time_us)).where(keyframe.c.video_id == video_id).scalar_subquery()
    connection.execute(
        update(video)
        .where(video.c.id == video_id)
        .values(
            duration_us=func.max(told or func.coalesce(video.c.duration_us, 0), func.coalesce(seen, 0)),
            width=info.width,
            height=info.height,
            rotation=info.rotation,
            codec=DOLBY_VISION if info.own_colours else info.codec,
            container=info.container,
            frame_rate=info.frame_rate,
            start_us=to_microseconds(info.start),
            recorded=info.recorded,
            live=LiveSign.TAG if info.live else video.c.live,
            has_sound=info.has_sound,
        )
    )


def set_date(connection: Connection, video_id: int, date: str | None) -> None:
    """Store when a person says that a video was recorded; None forgets that.

    Raises:
        UserError: it is no date, or none that a recording can have.
    """
    kept = None if date is None else normal(date)
    if date is not None and kept is None:
        raise UserError(f"{date} is no date of a recording; write it as 2019, 2019-07-14 or 2019-07-14T15:30.")
    source = None if kept is None else DateSource.HAND
    us = None if kept is None else instant_us(kept)
    connection.execute(
        update(video).where(video.c.id == video_id).values(dated=kept, dated_us=us, dated_by=source)
    )


def store_keyframes(
    connection: Connection,
    video_id: int,
    encoder: str,
    keyframes: Sequence[NewKeyframe],
    *,
    start: float,
    end: float | None,
    state: bytes | None,
) -> None:
    """Replace the keyframes in [start, end) by these, and remember that the job has come to `end`.

    One transaction holds the keyframes and the place to resume at, so that a crash leaves both or neither.

    Args:
        connection: a writing transaction.
        video_id: the video, which has a job.
        encoder: the id of what made the embeddings.
        keyframes: inside [start, end).
        start: seconds.
        end: seconds; None is the end of the video.
        state: the keyframe stream's state at `end`.
    """
    inside = (keyframe.c.video_id == video_id) & (keyframe.c.time_us >= to_microseconds(start))
    if end is not None:
        inside &= keyframe.c.time_us < to_microseconds(end)
        resume = {"resume_us": to_microseconds(end), "state": state}
        connection.execute(update(job).where(job.c.video_id == video_id).values(resume))
    connection.execute(delete(keyframe).where(inside))
    for new in keyframes:
        keyframe_id = connection.execute(
            insert(keyframe)
            .values(
                video_id=video_id,
                time_us=to_microseconds(new.time),
                prominence=new.prominence,
                thumbnail=new.thumbnail,
            )
            .returning(keyframe.c.id)
        ).scalar_one()
        vector = new.embedding.astype("<f2").tobytes()
        connection.execute(insert(embedding).values(keyframe_id=keyframe_id, encoder=encoder, vector=vector))
    bump_generation(connection)


def finish_job(connection: Connection, video_id: int, depth: Depth, recipe: str, last_time: float) -> None:
    """Mark a pass as complete. `last_time` is that of the last frame, for files that tell no duration."""
    connection.execute(delete(job).where(job.c.video_id == video_id))
    connection.execute(
        update(video)
        .where(video.c.id == video_id)
        .values(
            depth=depth,
            recipe=recipe,
            duration_us=func.max(func.coalesce(video.c.duration_us, 0), to_microseconds(last_time)),
        )
    )


def set_plan(connection: Connection, video_id: int, spans: list[Span], promise: float) -> None:
    """Store what the refining pass is to decode, nothing where it is not needed, and what it can hope to find."""
    connection.execute(
        update(video).where(video.c.id == video_id).values(spans=msgspec.json.encode(spans), promise=promise)
    )


def retry_with(connection: Connection, video_id: int, decoder: str, failures: int) -> None:
    """Remember, before the next try, that the decoder failed on this video."""
    values = {"decoder": decoder, "failures": failures}
    connection.execute(update(job).where(job.c.video_id == video_id).values(values))


def fail_video(connection: Connection, video_id: int, reason: str) -> None:
    """Mark a video as unreadable; it is tried again only when its content changes or the user asks."""
    connection.execute(delete(job).where(job.c.video_id == video_id))
    connection.execute(update(video).where(video.c.id == video_id).values(error=reason))


def reset_video(connection: Connection, video_id: int) -> None:
    """Drop what a pass has stored: the file turned out to hold something else."""
    connection.execute(delete(job).where(job.c.video_id == video_id))
    connection.execute(delete(keyframe).where(keyframe.c.video_id == video_id))
    connection.execute(update(video).where(video.c.id == video_id).values(depth=Depth.NONE, recipe=None))
    bump_generation(connection)


def forget_index(connection: Connection, video_id: int) -> None:
    """Make a video as good as new: its keyframes go, and so does the reason why it failed."""
    reset_video(connection, video_id)
    connection.execute(update(video).where(video.c.id == video_id).values(error=None, spans=None, promise=None))


def retry_failed(connection: Connection, video_ids: Sequence[int] | None = None) -> int:
    """Let videos that failed be tried once more, these or all; what was found of them stays. Returns how many."""
    statement = update(video).where(video.c.error.is_not(None)).values(error=None)
    if video_ids is not None:
        statement = statement.where(video.c.id.in_(video_ids))
    return connection.execute(statement).rowcount


def bump_generation(connection: Connection) -> None:
    """Note that embeddings changed: caches of any other generation are stale.

    A power failure or a restored backup takes the library back; counted up from there, the generation would come
    to a number that a cache of what was lost still bears.
    """
    number = func.random().op("&")(0xFFFFFFFFFFFF)
    connection.execute(update(counter).where(counter.c.name == "generation").values(value=number))
