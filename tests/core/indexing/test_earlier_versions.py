"""Libraries that an earlier version made: the next run adds what this one knows of their videos."""

from pathlib import Path

import pytest
from sqlalchemy import update

from retake_core.library.database import Database
from retake_core.library.live_films import LiveSign
from retake_core.library.schema import text_reading
from retake_core.library.schema import video as videos
from retake_core.library.texts import INSIDE
from retake_core.media.video_info import DOLBY_VISION
from retake_core.protocol.indexing_events import Indexed
from tests.contract.clips import ffmpeg
from tests.support.dolby_vision import write_mp4
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.shelf import keyframe_ids, only, run_index, video

pytestmark = pytest.mark.usefixtures("in_process")
LIVE = "-metadata com.apple.quicktime.content.identifier=9C7C1E8A -movflags use_metadata_tags"
NAMES = ("dolby.mp4", "exported.mov", "bare.mkv")


@pytest.fixture
def earlier(database: Database, folder: Path, encoder: FakeEncoder, tmp_path: Path) -> Database:
    """Return a library of videos that are indexed, without what an earlier version did not ask of a file."""
    make_clip(tmp_path / "short.mov", [(3, "red")])
    make_clip(tmp_path / "bare.mp4", [(6, "blue"), (6, "green")])
    write_mp4(folder / "dolby.mp4", 5, 0)
    ffmpeg(f"-i IN -c copy {LIVE}", folder / "exported.mov", tmp_path / "short.mov")
    ffmpeg("-i IN -c copy -live 1", folder / "bare.mkv", tmp_path / "bare.mp4")
    for name in NAMES:
        age(folder / name)
    run_index(database, folder, encoder)
    with database.writing() as connection:
        connection.execute(update(videos).where(videos.c.codec == DOLBY_VISION).values(codec="hevc"))
        connection.execute(update(videos).values(live=None))
        connection.execute(update(text_reading).where(text_reading.c.source == INSIDE).values(stamp="1"))
    return database


def test_marks_are_filled_in_without_decoding(earlier: Database, folder: Path, encoder: FakeEncoder) -> None:
    before = {name: (video(earlier, name).duration, keyframe_ids(earlier, name)) for name in NAMES}
    assert not video(earlier, "exported.mov").live
    (done,) = only(run_index(earlier, folder, encoder), Indexed)
    assert done.videos == 0
    assert video(earlier, "exported.mov").live
    assert video(earlier, "dolby.mp4").codec == DOLBY_VISION
    after = {name: (video(earlier, name).duration, keyframe_ids(earlier, name)) for name in NAMES}
    assert after == before, "a stream that tells no length keeps what was found"


def test_it_is_done_once(earlier: Database, folder: Path, encoder: FakeEncoder) -> None:
    run_index(earlier, folder, encoder)
    with earlier.writing() as connection:
        connection.execute(update(videos).where(videos.c.live == LiveSign.TAG).values(live=None))
    run_index(earlier, folder, encoder)
    assert not video(earlier, "exported.mov").live, "its file was not opened again"
