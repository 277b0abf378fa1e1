"""What the engine says, in the language of the window.

The engine speaks English, and so does what is stored of it, such as why a video could not be read. Its sentences
are recognised by their templates, which packaging/translations.py collects from its source.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication

CONTEXT: Final = "engine"
TEMPLATES: Final = Path(__file__).resolve().parents[1] / "resources" / "translations" / "engine.txt"
_PLACE: Final = re.compile(r"\{\d+\}")
_DEPTH: Final = 3  # a sentence may hold another one, such as the reason that it gives


@lru_cache(maxsize=1000)  # rows are painted again and again
def translated(text: str) -> str:
    """Return what the engine says in the language of the window; what is not known stays as it is."""
    return "\n".join(_translated(line, _DEPTH) for line in text.split("\n"))


def _translated(sentence: str, depth: int) -> str:
    if not sentence or not depth:
        return sentence
    for template in _templates():
        if not _may_be(sentence, template):
            continue
        if match := re.fullmatch(_pattern(template), sentence):
            words = QCoreApplication.translate(CONTEXT, template)
            if words == template:  # English, or not translated
                return sentence
            return words.format(*(_translated(part, depth - 1) for part in match.groups()))
    return sentence


@cache
def _templates() -> tuple[str, ...]:
    """Return all templates, those that say most first: they may be meant by others, too."""
    lines = TEMPLATES.read_text("utf-8").splitlines()
    return tuple(sorted(lines, key=lambda line: -len(_PLACE.sub("", line))))


def _may_be(sentence: str, template: str) -> bool:
    """Say at little cost whether a template's own words stand in a sentence."""
    parts = _PLACE.split(template)
    return sentence.startswith(parts[0]) and sentence.endswith(parts[-1]) and all(p in sentence for p in parts)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, _PLACE.split(template))), re.DOTALL)
