"""Pages of keyframes with their times, to look at videos in one glance: one tall picture, or sheets of paper."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

GAP = 12
CAPTION = 22
NARROWEST = 120  # pixels of a column: room for the time and the bar
COLUMNS = 5
PAGE = (1684, 1190)  # pixels of A4, lying, at 144 to the inch
PAGE_RESOLUTION = 144.0
MARGIN = 40  # pixels that printers leave white
SIZE = 15  # pixels of the writing
_BAR = 80  # pixels from the left edge of a picture to its bar, where the caption is that short
_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "PingFang.ttc",
    "msyh.ttc",
    "DejaVuSans.ttf",
)
"""Fonts that know more than Latin letters, where the computer has one."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of a sheet."""

    background: str
    text: str
    faint: str
    accent: str


DARK = Ink("#16181d", "#e8eaed", "#3a3f4b", "#4c9be8")
PAPER = Ink("#ffffff", "#1b1d22", "#d5d9e0", "#2f7fd0")


@dataclass(frozen=True, slots=True)
class Cell:
    """A picture of a sheet.

    Attributes:
        caption: stands under it.
        prominence: 0..1, drawn as a bar.
        picture: encoded.
    """

    caption: str
    prominence: float
    picture: bytes


def contact_sheet(title: str, cells: Sequence[Cell], columns: int = COLUMNS, ink: Ink = DARK) -> Image.Image:
    """Draw pictures in their order, on one page that is as high as they need.

    Args:
        title: stands above them.
        cells: at least one.
        columns: how many stand side by side.
        ink: the colours.
    """
    thumbnails = _thumbnails(cells)
    width, height = _cell_size(thumbnails)
    columns = min(columns, len(cells))
    rows = math.ceil(len(cells) / columns)
    top = 2 * GAP + CAPTION
    sheet = Image.new(
        "RGB", (GAP + columns * (width + GAP), top + rows * (height + CAPTION + GAP)), ink.background
    )
    _draw(sheet, title, cells, thumbnails, columns, (width, height), ink)
    return sheet


def pages(title: str, cells: Sequence[Cell]) -> list[Image.Image]:
    """Draw pictures in their order on as many pages of paper as they need.

    Args:
        title: stands above those of each page, with the page's number.
        cells: at least one.
    """
    thumbnails = _thumbnails(cells)
    room = (PAGE[0] - 2 * MARGIN, PAGE[1] - 2 * MARGIN)
    widest = (room[0] - GAP) // COLUMNS - GAP
    width, height = _cell_size(thumbnails)
    if width > widest or height > room[1] // 2:
        scale = min(widest / width, room[1] / 2 / height)
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        for thumbnail in thumbnails:
            thumbnail.thumbnail((width, height))
    columns = max(1, (room[0] - GAP) // (width + GAP))
    rows = max(1, (room[1] - 2 * GAP - CAPTION) // (height + CAPTION + GAP))
    inside = (GAP + columns * (width + GAP), room[1])
    each = columns * rows
    count = math.ceil(len(cells) / each)
    sheets: list[Image.Image] = []
    for number in range(count):
        sheet = Image.new("RGB", inside, PAPER.background)
        part = slice(number * each, (number + 1) * each)
        heading = title if count == 1 else f"{title}   {number + 1}/{count}"
        _draw(sheet, heading, cells[part], thumbnails[part], columns, (width, height), PAPER)
        page = Image.new("RGB", PAGE, PAPER.background)
        page.paste(sheet, ((PAGE[0] - sheet.width) // 2, MARGIN))
        sheets.append(page)
    return sheets


def write_png(target: Path, sheet: Image.Image) -> None:
    """Write a sheet as a picture.

    Raises:
        OSError: it cannot be written.
    """
    content = io.BytesIO()  # Pillow does not say why a file cannot be written
    sheet.save(content, "PNG")
    target.write_bytes(content.getvalue())


def write_pdf(target: Path, title: str, sheets: Sequence[Image.Image]) -> None:
    """Write sheets as the pages of a document.

    Raises:
        OSError: it cannot be written.
    """
    first, *others = sheets
    content = io.BytesIO()
    first.save(
        content,
        "PDF",
        save_all=True,
        append_images=others,
        resolution=PAGE_RESOLUTION,
        title=title,
        producer="ReTaKe",
        quality=88,
    )
    target.write_bytes(content.getvalue())


def _draw(
    sheet: Image.Image,
    title: str,
    cells: Sequence[Cell],
    thumbnails: Sequence[Image.Image],
    columns: int,
    size: tuple[int, int],
    ink: Ink,
) -> None:
    draw = ImageDraw.Draw(sheet)
    font = _font(title + "".join(cell.caption for cell in cells))
    width, height = size
    top = 2 * GAP + CAPTION
    draw.text((GAP, GAP), _fitted(draw, title, font, sheet.width - 2 * GAP), ink.text, font)
    for i, (cell, picture) in enumerate(zip(cells, thumbnails, strict=True)):
        row, column = divmod(i, columns)
        x, y = GAP + column * (width + GAP), top + row * (height + CAPTION + GAP)
        sheet.paste(picture, (x + (width - picture.width) // 2, y + (height - picture.height) // 2))
        _draw_caption(draw, cell, font, (x, y + height, width), ink)


def _draw_caption(
    draw: ImageDraw.ImageDraw, cell: Cell, font: Font, place: tuple[int, int, int], ink: Ink
) -> None:
    x, y, width = place
    if draw.textlength(cell.caption, font) > _BAR - 6:  # no room for a bar beside it
        draw.text((x, y + 2), _fitted(draw, cell.caption, font, width), ink.text, font)
        return
    draw.text((x, y + 2), cell.caption, ink.text, font)
    left, right = x + min(_BAR, width - 20), x + width
    draw.rectangle((left, y + 9, right, y + 14), ink.faint)
    draw.rectangle((left, y + 9, left + round((right - left) * cell.prominence), y + 14), ink.accent)


def _fitted(draw: ImageDraw.ImageDraw, text: str, font: Font, width: int) -> str:
    """Return a text, or its beginning with an ellipsis, that is at most so many pixels wide."""
    if draw.textlength(text, font) <= width:
        return text
    while text and draw.textlength(f"{text}...", font) > width:
        text = text[:-1]
    return f"{text}..."


def _thumbnails(cells: Sequence[Cell]) -> list[Image.Image]:
    return [Image.open(io.BytesIO(cell.picture)).convert("RGB") for cell in cells]


def _cell_size(thumbnails: Sequence[Image.Image]) -> tuple[int, int]:
    width = max(NARROWEST, *(picture.width for picture in thumbnails))
    return width, max(picture.height for picture in thumbnails)


def _font(text: str) -> Font:
    """Return a font that knows the letters of a text, as far as the computer has one."""
    if not text.isascii():
        for name in _FONTS:
            try:
                return ImageFont.truetype(name, SIZE)
            except OSError:
                continue
    return ImageFont.load_default(size=SIZE)
