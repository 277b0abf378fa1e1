"""The facts about a video that every layer speaks of. Imports nothing, so that a window can too."""

from dataclasses import dataclass

LONGEST_LIVE_FILM = 4.0
"""Seconds that the film of a live photo takes at most."""

DOLBY_VISION = "dolby vision"
"""What the library calls the codec of recordings whose colours only Dolby Vision's own screens can show right."""

OWN_COLOURS = (
    "Its colours cannot be shown as they are: it is Dolby Vision profile 5, which only Dolby Vision screens show."
)

Span = tuple[float, float]
"""A stretch of a video, [start, end) in seconds from the container's start; the end may be infinite."""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """Metadata of a file's best video stream.

    Attributes:
        duration: seconds; 0.0 when the container does not say.
        width: pixels as shown, after rotation and pixel aspect ratio.
        height: pixels as shown.
        rotation: degrees clockwise that the picture must be turned to be upright: 0, 90, 180 or 270.
        codec: FFmpeg's name, such as "h264".
        container: FFmpeg's demuxer names, such as "mov,mp4,m4a,3gp,3g2,mj2".
        frame_rate: average frames per second; 0.0 when unknown.
        start: the container's start time in seconds; frame times count from here.
        size: file size in bytes.
        recorded: creation time in the file as ISO 8601, a year alone, or None.
        interlaced: whether its pictures are of two fields each.
        plain: whether its pictures can be shown as they are decoded: neither interlaced nor transparent, and of
            standard dynamic range.
        live: whether a tag says that it is the film of a live photo.
        has_spare_pictures: whether it may hold pictures that no other refers to, and that may be left out.
        own_colours: whether only Dolby Vision's own screens can show its colours right.
        has_sound: whether it has a sound track.
    """

    duration: float
    width: int
    height: int
    rotation: int
    codec: str
    container: str
    frame_rate: float
    start: float
    size: int
    recorded: str | None
    interlaced: bool = False
    plain: bool = True
    live: bool = False
    own_colours: bool = False
    has_sound: bool = False
    has_spare_pictures: bool = False
