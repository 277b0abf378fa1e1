"""Which of the lines that it was given an answer cites: by their time, or by their words."""

from collections.abc import Sequence

from retake_core.library.words import common_stems, is_unspaced, tokens
from retake_core.videollm.words import Line
from retake_core.videollm.written_times import ParsedTime

MOST = 3
"""Lines that are shown under an answer."""
RUN, UNSPACED_RUN = 4, 8
"""Words that follow each other in a quotation; where every sign is a word, more."""
TELLING = 2
"""Words of them at least that not every sentence has."""

Run = tuple[str, ...]


def cited_lines(answer: str, lines: Sequence[Line], written: Sequence[ParsedTime]) -> list[Line]:
    """Return the lines that an answer cites, those that it repeats most of first.

    Args:
        answer: its text.
        lines: that the model was given.
        written: the times in the answer.
    """
    said = [word.stem for word in tokens(answer)]
    seconds = {int(time.seconds) for time in written}
    held: dict[int, set[Run]] = {}  # by length: what follows each other in the answer
    weights: dict[Line, int] = {}
    for line in lines:
        runs = _runs(line)
        length = len(next(iter(runs), ()))
        if length and length not in held:
            held[length] = set(_windows(said, length))
        weight = len(runs & held.get(length, set())) + (int(line.start) in seconds)
        if weight:
            weights[line] = weight
    return sorted(weights, key=lambda line: -weights[line])[:MOST]


def _runs(line: Line) -> set[Run]:
    """Return what an answer repeats when it quotes a line: words that follow each other, or all of a short one."""
    words = [word.stem for word in tokens(line.text)]
    length = min(len(words), UNSPACED_RUN if any(map(is_unspaced, words)) else RUN)
    return {run for run in _windows(words, length) if sum(word not in common_stems() for word in run) >= TELLING}


def _windows(words: Sequence[str], length: int) -> list[Run]:
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)] if length else []
