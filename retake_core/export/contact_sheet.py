"""A page of keyframes with their times, to look at a video in one glance."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from retake_core.clock import clock

GAP = 12
CAPTION = 22
NARROWEST = 120  # pixels of a column: room for the time and the bar
BACKGROUND, INK, FAINT, ACCENT = "#16181d", "#e8eaed", "#3a3f4b", "#4c9be8"


def contact_sheet(title: str, pictures: Sequence[tuple[float, float, bytes]], columns: int = 5) -> Image.Image:
    """Draw keyframes in order of time.

    Args:
        title: stands above them.
        pictures: time in seconds, prominence 0..1 (drawn as a bar), and encoded thumbnail of each; at least one.
        columns: how many stand side by side.
    """
    thumbnails = [Image.open(io.BytesIO(data)).convert("RGB") for _, _, data in pictures]
    width = max(NARROWEST, *(picture.width for picture in thumbnails))
    height = max(picture.height for picture in thumbnails)
    columns = min(columns, len(thumbnails))
    rows = math.ceil(len(thumbnails) / columns)
    top = 2 * GAP + CAPTION
    size = (GAP + columns * (width + GAP), top + rows * (height + CAPTION + GAP))
    sheet = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=15)
    draw.text((GAP, GAP), title, INK, font)
    for i, ((time, prominence, _), picture) in enumerate(zip(pictures, thumbnails, strict=True)):
        row, column = divmod(i, columns)
        x, y = GAP + column * (width + GAP), top + row * (height + CAPTION + GAP)
        sheet.paste(picture, (x + (width - picture.width) // 2, y + (height - picture.height) // 2))
        draw.text((x, y + height + 2), clock(time), INK, font)
        bar = (x + 80, y + height + 9, x + width, y + height + 14)
        draw.rectangle(bar, FAINT)
        draw.rectangle((*bar[:2], bar[0] + round((bar[2] - bar[0]) * prominence), bar[3]), ACCENT)
    return sheet
