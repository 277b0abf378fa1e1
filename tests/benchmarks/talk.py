"""Ordinary talk, written for measuring the search by meaning, with questions that ask for lines in other words.

A line may have its question behind a bar. Constants are chosen on the set "calibration", and nothing is chosen on
"held_out", of which numbers are told. The lists of "absent" questions ask for what nobody talks about in either.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("talk")


@dataclass(frozen=True, slots=True)
class Talk:
    """A recording's lines, and its questions with the numbers of the lines that answer them."""

    name: str
    lines: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]


def read_talks(name: str) -> list[Talk]:
    """Read the recordings of a set: a heading after #, lines, and questions behind bars."""
    talks = []
    for part in (FOLDER / f"{name}.txt").read_text("utf-8").split("# ")[1:]:
        heading, *rows = part.strip().splitlines()
        cells = [[cell.strip() for cell in row.split("|")] for row in rows if row.strip()]
        questions = tuple((question, at) for at, row in enumerate(cells) for question in row[1:])
        talks.append(Talk(heading, tuple(row[0] for row in cells), questions))
    return talks


def read_lines(name: str) -> list[str]:
    """Read a list with one entry a line."""
    return (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")[:-1]
