"""Which files the window's player shows exactly, as far as a name and a codec tell. Imports nothing heavy."""

from pathlib import Path

SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".3gp", ".mkv", ".webm"})
CONTAINERS = frozenset({"mov", "matroska", "avi"})
CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "mjpeg", "prores"})
"""Not AV1, for which the player may have no decoder, and not MPEG-4 Part 2, whose last frames it misses."""
ROUGH_CODECS = CODECS | {"mpeg1video", "mpeg2video", "mpeg4"}
"""What the player shows in any container, though not always the frame that is asked for."""


def looks_playable(path: Path, codec: str | None) -> bool:
    """Tell whether a file is worth trying before it has been looked into."""
    return path.suffix.lower() in SUFFIXES and (codec is None or codec in CODECS)


def plays_roughly(codec: str | None) -> bool:
    """Tell whether a file can be played, if not searched, before there is a copy of it."""
    return codec in ROUGH_CODECS
