"""What the window asks of a search worker: words first, pictures with words, and searches that are kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.encoders import Encoder
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.library.searches import saved_searches
from retake_core.protocol import answers, requests
from retake_core.protocol.search_events import FoundMoment, FoundSoFar
from retake_core.search.query import Field, Term, parse
from retake_core.worker.dispatch import Jobs
from tests.support.colour_library import Library
from tests.support.fakes import FakeEncoder, picture

Some = TypeVar("Some", bound=answers.Reply)


class Desk:
    """The worker's jobs in this process, with what they tell."""

    def __init__(self, library: Library, data_dir: DataDir) -> None:
        self.database = library.database
        self.told: list[answers.Reply] = []
        self.loaded = 0
        self.jobs = Jobs(library.database, data_dir, self._open, self.told.append)

    def _open(self, _name: str) -> Encoder:
        self.loaded += 1
        return FakeEncoder()

    def ask(self, request: requests.Job) -> answers.Reply:
        self.told.clear()
        return self.jobs.do(request, CancelToken())

    def hits(self, request: requests.Job) -> tuple[FoundMoment, ...]:
        answer = self.ask(request)
        assert isinstance(answer, answers.MomentsReady)
        return answer.hits

    @property
    def so_far(self) -> list[tuple[FoundMoment, ...]]:
        events = [answer.event for answer in self.told if isinstance(answer, answers.JobEvent)]
        return [event.hits for event in events if isinstance(event, FoundSoFar)]


@pytest.fixture
def library(database: Database, data_dir: DataDir) -> Library:
    made = Library(database, data_dir)
    made.add("/v/red.mp4", "red red blue")
    spoken = made.add("/w/talk.mp4", "blue red green")
    made.say(spoken, (12.0, 15.0, "the red car"), (22.0, 25.0, "a green tree"))
    return made


@pytest.fixture
def desk(library: Library, data_dir: DataDir) -> Iterator[Desk]:
    made = Desk(library, data_dir)
    yield made
    made.jobs.close()


def test_words_are_told_of_before_the_encoder_is_loaded(desk: Desk) -> None:
    hits = desk.hits(requests.Search(id=1, query="red"))
    (early,) = desk.so_far
    assert {why for hit in early for why in hit.why} == {"said", "title"}
    assert "picture" in {why for hit in hits for why in hit.why}
    desk.hits(requests.Search(id=2, query="red"))
    assert desk.so_far == []
    assert desk.loaded == 1


def test_what_may_match_is_chosen(desk: Desk) -> None:
    def reasons(query: str) -> set[str]:
        return {why for hit in desk.hits(requests.Search(id=1, query=query)) for why in hit.why}

    assert reasons("red match:said") == {"said"}
    assert reasons("red -match:picture") == {"said", "title"}
    assert reasons("red match:picture match:title") == {"picture", "title"}
    assert desk.hits(requests.Search(id=1, query="match:said")) == ()
    query = parse("match:smell")
    assert query.complaints[0].field == Field.MATCH
    assert query.terms == ()


def test_what_is_no_filter_is_told_of() -> None:
    query = parse("camera:sony dog http://a.b at 10:30 folder:x")
    assert list(map(str, query.complaints)) == ["“camera:” is not a filter, so it is searched for as a word."]
    assert query.description == "camera:sony dog http://a.b at 10:30"


def test_weaker_hits_are_marked(desk: Desk) -> None:
    query = "crimson orange"  # no colour: nothing is sure
    assert desk.hits(requests.Search(id=1, query=query)) == ()
    hits = desk.hits(requests.Search(id=1, query="red tree", weaker=True))
    assert any(hit.weaker for hit in hits)
    assert all(hit.weaker == (hit.score < 0.5) for hit in hits)


def test_a_picture_is_searched_for_among_what_a_query_lets_through(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "red.png"
    Image.fromarray(picture("red")).save(file)

    def found(query: str) -> list[tuple[int, float]]:
        hits = desk.hits(requests.Search(id=1, query=query, picture=str(file)))
        return [(hit.video_id, hit.start) for hit in hits]

    assert found("") == [(1, 0.0), (2, 10.0)]
    assert found("folder:/w") == [(2, 10.0)]
    assert found('"red car"') == [(2, 10.0)]
    assert found("green") == []
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match="not a picture"):
        desk.ask(requests.Search(id=1, query="", picture=str(tmp_path / "broken.png")))


def test_similar_moments_are_searched_for_among_what_a_query_lets_through(desk: Desk) -> None:
    def found(query: str) -> list[int]:
        return [hit.video_id for hit in desk.hits(requests.Similar(id=1, like=1, time=20.0, query=query))]

    assert found("") == [2]
    assert found("folder:/v") == []
    assert desk.loaded == 1, "what made the vectors judges them"
    assert found('"green tree"') == []


def test_searches_are_kept_renamed_and_forgotten(desk: Desk) -> None:
    def kept() -> list[tuple[str, str]]:
        with desk.database.reading() as connection:
            return [(entry.name, entry.query) for entry in saved_searches(connection)]

    for name, query in (("cars", "red car"), ("trees", "tree"), ("cars", "a red car")):
        assert isinstance(desk.ask(requests.ChangeSearch(id=1, name=name, query=query)), answers.JobDone)
    assert kept() == [("cars", "a red car"), ("trees", "tree")]
    with pytest.raises(UserError, match="Another search"):
        desk.ask(requests.ChangeSearch(id=1, name="cars", new="trees"))
    desk.ask(requests.ChangeSearch(id=1, name="cars", new="red cars"))
    desk.ask(requests.ChangeSearch(id=1, name="trees"))
    assert kept() == [("red cars", "a red car")]


def test_a_filter_is_written_as_it_is_read() -> None:
    assert parse(str(Term(Field.MATCH, "said", True))).terms == (Term(Field.MATCH, "said", True),)
