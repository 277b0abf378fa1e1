"""The language that the page of an answer is written in: the window's."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from retake_core.export.page_words import WORDS
from retake_desktop.common.engine_sentences import translated


def page_language() -> str:
    """Return the tag of the window's language, such as zh-CN."""
    return QLocale().name().replace("_", "-")


def page_words(sentences: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what a page says, and sentences of the engine that are kept with its answer, in that language."""
    own = ((text, QCoreApplication.translate("answer page", text)) for text in WORDS)
    return (*own, *((sentence, translated(sentence)) for sentence in sentences))
