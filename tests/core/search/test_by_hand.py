"""Searching by what a person says of videos: tags, stars, favourites, notes; and what is hidden."""

from collections.abc import Callable

import pytest

from retake_core.library import marks, tags
from retake_core.library.notes import add_note
from retake_core.library.searches import save_search
from retake_core.search.by_keyframe import similar_moments
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.listing import Album, Order, albums, ordered, videos_matching
from retake_core.search.query import parse
from tests.support.colour_library import Library

Found = Callable[[str], list[str]]


@pytest.fixture
def library(library: Library) -> Library:
    lake, party, secret = (
        library.add("/v/lake.mp4", "red red blue", 30.0, size=30, dated="2020", dated_us=2),
        library.add("/v/party.mp4", "red green blue", 60.0, size=20, dated="2022", dated_us=3),
        library.add("/w/secret.mp4", "red", 10.0, size=10, dated="2019", dated_us=1),
    )
    with library.database.writing() as connection:
        tags.add_tags(connection, [lake, secret], ["Summer 2024"])
        tags.add_tags(connection, [party], ["夏"])
        marks.set_marks(connection, [lake], stars=3)
        marks.set_marks(connection, [party], stars=5, favourite=True)
        marks.set_marks(connection, [secret], hidden=True)
        add_note(connection, [party], "Grandma laughs loudly", 12.0)
        add_note(connection, [lake], "filmed by Ada Lovelace", None)
        add_note(connection, [secret], "Grandma hides", 1.0)
    return library


@pytest.fixture
def found(library: Library) -> Found:
    def search(query: str) -> list[str]:
        return sorted({moment.video.path.stem for moment in library.search(query)})

    return search


@pytest.fixture
def listed(library: Library) -> Found:
    def look(query: str) -> list[str]:
        with library.database.reading() as connection:
            return [entry.path.stem for entry in videos_matching(connection, parse(query))]

    return look


FILTERS = [
    ('tag:"summer 2024"', ["lake"]),
    ("tag:summer", []),
    ("-tag:夏", ["lake"]),
    ("tag:夏 -tag:other", ["party"]),
    ("stars:3", ["lake", "party"]),
    ("stars:4", ["party"]),
    ("-stars:4", ["lake"]),
    ("is:favourite", ["party"]),
    ("is:FAVORITE", ["party"]),
    ("-is:favourite", ["lake"]),
    ("is:hidden", ["secret"]),
    ('is:hidden tag:"SUMMER 2024"', ["secret"]),
    ("-is:hidden", ["lake", "party"]),
]


@pytest.mark.parametrize(("query", "names"), FILTERS)
def test_filters_of_moments_and_of_videos(found: Found, listed: Found, query: str, names: list[str]) -> None:
    assert listed(query) == names
    if query != "-is:hidden":  # alone it asks for no moment
        assert found(query) == names
    assert found(f"red {query}") == names


def test_lists_take_words_from_titles_and_exact_ones_from_everywhere(listed: Found) -> None:
    assert listed("") == ["lake", "party"]
    assert listed("lake") == ["lake"]
    assert listed("-lake") == ["party"]
    assert listed("note:grandma") == ["party"]
    assert listed("note:grandma is:hidden") == ["secret"]
    assert listed("-note:grandma") == ["lake"]
    assert listed('"Ada Lovelace"') == ["lake"]


def test_albums_count_the_videos_of_searches_that_are_kept(library: Library) -> None:
    with library.database.writing() as connection:
        save_search(connection, "Summer", 'tag:"summer 2024"')
        save_search(connection, "best", "stars:3")
        save_search(connection, "Red", "red stars:3")
        assert albums(connection) == [
            Album("best", "stars:3", 2),
            Album("Red", "red stars:3", None),
            Album("Summer", 'tag:"summer 2024"', 1),
        ]


def test_notes_are_moments_at_their_time(library: Library) -> None:
    for query in ("note:grandma", "grandma laughs", '"grandma laughs"'):
        (moment,) = library.search(query)
        assert (moment.video.path.stem, moment.time, moment.why) == ("party", 12.0, ("note",))
        assert moment.best.time == 10.0
        assert "Grandma laughs loudly" in moment.snippet.text
    assert library.search("grandma -note:loudly") == []
    assert library.search("grandma match:said") == []
    assert len(library.search("grandma match:note")) == 1


def test_a_note_about_the_whole_is_a_video(library: Library) -> None:
    for query in ("note:lovelace", "ada lovelace"):
        (moment,) = library.search(query)
        assert (moment.video.path.stem, moment.start, moment.end, moment.why) == ("lake", 0.0, 30.0, ("note",))
    moments = library.search("blue note:lovelace")
    assert [(m.video.path.stem, m.best.time) for m in moments] == [("lake", 20.0)]


def test_a_hidden_video_is_left_out_of_everything_but_itself(library: Library, found: Found) -> None:
    assert found("red") == ["lake", "party"]
    assert found("secret") == []
    with library.database.reading() as connection:
        (secret,) = videos_matching(connection, parse("is:hidden"))
        encoders = SearchEncoder(library.directory, lambda _: library.encoder, lambda: "fake")
        alike = {m.video.path.stem for m in similar_moments(connection, encoders, secret.id, 0.0)}
    assert alike == {"lake", "party"}
    with library.database.reading() as connection:
        (lake,) = videos_matching(connection, parse("lake"))
        alike = {m.video.path.stem for m in similar_moments(connection, encoders, lake.id, 0.0)}
        asked = {m.video.path.stem for m in similar_moments(connection, encoders, lake.id, 0.0, "is:hidden")}
    assert alike == {"party"}
    assert asked == {"secret"}
    assert [m.video.path.stem for m in library.search("red", video_ids=frozenset((secret.id,)))] == ["secret"]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (Order.NAME, ["lake", "party", "secret"]),
        (Order.DATE, ["party", "lake", "secret"]),
        (Order.LENGTH, ["party", "lake", "secret"]),
        (Order.ADDED, ["secret", "party", "lake"]),
        (Order.STARS, ["party", "lake", "secret"]),
    ],
)
def test_orders(library: Library, order: Order, names: list[str]) -> None:
    with library.database.reading() as connection:
        entries = [*videos_matching(connection, parse("is:hidden")), *videos_matching(connection, parse(""))]
    assert [entry.path.stem for entry in ordered(entries, order)] == names
    assert [entry.path.stem for entry in ordered(entries, order, backwards=True)] == names[::-1]
