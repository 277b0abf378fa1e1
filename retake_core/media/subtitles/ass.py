"""What is said in Advanced SubStation Alpha, whose lines are as often signs, drawings and effects."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from retake_core.media.subtitles.cues import Cue

_PLACED = re.compile(r"\\(?:pos|move|org|i?clip|fad|t)\(|\\k", re.IGNORECASE)
_SYLLABLE = 6  # characters at most
_FLOOD = 10  # placed syllables, from which on they are an effect


def said(lines: Iterable[Cue]) -> Iterator[Cue]:
    """Yield the words of lines, whose text is as it is written there, without drawings and karaoke's syllables."""
    import pysubs2  # here, as every decoding process loads this module and few need it

    syllables: list[Cue] = []
    whole: list[Cue] = []
    for line in lines:
        event = pysubs2.SSAEvent(text=line.text)
        if not event.is_drawing:
            plain = event.plaintext
            (syllables if _is_syllable(line.text, plain) else whole).append(replace(line, text=plain))
    yield from whole
    if len(syllables) < _FLOOD:
        yield from syllables


def _is_syllable(text: str, plain: str) -> bool:
    """Return whether a line is a piece of a word that an effect puts somewhere, as in karaoke."""
    plain = plain.strip()
    return len(plain) <= _SYLLABLE and " " not in plain and _PLACED.search(text) is not None
