"""Tools that look into the library: they find, list and read."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from PIL import Image
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library import catalog, persons
from retake_core.library.catalog import VideoEntry, VideoRow
from retake_core.library.description import description
from retake_core.library.keyframes import keyframe_spans, keyframes, thumbnails
from retake_core.library.transcript import spoken
from retake_core.mcp_server import arguments, results
from retake_core.mcp_server.engine import Engine, Progress
from retake_core.mcp_server.scope import videos_of, visible_query, visible_video
from retake_core.protocol.requests import Search
from retake_core.protocol.search_events import FoundMoment
from retake_core.search.listing import Order, ids_matching, ordered
from retake_core.search.query import Query

MOST_LETTERS = 20_000
"""Of the texts that one answer holds."""
MOST_LETTERS_OF_A_LINE = 2000
MOST_CHAPTERS, MOST_LETTERS_OF_A_CHAPTER = 100, 200
MOST_PEOPLE, MOST_MOMENTS = 100, 10
MOST_POSTERS = 100
_QUALITY = 85

NO_FACES = "Faces are not looked for in this library; the user can switch that on: retake index --faces"
NO_PICTURE = "There is no such picture; list_keyframes and search tell the addresses of those that there are."


@dataclass(frozen=True)
class Outcome:
    """What a tool gives back.

    Attributes:
        result: one of `results`.
        pictures: JPEG files that come along.
    """

    result: msgspec.Struct
    pictures: tuple[bytes, ...] = ()


def search(engine: Engine, asked: arguments.SearchArguments, cancel: CancelToken, _progress: Progress) -> Outcome:
    """Find moments, as `retake search` does."""
    query, library = visible_query(asked.query), engine.library()
    request = Search(id=0, query=asked.query, limit=asked.limit, weaker=asked.weaker)
    ready = library.searches.search(request, cancel, lambda _: None)
    with library.database.reading() as connection:
        moments = found_moments(connection, ready.hits)
    return Outcome(results.FoundMoments(moments, complaints(query)))


def list_videos(
    engine: Engine, asked: arguments.ListArguments, _cancel: CancelToken, _progress: Progress
) -> Outcome:
    """List videos, as `retake videos` does."""
    query, library = visible_query(asked.query), engine.library()
    with library.database.reading() as connection:
        ids = ids_matching(connection, query)
        rows = {row.id: row for row in catalog.video_rows(connection) if row.id in ids}
    entries = ordered([row.entry for row in rows.values()], Order(asked.sort))
    part = entries[asked.skip : asked.skip + asked.limit]
    videos = tuple(_listed(entry, rows[entry.id].poster) for entry in part)
    remarks = complaints(query)
    if not rows and not asked.query:
        remarks += ("The library is empty; the user can add a folder: retake index DIR",)
    return Outcome(results.Videos(videos, len(entries), remarks))


def list_keyframes(
    engine: Engine, asked: arguments.KeyframesArguments, _cancel: CancelToken, _progress: Progress
) -> Outcome:
    """List the most prominent keyframes of a video."""
    with engine.library().database.reading() as connection:
        video = visible_video(connection, asked.video)
        entries = keyframes(connection, video.id, asked.top)
        first = [entry.id for entry in entries[: asked.pictures]]
        found = thumbnails(connection, first)
    listed = tuple(
        results.ListedKeyframe(entry.time, round(entry.prominence, 3), results.picture_of(entry.id))
        for entry in entries
    )
    result = results.Keyframes(video.id, shown_name(video), listed, video.keyframes)
    return Outcome(result, tuple(_as_jpeg(found[number]) for number in first if found.get(number)))


def read_transcript(
    engine: Engine, asked: arguments.TranscriptArguments, _cancel: CancelToken, _progress: Progress
) -> Outcome:
    """Read what is said in a stretch of a video, as far as an answer holds it."""
    end = float("inf") if asked.end is None else asked.end
    if end <= asked.start:
        raise UserError("The end must come after the start.")
    with engine.library().database.reading() as connection:
        video = visible_video(connection, asked.video)
        cues = spoken(connection, video.id)
    lines: list[results.Line] = []
    room, goes_on_at = MOST_LETTERS, None
    for cue in cues:
        start, stop = cue.start or 0.0, cue.end or cue.start or 0.0
        if max(stop, start) < asked.start or start >= end or (stop == asked.start > start):
            continue
        text = cue.content[:MOST_LETTERS_OF_A_LINE]
        room -= len(text)
        if room < 0:
            goes_on_at = start
            break
        lines.append(results.Line(start, stop, text, cue.speaker))
    return Outcome(results.Transcript(video.id, shown_name(video), tuple(lines), goes_on_at))


def list_chapters(
    engine: Engine, asked: arguments.VideoArguments, _cancel: CancelToken, _progress: Progress
) -> Outcome:
    """Tell what a video is about: title, summary and chapters."""
    with engine.library().database.reading() as connection:
        video = visible_video(connection, asked.video)
        told = description(connection, video.id, video.duration or 0.0)
    most = MOST_LETTERS_OF_A_CHAPTER
    chapters = tuple(
        results.ListedChapter(each.start, each.end, each.title[:most], each.text[:most])
        for each in told.chapters[:MOST_CHAPTERS]
    )
    name, total = shown_name(video), len(told.chapters)
    return Outcome(results.Chapters(video.id, name, told.title, told.summary, chapters, total))


def list_people(
    engine: Engine, _asked: arguments.NoArguments, _cancel: CancelToken, _progress: Progress
) -> Outcome:
    """List who is seen where, if the user has faces looked for."""
    if not engine.faces:
        raise UserError(NO_FACES)
    with engine.library().database.reading() as connection:
        entries = [entry for entry in persons.people(connection) if entry.listed]
        seen = {moment.video_id for entry in entries for moment in entry.moments}
        videos = visible(catalog.videos_by_id(connection, seen))
    people = []
    for entry in entries:
        moments = [
            results.PersonMoment(m.video_id, shown_name(videos[m.video_id]), m.start, m.end)
            for m in entry.moments
            if m.video_id in videos
        ]
        if moments or not entry.moments:
            people.append(results.ListedPerson(entry.id, entry.name, entry.faces, tuple(moments[:MOST_MOMENTS])))
    return Outcome(results.People(tuple(people[:MOST_PEOPLE]), len(people)))


def keyframe_picture(engine: Engine, keyframe_id: int) -> bytes:
    """Return the picture of a keyframe as a JPEG file.

    Raises:
        UserError: there is no such keyframe, or its video is hidden.
    """
    with engine.library().database.reading() as connection:
        spans = keyframe_spans(connection, [keyframe_id])
        if not spans or not visible(catalog.videos_by_id(connection, {spans[0].video_id})):
            raise UserError(NO_PICTURE)
        thumbnail = thumbnails(connection, [keyframe_id]).get(keyframe_id)
    if not thumbnail:
        raise UserError(NO_PICTURE)
    return _as_jpeg(thumbnail)


def posters(engine: Engine) -> list[VideoRow]:
    """Return the videos that were added last and have a picture that stands for them."""
    with engine.library().database.reading() as connection:
        rows = [row for row in catalog.video_rows(connection) if row.poster is not None and not row.hidden]
    return sorted(rows, key=lambda row: -row.id)[:MOST_POSTERS]


def visible(videos: Mapping[int, VideoEntry]) -> dict[int, VideoEntry]:
    """Return those of some videos that are not hidden."""
    return {number: video for number, video in videos.items() if not video.hidden}


def found_moments(connection: Connection, moments: Sequence[FoundMoment]) -> tuple[results.FoundMoment, ...]:
    """Return moments of visible videos with their names."""
    videos = visible(catalog.videos_by_id(connection, videos_of(tuple(moments))))
    return tuple(
        results.FoundMoment(
            video_id=moment.video_id,
            video=shown_name(videos[moment.video_id]),
            time=moment.time,
            start=moment.start,
            end=moment.end,
            score=round(moment.score, 3),
            why=moment.why,
            snippet=moment.snippet,
            picture=results.picture_of(moment.keyframe_id),
            copies=tuple(shown_name(videos[c.video_id]) for c in moment.copies if c.video_id in videos),
            offline=videos[moment.video_id].offline,
        )
        for moment in moments
        if moment.video_id in videos
    )


def complaints(query: Query) -> tuple[str, ...]:
    """Say what of a query has no effect."""
    return tuple(each.remark for each in query.complaints)


def shown_name(video: VideoEntry) -> str:
    """Return the name of a video's file."""
    return readable(video.path.name)


def _listed(entry: VideoEntry, poster: int | None) -> results.ListedVideo:
    return results.ListedVideo(
        id=entry.id,
        name=shown_name(entry),
        path=readable(entry.path),
        seconds=entry.duration,
        recorded=entry.dated or entry.recorded,
        width=entry.width,
        height=entry.height,
        keyframes=entry.keyframes,
        state=entry.state,
        stars=entry.stars,
        favourite=entry.favourite,
        tags=entry.tags,
        picture=results.picture_of(poster),
    )


def _as_jpeg(thumbnail: bytes) -> bytes:
    """Return a thumbnail in the format that every program reads."""
    content = io.BytesIO()
    with Image.open(io.BytesIO(thumbnail)) as picture:
        picture.convert("RGB").save(content, "JPEG", quality=_QUALITY)
    return content.getvalue()
