"""A recording of the library is read where its index found something, and evenly where no index has looked."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete

from retake_core.cancel import CancelToken
from retake_core.library.database import Database
from retake_core.library.embeddings import encoder_of_most
from retake_core.library.schema import embedding
from retake_core.media.frames import sample_cell
from retake_core.questions.asked_video import AskedVideo
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.shelf import keyframe_times, run_index, video

pytestmark = pytest.mark.usefixtures("in_process")

LOOKS = [(7.0, "red"), (2.0, "blue"), (9.0, "red"), (1.5, "green"), (10.5, "red")]
RATE = 0.1


@pytest.fixture
def indexed(database: Database, folder: Path) -> Database:
    make_clip(folder / "long.mp4", LOOKS)
    run_index(database, folder, FakeEncoder(), thorough=True)
    return database


def asked(database: Database) -> AskedVideo:
    with database.reading() as connection:
        return AskedVideo.of(connection, video(database, "long.mp4"))


def test_the_frames_that_are_read_are_keyframes(indexed: Database) -> None:
    long = asked(indexed)
    assert long.material.guided(RATE)
    assert not long.material.guided(2.0)
    with closing(long.open(32, CancelToken())) as reader:
        times = [frame.time for frame in reader.frames(RATE, long.guide.spans(RATE))]
    keyframes = keyframe_times(indexed, "long.mp4")
    held = {sample_cell(time, RATE) for time in keyframes}
    assert [sample_cell(time, RATE) for time in times] == [0, 1, 2]
    assert {0, 1} <= held
    assert all(time in keyframes for time in times if sample_cell(time, RATE) in held)
    assert 18.0 <= times[1] < 19.5, "what differs most from the red before is the green"


def test_without_embeddings_it_is_read_evenly(indexed: Database) -> None:
    with indexed.writing() as connection:
        connection.execute(delete(embedding))
    long = asked(indexed)
    assert not long.material.guided(RATE)
    with indexed.reading() as connection:
        assert encoder_of_most(connection, long.entry.id) is None
    with closing(long.open(32, CancelToken())) as reader:
        times = [frame.time for frame in reader.frames(RATE, long.guide.spans(RATE))]
    assert times == pytest.approx([0.0, 10.0, 20.0], abs=0.05)
