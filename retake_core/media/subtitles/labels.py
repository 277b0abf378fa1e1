"""What the name of a subtitle file tells: whose it is, in which language, and whether of all that is said."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FLAGS = frozenset(
    {"forced", "sdh", "cc", "hi", "default", "full", "foreign", "signs", "songs", "auto", "asr", "orig", "dub"}
)
_PARTIAL = frozenset({"forced", "foreign", "signs", "songs"})
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_PARTS = re.compile(r"[.\s()\[\]]+|(?<=\d)_")
_UNSHORTENED = frozenset(
    {"yue", "fil", "haw", "nds", "hsb", "dsb", "gsw", "ast", "fur"}
)  # have no code of two letters
_NAMES = {
    name: code
    for code, names in {
        "en": "english",
        "de": "german deutsch",
        "fr": "french français francais",
        "es": "spanish español espanol castellano",
        "it": "italian italiano",
        "pt": "portuguese português portugues",
        "nl": "dutch nederlands",
        "sv": "swedish svenska",
        "da": "danish dansk",
        "no": "norwegian norsk",
        "fi": "finnish suomi",
        "pl": "polish polski",
        "cs": "czech čeština",
        "sk": "slovak slovenčina",
        "hu": "hungarian magyar",
        "ro": "romanian română",
        "bg": "bulgarian български",
        "ru": "russian русский",
        "uk": "ukrainian українська",
        "el": "greek ελληνικά",
        "tr": "turkish türkçe",
        "he": "hebrew עברית",
        "ar": "arabic العربية",
        "fa": "persian farsi فارسی",
        "hi": "hindi हिन्दी",
        "th": "thai ไทย",
        "vi": "vietnamese",
        "id": "indonesian",
        "ja": "japanese 日本語",
        "ko": "korean 한국어",
        "zh": "chinese 中文",
    }.items()
    for name in names.split()
}
_ONE_LABEL = re.compile(r"[\w ()\[\]-]{1,40}")


@dataclass(frozen=True, slots=True)
class NameLabels:
    """What labels tell.

    Attributes:
        language: a lower-case tag such as "en", "zh-cn" or "es-419"; None where there is none.
        partial: whether only signs or foreign words are written down, not all that is said.
    """

    language: str | None = None
    partial: bool = False


class Owners:
    """The videos of a folder, asked for whose a subtitle file is.

    Args:
        stems: the names of the videos, without their endings.
    """

    def __init__(self, stems: Iterable[str]) -> None:
        self._stems = {stem: stem for stem in stems}
        self._folded = {stem.casefold(): stem for stem in sorted(self._stems)}

    def owner(self, name: str) -> str | None:
        """Return the longest name of a video that the name of a subtitle file, without its ending, begins with.

        What a name can begin with is looked up, longest first: folders hold thousands of both.
        """
        for end in range(len(name), 0, -1):
            begin = name[:end]
            stem = self._stems.get(begin) or self._folded.get(begin.casefold())
            if stem is not None and (end == len(name) or _is_labelled(name, begin)):
                return stem
        return None


def read_labels(name: str, stem: str) -> NameLabels:
    """Return what stands between a video's name and the ending: `film.zh_CN.forced` is Chinese, and partial."""
    words = [word.casefold() for word in _PARTS.split(name[len(stem) :].strip("._- ")) if word]
    languages = [tag for word in words if (tag := language_tag(word)) is not None]
    # Two letters mean Hindi, or that the hard of hearing are meant; the latter beside a language.
    spoken = [tag for tag in languages if tag != "hi"] or languages
    return NameLabels(spoken[0] if spoken else None, bool(_PARTIAL & set(words)))


def language_tag(word: str) -> str | None:
    """Return the language that a word names as a lower-case tag, or None: zh_CN, es-419, eng and English do."""
    word = word.replace("_", "-").strip("-").casefold().removesuffix("-orig")
    if word in _NAMES:
        return _NAMES[word]
    if word in _FLAGS - {"hi"} or word in ("und", "zxx", "mul", "mis"):
        return None
    if not _TAG.fullmatch(word):
        return None
    import langcodes  # takes a while, and most videos have no subtitles
    from langcodes.tag_parser import LanguageTagError

    try:
        language = langcodes.Language.get(word, normalize=True).prefer_macrolanguage()
    except LanguageTagError:
        return None
    # Of 8,000 languages of three letters most are words of English, too, such as "cut" and "two".
    usual = language.language is not None and (len(language.language) == 2 or language.language in _UNSHORTENED)
    return language.to_tag().casefold() if usual and language.is_valid() else None


def _is_labelled(name: str, stem: str) -> bool:
    """Return whether a name is another one with labels behind it."""
    if not name.casefold().startswith(stem.casefold()):
        return False
    rest = name[len(stem) :]
    if rest.startswith("."):
        return all(_ONE_LABEL.fullmatch(part) for part in rest[1:].split("."))
    # Behind another sign a word may be part of another film's name: only what is known to be a label counts.
    words = [word for word in _PARTS.split(rest.strip("._- ")) if word]
    return rest[:1] in ("_", "-", " ", "(", "[") and bool(words) and all(map(_is_known, words))


def _is_known(word: str) -> bool:
    return word.casefold() in _FLAGS or language_tag(word) is not None


def partial_title(title: str | None) -> bool:
    """Return whether the title of a subtitle stream says that it is partial, such as "Signs & Songs"."""
    words: Sequence[str] = re.findall(r"\w+", (title or "").casefold())
    return bool(_PARTIAL & set(words))
