"""Words without their endings, by the rules of the language that a text is in: those of Snowball."""

from functools import cache, lru_cache
from typing import Any, Final

ENGLISH: Final = "en"

_ALGORITHMS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    ENGLISH: "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


def stemming_language(tag: str | None) -> str | None:
    """Return the language by whose rules a text is stemmed: of "pt-br" "pt"; None where there are no rules."""
    language = (tag or "").partition("-")[0].casefold()
    return language if language in _ALGORITHMS else None


@lru_cache(1 << 16)
def stem(word: str, language: str) -> str:
    """Return a word without its ending.

    Args:
        word: without case; with its accents, which some endings have.
        language: as `stemming_language` tells.
    """
    return str(_stemmer(_ALGORITHMS[language]).stemWord(word))


@cache
def _stemmer(algorithm: str) -> Any:
    import snowballstemmer  # late: it loads every language, and the window seldom needs it

    return snowballstemmer.stemmer(algorithm)
