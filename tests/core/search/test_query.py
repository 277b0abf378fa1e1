"""The query language: whatever is typed is a query, and what is written back is the same one."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.search.query import Field, Query, Term, as_date, as_seconds, in_plain_words, parse

FILTERS = ("title:", "folder:", "after:2023-05", "longer:10m", "tag:", "stars:3", "stars:9", "is:hidden", "is:")
SIGNS = st.sampled_from([*list('"“”„«»-: ab\t\n'), *FILTERS, "ü", "生日"])


@given(st.lists(SIGNS).map("".join) | st.text())
def test_every_text_is_a_query_and_comes_back_as_itself(text: str) -> None:
    query = parse(text)
    assert parse(str(query)) == query
    for term in query.terms:
        start, end = term.span
        assert 0 <= start < end <= len(text)
        assert term.value
    assert all(str(complaint).endswith(".") for complaint in query.complaints)
    left_out = [complaint.span for complaint in query.complaints if complaint.field is not None]
    spans = sorted([term.span for term in query.terms] + left_out)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def terms(text: str) -> list[tuple[str, str, bool]]:
    return [(term.field.value, term.value, term.excluded) for term in parse(text).terms]


def test_everything_in_one_query() -> None:
    text = 'beach at sunset "happy  birthday" folder:holiday after:2023-05 longer:10m -screenshot -title:draft'
    assert terms(text) == [
        ("word", "beach", False),
        ("word", "at", False),
        ("word", "sunset", False),
        ("phrase", "happy birthday", False),
        ("folder", "holiday", False),
        ("after", "2023-05", False),
        ("longer", "10m", False),
        ("word", "screenshot", True),
        ("title", "draft", True),
    ]
    query = parse(text)
    assert query.description == "beach at sunset"
    assert [text[slice(*chip.span)] for chip in query.chips] == [
        '"happy  birthday"',
        *["folder:holiday", "after:2023-05", "longer:10m", "-screenshot", "-title:draft"],
    ]
    assert [chip.field for chip in query.chips] == [
        Field.PHRASE,
        Field.FOLDER,
        Field.AFTER,
        Field.LONGER,
        Field.WORD,
        Field.TITLE,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('folder:"summer holiday"', [("folder", "summer holiday", False)]),
        ("in:trips IN:2023", [("folder", "trips", False), ("folder", "2023", False)]),
        ('"not closed', [("word", "not", False), ("word", "closed", False)]),
        ('5" screen', [("word", "5", False), ("word", "screen", False)]),
        ("“schöne Welt”", [("phrase", "schöne Welt", False)]),
        ("„schöne Welt“", [("phrase", "schöne Welt", False)]),
        ("http://x unknown:y", [("word", "http://x", False), ("word", "unknown:y", False)]),
        ("a well-known dog - or not -", [("word", w, False) for w in ["a", "well-known", "dog", "or", "not"]]),
        ('-"exact words"', [("phrase", "exact words", True)]),
        ('"" -  "', []),
        ("", []),
    ],
)
def test_reading(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    "text", ["after:soon", "before:2023-13", "longer:ages", "shorter:", "title:", "after:2023-02-30"]
)
def test_a_filter_that_says_nothing_is_left_out_with_a_sentence(text: str) -> None:
    query = parse(f"dog {text}")
    assert [term.value for term in query.terms] == ["dog"]
    (complaint,) = query.complaints
    assert str(complaint).startswith(f"“{text.split(':')[0]}:” needs a ")
    assert (complaint.span, complaint.field) == ((4, 4 + len(text)), Field(text.split(":")[0]))


@pytest.mark.parametrize("text", ["stars:0", "stars:6", "stars:many", "is:good", "tag:", "note:"])
def test_what_a_person_cannot_have_said_is_left_out(text: str) -> None:
    query = parse(f"dog {text}")
    assert [term.value for term in query.terms] == ["dog"]
    (complaint,) = query.complaints
    assert str(complaint).startswith(f"“{text.split(':')[0]}:” needs ")


def test_dates_and_lengths() -> None:
    assert as_date("2023") == date(2023, 1, 1)
    assert as_date("2023/5") == date(2023, 5, 1)
    assert as_date("2023-05-17") == date(2023, 5, 17)
    assert as_date("23") is None
    lengths = {
        "90": 90,
        "90s": 90,
        "10m": 600,
        "10min": 600,
        "1h30m": 5400,
        "1.5h": 5400,
        "2:30": 150,
        "1:00:01": 3601,
    }
    assert {text: as_seconds(text) for text in lengths} == lengths
    assert as_seconds("") is None
    assert as_seconds("m10") is None


def test_the_last_word_may_not_be_complete() -> None:
    assert parse("a dog on the bea").open_end
    assert not parse("a dog on the beach ").open_end
    assert not parse('dog "bea"').open_end


def test_in_a_question_quotes_are_language() -> None:
    query = in_plain_words(parse('what does "hello" mean -really folder:trips'))
    assert query.description == "what does hello mean really"
    assert query.chips == (Term(Field.FOLDER, "trips"),)
    assert in_plain_words(Query(())) == Query(())
