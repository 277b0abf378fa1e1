"""What a description asks for that the pixels of a picture tell, or the faces in it: "red circle", "two people".

Only words that an encoder knows nothing of are read so: one that learned colours needs no help, and the builtin
one keeps its red foxes and white wolves. A word that may mean something else, as "orange", counts beside a shape
alone. Faces do not tell a man from a woman: a word for one is met by anybody, and told as unknown.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from retake_core.encoders.attributes import COLOURS, DARK, NAMES, SHAPES
from retake_core.encoders.base import Encoder
from retake_core.encoders.vocabulary import LEAD, WORD
from retake_core.system.bundled import bundled

PERSON, PEOPLE, TALKING = "person", "people", "talking"
_SOMEBODY = {"somebody": 1, "several": 2}
"""How many faces there are at least where a word names somebody of whom a face tells less, by its meaning."""
CROWD = 2
"""Faces that are people."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_BLANK = "~"
_OF = "的"


@dataclass(frozen=True, slots=True)
class Asked:
    """A description in two parts.

    Attributes:
        attributes: of `attributes.NAMES`, that a picture must have, all of them.
        people: how many faces must be in it, or more; 0 where it names nobody.
        rest: the description without the words for these.
        unknown: the words that neither they nor the encoder know.
        nearly: those of them that anybody's face is an answer to.
        talking: whether something must be said while they are seen.
    """

    attributes: tuple[str, ...]
    people: int
    rest: str
    unknown: tuple[str, ...]
    nearly: tuple[str, ...] = ()
    talking: bool = False

    def __bool__(self) -> bool:
        """Whether it asks for any of this."""
        return bool(self.attributes or self.people)

    @property
    def leaves_out(self) -> bool:
        """Whether it asks for something that nothing answers."""
        return bool(set(self.unknown) - set(self.nearly))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a part of one in Chinese.

    Attributes:
        text: as it was typed.
        word: that it is a part of.
        means: an attribute, `PERSON`, `PEOPLE`, one of `_SOMEBODY`, `TALKING`, a number, `_BLANK`, or nothing that
            is known here.
        sure: whether it can mean nothing else.
    """

    text: str
    word: str
    means: str = ""
    sure: bool = True


def needs_attributes(encoder: Encoder) -> bool:
    """Whether an encoder knows nothing of what is measured here."""
    return bool(encoder.unknown_words(DARK))


def read_attributes(text: str, encoder: Encoder, can_see: Callable[[str], bool] = lambda _: True) -> Asked:
    """Find in a description what is asked for beside what an encoder knows.

    Args:
        text: the description.
        encoder: says which words it does not know.
        can_see: whether there is what an attribute, `PERSON` or `TALKING` is searched for with.
    """
    unknown = encoder.unknown_words(text)
    if not unknown:
        return Asked((), 0, text, ())
    tokens = list(_tokens(LEAD.sub("", text)))
    attributes: dict[str, None] = {}
    people, at = 0, 0
    left: list[_Token] = []
    while at < len(tokens):
        name, count, length = _named(tokens[at : at + 2], unknown)
        if name == PERSON and can_see(PERSON):
            people = max(people, count)
        elif name in NAMES and can_see(name):
            attributes[name] = None
        else:
            left.append(tokens[at])
            length = 1
        at += length
    asked = _asked(tuple(attributes), people, [token for token in left if token.means != _BLANK], unknown)
    if not encoder.names_something(asked.rest) and can_see(PERSON):
        asked = _with_somebody(asked, tokens, unknown, can_see)
    return asked or Asked((), 0, text, unknown)


def _asked(attributes: tuple[str, ...], people: int, rest: Sequence[_Token], unknown: Sequence[str]) -> Asked:
    words = {token.word for token in rest}
    left = tuple(word for word in unknown if word in words)
    return Asked(attributes, people, " ".join(token.text for token in rest), left)


def _with_somebody(
    asked: Asked, tokens: Sequence[_Token], unknown: Sequence[str], can_see: Callable[[str], bool]
) -> Asked:
    """Ask for faces where a description names a man, a girl or somebody who talks, and nothing but people."""
    people, met = asked.people, set()
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.means in _SOMEBODY and token.word in unknown:
            counted = before is not None and before.means.isdigit()
            people = max(people, int(before.means) if before and counted else _SOMEBODY[token.means])
            met.add(token.word)
            asked = _without(asked, before.word) if before and counted else asked
    talks = [token.word for token in tokens if token.means == TALKING and token.word in unknown]
    heard = bool(talks) and can_see(TALKING)
    if heard:
        people = max(people, 1)
        for word in talks:
            asked = _without(asked, word)
    elif people:
        met |= set(talks)
    return replace(asked, people=people, nearly=tuple(w for w in asked.unknown if w in met), talking=heard)


def _without(asked: Asked, word: str) -> Asked:
    return replace(asked, unknown=tuple(other for other in asked.unknown if other != word))


def names_people(words: Sequence[str]) -> bool:
    """Whether any of some words means people, or what only they do."""
    people = {PERSON, PEOPLE, TALKING, *_SOMEBODY}
    return any(token.means in people for word in words for token in _tokens(word))


def _named(tokens: Sequence[_Token], unknown: Sequence[str]) -> tuple[str, int, int]:
    """Return what a word, or two, name: an attribute or `PERSON`; how many of these; and how many words it is."""
    first, last = tokens[0], tokens[-1]
    if len(tokens) > 1:
        if first.means.isdigit() and last.means in (PERSON, PEOPLE) and last.word in unknown:
            return PERSON, int(first.means), 2
        for colour, shape in ((first, last), (last, first)):
            if colour.means in COLOURS and shape.means in SHAPES and shape.word in unknown:
                return f"{colour.means} {shape.means}", 1, 2
    if first.word not in unknown or not first.sure:
        return "", 0, 1
    if first.means == PEOPLE:
        return PERSON, CROWD, 1
    return first.means, 1, 1


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the words of a text; one in Chinese in parts if all of these are known."""
    for word in WORD.findall(text):
        parts = _parts(word) if _CHINESE.fullmatch(word) else [word]
        for part in parts:
            if part != _OF:
                means, sure = _words().get(part.lower(), ("", True))
                yield _Token(part, word, means, sure)


def _parts(word: str) -> list[str]:
    """Cut a word without spaces into the longest ones that are known; whole if there is more in it."""
    parts, rest = [], word
    while rest:
        part = next((rest[:end] for end in range(len(rest), 0, -1) if rest[:end] in _words()), None)
        if part is None:
            return [word]
        parts.append(part)
        rest = rest.removeprefix(part)
    return parts


@cache
def _words() -> dict[str, tuple[str, bool]]:
    """Return what words mean, in lower case, and whether they can mean nothing else."""
    words: dict[str, tuple[str, bool]] = {}
    for line in (bundled("retake_core.encoders") / "attributes.txt").read_text(encoding="utf-8").splitlines():
        name, _, synonyms = line.partition(": ")
        if line.startswith("~ "):
            words |= dict.fromkeys(line[2:].split(), (_BLANK, True))
        elif synonyms and not line.startswith("#"):
            sure = not name.startswith("?")
            words |= dict.fromkeys(synonyms.split(", "), (name.removeprefix("?"), sure))
    return words
