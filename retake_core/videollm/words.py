"""What is said in videos, and what stands on their screens, in front of a question about their pictures.

It comes with the question, not with the memory: that must know nothing of what is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retake_core.display import clock
from retake_core.videollm.families.prompt import Prompt

SAID, ON_SCREEN = "What is said in it:", "What stands on the screen in it:"
_FULL = 50
"""So much of the room may stay empty: of the lines that are left, hardly one would fit."""


@dataclass(frozen=True)
class Line:
    """A line that is said in a video, or stands on its screen.

    Attributes:
        clip: in which stretch of the prompt; 0 where it is of one video.
        start: seconds in its video.
        end: seconds.
        text: on one line.
        on_screen: whether it stands on the screen.
    """

    clip: int
    start: float
    end: float
    text: str
    on_screen: bool = False

    def covers(self, seconds: float) -> bool:
        """Return whether a time, as people write it, lies within the line."""
        return int(self.start) <= seconds <= self.end

    @property
    def written(self) -> str:
        """How it stands in the prompt."""
        return f"{clock(self.start)} {self.text}\n"


@dataclass(frozen=True)
class Words:
    """What a model is given of the words of videos.

    Attributes:
        ids: tokens, to stand in front of a question.
        lines: those that are in them, in their order.
    """

    ids: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()


NO_WORDS = Words()


def write_words(prompt: Prompt, headings: Sequence[str], lines: Iterable[Line], room: int) -> Words:
    """Write as many lines as there is room for; nothing in them is trusted to be plain text.

    Args:
        prompt: of the model.
        headings: a line about each stretch of the prompt, such as its video's name.
        lines: the most telling first; they are written in order of time.
        room: tokens that all may take.
    """
    heads = [_ids(prompt, f"{heading}\n") for heading in headings]
    left = room - sum(map(len, heads))
    if left < 0:
        return NO_WORDS
    titles = {False: _ids(prompt, f"{SAID}\n"), True: _ids(prompt, f"{ON_SCREEN}\n")}
    chosen: dict[Line, list[int]] = {}
    parts: set[tuple[int, bool]] = set()
    for line in lines:
        if left <= room // _FULL:
            break
        ids, part = _ids(prompt, line.written), (line.clip, line.on_screen)
        cost = len(ids) + (0 if part in parts else len(titles[line.on_screen]))
        if line not in chosen and cost <= left:
            chosen[line], left = ids, left - cost
            parts.add(part)
    ordered = sorted(chosen, key=lambda line: (line.clip, line.on_screen, line.start))
    written: list[int] = []
    for clip, head in enumerate(heads):
        written += head
        for on_screen, title in titles.items():
            if (clip, on_screen) in parts:
                written += title
                written += [
                    i for line in ordered if (line.clip, line.on_screen) == (clip, on_screen) for i in chosen[line]
                ]
    return Words(tuple(written), tuple(ordered))


def _ids(prompt: Prompt, text: str) -> list[int]:
    return prompt.tokens(text, trusted=False)
