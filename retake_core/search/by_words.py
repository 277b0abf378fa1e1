"""From words to hits: which texts say what a query asks for, and how sure that is."""

import itertools
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from retake_core.library.stems import stemming_language
from retake_core.library.texts import (
    Phrase,
    TextEntry,
    TextKind,
    count_texts,
    find_texts,
    frequency,
    sought_words,
)
from retake_core.library.words import SoughtWord, Word, common_stems, is_unspaced
from retake_core.search.fusion import SourceHit, Why
from retake_core.search.query import Field, Query, Term

WHY = {
    TextKind.SPOKEN: Why.SAID,
    TextKind.SCREEN: Why.SCREEN,
    TextKind.TITLE: Why.TITLE,
    TextKind.CHAPTER: Why.CHAPTER,
    TextKind.DESCRIBED: Why.DESCRIBED,
    TextKind.NOTE: Why.NOTE,
}
KINDS = {
    Field.SAID: (TextKind.SPOKEN,),
    Field.SCREEN: (TextKind.SCREEN,),
    Field.NOTE: (TextKind.NOTE,),
}
ENOUGH, SLOPE = 0.62, 0.12
"""The share of a query's meaning that a text must hold for an even bet: two of three words do, one of two not."""
UNFINISHED = 0.85  # how much a word counts that goes on where the query ends
EXACT = 0.98  # confidence where exactly these words were asked for
WINDOW = 20.0  # seconds: a sentence may be spread over subtitles that follow each other
BREATH = 3.0  # seconds between them at most


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of a query, or in scripts without spaces two signs; the weight says how much it tells."""

    phrase: Phrase
    weight: float
    unfinished: bool = False


@dataclass(slots=True)
class _Match:
    """A text with the units that it holds, by number: how well, and where."""

    entry: TextEntry
    shares: dict[int, float]
    marks: list[tuple[int, int]]


def units_of(connection: Connection, query: Query) -> list[Unit]:
    """Split the plain words of a query into what texts are searched for."""
    phrases: dict[Phrase, bool] = {}
    terms = query.having(Field.WORD)
    for term in terms:
        parts = list(_phrases(sought_words(connection, term.value)))
        for phrase in parts:
            last = query.open_end and term is terms[-1] and phrase is parts[-1]
            (first, *others) = phrase
            phrases[phrase] = last and not others and len(first.stem) > 2 and not is_unspaced(first.word)
    telling = {p: last for p, last in phrases.items() if not all(word.stem in common_stems() for word in p)}
    total = max(count_texts(connection), 1)
    units = []
    for phrase, last in (telling or phrases).items():
        rarest = min(frequency(connection, word) for word in phrase)
        # A word that is nowhere tells no more than one that is somewhere.
        units.append(Unit(phrase, math.log1p(total / max(rarest, 1)), last))
    return units


def find_words(connection: Connection, units: Sequence[Unit], videos: Collection[int] | None) -> list[SourceHit]:
    """Return the hits of the plain words of a query; those of a title are one for each video.

    Args:
        connection: sees the library.
        units: of the query.
        videos: only in these; None is all.
    """
    phrases = [unit.phrase for unit in units]
    prefix = next((unit.phrase for unit in units if unit.unfinished), None)
    entries: dict[int, TextEntry] = {}
    for every in (True, False) if len(phrases) > 1 else (True,):
        for entry in find_texts(connection, phrases, every=every, videos=videos, prefix=prefix):
            entries[entry.id] = entry
    matches = [match for entry in entries.values() if (match := _match(entry, units)) is not None]
    titles: dict[int, list[_Match]] = defaultdict(list)
    timed: dict[tuple[int, TextKind], list[_Match]] = defaultdict(list)
    for match in matches:
        entry = match.entry
        if entry.start is None:
            titles[entry.video_id].append(match)
        else:
            timed[entry.video_id, entry.kind].append(match)
    of_titles = {video_id: _union(texts) for video_id, texts in titles.items()}
    hits = [
        _hit(group, units, of_titles.get(video_id, {}))
        for (video_id, _), texts in timed.items()
        for group in _windows(texts)
    ]
    return hits + [_hit(texts, units, {}) for texts in titles.values()]


def find_exact_words(connection: Connection, term: Term, videos: Collection[int] | None) -> list[SourceHit]:
    """Return where exactly these words are said, on screen or in a title, as the term asks."""
    exact = term.field == Field.PHRASE
    words = sought_words(connection, term.value)
    phrases = [tuple(words)] if exact else list(_phrases(words))
    if not words:
        return []
    entries = find_texts(
        connection, phrases, every=True, kinds=KINDS.get(term.field, tuple(TextKind)), videos=videos, limit=1000
    )
    hits = []
    for entry in entries:
        content = entry.tokens()
        if exact:
            marks = _places([token.word for token in content], content, [{word.word} for word in words])
        else:
            marks = [place for phrase in phrases for place in _stems_at(entry, content, phrase)]
        if marks:
            hits.append(as_hit(entry, EXACT, marks))
    return hits


def _phrases(words: Sequence[SoughtWord]) -> Iterator[Phrase]:
    """Yield words, words of several parts as phrases, and pairs of signs where no spaces part words."""
    run: list[SoughtWord] = []
    spaced: list[SoughtWord] = []
    for word in words:
        (run if is_unspaced(word.word) else spaced).append(word)
    if spaced:
        yield tuple(spaced)
    if len(run) == 1:
        yield (run[0],)
    yield from itertools.pairwise(run)


def _match(entry: TextEntry, units: Sequence[Unit]) -> _Match | None:
    words = entry.tokens()
    shares: dict[int, float] = {}
    marks: list[tuple[int, int]] = []
    for number, unit in enumerate(units):
        places = _stems_at(entry, words, unit.phrase)
        if places:
            shares[number] = 1.0
        elif unit.unfinished:
            places = [(t.start, t.end) for t in words if t.word.startswith(unit.phrase[0].stem)]
            if places:
                shares[number] = UNFINISHED
        marks += places
    return _Match(entry, shares, marks) if shares else None


def _stems_at(entry: TextEntry, words: Sequence[Word], phrase: Phrase) -> list[tuple[int, int]]:
    """Return where a phrase stands in a text, whatever its endings, as spans of the text."""
    language = stemming_language(entry.language)
    if len(phrase) == 1:
        allowed = phrase[0].in_language(language)
        return [(word.start, word.end) for word in words if word.stem in allowed]
    return _places([word.stem for word in words], words, [word.in_language(language) for word in phrase])


def _places(
    forms: Sequence[str], words: Sequence[Word], phrase: Sequence[Collection[str]]
) -> list[tuple[int, int]]:
    """Return where words have forms that a phrase allows, one after the other, as spans of the text."""
    length = len(phrase)
    return [
        (words[at].start, words[at + length - 1].end)
        for at in range(len(words) - length + 1)
        if all(form in allowed for form, allowed in zip(forms[at:], phrase, strict=False))
    ]


def _windows(matches: list[_Match]) -> Iterator[list[_Match]]:
    """Group texts that follow each other, as long as each adds words that were not there."""
    group: list[_Match] = []
    for match in sorted(matches, key=lambda m: m.entry.start or 0.0):
        start, end = match.entry.start or 0.0, match.entry.end or 0.0
        if group:
            first, last = group[0].entry, group[-1].entry
            near = start - (last.end or 0.0) <= BREATH and end - (first.start or 0.0) <= WINDOW
            if not (
                near and match.shares.keys() - _union(group).keys() and _union(group).keys() - match.shares.keys()
            ):
                yield group
                group = []
        group.append(match)
    if group:
        yield group


def _union(matches: Sequence[_Match]) -> dict[int, float]:
    shares: dict[int, float] = {}
    for match in matches:
        for number, share in match.shares.items():
            shares[number] = max(share, shares.get(number, 0.0))
    return shares


def _hit(group: Sequence[_Match], units: Sequence[Unit], of_title: dict[int, float]) -> SourceHit:
    """Say how sure it is that texts which belong together are meant; the video's title may hold the rest."""
    spoken = _union(group)
    shares = of_title | spoken if spoken.keys() - of_title.keys() else spoken
    total = sum(unit.weight for unit in units)
    share = sum(units[number].weight * part for number, part in shares.items()) / total
    confidence = EXACT / (1 + math.exp((ENOUGH - share) / SLOPE))
    best = max(group, key=lambda match: sum(units[number].weight * part for number, part in match.shares.items()))
    hit = as_hit(best.entry, confidence, best.marks)
    if best.entry.start is None:
        return hit
    start = min(match.entry.start or 0.0 for match in group)
    end = max(match.entry.end or 0.0 for match in group)
    return SourceHit(hit.video_id, start, end, hit.at, hit.why, hit.confidence, None, hit.text, hit.marks)


def as_hit(entry: TextEntry, confidence: float, marks: Sequence[tuple[int, int]]) -> SourceHit:
    """Return a text as a hit, with the places of the words in it that match."""
    start = entry.start or 0.0
    end = math.inf if entry.start is None else max(entry.end or start, start)
    why = WHY[entry.kind]
    return SourceHit(
        entry.video_id, start, end, start, why, confidence, None, entry.shown, tuple(sorted(set(marks)))
    )
