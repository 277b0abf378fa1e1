"""Editing a query's text, and saying its filters in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.protocol.search_events import FoundMoment
from retake_core.search.query import Field, Term, parse
from retake_desktop.search import filter_words
from retake_desktop.search.query_text import Vocabulary, suggestions, with_filter, without
from retake_desktop.search.results_delegate import shown_snippet

KNOWN = Vocabulary(
    ("Holiday", "Street life", "Old holidays"),
    ("mp4", "mkv"),
    ("2024", "2023"),
    ("sea", "Summer 2024"),
    ("Anna", "Uncle Max"),
)
WORDS = st.lists(
    st.sampled_from(
        ["dog", '"exact words"', "folder:holiday", "after:2023-05", "-screenshot", "after:soon", "a:b"]
    )
)


@given(WORDS)
def test_a_removed_filter_takes_nothing_else_with_it(words: list[str]) -> None:
    text = "  ".join(words)
    for term in parse(text).terms:
        rest = parse(without(text, term.span))
        others = [other for other in parse(text).terms if other.span != term.span]
        assert list(rest.terms) == others


@given(WORDS)
def test_a_chosen_filter_takes_the_place_of_one_about_the_same(words: list[str]) -> None:
    query = parse(with_filter(" ".join(words), Term(Field.AFTER, "2020")))
    assert query.having(Field.AFTER) == [Term(Field.AFTER, "2020")]
    assert query.terms[-1] == Term(Field.AFTER, "2020")
    assert not any(complaint.field == Field.AFTER for complaint in query.complaints)
    before = [term for term in parse(" ".join(words)).terms if term.field != Field.AFTER]
    assert list(query.terms[:-1]) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fo", ["folder:"]),
        ("dog -ti", ["-title:"]),
        ("f", []),
        ("folder:hol", ["folder:Holiday", 'folder:"Old holidays"']),
        ('folder:"street l', ['folder:"Street life"']),
        ("in:", ["folder:Holiday", 'folder:"Street life"', 'folder:"Old holidays"']),
        ("dog type:m", ["type:mp4", "type:mkv"]),
        ("-after:202", ["-after:2024", "-after:2023"]),
        ("type:mp4", []),
        ("match:s", ["match:said", "match:screen", "match:described", "match:person"]),
        ("people:", ["people:1", "people:2", "people:3"]),
        ("person:a", ["person:Anna", 'person:"Uncle Max"']),
        ("folder:hol dog", []),
        ("dog is", []),
        ("tag:s", ["tag:sea", 'tag:"Summer 2024"']),
        ("-tag:SUMM", ['-tag:"Summer 2024"']),
        ("is:f", ["is:favourite"]),
        ("stars:", ["stars:1", "stars:2", "stars:3", "stars:4", "stars:5"]),
    ],
)
def test_what_can_go_on_at_the_cursor(text: str, expected: list[str]) -> None:
    assert suggestions(text, len(text), KNOWN) == expected


def test_within_a_word_nothing_is_suggested() -> None:
    assert suggestions("folder", 2, KNOWN) == []
    assert suggestions("fo dog", 2, KNOWN) == ["folder:"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("folder:holiday", "In folder holiday"),
        ("-folder:holiday", "Not in folder holiday"),
        ("after:2023-05", "Since May 2023"),
        ("-after:2023", "Before 2023"),
        ("before:2023-05-17", "Before 17 May 2023"),
        ("longer:10m", "Longer than 10 min"),
        ("shorter:1h30m", "Shorter than 1 h 30 min"),
        ("-screenshot", "Without screenshot"),
        ('"exact words"', "Exactly “exact words”"),
        ("said:hello", "Said: “hello”"),
        ("person:anna", "With anna"),
        ("-person:anna", "Without anna"),
        ("people:1", "Somebody is seen"),
        ("-people:1", "Nobody is seen"),
        ("people:2", "2 people or more"),
        ("-people:2", "Fewer than 2 people"),
        ("match:screen", "Only by text on screen"),
        ("type:mp4", "Only mp4 files"),
        ('tag:"summer 2024"', "Tagged “summer 2024”"),
        ("-tag:sea", "Not tagged “sea”"),
        ("stars:3", "3 stars or more"),
        ("stars:5", "5 stars"),
        ("-stars:1", "No stars"),
        ("-stars:3", "Fewer than 3 stars"),
        ("is:favorite", "Favourites"),
        ("-is:favourite", "No favourites"),
        ("is:hidden", "Hidden videos"),
        ("note:grandma", "Note has “grandma”"),
        ("match:note", "Only by a note"),
    ],
)
def test_filters_in_plain_words(text: str, words: str) -> None:
    (term,) = parse(text).chips
    assert filter_words.describe(term) == words


def test_what_has_no_effect_is_told_of() -> None:
    sentences = filter_words.complaints(parse("after:soon longer: camera:sony dog camera:canon"))
    assert [sentence.split(" ")[0] for sentence in sentences] == ["“after:”", "“longer:”", "“camera:”"]
    assert all(sentence.endswith(".") for sentence in sentences)


def test_a_name_is_proposed() -> None:
    assert filter_words.propose_name("dog on a beach after:2023") == "Dog on a beach, Since 2023"
    assert filter_words.propose_name("after:soon") == "After:soon"
    assert len(filter_words.propose_name("word " * 50)) <= filter_words.LONGEST_NAME


def test_marks_stay_on_their_words_when_odd_signs_are_written_out() -> None:
    hit = FoundMoment(1, 1, 0, 0, 1, 0.9, snippet="a\u202e happy\n birthday", marks=((3, 8), (10, 18)))
    text, marks = shown_snippet(hit)
    assert [text[start:end] for start, end in marks] == ["happy", "birthday"]
    assert "\u202e" not in text
