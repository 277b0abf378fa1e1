"""The page of keyframes."""

import io
from pathlib import Path

import pytest
from PIL import Image

from retake_core.display import clock
from retake_core.export.contact_sheet import CAPTION, GAP, PAGE, Cell, contact_sheet, pages, write_pdf


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
    pictures = [Cell(clock(i), i / count, thumbnail(160, 90)) for i in range(count)]
    sheet = contact_sheet("title", pictures)
    assert sheet.width == GAP + columns * (160 + GAP)
    assert sheet.height == 2 * GAP + CAPTION + rows * (90 + CAPTION + GAP)


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (20, 320), (320, 20)])
@pytest.mark.parametrize("prominence", [0.0, 0.5, 1.0])
def test_pictures_of_any_shape_are_drawn(size: tuple[int, int], prominence: float) -> None:
    sheet = contact_sheet("title", [Cell("2:00:00", prominence, thumbnail(*size))])
    assert (255, 0, 0) in {colour for _, colour in sheet.getcolors(sheet.width * sheet.height) or ()}


def test_the_bar_shows_the_prominence() -> None:
    def accents(prominence: float) -> int:
        sheet = contact_sheet("", [Cell("0:00", prominence, thumbnail(300, 200))])
        return sum(count for count, colour in sheet.getcolors(10**6) or () if colour == (0x4C, 0x9B, 0xE8))

    assert accents(0.2) < accents(0.6) < accents(1.0)


def test_thumbnails_of_different_sizes_share_a_grid() -> None:
    sheet = contact_sheet(
        "", [Cell("0:00", 1.0, thumbnail(160, 90)), Cell("0:01", 1.0, thumbnail(90, 160, "blue"))]
    )
    assert sheet.width == GAP + 2 * (160 + GAP)
    assert sheet.height == 2 * GAP + CAPTION + 160 + CAPTION + GAP


def test_paper_has_as_many_pages_as_it_needs(tmp_path: Path) -> None:
    cells = [Cell(clock(i), 0.5, thumbnail(320, 180)) for i in range(60)]
    sheets = pages("A day at the sea, 大海", cells)
    assert len(sheets) == 3
    assert {sheet.size for sheet in sheets} == {PAGE}
    reds = [{colour: n for n, colour in sheet.getcolors(10**6) or ()}.get((255, 0, 0), 0) for sheet in sheets]
    assert len({red / n for red, n in zip(reds, (25, 25, 10), strict=True)}) == 1  # every picture, whole
    write_pdf(tmp_path / "sheet.pdf", "title", sheets)
    content = (tmp_path / "sheet.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 3 or b"/Count 3" in content


def test_large_thumbnails_fit_the_paper() -> None:
    (sheet,) = pages("", [Cell("0:00", 0.5, thumbnail(400, 2000))])
    assert (255, 0, 0) in {colour for _, colour in sheet.getcolors(10**6) or ()}


def test_long_captions_are_cut_off() -> None:
    narrow = contact_sheet("t" * 500, [Cell("0:00  a very long name of a video indeed", 0.5, thumbnail(160, 90))])
    assert narrow.width == GAP + 160 + GAP
