"""Changing the encoder: search goes on with the one before, thumbnails come first, and the videos after them."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, update

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.indexing.passes.thumbnails import embed_thumbnails
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library import embeddings
from retake_core.library.database import Database
from retake_core.library.history import Details, begin_message, finish_message, messages
from retake_core.library.indexing import Depth
from retake_core.library.schema import embedding, keyframe
from retake_core.maintenance.health import examine
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassStarted, Switch, Switching, VideoDone
from retake_core.protocol.question_events import Cited
from retake_core.protocol.question_outcome import AnswerState
from retake_core.search.all_sources import search_moments
from retake_core.search.by_keyframe import similar_moments
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.settings import Settings
from tests.support.fakes import FakeEncoder
from tests.support.shelf import contents, keyframe_ids, keyframe_times, only, video

pytestmark = pytest.mark.usefixtures("in_process")
OLD, NEW = "builtin", "siglip:/models/new"
IDS = {OLD: "old", NEW: "new"}


class Place:
    """A library, the encoders that there are, and how many vectors each has in it."""

    def __init__(self, database: Database, data_dir: DataDir, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.wanted = OLD
        self.gone: set[str] = set()
        self.encoders = {name: FakeEncoder(encoder_id) for name, encoder_id in IDS.items()}
        self.search_encoder = SearchEncoder(data_dir.vectors, self._open, lambda: self.wanted)
        self.data_dir, self.directory = data_dir, data_dir.vectors

    def _open(self, name: str) -> FakeEncoder:
        if name in self.gone:
            raise UserError("It is not here.")
        return self.encoders[name]

    def index(self, cancel: CancelToken | None = None) -> list[Event]:
        encoder, settings = self.encoders[self.wanted], Settings(encoder=self.wanted)
        token = cancel or CancelToken()
        return list(
            index_folders(IndexRun(self.database, encoder, settings, token, vectors=self.directory), [self.folder])
        )

    def switch(self, *, stop_after: int | None = None) -> list[Event]:
        """Embed thumbnails, and stop after so many events."""
        told: list[Event] = []
        cancel = CancelToken()
        encoder = self.encoders[self.wanted]
        try:
            for event in embed_thumbnails(self.database, encoder, self.wanted, cancel):
                told.append(event)
                if len(told) == stop_after:
                    cancel.cancel()
        except Cancelled:
            pass
        return told

    def searched_with(self) -> tuple[str, Switch | None]:
        """Search, and return what did it."""
        with self.database.reading() as connection:
            searcher = self.search_encoder.choose(connection)
            assert search_moments(connection, searcher, "green")
        return searcher.encoder.id, searcher.switch

    def counts(self) -> dict[str, int]:
        with self.database.reading() as connection:
            return embeddings.embedded_by(connection)

    def of_thumbnails(self) -> int:
        with self.database.reading() as connection:
            return embeddings.only_thumbnails(connection)


@pytest.fixture
def place(
    database: Database, data_dir: DataDir, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    for name in ("short.mp4", "long.mp4", "event.mp4"):
        shutil.copy2(clips / name, folder)
    monkeypatch.setattr("retake_core.indexing.passes.thumbnails.BATCH", 4)
    made = Place(database, data_dir, folder)
    made.index()
    return made


def test_search_uses_the_one_before_until_the_new_one_knows_all(place: Place) -> None:
    number = place.counts()["old"]
    assert place.searched_with() == ("old", None)
    place.wanted = NEW
    assert place.searched_with() == ("old", Switch(OLD, NEW, 0, number))
    place.switch(stop_after=3)
    assert place.counts() == {"old": number, "new": 8}
    assert place.searched_with() == ("old", Switch(OLD, NEW, 8, number))
    events = only(place.switch(), Switching)
    assert [event.switch.ready for event in events] == [*range(8, number, 4), number]
    assert (events[0].time_left, events[-1].time_left) == (None, 0.0)
    assert place.searched_with() == ("new", None)
    assert place.of_thumbnails() == number
    (told,) = [finding for finding in examine(place.data_dir) if finding.part == "keyframes"]
    assert told.detail.startswith(f"{number} are known to the new encoder by their thumbnails only")
    assert place.switch() == []


def test_a_run_ends_with_the_library_that_a_new_one_would_be(place: Place) -> None:
    before = contents(place.database)
    place.searched_with()
    assert len(list(place.directory.iterdir())) == 2
    place.wanted = NEW
    events = place.index()
    first = next(event for event in events if isinstance(event, Switching | PassStarted))
    assert isinstance(first, Switching)
    assert contents(place.database) == before
    assert set(place.counts()) == {"new"}
    assert place.of_thumbnails() == 0
    assert not list(place.directory.iterdir()), "what the index of the old encoder takes is free again"
    assert [event for event in place.index() if isinstance(event, Switching | VideoDone)] == []


def test_a_video_keeps_its_keyframes_until_the_deeper_pass_comes_by(place: Place) -> None:
    """A quick pass alone finds fewer: it would take the brief event away."""
    before = keyframe_times(place.database, "event.mp4")
    place.wanted = NEW
    encoder, settings = place.encoders[NEW], Settings(encoder=NEW)
    for event in index_folders(IndexRun(place.database, encoder, settings, CancelToken()), []):
        if isinstance(event, PassStarted):
            assert keyframe_times(place.database, "event.mp4") == before
            assert video(place.database, "event.mp4").depth == Depth.REFINED
            assert place.searched_with() == ("new", None)


def test_changing_ones_mind_costs_nothing(place: Place) -> None:
    before, frames = contents(place.database), place.encoders[OLD].frames
    place.wanted = NEW
    place.switch(stop_after=2)
    place.wanted = OLD
    assert place.searched_with() == ("old", None)
    events = place.index()
    assert [event for event in events if isinstance(event, Switching | VideoDone)] == []
    assert set(place.counts()) == {"old"}
    assert place.encoders[OLD].frames == frames
    assert contents(place.database) == before


def test_changing_ones_mind_in_the_middle_of_the_passes(place: Place) -> None:
    before = contents(place.database)
    place.wanted = NEW
    cancel = CancelToken()
    events = index_folders(IndexRun(place.database, place.encoders[NEW], Settings(encoder=NEW), cancel), [])
    assert any(isinstance(event, VideoDone) for event in events)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)
    counts = place.counts()
    assert 0 < counts["old"] < counts["new"]
    place.wanted = OLD
    assert place.searched_with()[0] == "new"
    place.index()
    assert place.searched_with() == ("old", None)
    assert set(place.counts()) == {"old"}
    assert contents(place.database) == before


def test_an_old_encoder_that_is_gone_leaves_search_to_the_new_one(place: Place) -> None:
    place.wanted = NEW
    place.gone = {OLD}
    place.switch(stop_after=3)
    number = place.counts()["old"]
    assert place.searched_with() == ("new", Switch("", NEW, 8, number))


def test_an_encoder_that_is_not_what_it_was_is_not_searched_with(place: Place) -> None:
    place.encoders[OLD] = FakeEncoder("other weights in the same folder")
    place.wanted = NEW
    place.switch(stop_after=3)
    assert place.searched_with()[0] == "new"


def test_a_damaged_thumbnail_does_not_hold_the_switch_up(place: Place) -> None:
    with place.database.writing() as connection:
        some = connection.execute(select(keyframe.c.id).limit(1)).scalar_one()
        connection.execute(update(keyframe).where(keyframe.c.id == some).values(thumbnail=b"RIFF"))
    number = place.counts()["old"]
    place.wanted = NEW
    place.switch()
    assert place.counts() == {"old": number - 1, "new": number - 1}
    assert place.searched_with() == ("new", None)
    place.index()
    assert place.counts() == {"new": number}


def test_similar_moments_are_found_all_the_while(place: Place) -> None:
    number = video(place.database, "short.mp4").id
    place.wanted = NEW
    for stop_after in (2, None):
        with place.database.reading() as connection:
            found = similar_moments(connection, place.search_encoder, number, 15.0)
        assert "long.mp4" in {moment.video.path.name for moment in found}
        place.switch(stop_after=stop_after)


def test_what_was_said_about_a_video_stays(place: Place) -> None:
    number, ids = video(place.database, "short.mp4").id, keyframe_ids(place.database, "short.mp4")
    with place.database.writing() as connection:
        conversation, message = begin_message(connection, "What is green?", video_id=number)
        cited = [Cited(number, ids[1], 10.0, 10.0, 20.0, 0.5)]
        finish_message(connection, message, AnswerState.ANSWERED, "A wall.", cited, Details())
    place.wanted = NEW
    place.index()
    with place.database.reading() as connection:
        (said,) = messages(connection, conversation)
    assert (said.answer, said.citations[0].time) == ("A wall.", 10.0)
    assert said.citations[0].keyframe_id == keyframe_ids(place.database, "short.mp4")[1] != ids[1]


def test_a_keyframe_has_one_vector_of_each_encoder(place: Place) -> None:
    place.wanted = NEW
    place.switch(stop_after=2)
    place.switch()
    with place.database.reading() as connection:
        rows = connection.execute(select(embedding.c.encoder, embedding.c.keyframe_id)).all()
    assert len(rows) == len(set(rows)) == 2 * place.counts()["new"]
