"""The moments that an export is about, with what is shown and said there."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from retake_core.display import clock
from retake_core.errors import UserError
from retake_core.library.catalog import VIDEO_GONE, VideoEntry, videos_by_id
from retake_core.library.description import description
from retake_core.library.keyframes import keyframe_at, keyframe_spans, keyframes, next_keyframe, thumbnails
from retake_core.library.notes import notes
from retake_core.library.texts import TextEntry
from retake_core.library.transcript import spoken
from retake_core.protocol.export_order import Order, Wanted, What

LONGEST_LABEL = 80  # characters
BEYOND = 0.5  # seconds after the end at which a moment is still its last frame
_OF_CHAPTERS: Final[frozenset[What]] = frozenset({"chapters", "timeline"})
LONGEST_MOMENT = 10.0  # seconds of a moment whose end nobody has said


@dataclass(frozen=True, slots=True)
class Item:
    """A moment: seconds in its video.

    Attributes:
        label: what it is called.
        keyframe_id: the keyframe that is on screen then, None where there is none.
        prominence: of that keyframe, 0..1.
        text: a sentence about it, or empty.
        is_chapter: it is a chapter of the recording.
    """

    video: VideoEntry
    time: float
    start: float
    end: float
    label: str
    keyframe_id: int | None
    prominence: float
    text: str = ""
    is_chapter: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """What an order is about.

    Attributes:
        videos: by id.
        items: in the order's own order; keyframes by video and time.
        whole: the items are keyframes, chapters or notes of videos, and not stretches that were chosen.
        left_out: moments whose video is gone.
    """

    videos: dict[int, VideoEntry]
    items: tuple[Item, ...]
    whole: bool
    left_out: int

    @property
    def only_video(self) -> VideoEntry | None:
        """The video that all items are of, None where there are several."""
        videos = {item.video.id: item.video for item in self.items}
        return next(iter(videos.values())) if len(videos) == 1 else None

    @property
    def title(self) -> str:
        """What the items are called together."""
        names = dict.fromkeys(item.video.path.stem for item in self.items)
        return " + ".join(list(names)[:3])


def collect(connection: Connection, order: Order) -> Collection:
    """Return what an order is about.

    Raises:
        UserError: nothing of it is in the library any more.
    """
    entries = videos_by_id(connection, {moment.video_id for moment in order.moments} or order.video_ids)
    if not entries:
        raise UserError(VIDEO_GONE)
    if order.moments:
        left = [moment for moment in order.moments if moment.video_id in entries]
        labels = _MomentLabels(connection)
        items = tuple(_item(connection, labels, entries[moment.video_id], moment) for moment in left)
        return Collection(entries, items, whole=False, left_out=len(order.moments) - len(left))
    chosen = [entries[i] for i in order.video_ids if i in entries]
    if order.notes:
        items = tuple(item for video in chosen for item in _noted(connection, video))
        if not items:
            raise UserError("No note is about a time in it; write one: retake note VIDEO@TIME TEXT")
    else:
        items = tuple(item for video in chosen for item in _parts(connection, video, order))
    return Collection(entries, items, whole=True, left_out=0)


def pictures(connection: Connection, items: Sequence[Item]) -> dict[int, bytes]:
    """Return the encoded thumbnails of items by the ids of their keyframes."""
    return thumbnails(connection, [item.keyframe_id for item in items if item.keyframe_id is not None])


class _MomentLabels:
    """What is said at a time; read once for each video."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cues: dict[int, list[TextEntry]] = {}

    def at(self, video_id: int, time: float) -> str:
        """Return what is said at a time, else the time."""
        if video_id not in self._cues:
            self._cues[video_id] = spoken(self._connection, video_id)
        cues = self._cues[video_id]
        place = bisect_right(cues, time, key=lambda cue: cue.start or 0.0) - 1
        if place >= 0 and time <= (cues[place].end or 0.0):
            words = " ".join(cues[place].content.split())
            return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1]}…"
        return clock(time)


def _item(connection: Connection, labels: _MomentLabels, video: VideoEntry, moment: Wanted) -> Item:
    if video.duration and moment.time > video.duration + BEYOND:
        raise UserError(f"{video.path.name} ends before that; it is {video.duration:.1f} s long.")
    frame = keyframe_at(connection, video.id, moment.time)
    label = " ".join(moment.label.split()) or labels.at(video.id, moment.time)
    keyframe_id, prominence = (None, 0.0) if frame is None else (frame.id, frame.prominence)
    end = moment.end
    if end <= moment.start:
        following = next_keyframe(connection, video.id, moment.start)
        end = min(moment.start + LONGEST_MOMENT, following or video.duration or math.inf)
    return Item(video, moment.time, moment.start, end, label, keyframe_id, prominence)


def _noted(connection: Connection, video: VideoEntry) -> list[Item]:
    """Return the notes about a time, each to the next one or the end of the video."""
    timed = [(note.time, note.content) for note in notes(connection, video.id) if note.time is not None]
    ends = [time for time, _ in timed[1:]] + [max(video.duration or 0.0, timed[-1][0])] if timed else []
    items = []
    for (time, content), end in zip(timed, ends, strict=True):
        frame = keyframe_at(connection, video.id, time)
        keyframe_id, prominence = (None, 0.0) if frame is None else (frame.id, frame.prominence)
        items.append(Item(video, time, time, end, " ".join(content.split()), keyframe_id, prominence))
    return items


def _parts(connection: Connection, video: VideoEntry, order: Order) -> list[Item]:
    """Return a video's chapters where the order takes them and there are any, else its keyframes."""
    takes_chapters = order.what in _OF_CHAPTERS and order.top is None and not order.keyframes
    chapters = _chapters(connection, video) if takes_chapters else []
    return chapters or _keyframes(connection, video, order.top)


def _chapters(connection: Connection, video: VideoEntry) -> list[Item]:
    """Return the chapters that somebody wrote, or that the recording names itself."""
    items = []
    for part in description(connection, video.id, video.duration or 0.0).chapters:
        frame = keyframe_at(connection, video.id, part.start)
        keyframe_id, prominence = (None, 0.0) if frame is None else (frame.id, frame.prominence)
        items.append(
            Item(video, part.start, part.start, part.end, part.title, keyframe_id, prominence, part.text, True)
        )
    return items


def _keyframes(connection: Connection, video: VideoEntry, top: int | None) -> list[Item]:
    entries = {entry.id: entry for entry in keyframes(connection, video.id, top)}
    labels = _MomentLabels(connection)
    spans = keyframe_spans(connection, list(entries))
    if top is not None and spans:  # each stands for the time to the next that was chosen
        ends = [span.time for span in spans[1:]] + [max(video.duration or 0.0, spans[-1].end)]
    else:
        ends = [span.end for span in spans]
    return [
        Item(video, s.time, s.time, end, labels.at(video.id, s.time), s.id, entries[s.id].prominence)
        for s, end in zip(spans, ends, strict=True)
    ]
