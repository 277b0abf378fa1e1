"""Icons of the Material Design family (Apache 2.0), drawn from QtAwesome's font.

QtAwesome itself is not imported: it loads all of Qt's modules, a fifth of a second at every start.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

FAMILY = "materialdesignicons6-webfont"


class _Engine(QIconEngine):
    def __init__(self, glyph: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._glyph, self._colour, self._disabled = glyph, colour, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw the glyph."""
        font = QFont(_font())
        font.setPixelSize(max(1, round(rect.height() * 0.875)))
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(self._disabled if mode == QIcon.Mode.Disabled else self._colour))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a picture of the glyph."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Return another one like this."""
        return _Engine(self._glyph, self._colour, self._disabled)


def draw_icon(name: str, colour: str, disabled: str) -> QIcon:
    """Return an icon by its name in the family, which scales to any size.

    Raises:
        KeyError: there is none of this name.
    """
    return QIcon(_Engine(chr(int(_glyphs()[name], 16)), colour, disabled))


def _file(pattern: str) -> Path:
    spec = find_spec("qtawesome")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    (path,) = Path(spec.submodule_search_locations[0], "fonts").glob(pattern)
    return path


@cache
def _glyphs() -> dict[str, str]:
    glyphs: dict[str, str] = json.loads(_file(f"{FAMILY}-charmap-*.json").read_bytes())
    return glyphs


@cache
def _font() -> str:
    number = QFontDatabase.addApplicationFont(str(_file(f"{FAMILY}-[0-9]*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]
