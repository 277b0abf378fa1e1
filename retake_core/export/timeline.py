"""Moments as a timeline of an editing program, in OpenTimelineIO's terms."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from retake_core.errors import UserError
from retake_core.export.footage import RATES, Footage
from retake_core.export.moments import Item
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Note

_DROPPING = frozenset({RATES[3], RATES[8]})  # 29.97 and 59.94
CHAPTER_COLOUR = otio.schema.MarkerColor.PURPLE
_UNWRITABLE = re.compile(r"[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML


def timeline(
    name: str, items: Sequence[Item], footages: Mapping[int, Footage], *, whole: bool
) -> otio.schema.Timeline:
    """Return moments as a timeline whose times are exact to the frame.

    Args:
        name: of the timeline.
        items: at least one.
        footages: of all their videos, by id.
        whole: put each video as a whole into the timeline, with its items as markers; else each item becomes a
            clip of its own, with a marker at its time.

    Raises:
        UserError: there are no items.
    """
    if not items:
        raise UserError("There is nothing to write: no keyframes yet, or no moments. Index the video first.")
    sequence = otio.schema.Timeline(name=_text(name))
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    sequence.tracks.append(track)
    for number, (video, group) in enumerate(_groups(items, whole), start=1):
        track.append(_clip(video, group, footages[video.id], whole=whole, number=number))
    rate = float(footages[items[0].video.id].rate)
    sequence.global_start_time = RationalTime(0, rate)
    return sequence


def drops_frames(footage: Footage) -> bool:
    """Whether time codes of a recording leave out numbers: as its own does, and by default where that is usual."""
    if footage.rate not in _DROPPING:
        return False
    return footage.timecode is None or ";" in footage.timecode


def start_frame(footage: Footage) -> int:
    """Return the number that the first frame has by the recording's own time code, 0 without one."""
    if footage.timecode is None:
        return 0
    text = footage.timecode if drops_frames(footage) else footage.timecode.replace(";", ":")
    try:
        return int(otio.opentime.from_timecode(text, float(footage.rate)).value)
    except ValueError:  # it does not fit the rate, or is none
        return 0


def frame_at(footage: Footage, time: float) -> int:
    """Return the number of the frame at a time in seconds, counted from the first one."""
    return max(0, round((time - footage.first) * footage.rate))


def notes(footages: Sequence[Footage]) -> tuple[Note, ...]:
    """Return what is to be known of how frames were counted."""
    result: list[Note] = []
    result += [Note("variable rate", float(footage.rate)) for footage in footages if footage.variable][:1]
    result += [Note("other rate", float(footage.rate)) for footage in footages if footage.counted_otherwise][:1]
    if len({footage.rate for footage in footages}) > 1:
        result.append(Note("several rates", float(footages[0].rate)))
    if drops_frames(footages[0]):
        result.append(Note("drop frame", float(footages[0].rate)))
    return tuple(result)


def _note(footage: Footage) -> str:
    """Return what a reader of the file is to know of how a recording's frames were counted, or ""."""
    if not footage.variable:
        return ""
    return f"Variable frame rate: frames come at odd times and are counted at {float(footage.rate):.5g} a second."


def file_url(path: Path) -> str:
    """Return a path as a URL, whatever bytes are in its name."""
    return path.absolute().as_uri()


def _groups(items: Sequence[Item], whole: bool) -> list[tuple[VideoEntry, list[Item]]]:
    if not whole:
        return [(item.video, [item]) for item in items]
    groups: dict[int, tuple[VideoEntry, list[Item]]] = {}
    for item in items:
        groups.setdefault(item.video.id, (item.video, []))[1].append(item)
    return list(groups.values())


def _clip(video: VideoEntry, items: list[Item], footage: Footage, *, whole: bool, number: int) -> otio.schema.Clip:
    rate, base = float(footage.rate), start_frame(footage)
    frames = [frame_at(footage, item.time) + 1 for item in items]
    length = max(1, round((footage.duration - footage.first) * footage.rate), *frames)
    first, last = 0, length
    if not whole:
        first = min(frame_at(footage, items[0].start), length - 1)
        last = min(max(frame_at(footage, items[0].end), first + 1), length)
    clip = otio.schema.Clip(
        name=_text(video.path.name if whole else f"{video.path.stem} {items[0].label}"),
        media_reference=otio.schema.ExternalReference(
            target_url=file_url(video.path),
            available_range=TimeRange(RationalTime(base, rate), RationalTime(length, rate)),
        ),
        source_range=TimeRange(RationalTime(base + first, rate), RationalTime(last - first, rate)),
    )
    clip.media_reference.name = _text(video.path.name)
    clip.metadata["retake"] = {"moment": number, "drop_frame": drops_frames(footage), "note": _note(footage)}
    for item in items:
        frame = base + min(max(frame_at(footage, item.time), first), last - 1)
        clip.markers.append(
            otio.schema.Marker(
                name=_text(item.label),
                marked_range=TimeRange(RationalTime(frame, rate), RationalTime(_marked(item, footage), rate)),
                color=CHAPTER_COLOUR if item.is_chapter else otio.schema.MarkerColor.GREEN,
                comment=_text(item.text),
            )
        )
    return clip


def _marked(item: Item, footage: Footage) -> int:
    """Return how many frames a marker lasts: a chapter to its end, others one."""
    return max(1, frame_at(footage, item.end) - frame_at(footage, item.time)) if item.is_chapter else 1


def _text(text: str) -> str:
    """Return a text that every format can hold: names of files may have odd bytes."""
    return _UNWRITABLE.sub("\ufffd", text)
