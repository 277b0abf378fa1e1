"""What the window asks a worker to change of what a person says of videos, and what it reads then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library import catalog
from retake_core.library.catalog import VideoRow
from retake_core.library.database import Database
from retake_core.library.notes import notes
from retake_core.library.tags import tag_counts
from retake_core.protocol import answers, requests
from retake_core.protocol.lines import ProtocolError, encode
from retake_core.worker.dispatch import Jobs
from tests.support.colour_library import Library
from tests.support.fakes import FakeEncoder
from tests.support.shelf import put


@pytest.fixture
def jobs(database: Database, data_dir: DataDir) -> Iterator[Jobs]:
    made = Jobs(database, data_dir, lambda _: FakeEncoder(), lambda _: None)
    yield made
    made.close()


def do(jobs: Jobs, request: requests.Job) -> None:
    """Send a request as the window does."""
    read = requests.decode_request(encode(request))
    assert read == request
    assert isinstance(jobs.do(request, CancelToken()), answers.JobDone)


def rows(database: Database) -> list[VideoRow]:
    with database.reading() as connection:
        return catalog.video_rows(connection)


def test_many_videos_in_one_request(jobs: Jobs, library: Library) -> None:
    ids = tuple(library.add(f"/v/{name}.mp4", "red") for name in "abc")
    do(jobs, requests.MarkVideos(id=1, video_ids=ids, stars=4, add_tags=("Sea", "sun")))
    do(jobs, requests.MarkVideos(id=2, video_ids=ids[:2], favourite=True, hidden=True, remove_tags=("SEA",)))
    do(jobs, requests.MarkVideos(id=3, video_ids=ids[1:2], hidden=False))
    do(jobs, requests.KeepPosition(id=4, video_ids=ids, position=2.5))
    do(jobs, requests.KeepPosition(id=5, video_ids=ids[1:]))
    found = [(r.stars, r.favourite, r.hidden, r.tags, r.position_us) for r in rows(library.database)]
    assert found == [
        (4, 1, 1, ("sun",), 2_500_000),
        (4, 1, 0, ("sun",), None),
        (4, 0, 0, ("Sea", "sun"), None),
    ]


def test_tags_and_notes(jobs: Jobs, library: Library) -> None:
    ids = tuple(library.add(f"/v/{name}.mp4", "red") for name in "ab")
    do(jobs, requests.MarkVideos(id=1, video_ids=ids, add_tags=("Sea",)))
    do(jobs, requests.RenameTag(id=2, name="sea", new="Lake"))
    do(jobs, requests.AddNote(id=3, video_ids=ids, content="calm", time=4.0))
    with library.database.reading() as connection:
        assert [(tag.name, tag.videos) for tag in tag_counts(connection)] == [("Lake", 2)]
        one, other = notes(connection)
    do(jobs, requests.ChangeNote(id=4, note_id=one.id, content="wild"))
    do(jobs, requests.ChangeNote(id=5, note_id=other.id))
    do(jobs, requests.RenameTag(id=6, name="lake"))
    with library.database.reading() as connection:
        assert [(note.time, note.content) for note in notes(connection)] == [(4.0, "wild")]
        assert tag_counts(connection) == []


def test_all_of_a_request_or_nothing(jobs: Jobs, library: Library) -> None:
    video_id = library.add("/v/a.mp4", "red")
    with pytest.raises(UserError, match="A tag is"):
        do(jobs, requests.MarkVideos(id=1, video_ids=(video_id,), stars=5, add_tags=("x" * 1000,)))
    assert rows(library.database)[0].stars == 0


def test_nothing_is_said_in_vain_of_videos_that_another_program_removed(jobs: Jobs, library: Library) -> None:
    here, gone = library.add("/v/a.mp4", "red"), 4711
    for lost in (
        requests.MarkVideos(id=1, video_ids=(gone,), favourite=True),
        requests.MarkVideos(id=2, video_ids=(gone,), add_tags=("sea",)),
        requests.AddNote(id=3, video_ids=(gone,), content="calm"),
        requests.Describe(id=4, video_id=gone, title="Sea", summary="", chapters=""),
    ):
        with pytest.raises(UserError, match="no longer in the library"):
            do(jobs, lost)
    do(jobs, requests.AddNote(id=5, video_ids=(here, gone), content="calm"))  # of several, those that are there
    do(jobs, requests.KeepPosition(id=6, video_ids=(gone,), position=2.5))  # nobody waits for that
    with library.database.reading() as connection:
        assert [(note.video_id, note.content) for note in notes(connection)] == [(here, "calm")]


def test_more_than_five_stars_are_no_request() -> None:
    with pytest.raises(ProtocolError):
        requests.decode_request(encode(requests.MarkVideos(id=1, video_ids=(1,), stars=6)))


def test_a_file_is_renamed(jobs: Jobs, library: Library, folder: Path) -> None:
    video_id = library.add(str(put(folder / "a.mp4")), "red")
    do(jobs, requests.RenameVideo(id=1, video_id=video_id, name="b"))
    assert [row.entry.path for row in rows(library.database)] == [folder / "b.mp4"]
    assert (folder / "b.mp4").exists()
    with pytest.raises(UserError, match="no longer in the library"):
        do(jobs, requests.RenameVideo(id=2, video_id=999, name="b"))
