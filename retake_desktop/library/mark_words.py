"""How the window writes what a person said of a video."""

from PySide6.QtCore import QCoreApplication

FULL, HEART = "★", "♥"


def stars(count: int) -> str:
    """Say how many stars."""
    return _tr("1 star") if count == 1 else _tr("{count} stars").format(count=count)


def signs(stars: int, *, favourite: bool) -> str:
    """Return the signs of a card: a heart for a favourite, and its stars."""
    return " ".join(part for part in (HEART if favourite else "", FULL * stars) if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("mark_words", text)
