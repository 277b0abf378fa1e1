"""The words of the builtin encoder: which concepts a description names, and which of its words are unknown.

They are looked up in lists, which takes no model and no time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from retake_core.system.bundled import bundled

MOSTWORDS = 24
"""Of a description; nobody reads more that are unknown."""
LONGEST_NAME = 4
"""Words that the name of a concept has at most, but for a few that nobody types."""
LEAD = re.compile(
    r"^\s*(an?\s+|the\s+)?(photo(graph)?|picture|image|video|clip|scene|close-up) of\s+", re.IGNORECASE
)
WORD = re.compile(r"\w+(?:['’]\w+)?")
PLACES = frozenset(
    WORD.findall(
        "above across against along around at behind below beneath beside between by from in inside into near on "
        "onto outside over through to toward towards under underneath"
    )
)
"""What stands behind them says where something is."""
JOINS = frozenset(("and", "or", "with", "who", "that", "while"))
"""Behind them, something is named again."""
_IRREGULAR = {
    "geese": "goose",
    "mice": "mouse",
    "wolves": "wolf",
    "calves": "calf",
    "oxen": "ox",
    "loaves": "loaf",
}
_ENDINGS = (("ies", "y"), ("ves", "fe"), ("es", "e"), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a description says.

    Attributes:
        named: for each thing that it names by a known word, the concepts that may be meant.
        unknown: its other words, but for those that say nothing of what pictures show.
        where: of both, what only says where something is.
    """

    named: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]
    where: frozenset[tuple[str, ...] | str]


class Vocabulary:
    """The words for the thousand ImageNet classes and the concepts above them."""

    def read(self, text: str) -> Reading:
        """Find the concepts that a description names, the longest names first: "fire engine" is no fire."""
        words = WORD.findall(LEAD.sub("", text))[:MOSTWORDS]
        named: dict[tuple[str, ...], bool] = {}
        unknown: dict[str, bool] = {}
        place, where = 0, False
        while place < len(words):
            word = words[place]
            for count in range(min(LONGEST_NAME, len(words) - place), 0, -1):
                concepts = self._meant(words[place : place + count])
                if concepts:
                    named[concepts] = where and named.get(concepts, True)
                    break
            else:
                count = 1
                if word.lower() not in self._says_nothing:
                    unknown[word] = where and unknown.get(word, True)
                where = (where or word.lower() in PLACES) and word.lower() not in JOINS
            place += count
        only = {part for parts in (named, unknown) for part, where in parts.items() if where}
        return Reading(tuple(named), tuple(unknown), frozenset(only))

    @cached_property
    def classes(self) -> dict[str, list[int]]:
        """The classes of each concept. Namesakes are one concept: a description cannot tell them apart."""
        members: dict[str, list[int]] = {}
        for index, line in enumerate(_lines("concepts.txt")):
            for name in dict.fromkeys(line.split(" < ")):
                members.setdefault(name, []).append(index)
        return members

    @cached_property
    def too_wide(self) -> frozenset[str]:
        """Concepts that are no answer to their names: a "person" is more than a groom or a scuba diver."""
        return frozenset(line[2:] for line in _lines("words.txt") if line.startswith("- "))

    @cached_property
    def _says_nothing(self) -> frozenset[str]:
        """Words that no picture shows: articles, prepositions, and what people do with things."""
        return frozenset(
            word for line in _lines("words.txt") if line.startswith("~ ") for word in line[2:].split()
        )

    def _meant(self, words: Sequence[str]) -> tuple[str, ...]:
        *first, last = (word.lower() for word in words)
        names = (" ".join((*first, end)) for end in _singulars(last))
        return next((self.names[name] for name in names if name in self.names), ())

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Concepts by their names and synonyms, in lower case and without hyphens."""
        names: dict[str, tuple[str, ...]] = {
            _plain(name): (name,) for name in self.classes if name not in self.too_wide
        }
        for line in _lines("words.txt"):
            words, _, concepts = line.partition(": ")
            if concepts:
                names |= dict.fromkeys(map(_plain, words.split(", ")), tuple(concepts.split(", ")))
        return names


def _lines(file: str) -> list[str]:
    text = (bundled("retake_core.encoders") / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _plain(name: str) -> str:
    return " ".join(WORD.findall(name.lower()))


def _singulars(word: str) -> Iterator[str]:
    """Yield the word, and what it may be the plural of."""
    yield word
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    for ending, singular in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            yield word.removesuffix(ending) + singular
