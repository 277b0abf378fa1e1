"""Lines that are followed from keyframe to keyframe."""

import pytest

from retake_core.ocr.lasting import LastingText, ScreenReading, joined, lasting_texts
from retake_core.ocr.reader import ScreenLine


def followed(*pictures: str, step: float = 2.0) -> list[tuple[str, float, float]]:
    """Return what stands how long; a picture is its lines, parted by |."""
    readings = [
        ScreenReading(number * step, tuple(ScreenLine(words, 0.95) for words in picture.split("|") if words))
        for number, picture in enumerate(pictures)
    ]
    return [(text.content, *text.span) for text in lasting_texts(readings, len(pictures) * step)]


def test_a_title_over_four_keyframes_is_one_text() -> None:
    assert followed("", "Harbour", "Harbour", "Harbour", "Harbour", "") == [("Harbour", 2, 10)]


def test_what_comes_and_goes_together_is_one_text_in_reading_order() -> None:
    assert followed("Harbour|Master", "Harbour|Master|Margarethe", "Margarethe") == [
        ("Harbour\nMaster", 0, 4),
        ("Margarethe", 2, 6),
    ]


def test_a_line_is_the_same_when_letters_are_misread_or_it_is_overlooked_once() -> None:
    assert followed(
        "Tramway to Kestrel Hill", "Tramway to Kestre1 Hill".replace("1", "I"), "", "Tramway to Kestrel Hill"
    ) == [("Tramway to Kestrel Hill", 0, 8)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("exit 24", "exit 25"), ("12:05", "12:06"), ("yes", "yet"), ("$ ls", "$ ls /usr/share"), ("left", "right")],
)
def test_what_means_something_else_is_another_line(one: str, other: str) -> None:
    assert followed(one, other) == [(one, 0, 2), (other, 2, 4)]


def test_a_line_that_is_away_for_long_comes_again() -> None:
    assert followed("Harbour", "", "", "Harbour") == [("Harbour", 0, 2), ("Harbour", 6, 8)]
    assert followed("Harbour", "", "Harbour", step=20) == [("Harbour", 0, 20), ("Harbour", 40, 60)]


def test_the_surest_reading_is_kept_and_noise_is_not() -> None:
    readings = [
        ScreenReading(
            0,
            (
                ScreenLine("Harbour Mastar", 0.8),
                ScreenLine("Hif", 0.64),
                ScreenLine("Q", 0.99),
                ScreenLine("|||", 0.99),
                ScreenLine("元", 0.9),
            ),
        ),
        ScreenReading(
            2, (ScreenLine("Harbour  Master", 0.99), ScreenLine("IT", 0.8), ScreenLine("Lost and found", 0.6))
        ),
    ]
    assert lasting_texts(readings, 5.0) == [LastingText("Harbour Master", (0, 5.0))]


def test_stretches_are_joined_where_a_line_stands_at_their_border() -> None:
    one = [LastingText("Harbour\nMaster", (0, 8)), LastingText("Before", (2, 4))]
    other = [LastingText("Harbour", (8, 12)), LastingText("Before", (9, 10))]
    third = [LastingText("Harbour", (12, 14))]
    assert joined([one, other, third]) == [
        LastingText("Master", (0, 8)),
        LastingText("Harbour", (0, 14)),
        LastingText("Before", (2, 4)),
        LastingText("Before", (9, 10)),
    ]
