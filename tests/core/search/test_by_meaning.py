"""Search for what texts mean, with vectors that are made up: which sentences are near is MiniLM's business."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.cancel import CancelToken
from retake_core.encoders import minilm, packaged
from retake_core.encoders.minilm import DIMENSION
from retake_core.encoders.sentences import sentence_model
from retake_core.errors import UserError
from retake_core.indexing.passes.meaning import MeaningPass
from retake_core.library.passages import begin_passages, count_passages, store_passages, unread_texts
from retake_core.library.texts import TextKind
from retake_core.search.all_sources import search_moments
from retake_core.search.by_meaning import SUREST, MeaningSearch
from retake_core.search.encoder_choice import Searcher
from retake_core.search.fusion import CUT_OFF
from retake_core.search.moments import Moment
from retake_core.search.noise_floor import EVEN, NoiseFloor
from retake_core.search.options import SearchOptions
from tests.support.colour_library import Library
from tests.support.sentence_models import save_sentence_model

FLOOR = NoiseFloor(0.3, 0.05)
ALIKE = FLOOR.middle + EVEN * FLOOR.spread
TOPICS = ("money", "dog", "snow", "nothing")
ABOUT = {"afford": "money", "budget": "money", "puppy": "dog", "ski": "snow"}


def vector(topic: str, share: float = 1.0) -> NDArray[np.float32]:
    made = np.zeros(DIMENSION, np.float32)
    made[TOPICS.index(topic)], made[-1] = share, (1 - share**2) ** 0.5
    return made


class Talks:
    """A library of talk, and the search that knows what it is about."""

    def __init__(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        self.library = library
        self.meaning = MeaningSearch(library.directory)
        self.money = library.add("/v/kitchen.mp4", "grey grey grey")
        library.say(
            self.money,
            (0.0, 3.0, "We really can't afford"),
            (3.0, 5.0, "a new roof."),
            (6.0, 9.0, "The puppy is asleep."),
        )
        self.slides = library.add("/v/lecture.mp4", "grey grey grey")
        library.say(self.slides, (4.0, 20.0, "Budget of the year"), kind=TextKind.SCREEN)
        monkeypatch.setattr(minilm, "text_vector", lambda text: vector(self._topic(text)))
        monkeypatch.setattr(minilm, "shared_minilm", lambda: SimpleNamespace(embed_all=lambda texts: list(texts)))
        monkeypatch.setattr(NoiseFloor, "of", lambda *_: FLOOR)
        self.embed()

    def embed(self) -> None:
        with self.library.database.writing() as connection:
            begin_passages(connection, packaged.MINILM_ID)
            unread = unread_texts(connection, packaged.MINILM_ID)
            vectors = [vector(self._topic(each.content), ALIKE + 0.2) for each in unread.passages]
            store_passages(connection, packaged.MINILM_ID, unread.passages, np.stack(vectors), unread.seen)

    def search(self, query: str, *, weaker: bool = False) -> list[Moment]:
        searcher = Searcher(self.library.encoder, self.library.vectors, None, self.meaning)
        with self.library.database.reading() as connection:
            return search_moments(connection, searcher, query, SearchOptions(weaker=weaker))

    @staticmethod
    def _topic(text: str) -> str:
        words = text.lower().replace(".", "").split()
        return next((ABOUT.get(word, word) for word in words if ABOUT.get(word, word) in TOPICS), "nothing")


@pytest.fixture
def talks(library: Library, monkeypatch: pytest.MonkeyPatch) -> Talks:
    return Talks(library, monkeypatch)


def names(moments: list[Moment]) -> list[str]:
    return [moment.video.path.stem for moment in moments]


def test_a_sentence_is_found_in_other_words(talks: Talks) -> None:
    kitchen, lecture = sorted(talks.search("when did we talk about money"), key=lambda m: m.video.path.stem)
    assert (kitchen.video.path.stem, kitchen.start, kitchen.end, kitchen.time) == ("kitchen", 0.0, 5.0, 0.0)
    assert (kitchen.why, kitchen.by_meaning) == (("said",), True)
    assert (kitchen.snippet.text, kitchen.snippet.marks) == ("We really can't afford a new roof.", ())
    assert (lecture.why, lecture.by_meaning) == (("on screen",), True)
    assert CUT_OFF < kitchen.score <= SUREST


def test_the_same_words_are_told_as_such(talks: Talks) -> None:
    (moment,) = talks.search("puppy ")
    assert (moment.by_meaning, moment.snippet.marks) == (False, ((4, 9),))


def test_nothing_is_near(talks: Talks) -> None:
    assert talks.search("snow") == []
    assert talks.search("snow", weaker=True) == []


@pytest.mark.parametrize(("query", "found"), [("🎂🎉", 0), ("?!", 0), ("钱", 2), ("cash", 2)])
def test_what_has_no_letter_means_nothing(
    talks: Talks, monkeypatch: pytest.MonkeyPatch, query: str, found: int
) -> None:
    monkeypatch.setattr(minilm, "text_vector", lambda _: vector("money"))
    assert len(talks.search(query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("money match:said", ["kitchen"]),
        ("money match:screen", ["lecture"]),
        ("money -match:said", ["lecture"]),
        ("money folder:elsewhere", []),
        ("money title:kitchen", ["kitchen"]),
        ("money said:money", []),
        ("money said:roof", ["kitchen"]),
        ('"money"', []),
        ("money -budget", ["kitchen"]),
        ("mo", []),
    ],
)
def test_filters_and_exact_words_hold(talks: Talks, query: str, found: list[str]) -> None:
    talks.library.say(talks.library.add("/v/far.mp4", "grey"), kind=TextKind.TITLE)
    for name, video in (("kitchen", talks.money), ("lecture", talks.slides)):
        talks.library.say(video, (0.0, 0.0, name), kind=TextKind.TITLE)
    assert sorted(names(talks.search(query))) == found


def test_texts_that_change_are_not_found_by_what_they_said(talks: Talks) -> None:
    assert names(talks.search("dog")) == ["kitchen"]
    talks.library.say(talks.money, (6.0, 9.0, "Nobody is here."))
    assert talks.search("dog") == []
    talks.library.say(talks.money, (6.0, 9.0, "We go and ski."))
    talks.embed()
    assert names(talks.search("snow")) == ["kitchen"]


def test_without_the_model_words_are_found(
    talks: Talks, monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    talks.meaning = MeaningSearch(library.directory)
    assert talks.search("money") == []
    assert names(talks.search("afford")) == ["kitchen"]


def test_with_a_damaged_model_words_are_found(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_text: str) -> NDArray[np.float32]:
        raise UserError("It is damaged.")

    monkeypatch.setattr(minilm, "text_vector", damaged)
    assert talks.search("money") == []
    assert names(talks.search("afford")) == ["kitchen"]


def test_getting_ready_loads_the_model_where_there_is_something_to_find(
    talks: Talks, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []

    def embed(text: str) -> NDArray[np.float32]:
        embedded.append(text)
        return vector("nothing")

    monkeypatch.setattr(minilm, "text_vector", embed)
    with library.database.reading() as connection:
        talks.meaning.get_ready(connection)
    assert len(embedded) == 1
    with library.database.writing() as connection:
        begin_passages(connection, "another")  # there are none of MiniLM's now
        talks.meaning.get_ready(connection)
    assert len(embedded) == 1


def test_another_model_takes_over_when_it_has_embedded_the_texts(
    talks: Talks, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_sentence_model(tmp_path / "many-tongues")
    talks.meaning = MeaningSearch(library.directory, lambda: str(folder))
    assert names(talks.search("dog")) == ["kitchen"]  # by MiniLM until then
    library.say(talks.money, (0.0, 3.0, "Wir haben kein Geld"), language="de")
    model = sentence_model(str(folder))
    monkeypatch.setattr(NoiseFloor, "of", lambda *_: NoiseFloor(-3.0, 0.1))  # so that all of it is near
    list(MeaningPass(library.database, model, CancelToken(), 1).run())
    with library.database.reading() as connection:
        assert count_passages(connection, packaged.MINILM_ID) == 0
    (moment,) = talks.search("über match:said")
    assert (moment.by_meaning, moment.snippet.text) == (True, "Wir haben kein Geld")
    shutil.rmtree(folder)
    assert talks.search("über match:said") != []  # what is loaded goes on
