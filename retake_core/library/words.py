"""Texts as words that can be compared, whatever their case, accents, endings or script.

Chinese, Japanese, Korean and the scripts of South-East Asia put no spaces between words, or put more into a word
than one looks for: there every character is a token, and a word is found as a sequence of them.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import regex

from retake_core.library.stems import ENGLISH, stem

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_TOKEN = regex.compile(
    rf"(?P<sign>[{_UNSPACED}][\p{{M}}ﾞﾟ]*)|(?:(?![{_UNSPACED}])[\p{{L}}\p{{N}}])(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])*"
    r"(?:['’](?:s|t|re|ve|ll|d|m)\b)?",
    regex.IGNORECASE,
)
_PART = regex.compile(r"\p{N}+|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[\p{L}\p{M}]+")
_DAY = regex.compile(r"(19[89]\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_DATE = regex.compile(r"(?<!\d)(\d{4})[-_. ]?(\d\d)[-_. ]?(\d\d)(?!\d)")
_MARKS = regex.compile(r"[\u0300-\u036f]+")

_COMMON = """a about after all an and any are as at be been but by can do does for from had has have he her here
    him his how i if in into is it its just me my no not of off on one or our out over she so some than that the
    their them then there these they this to under up was we were what when where which while who why will with you
    your happen say says said tell told show shown talk mention explain video clip recording scene moment
    der die das den dem des ein eine einen und oder ist im mit von zu auf für
    le la les un une des du de et ou est dans avec sur pour el los las una y o es en con por para"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        word: folded: no case, no accents.
        stem: without its ending, by the rules of the text's language, or of English where that is unknown.
        start: where it begins in the text.
        end: where it ends.
    """

    word: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SoughtWord:
    """A word that texts are searched for.

    Attributes:
        word: folded.
        stem: in texts of an unknown language, or in English.
        stems: in texts of other languages, by their names. They may hold the word as well: who leaves out accents
            takes from some words what their ending is known by.
    """

    word: str
    stem: str
    stems: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str | None) -> set[str]:
        """Return the stems by which texts of a language hold the word; None is an unknown one."""
        stem = dict(self.stems).get(language or "")
        return {self.stem} if stem is None else {self.word, stem}

    def all_stems(self) -> list[str]:
        """Return the stems by which any text holds it; always as many of the same languages in the same order."""
        return [self.stem, *([self.word] if self.stems else []), *(stem for _, stem in self.stems)]


def sought_word(word: Word, text: str, languages: Iterable[str]) -> SoughtWord:
    """Return a word of a query, as texts in some languages may hold it; see `stemming_language`."""
    raw = text[word.start : word.end]
    return SoughtWord(word.word, word.stem, tuple((name, forms(raw, name)[1]) for name in sorted(languages)))


def tokens(text: str, language: str | None = None) -> list[Word]:
    """Return the words of a text in order; the language is as `stemming_language` tells."""
    words = [_token(match[0], match.start(), match.end(), language) for match in _TOKEN.finditer(text)]
    return [token for token in words if token.stem]


def title_tokens(name: str) -> list[Word]:
    """Return the words of a name as people give files: IMG_20190714_beachParty is an img of July 2019, too.

    First come the parts, in order, then whole words that have several, and months.
    """
    words = [(word, parts_of(word, name)) for word in tokens(name)]
    parts = [part for _, pieces in words for part in pieces]
    whole = [word for word, pieces in words if len(pieces) > 1]
    return [token for token in parts + whole + list(_months(name)) if token.stem]


def parts_of(word: Word, text: str) -> list[Word]:
    """Return the parts of a word where people leave no space, such as EXIT24; often it has only one, itself."""
    if is_unspaced(word.word):
        return [word]
    return [part for part in _parts(text[word.start : word.end], word.start) if part.stem]


def is_unspaced(word: str) -> bool:
    """Whether a token is a single sign of a script without spaces."""
    return bool(regex.match(rf"[{_UNSPACED}]", word))


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """Drop case, width and accents; in scripts where marks make the letter, they stay."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed)).casefold()


def _english_stem(word: str) -> str:
    return stem(word.replace("’", "'"), ENGLISH) if word.isascii() or "’" in word else word


@cache
def common_stems() -> frozenset[str]:
    """Return the stems of words that say little: next to others they count for nothing."""
    return frozenset(_english_stem(word) for word in _COMMON.split())


def _token(raw: str, start: int, end: int, language: str | None = None) -> Word:
    return Word(*forms(raw, language), start, end)


@lru_cache(1 << 16)
def forms(raw: str, language: str | None = None) -> tuple[str, str]:
    """Return a word folded, and its stem; the language is as `stemming_language` tells."""
    word = _bare(fold(raw))
    if language in (None, ENGLISH):
        ending = _english_stem(word)
    else:
        ending = _bare(fold(stem(unicodedata.normalize("NFC", raw.casefold()), language)))
    return word, ending.replace("'", "").replace("’", "") or word


def _bare(word: str) -> str:
    """Drop spaces and signs, which folding may bring out of one character, such as a fraction."""
    return "".join(sign for sign in word if sign.isalnum() or sign in "'’" or unicodedata.category(sign)[0] == "M")


def _parts(word: str, offset: int) -> Iterator[Word]:
    for match in _PART.finditer(word):
        pieces = [match.span()]
        if _day(match[0]) is not None:
            first = match.start()
            pieces = [(first, first + 4), (first + 4, first + 6), (first + 6, first + 8)]
        for start, end in pieces:
            yield _token(word[start:end], offset + start, offset + end)


def _months(name: str) -> Iterator[Word]:
    """Yield the names of the months in the days that a name tells, such as 2019-07-14."""
    for match in _DATE.finditer(name):
        if (day := _day("".join(match.groups()))) is not None:
            yield _token(day.strftime("%B"), *match.span(2))


def _day(digits: str) -> date | None:
    """Return the day that eight digits name."""
    if not (match := _DAY.fullmatch(digits)):
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
