"""What is valid of an answer is kept, whatever the rest is."""

import pytest

from retake_core.videollm.describing.told import Happening, cleaned, parse

ANSWER = (
    "Title: A birthday\n"
    "Summary: A family celebrates. A girl blows out candles.\n"
    "0:05-0:12 The cake | A woman carries a cake in.\n"
    "1:00:03-1:00:09 The end | They wave.\n"
    "Pictures:\n"
    "0:07 a cake\n"
    "0:31 nothing"
)
TIMES = (7.4, 31.0)


def test_all_of_a_whole_answer_is_kept() -> None:
    told = parse(ANSWER, TIMES)
    assert (told.title, told.summary) == ("A birthday", "A family celebrates. A girl blows out candles.")
    assert told.happenings == [
        Happening(5, 12, "The cake", "A woman carries a cake in.", 2),
        Happening(3603, 3609, "The end", "They wave.", 3),
    ]
    assert told.pictures == {7.4: "a cake", 31.0: "nothing"}


def test_of_a_cut_answer_the_last_line_goes() -> None:
    assert parse(ANSWER, TIMES, cut=True).pictures == {7.4: "a cake"}
    cut = parse(ANSWER[: ANSWER.index("A woman") + 5], TIMES, cut=True)
    assert not cut.happenings
    assert cut.title
    assert parse(ANSWER[:12], TIMES, cut=True).title == "A bir"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "The video shows a cake.", "Title: \nSummary:  ", "Pictures:\n9:99 x"]
)
def test_nothing_valid_is_nothing(text: str) -> None:
    assert parse(text, TIMES).is_empty


@pytest.mark.parametrize(
    "line",
    ["0:12-0:05 backwards | It ends before it begins.", "0:05-0:12  | no title", "5-12 no times | x", "0:05 one"],
)
def test_lines_that_make_no_sense_are_left_out(line: str) -> None:
    assert not parse(f"Title: x\n{line}\n0:01-0:02 good | yes\n", ()).happenings[1:]
    assert parse(f"{line}\n0:01-0:02 good | yes\n", ()).happenings[0].title == "good"


def test_what_is_told_twice_is_kept_once() -> None:
    told = parse("0:01-0:02 a | x\n" * 5 + "0:03-0:04 a | x\n", ())
    assert [each.start for each in told.happenings] == [1, 3]


def test_pictures_that_were_not_asked_for_are_left_out() -> None:
    assert parse("Pictures:\n0:08 a dog\n0:07 a cake\n0:07 again\n", TIMES).pictures == {7.4: "a cake"}


def test_what_is_said_over_and_over_is_said_once() -> None:
    assert cleaned("A man walks. A man walks. A man walks. A man walks.") == "A man walks."
    assert cleaned("the the the the cat") == "the cat"
    assert cleaned("tick tick, tock tock") == "tick tick, tock tock"
    assert cleaned("a\u202eb\x1b[31mc\ufffd") == "a b [31mc"
