"""What the player works out without a window."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from retake_desktop.player.caption import Caption, caption_font, caption_lines, paint_caption
from retake_desktop.player.marks import Marks
from retake_desktop.player.time_display import hundredths
from retake_desktop.player.time_entry import read_time
from retake_desktop.startup.appearance import load_font
from tests.gui.pictures import pixels

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:02:03", 3723.0),
        ("2:05", 125.0),
        ("83", 83.0),
        ("1m23s", 83.0),
        (" 1h 2m ", 3720.0),
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("1:02.25", 62.25),
        ("90 s", 90.0),
        ("", None),
        ("soon", None),
        ("1:2:3:4", None),
        ("-5", None),
        ("²", None),
        ("9" * 500, float("9" * 32)),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, seconds: float | None) -> None:
    assert read_time(text) == seconds


def test_hundredths_are_neither_lost_nor_made() -> None:
    assert [hundredths(time) for time in (0.0, 1.28, 59.999, 61.05, 3600.5)] == [
        "0:00.00",
        "0:01.28",
        "0:59.99",
        "1:01.05",
        "1:00:00.50",
    ]


def test_one_mark_alone_reaches_to_the_edge_of_the_video() -> None:
    marks = Marks()
    marks.set_duration(30.0)
    assert marks.span is None
    marks.mark_start(10.0)
    assert marks.span == (10.0, 30.0)
    marks.mark_end(20.0)
    assert marks.span == (10.0, 20.0)
    marks.mark_start(25.0)
    assert marks.span == (25.0, 30.0)
    marks.mark_end(5.0)
    assert marks.span == (0.0, 5.0)


def test_a_range_is_never_turned_around() -> None:
    marks = Marks()
    marks.set_duration(30.0)
    marks.mark_start(10.0)
    marks.mark_end(20.0)
    marks.move_start(25.0)
    assert marks.span is not None
    assert 19.9 < marks.span[0] < marks.span[1] == 20.0
    marks.move_end(-5.0)
    assert marks.span[0] < marks.span[1]
    marks.clear()
    marks.move_end(5.0)
    assert marks.span is None


def test_long_subtitles_are_shown_two_lines_after_two_lines(qapp: QApplication) -> None:
    font = caption_font(qapp.font(), 360.0)
    seen: list[str] = []
    for share in (0.0, 0.25, 0.5, 0.75, 0.999, 1.0):
        lines = caption_lines(Caption(LONG, share), font, 300.0)
        assert 1 <= len(lines) <= 2
        seen += [line for line in lines if line not in seen]
    assert " ".join(seen) == LONG
    assert caption_lines(Caption(), font, 300.0) == []


def test_subtitles_follow_the_size_of_texts_and_of_the_picture(qapp: QApplication) -> None:
    small, large = QFont(qapp.font()), QFont(qapp.font())
    large.setPointSizeF(small.pointSizeF() * 1.5)
    sizes = [caption_font(font, height).pixelSize() for font in (small, large) for height in (360.0, 1080.0)]
    assert sizes[0] < sizes[1] < sizes[3]
    assert sizes[0] < sizes[2]


@pytest.mark.parametrize("ground", ["white", "black", "#808080"])
def test_subtitles_can_be_read_on_any_ground(ground: str, qapp: QApplication) -> None:
    load_font(qapp, 1.0)  # without a screen there is no other
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    paint_caption(painter, image.rect().toRectF(), 360.0, Caption("Hello 你好"), qapp.font())
    painter.end()
    shown = pixels(image)
    assert (shown.min(axis=2) > 240).any()
    assert (shown.max(axis=2) < 60).any()
    if ground == "#808080":
        rows = np.flatnonzero(np.any(abs(shown.astype(int) - 128) > 20, axis=(1, 2)))
        assert rows.min() > 250
        assert rows.max() < 360 * 0.96
