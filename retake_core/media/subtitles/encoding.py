"""From the bytes of a subtitle file to its text: by its mark, as UTF-8, or by what its language is written in."""

import itertools
import locale
from collections.abc import Iterator
from dataclasses import dataclass

from retake_core.errors import MediaError

_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_PUNCTUATION = frozenset("«»‹›“”„‘’‚–—…¿¡·•°№ªº€£©®™§´¸¨\xa0。，、！？：；（）《》「」『』～・　")
_FITS = 0.97  # share of the characters beyond ASCII that the language writes


@dataclass(frozen=True, slots=True)
class _Script:
    """How some languages were written before Unicode.

    Attributes:
        languages: ISO 639 codes.
        encodings: in order of how common they are.
        letters: beyond ASCII, in lower case; empty where `known` tells them.
        known: an encoding that holds just the characters in daily use.
    """

    languages: tuple[str, ...]
    encodings: tuple[str, ...]
    letters: str = ""
    known: str = ""

    def writes(self, sign: str) -> bool:
        """Return whether these languages use a character beyond ASCII."""
        if sign in _PUNCTUATION:
            return True
        if not self.known:
            return sign.lower() in self.letters
        if "\uff61" <= sign <= "\uff9f":  # half-width kana: what one Japanese encoding makes of another
            return False
        try:
            sign.encode(self.known)
        except UnicodeEncodeError:
            return False
        return True


_WESTERN = "àáâãäåæçèéêëìíîïðñòóôõöøœùúûüýÿþßšž"
_SCRIPTS = (
    _Script(("fr", "ca", "oc", "br"), ("cp1252", "cp850"), "àâæçèéêëîïôœùûüÿíóúòñ·"),
    _Script(("pt", "gl"), ("cp1252", "cp850"), "ãõáâàçéêíóôúü"),
    _Script(("es", "eu"), ("cp1252", "cp850"), "áéíóúüñç"),
    _Script(("de", "lb"), ("cp1252", "cp850"), "äöüßéèàç"),
    _Script(("it",), ("cp1252", "cp850"), "àèéìíîòóùú"),
    _Script(("nl", "af", "fy"), ("cp1252", "cp850"), "éèëïöüáóíêç"),
    _Script(("da", "no", "nb", "nn", "sv", "fi", "is", "fo"), ("cp1252", "cp850"), "æøåäöéèáíóúýþðüêàôò"),
    _Script(
        ("pl", "cs", "sk", "hu", "hr", "sl", "bs", "sq"),
        ("cp1250", "cp852"),
        "ąćęłńóśźżáčďéěíňřšťúůýžľĺŕôäöőüűđëç",
    ),
    _Script(("ro", "mo"), ("cp1250", "iso8859-16"), "ăâîșțşţ"),
    _Script(
        ("ru", "uk", "be", "bg", "mk", "sr"),
        ("cp1251", "koi8-r", "cp866"),
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђјљњћџѓќѕ",
    ),
    _Script(("el",), ("cp1253",), "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    _Script(("tr", "az"), ("cp1254",), "çğıiöşüâîûİ"),
    _Script(("he", "iw", "yi"), ("cp1255",), "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    _Script(("ar", "fa", "ur"), ("cp1256",), "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگیًٌٍَُِّْ،؛؟ـ"),
    _Script(("et", "lv", "lt"), ("cp1257",), "āčēģīķļņšūžąęėįųõäöü"),
    _Script(("vi",), ("cp1258",), "ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ\u0300\u0301\u0303\u0309\u0323"),
    _Script(("th",), ("cp874",), "".join(map(chr, range(0xE01, 0xE5C)))),
    _Script(("ja",), ("cp932", "euc_jp"), known="shift_jis"),
    _Script(("ko",), ("cp949",), known="euc_kr"),
    _Script(("zh-tw", "zh-hk", "zh-hant", "yue"), ("big5", "gb18030"), known="big5"),
    _Script(("zh", "chi", "zho"), ("gb18030", "big5"), known="gb2312"),
)


def decode(data: bytes, language: str | None = None) -> str:
    """Return the text of a subtitle file, with line breaks of one kind.

    Args:
        data: all of it.
        language: that its name tells, as a lower-case tag such as "fr" or "zh-tw"; None where it tells none.

    Raises:
        MediaError: no encoding fits.
    """
    return _text(data, language).replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes, language: str | None) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    text: str | None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fitting = (_fitting(data, preferred) for preferred in _preferred(language))
        text = next((found for found in fitting if found is not None), None)
    else:
        text = None if "\0" in text else text  # UTF-16 without a mark may be read as UTF-8
    return _guessed(data) if text is None else text


def _preferred(language: str | None) -> Iterator[str]:
    """Yield the languages that are likely: what the file's name tells, else those of the system."""
    if language is not None:
        yield language
        return
    for category in (locale.LC_CTYPE, locale.LC_MESSAGES if hasattr(locale, "LC_MESSAGES") else locale.LC_TIME):
        name = locale.getlocale(category)[0]
        if name and name not in ("C", "POSIX"):
            yield name.lower().replace("_", "-")


def _fitting(data: bytes, language: str) -> str | None:
    """Return the text in the encoding of a language that gives what the language writes, or None."""
    script = _script(language)
    fitting = []
    for encoding in script.encodings if script else ():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        signs = [sign for sign in text if not sign.isascii()]
        if script and signs and sum(map(script.writes, signs)) >= _FITS * len(signs):
            fitting.append(text)
    return min(fitting, key=_oddities, default=None)


def _oddities(text: str) -> int:
    """Count capitals inside words: two encodings of a script may differ in little but the case."""
    return sum(before.islower() and sign.isupper() for before, sign in itertools.pairwise(text))


def _script(language: str) -> _Script | None:
    tags = [language, language.split("-")[0]]
    return next((script for tag in tags for script in _SCRIPTS if tag in script.languages), None)


def _guessed(data: bytes) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise MediaError("The subtitle file is in an unknown encoding.")
    return str(best)
