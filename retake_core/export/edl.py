"""Timelines as CMX 3600 edit decision lists, with the time codes' own way to count.

OpenTimelineIO's writer knows neither non-drop time codes at 29.97 frames a second nor the line that tells of them.
"""

import re
import unicodedata
from pathlib import PurePath

import opentimelineio as otio
from opentimelineio.opentime import RationalTime

REEL_LENGTH = 8  # characters
_ODD = re.compile(r"[^A-Z0-9_]+")


def to_edl(timeline: otio.schema.Timeline) -> str:
    """Return the only track of a timeline as an edit decision list.

    All time codes count at the rate of its first clip, and drop frames as that does. Markers (LOC) have those of
    their source, as OpenTimelineIO has it.
    """
    clips = [clip for clip in timeline.video_tracks()[0] if isinstance(clip, otio.schema.Clip)]
    rate = clips[0].source_range.duration.rate
    drop = bool(clips[0].metadata["retake"]["drop_frame"])
    count = "DROP FRAME" if drop else "NON-DROP FRAME"
    lines = [f"TITLE: {_line(timeline.name)}", f"FCM: {count}", ""]
    at = 0
    for number, clip in enumerate(clips, start=1):
        source = clip.source_range
        first = round(source.start_time.rescaled_to(rate).value)
        length = max(1, round(source.duration.rescaled_to(rate).value))
        times = (first, first + length, at, at + length)
        stamps = " ".join(_timecode(frame, rate, drop) for frame in times)
        url = clip.media_reference.target_url
        lines.append(f"{number:03}  {_reel(clip.media_reference.name):{REEL_LENGTH}} V     C        {stamps}")
        lines.append(f"* FROM CLIP NAME:  {_line(clip.media_reference.name)}")
        lines.append(f"* OTIO REFERENCE FROM: {url}")
        if note := clip.metadata["retake"]["note"]:
            lines.append(f"* COMMENT: {note}")
        for marker in clip.markers:
            place = round(marker.marked_range.start_time.rescaled_to(rate).value)
            lines.append(f"* LOC: {_timecode(place, rate, drop)} {marker.color} {_line(marker.name)}")
        at += length
    return "\n".join(lines) + "\n"


def _timecode(frame: int, rate: float, drop: bool) -> str:
    return str(otio.opentime.to_timecode(RationalTime(frame, rate), rate, drop))


def _reel(name: str) -> str:
    """Return a name of few capital letters and digits, as the format wants it."""
    plain = unicodedata.normalize("NFKD", PurePath(name).stem).encode("ascii", "ignore")
    return _ODD.sub("", plain.decode().upper())[:REEL_LENGTH] or "AX"


def _line(text: str) -> str:
    return " ".join(text.split())
