"""What a person says of videos: marks, tags, notes, where watching stopped; and what keeps them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library import catalog, marks, tags
from retake_core.library.catalog import VideoEntry
from retake_core.library.database import Database
from retake_core.library.folders import remove_folder
from retake_core.library.indexing import forget_index, set_date
from retake_core.library.listening import choose_sound_track, sound_track_of
from retake_core.library.notes import NoteEntry, add_note, change_note, delete_note, notes
from retake_core.library.removed_videos import remove_videos
from retake_core.library.salvage import salvage
from retake_core.maintenance.backup import restore_backup, write_backup
from tests.support.colour_library import Library
from tests.support.scans import Scans
from tests.support.shelf import put


@pytest.fixture
def scan(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scans:
    return Scans(database, monkeypatch)


def only_video(database: Database) -> VideoEntry:
    with database.reading() as connection:
        (entry,) = catalog.videos(connection)
    return entry


def notes_of(database: Database) -> list[NoteEntry]:
    with database.reading() as connection:
        return notes(connection)


def say_all(database: Database, video_id: int) -> None:
    with database.writing() as connection:
        marks.set_marks(connection, [video_id], stars=4, favourite=True)
        marks.keep_position(connection, [video_id], 12.5)
        tags.add_tags(connection, [video_id], ["Holiday", "summer 2024"])
        add_note(connection, [video_id], "Grandma laughs", 3.0)


def all_said(database: Database) -> tuple[object, ...]:
    entry = only_video(database)
    written = [(note.time, note.content) for note in notes_of(database)]
    return entry.stars, entry.favourite, entry.position, entry.tags, written


SAID = (4, True, 12.5, ("Holiday", "summer 2024"), [(3.0, "Grandma laughs")])


def test_each_mark_changes_alone(library: Library) -> None:
    one, other = library.add("/v/one.mp4", "red"), library.add("/v/other.mp4", "blue")
    with library.database.writing() as connection:
        marks.set_marks(connection, [one, other, 999], stars=3)
        marks.set_marks(connection, [one], favourite=True)
        marks.set_marks(connection, [other], hidden=True)
        marks.set_marks(connection, [other], stars=0)
        entries = catalog.videos_by_id(connection, [one, other])
    assert (entries[one].stars, entries[one].favourite, entries[one].hidden) == (3, True, False)
    assert (entries[other].stars, entries[other].favourite, entries[other].hidden) == (0, False, True)


def test_more_videos_than_a_statement_has_parameters(library: Library) -> None:
    video_id = library.add("/v/one.mp4", "red")
    with library.database.writing() as connection:
        marks.set_marks(connection, range(40_000), stars=2)
        tags.add_tags(connection, range(40_000), ["x"])
        marks.keep_position(connection, range(40_000), 1.0)
        (entry,) = catalog.videos(connection, video_id)
    assert (entry.stars, entry.tags, entry.position) == (2, ("x",), 1.0)


@pytest.mark.parametrize(
    ("first", "same"),
    [
        ("Straße", "STRASSE"),
        ("Ελλάδα", "ΕΛΛΆΔΑ"),
        ("夏休み", " 夏休み "),
        ("２０２４", "2024"),
        ("Café", "cafe\u0301"),
    ],
)
def test_a_tag_is_the_same_whatever_its_case(library: Library, first: str, same: str) -> None:
    one, other = library.add("/v/one.mp4", "red"), library.add("/v/other.mp4", "blue")
    with library.database.writing() as connection:
        tags.add_tags(connection, [one], [first])
        tags.add_tags(connection, [one, other], [same])
        assert tags.tag_counts(connection) == [tags.TagCount(first, 2)]
        tags.remove_tags(connection, [one], [same])
        assert tags.videos_tagged(connection, first) == {other}


def test_a_tag_is_renamed_everywhere_and_two_become_one(library: Library) -> None:
    one, other = library.add("/v/one.mp4", "red"), library.add("/v/other.mp4", "blue")
    with library.database.writing() as connection:
        tags.add_tags(connection, [one, other], ["sea"])
        tags.add_tags(connection, [other], ["Beach"])
        tags.rename_tag(connection, "SEA", "beach")
        assert tags.tag_counts(connection) == [tags.TagCount("beach", 2)]
        tags.rename_tag(connection, "beach", None)
        assert tags.tag_counts(connection) == []
        with pytest.raises(UserError, match="No video has the tag beach"):
            tags.rename_tag(connection, "beach", "sea")


@pytest.mark.parametrize("name", ["", "  ", 'a "b"', "a\x07b", "x" * 101])
def test_what_is_no_tag(library: Library, name: str) -> None:
    video_id = library.add("/v/one.mp4", "red")
    with library.database.writing() as connection, pytest.raises(UserError, match="A tag is"):
        tags.add_tags(connection, [video_id], [name])


def test_hidden_videos_are_counted_nowhere(library: Library) -> None:
    one, other = library.add("/v/one.mp4", "red"), library.add("/v/other.mp4", "blue")
    with library.database.writing() as connection:
        tags.add_tags(connection, [one, other], ["both"])
        tags.add_tags(connection, [other], ["secret"])
        add_note(connection, [other], "secret", None)
        marks.set_marks(connection, [other], hidden=True)
        assert tags.tag_counts(connection) == [tags.TagCount("both", 1)]
        assert notes(connection) == []
        assert len(notes(connection, other)) == 1


def test_notes_are_written_changed_and_deleted(library: Library) -> None:
    video_id = library.add("/v/one.mp4", "red", duration=10.0)
    with library.database.writing() as connection:
        (late,) = add_note(connection, [video_id], " later \r\n line\n", 9.0)
        (early,) = add_note(connection, [video_id, 999], "early", 1.0)
        add_note(connection, [video_id], "about all", None)
        change_note(connection, early, "earlier")
        found = notes(connection, video_id)
        assert [(n.time, n.content) for n in found] == [
            (None, "about all"),
            (1.0, "earlier"),
            (9.0, "later\n line"),
        ]
        assert all(n.created <= n.changed for n in found)
        delete_note(connection, late)
        assert late not in {n.id for n in notes(connection, video_id)}
        with pytest.raises(UserError, match=f"There is no note {late}"):
            change_note(connection, late, "x")
        with pytest.raises(UserError, match=f"There is no note {late}"):
            delete_note(connection, late)
        with pytest.raises(UserError, match="A note says something"):
            add_note(connection, [video_id], " \n ", None)
        with pytest.raises(UserError, match="ends before that"):
            add_note(connection, [video_id], "too late", 11.0)


def test_it_goes_where_the_file_goes(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    scan(folder)
    say_all(scan.database, only_video(scan.database).id)
    for target in ("b.mp4", "sub/b.mp4"):
        (folder / target).parent.mkdir(exist_ok=True)
        path = path.rename(folder / target)
        scan(folder)
        assert all_said(scan.database) == SAID
    content = path.read_bytes()
    path.unlink()
    scan(folder)
    assert only_video(scan.database).offline
    assert all_said(scan.database) == SAID
    put(path, content)
    scan(folder)
    assert all_said(scan.database) == SAID


def test_indexing_anew_keeps_it(scan: Scans, folder: Path) -> None:
    put(folder / "a.mp4")
    scan(folder)
    video_id = only_video(scan.database).id
    say_all(scan.database, video_id)
    with scan.database.writing() as connection:
        forget_index(connection, video_id)
    assert all_said(scan.database) == SAID


def test_a_recording_whose_file_is_mended_in_its_place_keeps_it(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    scan(folder)
    before = only_video(scan.database).id
    say_all(scan.database, before)
    with scan.database.writing() as connection:
        set_date(connection, before, "2019")
        choose_sound_track(connection, before, 2)
    put(path, b"the same recording with other tags")
    scan(folder)
    after = only_video(scan.database)
    assert after.id != before
    assert all_said(scan.database) == SAID
    assert (after.dated, after.dated_by) == ("2019", "hand")
    with scan.database.writing() as connection:  # the search follows, too
        assert sound_track_of(connection, after.id) == 2
        delete_note(connection, notes(connection)[0].id)
        assert connection.exec_driver_sql("SELECT count(*) FROM text WHERE kind = 'note'").scalar() == 0


def test_a_recording_that_went_elsewhere_keeps_its_own(scan: Scans, folder: Path) -> None:
    path = put(folder / "a.mp4")
    scan(folder)
    before = only_video(scan.database).id
    say_all(scan.database, before)
    path.rename(folder / "z.mp4")
    put(folder / "a.mp4", b"another recording of that name")
    scan(folder)
    with scan.database.reading() as connection:
        stars = {entry.path.name: entry.stars for entry in catalog.videos(connection)}
    assert stars == {"a.mp4": 0, "z.mp4": 4}


@pytest.mark.parametrize("way", ["folder", "video"])
def test_what_is_removed_is_forgotten(scan: Scans, folder: Path, way: str) -> None:
    put(folder / "a.mp4")
    scan(folder)
    say_all(scan.database, only_video(scan.database).id)
    with scan.database.writing() as connection:
        if way == "folder":
            remove_folder(connection, folder)
        else:
            remove_videos(connection, [only_video(scan.database).id])
    with closing(sqlite3.connect(scan.database.path)) as raw:
        for table in ("mark", "tag", "note", "watching", "text"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    scan(folder / "a.mp4")
    assert all_said(scan.database) == (0, False, None, (), [])


def test_a_backup_carries_it(library: Library, data_dir: DataDir, tmp_path: Path) -> None:
    say_all(library.database, library.add("/v/one.mp4", "red"))
    write_backup(data_dir, tmp_path / "all.zip")
    other = DataDir(tmp_path / "other")
    other.create()
    restore_backup(other, tmp_path / "all.zip")
    with closing(Database(other.database)) as restored:
        assert all_said(restored) == SAID


def test_what_is_saved_of_a_damaged_library_has_it(library: Library, tmp_path: Path) -> None:
    say_all(library.database, library.add("/v/one.mp4", "red"))
    salvage(library.database.path, tmp_path / "new.db")
    with closing(Database(tmp_path / "new.db")) as saved:
        assert all_said(saved) == SAID
