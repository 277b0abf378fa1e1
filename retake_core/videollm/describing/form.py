"""The form of a description: the question that asks for one, and the grammar that its answer is held to.

Title: A birthday
Summary: A family celebrates. A girl blows out candles.
0:05-0:12 The cake | A woman carries a cake in.
Pictures:
0:07 a cake with candles
"""

from collections.abc import Sequence
from typing import Final

from retake_core.display import clock

MOST_PICTURES: Final = 12
"""Times that a question asks for at most."""
MOST_EVENTS: Final = 64
LONGEST: Final = 200
"""Characters of each text."""

TITLE, SUMMARY, PICTURES, BETWEEN = "Title: ", "Summary: ", "Pictures:", " | "

_NO_TEXT = r"|\x00-\x1f\x7f-\x9f\u2028\u2029"
_TEXT = rf"[^ {_NO_TEXT}][^{_NO_TEXT}]{{0,{LONGEST - 1}}}"
_TIME = r"([0-9]{1,2}:)?[0-5]?[0-9]:[0-5][0-9]"


def question(times: Sequence[float]) -> str:
    """Return what a model is asked.

    Args:
        times: seconds of the pictures that get a line each; none before the one before it.
    """
    asked = "Describe the video: a title, a summary, and a line for each thing that happens."
    if written := asked_times(times):
        asked += f" Then a line for each of these times: {', '.join(written)}."
    return asked


def asked_times(times: Sequence[float]) -> list[str]:
    """Return times as the question writes them; what falls into the same second is asked once."""
    return list(dict.fromkeys(clock(time) for time in times))[:MOST_PICTURES]


def grammar(times: Sequence[float]) -> str:
    """Return the form of the answer to `question(times)`, in the Lark format of llguidance.

    Each line is a terminal, so that where it ends is never in doubt.
    """
    written = asked_times(times)
    pictures = [f"picture{number}" for number in range(len(written))]
    rules = {
        "start": f"title summary event{{0,{MOST_EVENTS}}} {'pictures' if written else ''}",
        "title": rf"/{TITLE}{_TEXT}\n/",
        "summary": rf"/{SUMMARY}{_TEXT}\n/",
        "event": rf"/{_TIME}-{_TIME} {_TEXT} \| {_TEXT}\n/",
    }
    if written:
        rules["pictures"] = rf'"{PICTURES}\n" {" ".join(pictures)}'
    rules |= {name: rf"/{time} {_TEXT}\n/" for name, time in zip(pictures, written, strict=True)}
    return "\n".join(f"{name}: {rule}" for name, rule in rules.items())
