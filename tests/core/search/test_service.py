"""From keyframes that match to moments."""

from pathlib import Path

from sqlalchemy import delete

from retake_core.library.folders import forget_stale, known_files, put_file, set_presence
from retake_core.library.schema import Presence, keyframe
from retake_core.media.video_file import FoundFile
from tests.support.colour_library import Library


def test_neighbours_merge_and_end_at_the_next_keyframe(library: Library) -> None:
    library.add("/v/a.mp4", "blue red red green red blue", duration=57.0)
    assert library.spans("red") == [("a.mp4", 10.0, 30.0), ("a.mp4", 40.0, 50.0)]
    assert library.spans("blue") == [("a.mp4", 0.0, 10.0), ("a.mp4", 50.0, 57.0)]


def test_the_last_keyframe_of_a_video_of_wrong_duration(library: Library) -> None:
    library.add("/v/a.mp4", "blue red", duration=3.0)
    assert library.spans("red") == [("a.mp4", 10.0, 10.0)]


def test_nothing_matches(library: Library) -> None:
    assert library.search("red") == []
    library.add("/v/a.mp4", "blue green grey")
    assert library.search("red") == []
    assert library.search("unheard of") == []


def test_best_first_and_limited(library: Library) -> None:
    library.add("/v/b.mp4", "orange blue orange")
    library.add("/v/a.mp4", "green red green red")
    spans = library.spans("red")
    assert spans[:2] == [("a.mp4", 10.0, 20.0), ("a.mp4", 30.0, 100.0)]
    scores = [moment.score for moment in library.search("red")]
    assert scores == sorted(scores, reverse=True)
    assert library.spans("red", limit=1) == spans[:1]


def test_the_best_keyframe_speaks_for_a_moment(library: Library) -> None:
    library.add("/v/a.mp4", "crimson red crimson blue")
    (moment,) = library.search("red")
    assert (moment.start, moment.end, moment.best.time) == (0.0, 30.0, 10.0)
    assert moment.score > 0.5


def test_only_in_a_folder(library: Library) -> None:
    library.add("/v/films/a.mp4", "red")
    library.add("/v/films2/b.mp4", "red")
    library.add("/v/films/deep/c.mp4", "red")
    assert [name for name, _, _ in library.spans("red", folder="/v/films")] == ["a.mp4", "c.mp4"]
    assert library.spans("red", folder="/elsewhere") == []


def test_keyframes_that_are_gone_are_not_found(library: Library) -> None:
    library.add("/v/a.mp4", "red")
    library.add("/v/b.mp4", "red")
    assert len(library.search("red")) == 2
    with library.database.writing() as connection:
        connection.execute(delete(keyframe).where(keyframe.c.id == 1))  # and the index is not told
    assert [moment.video.path.name for moment in library.search("red")] == ["b.mp4"]


def test_offline_videos_are_found_and_say_so(library: Library) -> None:
    library.add("/v/a.mp4", "red")
    with library.database.writing() as connection:
        set_presence(connection, known_files(connection).values(), Presence.GONE)
    (moment,) = library.search("red")
    assert moment.video.offline


def test_a_video_that_loses_its_only_file(library: Library) -> None:
    """Between two steps of a scan its content was overwritten; then it is forgotten."""
    library.add("/v/a.mp4", "red")
    assert len(library.search("red")) == 1
    with library.database.writing() as connection:
        put_file(connection, 1, FoundFile(Path("/v/a.mp4"), 2, 2), "other content")
    assert library.search("red") == []
    with library.database.writing() as connection:
        forget_stale(connection)
    assert library.search("red") == []
    with library.database.reading() as connection:
        library.vectors.refresh(connection)
    found, _ = library.vectors.search(library.encoder.encode_text("red"), 9)
    assert len(found) == 0
