"""The page of keyframes."""

import io

import pytest
from PIL import Image

from retake_core.contact_sheet import CAPTION, GAP, contact_sheet
from retake_core.video import clock


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (9.99, "0:09"),
        (61, "1:01"),
        (3599.9, "59:59"),
        (3600, "1:00:00"),
        (36_061, "10:01:01"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def thumbnail(width: int, height: int, colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 5, 1), (6, 5, 2), (23, 5, 5)])
def test_size(count: int, columns: int, rows: int) -> None:
    pictures = [(float(i), i / count, thumbnail(160, 90)) for i in range(count)]
    sheet = contact_sheet("title", pictures)
    assert sheet.width == GAP + columns * (160 + GAP)
    assert sheet.height == 2 * GAP + CAPTION + rows * (90 + CAPTION + GAP)


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (20, 320), (320, 20)])
@pytest.mark.parametrize("prominence", [0.0, 0.5, 1.0])
def test_pictures_of_any_shape_are_drawn(size: tuple[int, int], prominence: float) -> None:
    sheet = contact_sheet("title", [(7200.0, prominence, thumbnail(*size))])
    assert (255, 0, 0) in {colour for _, colour in sheet.getcolors(sheet.width * sheet.height) or ()}


def test_the_bar_shows_the_prominence() -> None:
    def accents(prominence: float) -> int:
        sheet = contact_sheet("", [(0.0, prominence, thumbnail(300, 200))])
        return sum(count for count, colour in sheet.getcolors(10**6) or () if colour == (0x4C, 0x9B, 0xE8))

    assert accents(0.2) < accents(0.6) < accents(1.0)


def test_thumbnails_of_different_sizes_share_a_grid() -> None:
    sheet = contact_sheet("", [(0.0, 1.0, thumbnail(160, 90)), (1.0, 1.0, thumbnail(90, 160, "blue"))])
    assert sheet.width == GAP + 2 * (160 + GAP)
    assert sheet.height == 2 * GAP + CAPTION + 160 + CAPTION + GAP
