"""What goes into the listening process, and what comes out of it."""

from dataclasses import dataclass, field

from retake_core.media.ffmpeg.sound import Samples
from retake_core.speech.cues import SpokenLine


@dataclass(frozen=True, slots=True)
class SoundStretch:
    """Sound to listen to.

    Attributes:
        samples: float32 [samples], 16,000 a second.
        last: nothing follows, so that it is not cut.
        language: as a code, or None to find out.
        votes: for the language, of what came before.
    """

    samples: Samples
    last: bool
    language: str | None
    votes: dict[str, float]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a stretch.

    Attributes:
        until: seconds from its start that it was listened to; what follows begins the next.
        lines: seconds from its start.
        language: of the lines.
        votes: for the language, those of before included.
    """

    until: float
    lines: list[SpokenLine] = field(default_factory=list)
    language: str | None = None
    votes: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reached:
    """So many seconds of a stretch are done."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The model runs on another device now, with the reason as its library gives it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """The model cannot be used at all, with the reason as its library gives it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is in memory, and begins to listen."""


ListenMessage = Loaded | Reached | Moved | Heard | Unusable
