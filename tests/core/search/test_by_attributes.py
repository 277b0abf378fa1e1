"""Colours, brightness, shapes and people in a query, for an encoder that knows the word "car" alone."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, insert, select

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION
from retake_core.indexing.passes.attributes import AttributesPass
from retake_core.library.attributes import OF_ATTRIBUTES, unmeasured_videos
from retake_core.library.faces import WHOLE
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, store_keyframes
from retake_core.library.schema import face_reading, keyframe_attributes
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.library.vectors import VectorIndex
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.protocol.requests import Search
from retake_core.search.all_sources import MomentSearch
from retake_core.search.encoder_choice import SearchEncoder, Searcher
from retake_core.search.fusion import Why
from retake_core.search.moments import Moment, found_moments
from retake_core.search.service import SearchService
from tests.core.encoders.test_attributes import GREEN, RED, drawn
from tests.core.library.test_persons import add_face
from tests.support.colour_library import Library
from tests.support.fakes import FakeEncoder

CARS = (0, 3)
"""Numbers of the pictures that show a car, as far as the encoder knows."""


class KnowsCars(FakeEncoder):
    """An encoder with one word."""

    def encode_text(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, np.float32)
        vector[0] = "car" in text.split()
        return vector

    def unknown_words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in text.split() if word not in ("car", "a", "in", "at"))

    def names_something(self, text: str) -> bool:
        return "car" in text.split()


class Films:
    """A film with a picture every 10 seconds: a red circle, a green square, a red triangle, night.

    The first and the last also show a car.
    """

    def __init__(self, library: Library, data_dir: DataDir) -> None:
        self.database, self.encoder = library.database, KnowsCars()
        self.video_id = library.add("/videos/film.mp4", "red", 40.0)
        night = np.random.default_rng(0).integers(0, 60, (180, 320, 1)).repeat(3, axis=2).astype(np.uint8)
        shown = [drawn("circle", RED), drawn("square", GREEN), drawn("triangle", RED), night]
        self.store([(image, number in CARS) for number, image in enumerate(shown)])
        attributes = VectorIndex(data_dir.vectors, ATTRIBUTES, DIMENSION, OF_ATTRIBUTES)
        vectors = VectorIndex(data_dir.vectors, self.encoder.id, self.encoder.dimension)
        self.searcher = Searcher(self.encoder, vectors, attributes=attributes)

    def store(self, shown: list[tuple[NDArray[np.uint8], bool]]) -> None:
        """Give the film other pictures: each with whether there is a car."""
        new = [
            NewKeyframe(10.0 * at, 0.5, encode_thumbnail(image), np.eye(16, dtype=np.float32)[0 if car else 1])
            for at, (image, car) in enumerate(shown)
        ]
        with self.database.writing() as connection:
            begin_job(connection, self.video_id, Depth.QUICK, "recipe")
            store_keyframes(connection, self.video_id, "fake", new, start=0.0, end=None, state=None)

    def measure(self) -> None:
        list(AttributesPass(self.database, self.encoder, CancelToken()).run())

    def look_for_faces(self, faces: dict[float, int]) -> None:
        """Look for faces, and find so many at some seconds."""
        with self.database.writing() as connection:
            connection.execute(insert(face_reading).values(video_id=self.video_id, part=WHOLE, stamp="1"))
            for second, count in faces.items():
                for who in range(count):
                    add_face(connection, self.video_id, second, who)

    def say(self, text: str, start: float, end: float) -> None:
        with self.database.writing() as connection:
            said = [NewText(text, start, end)]
            replace_texts(connection, self.video_id, "speech", TextKind.SPOKEN, "1", said)

    def ask(self, query: str) -> tuple[list[Moment], tuple[str, ...]]:
        """Return what is found, and which words are not known."""
        with self.database.reading() as connection:
            search = MomentSearch(connection, query)
            moments = search.by_all(self.searcher)
            return moments, search.unknown_words(self.searcher, moments)

    def times(self, query: str) -> list[float]:
        return sorted(moment.time for moment in self.ask(query)[0])


@pytest.fixture
def films(library: Library, data_dir: DataDir) -> Films:
    return Films(library, data_dir)


@pytest.mark.parametrize(
    ("query", "times", "unknown"),
    [
        ("red circle", [0.0], ()),
        ("circle", [0.0], ()),
        ("rotes Dreieck", [20.0], ()),
        ("red", [0.0, 20.0], ()),
        ("green square", [10.0], ()),
        ("red square", [], ()),
        ("night", [30.0], ()),
        ("car", [0.0, 30.0], ()),
        ("red car", [0.0], ()),
        ("a car at night", [30.0], ()),
        ("a green car", [], ()),
        ("red -car", [20.0], ()),
        ("red -triangle", [0.0], ()),
        ("car -night", [0.0], ()),
        ("red army", [], ("army",)),
        ("purple", [], ()),
        ("red title:film", [0.0, 20.0], ()),
        ("red title:other", [], ()),
        ("red match:said", [], ()),
    ],
)
def test_pictures_are_found_by_what_they_have(
    films: Films, query: str, times: list[float], unknown: tuple[str, ...]
) -> None:
    films.measure()
    assert films.times(query) == times
    assert films.ask(query)[1] == unknown


def test_a_result_says_what_it_has(films: Films) -> None:
    films.measure()
    moments, _ = films.ask("a red car in a circle")
    (hit,) = found_moments(moments)
    assert hit.why == (Why.PICTURE,)
    assert set(hit.shows) == {"red", "circle"}
    assert [hit.shows for hit in found_moments(films.ask("car")[0])] == [(), ()]


@pytest.mark.parametrize(
    ("query", "shows", "unknown", "faceless"),
    [
        ("red circle", [("red circle",)], (), False),
        ("red army", [], ("army",), False),
        ("a wet car", [(), ()], ("wet",), False),
        ("two people", [], ("two", "people"), True),
        ("a wet person", [], ("wet", "person"), True),
        ("两个人", [], ("两个人",), True),
        ("a man talking", [], ("man", "talking"), True),
    ],
)
def test_a_search_tells_what_it_has_found_and_what_it_does_not_know(
    films: Films, query: str, shows: list[tuple[str, ...]], unknown: tuple[str, ...], faceless: bool
) -> None:
    films.measure()
    chooser = cast("SearchEncoder", SimpleNamespace(choose=lambda _: films.searcher))
    service = SearchService(films.database, chooser)
    found = service.search(Search(id=1, query=query), CancelToken(), lambda _: None)
    assert ([hit.shows for hit in found.hits], found.unknown, found.faceless) == (shows, unknown, faceless)


def test_what_was_not_measured_is_not_known(films: Films) -> None:
    assert films.ask("red circle") == ([], ("red", "circle"))
    assert films.times("red car") == [0.0, 30.0]  # as before: a word that is left out


def test_people_are_found_by_their_faces_and_not_claimed_without(films: Films) -> None:
    films.measure()
    assert films.ask("a person") == ([], ("person",))
    films.look_for_faces({2.0: 1, 35.0: 2})
    moments, unknown = films.ask("a person")
    assert ([moment.time for moment in moments], unknown) == ([2.0, 35.0], ())
    assert {moment.why for moment in moments} == {(Why.PERSON,)}
    assert films.times("two people") == [35.0]
    assert films.times("two people at night") == [30.0]
    assert films.times("a red person") == [0.0]
    assert films.times("a person in a car") == [0.0, 30.0]
    assert films.ask("three people") == ([], ())


@pytest.mark.parametrize(
    ("query", "times", "unknown"),
    [
        ("a man talking", [2.0], ("man",)),  # at 35 nobody says anything
        ("man", [2.0, 35.0], ("man",)),
        ("two men", [35.0], ("men",)),
        ("women", [35.0], ("women",)),
        ("a woman at night", [30.0], ("woman",)),
        ("talking", [2.0], ()),
        ("a person talking", [2.0], ()),
        ("two people talking", [], ()),
        ("ein Mann", [2.0, 35.0], ("Mann",)),
        ("男人", [2.0, 35.0], ("男人",)),
        ("a man welding", [], ("man", "welding")),
        ("a man in a car", [0.0, 30.0], ("man",)),  # from behind he has no face
    ],
)
def test_faces_answer_for_men_and_women_and_say_that_they_do_not_tell_them_apart(
    films: Films, query: str, times: list[float], unknown: tuple[str, ...]
) -> None:
    films.measure()
    films.look_for_faces({2.0: 1, 35.0: 2})
    films.say("Good morning", 1.0, 3.0)
    found, left_out = films.ask(query)
    assert (sorted(moment.time for moment in found), left_out) == (times, unknown)


def test_without_a_word_heard_talking_is_not_told_and_without_faces_nobody_is(films: Films) -> None:
    assert films.ask("a man talking") == ([], ("man", "talking"))
    films.look_for_faces({2.0: 1})
    moments, unknown = films.ask("a man talking")
    assert ([moment.time for moment in moments], unknown) == ([2.0], ("man", "talking"))
    assert films.ask("talking") == ([], ("talking",))


def test_what_is_new_is_measured_once_and_goes_with_its_keyframe(films: Films) -> None:
    films.measure()
    assert films.times("green") == [10.0]
    films.store([(drawn("circle", GREEN), False)])
    with films.database.reading() as connection:
        assert [entry.keyframes for entry in unmeasured_videos(connection, ATTRIBUTES)] == [1]
        assert connection.scalar(select(func.count()).select_from(keyframe_attributes)) == 0
    films.measure()
    assert films.times("green circle") == [0.0]
    with films.database.reading() as connection:
        assert unmeasured_videos(connection, ATTRIBUTES) == []


def test_a_damaged_thumbnail_shows_nothing(films: Films, library: Library) -> None:
    library.add("/videos/damaged.mp4", "red")  # its thumbnail is empty
    films.measure()
    assert {moment.video.id for moment in films.ask("red")[0]} == {films.video_id}
    with films.database.reading() as connection:
        assert unmeasured_videos(connection, ATTRIBUTES) == []
