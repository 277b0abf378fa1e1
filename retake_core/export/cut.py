"""What a clip is made of, and what became of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""FFmpeg's muxers by the endings of files."""

_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "opus", "alac"})
_MOV_SOUND = frozenset({"aac", "mp3", "ac3", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"})
KNOWN_SOUND = {"mp4": _MP4_SOUND, "mov": _MOV_SOUND}
"""Codecs of sound that players expect in a container; Matroska takes all that FFmpeg can put there."""

LeftOut = Literal["subtitles", "other sound", "data"]
"""What a recording has beside its best picture and sound, and a clip has not."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a recording: seconds from its container's start, as all times here."""

    path: Path
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ClipPiece:
    """What became of a cut.

    Attributes:
        start: of its first frame; a copy begins at a key frame, which may come long before what was asked for.
        end: of its last frame's stay on screen.
        at: seconds in the clip where it begins.
    """

    start: float
    end: float
    at: float

    @property
    def length(self) -> float:
        """How many seconds it takes in the clip."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that was written.

    Attributes:
        pieces: in the order of the cuts.
        encoded: whether the pictures were encoded anew; else they are the recording's own, bit by bit.
        dropped: what it has not.
        tone_mapped: whether high dynamic range was brought to what every screen shows.
    """

    pieces: tuple[ClipPiece, ...]
    encoded: bool
    dropped: tuple[LeftOut, ...]
    tone_mapped: bool = False

    @property
    def duration(self) -> float:
        """Seconds of all pieces."""
        return sum(piece.length for piece in self.pieces)


class NotCopiableError(Exception):
    """The packets cannot be put into the clip as they are: it has to be encoded."""
