"""How often the line that answers a question is among the lines that a model is given along with it.

    python -m tests.benchmarks.words

Recordings of 10 minutes to 8 hours, in which a line is said every five seconds and another one stands on the
screen every 15: sentences of the documentation of Python's library, and somewhere among them what the held-out
recordings of the quality set say and show. Each question is asked of each length: those of the set, which share
words with their line, and some that share none. Tokens are those of MiniLM's tokenizer. Beside it stands what an
even spread over the recording gives, which knows nothing of the question.
"""

import ast
import io
import math
import re
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
from sqlalchemy import Connection
from tokenizers import Tokenizer

from retake_core.data_dir import DataDir
from retake_core.encoders.packaged import MINILM_ARCHIVE
from retake_core.library.catalog import video_by_id
from retake_core.library.database import Database
from retake_core.library.texts import TextKind
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.words import find_words
from retake_core.videollm.costs import MOST_WORDS
from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.words import Words
from tests.benchmarks.search_held_out import RECORDINGS, SAID, SCREEN
from tests.support.colour_library import Library
from tests.support.report import Report, Row, make_parser

MINUTES = (10, 60, 180, 480)
APART = {TextKind.SPOKEN: 5.0, TextKind.SCREEN: 15.0}
ASKED = {TextKind.SPOKEN: "When do they say something about {}?", TextKind.SCREEN: "When does it show {}?"}
IN_OTHER_WORDS = {
    "How did the old man travel to see her?": ("20220611_SophieGraduation", 3),
    "Had any relative got a degree earlier?": ("20220611_SophieGraduation", 1),
    "Why is there a leak under the basin?": ("kitchen-renovation-week3", 0),
    "What must one be careful about at the entrance?": ("kitchen-renovation-week3", 2),
    "What makes everything more expensive?": ("Econ101 Lecture 8 - Inflation", 0),
    "What will be on the exam?": ("Econ101 Lecture 8 - Inflation", 2),
    "Which animals lie near the water?": ("DJI_0042_cornwallCoast", 0),
    "Is the weather getting worse?": ("DJI_0042_cornwallCoast", 1),
    "Who could not pay?": ("standup-2023-02-14-payments", 0),
    "How far did the boy get?": ("TommysSwimmingBadge", 1),
    "What follows in another lesson?": ("pythonTutorial_decorators", 2),
    "Which wildlife did they meet?": ("Hike to Trolltunga", 1),
    "What did the dog eat?": ("vet_visit_Biscuit", 0),
    "What medicine does the animal get?": ("vet_visit_Biscuit", 1),
    "How many people support the cyclists?": ("council-hearing-cycle-lanes", 0),
    "What worries store owners?": ("council-hearing-cycle-lanes", 1),
}
"""What is said, asked for without its words."""
Said = tuple[float, float, str]


class CountedPrompt:
    """Turns text into as many tokens as a real model's tokenizer does."""

    def __init__(self) -> None:
        with zipfile.ZipFile(io.BytesIO(MINILM_ARCHIVE.read_verified())) as archive:
            self._tokenizer = Tokenizer.from_str(archive.read("tokenizer.json").decode())
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def tokens(self, text: str, trusted: bool = True) -> list[int]:  # noqa: ARG002
        """See `Prompt`; the tokenizer leaves line breaks out, which are tokens to others."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids + [0] * text.count("\n")


@dataclass(frozen=True)
class Asked:
    """A question, and what of a recording answers it.

    Attributes:
        text: as a person asks it.
        how: for the table.
        line: the answer.
    """

    text: str
    how: str
    line: str


def questions() -> list[Asked]:
    """Return the questions that nothing was tuned on."""
    said, shown = ASKED[TextKind.SPOKEN], ASKED[TextKind.SCREEN]
    return [
        *(Asked(said.format(q), "said", RECORDINGS[name].said[at]) for q, (name, at) in SAID.items()),
        *(
            Asked(shown.format(q), "on the screen", RECORDINGS[name].screen[at])
            for q, (name, at) in SCREEN.items()
        ),
        *(Asked(q, "said in other words", RECORDINGS[name].said[at]) for q, (name, at) in IN_OTHER_WORDS.items()),
    ]


@cache
def other_sentences() -> tuple[str, ...]:
    """Return plain sentences of the documentation of Python's library, each once."""
    found: dict[str, None] = {}
    for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        tree = ast.parse(file.read_text("utf-8", "replace"))
        places = (ast.Module, ast.ClassDef, ast.FunctionDef)
        for text in (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, places)):
            for sentence in re.split(r"(?<=[.:])\s", " ".join((text or "").split())):
                if 30 < len(sentence) < 120 and re.fullmatch(r"[A-Za-z ,.'-]+", sentence):
                    found[sentence] = None
    return tuple(found)


def transcript(minutes: int, kind: TextKind) -> list[Said]:
    """Return the lines of a recording: those of a held-out recording together, and other sentences around them."""
    rng = np.random.default_rng([minutes, len(kind)])
    count = int(60 * minutes / APART[kind])
    others = other_sentences()
    order = np.concatenate([rng.permutation(len(others)) for _ in range(count // len(others) + 1)])
    lines = [others[i] for i in order[:count]]
    needed = [
        list(recording.said if kind == TextKind.SPOKEN else recording.screen.values())
        for recording in RECORDINGS.values()
    ]
    free = count - sum(map(len, needed))
    at = np.sort(rng.integers(0, free + 1, len(needed)))
    start = 0
    for place, i in zip(at, rng.permutation(len(needed)), strict=True):
        lines[place + start : place + start + len(needed[i])] = needed[i]
        start += len(needed[i])
    begins = APART[kind] * (np.arange(count) + 1 / 3)  # those of one kind between those of the other
    return [(begin, begin + 4.0, line) for begin, line in zip(begins.tolist(), lines, strict=True)]


def given(connection: Connection, prompt: Prompt, question: str, video: AskedVideo) -> Words:
    """Return what a model gets along with a question, as the product chooses it."""
    return find_words(connection, question, [(video, 0.0, math.inf)]).write(prompt, MOST_WORDS)


def rows(minutes: int, prompt: Prompt, asked: Sequence[Asked]) -> Iterator[Row]:
    """Ask all about one recording."""
    with ExitStack() as stack:
        data = DataDir(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        library = Library(stack.enter_context(closing(Database(data.database))), data)
        number = library.add("/v/recording.mp4", "red", 60.0 * minutes, width=64, height=48)
        for kind in APART:
            library.say(number, *transcript(minutes, kind), kind=kind)
        with library.database.reading() as connection:
            video = AskedVideo.of(connection, video_by_id(connection, number))
            even = given(connection, prompt, "", video)
            chosen = [given(connection, prompt, question.text, video) for question in asked]
    for how in dict.fromkeys(each.how for each in asked):
        there = [(each.line, words) for each, words in zip(asked, chosen, strict=True) if each.how == how]
        yield {
            "recording": f"{minutes} minutes" if minutes < 60 else f"{minutes / 60:g} h",
            "the answer is": how,
            "questions": str(len(there)),
            "lines there": f"{sum(60 * minutes / apart for apart in APART.values()):,.0f}",
            "lines given": f"{np.mean([len(words.lines) for _, words in there]):.0f}",
            "tokens at most": f"{max(len(words.ids) for _, words in there):,}",
            "answer given %": f"{100 * np.mean([has(words, line) for line, words in there]):.1f}",
            "by an even spread alone %": f"{100 * np.mean([has(even, line) for line, _ in there]):.1f}",
        }


def has(words: Words, line: str) -> bool:
    """Return whether a line is among words."""
    return any(each.text == line for each in words.lines)


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--minutes", type=int, nargs="+", default=MINUTES, help="lengths of the recordings")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.words")
    prompt, asked = cast(Prompt, CountedPrompt()), questions()
    report.publish([row for minutes in arguments.minutes for row in rows(minutes, prompt, asked)])


if __name__ == "__main__":
    main()
