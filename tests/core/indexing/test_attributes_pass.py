"""Keyframes are measured while they come; those of an earlier version in a pass that tells of itself."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from retake_core.encoders.attributes import ATTRIBUTES
from retake_core.indexing.passes import attributes
from retake_core.library.attributes import unmeasured_videos
from retake_core.library.database import Database
from retake_core.library.schema import keyframe_attributes
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassName, PassProgress, PassStarted
from retake_core.settings import Settings
from retake_core.system import throttle
from tests.support.fakes import FakeEncoder
from tests.support.shelf import only, run_index


class Colourless(FakeEncoder):
    """Knows no word for a colour."""

    def unknown_words(self, text: str) -> tuple[str, ...]:
        return tuple(text.split())


def index(database: Database, folder: Path) -> list[Event]:
    return run_index(database, folder, Colourless(), settings=Settings(screen_text=False))


def measured(database: Database) -> int:
    with database.reading() as connection:
        assert unmeasured_videos(connection, ATTRIBUTES) == []
        return int(connection.scalar(select(func.count()).select_from(keyframe_attributes)) or 0)


@pytest.mark.usefixtures("in_process")
def test_keyframes_are_measured_as_they_come_and_those_of_earlier_versions_once(
    database: Database, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attributes, "BATCH", 2)
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    for name in ("long.mp4", "short.mp4"):
        shutil.copy2(clips / name, folder)
    index(database, folder)
    count = measured(database)
    assert count > 2 * attributes.BATCH
    with database.writing() as connection:
        connection.execute(delete(keyframe_attributes))
    again = index(database, folder)
    assert [event.name for event in only(again, PassStarted)] == [PassName.ATTRIBUTES]
    told = [event.fraction for event in only(again, PassProgress)]
    assert len(told) > 1
    assert told == sorted(told)
    assert measured(database) == count
    assert not only(index(database, folder), PassStarted)
