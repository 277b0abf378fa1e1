"""What is removed from the library leaves no trace in the data directory."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.folders import add_folder
from retake_core.library.keyframes import keyframes
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.library.vectors import VectorIndex
from retake_core.maintenance.removal import remove_folder, remove_video
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.protocol.question_events import Cited
from retake_core.questions.cited_pictures import write_pictures
from retake_core.system import files
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.memory.store import MemoryStore
from tests.support.fakes import FakeEncoder
from tests.support.memories import KEY, small_memory
from tests.support.shelf import run_index, video

MARK = b"ONLY-HERE-" + bytes(range(7, 40))
pytestmark = pytest.mark.usefixtures("in_process")
WORD = "xyzzyplugh"
LARGE = 300_000  # bytes of a thumbnail


@pytest.fixture
def library(data_dir: DataDir, tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a library of two folders. All that was made of the first bears the mark."""
    mark = [MARK]
    monkeypatch.setattr(
        "retake_core.indexing.passes.look.encode_thumbnail",
        lambda image: encode_thumbnail(image) + mark[0] * (LARGE // 43),
    )
    database = Database(data_dir.database)
    for name, clip in (("secret", "short.mp4"), ("open", "event.mp4")):
        (tmp_path / name).mkdir()
        shutil.copy2(clips / clip, tmp_path / name / f"{name}.mp4")
        run_index(database, tmp_path / name, FakeEncoder())
        store = MemoryStore(data_dir.memories)
        store.save(key_of(database, f"{name}.mp4"), small_memory())
        store.pin(video(database, f"{name}.mp4").fingerprint)
        mark[0] = b""
    search(database, data_dir)
    with database.reading() as connection:
        secret = keyframes(connection, catalog.find_video(connection, "secret.mp4").id)
        citations = [Cited(frame.video_id, frame.id, frame.time, frame.time, frame.time, 1.0) for frame in secret]
        assert all(write_pictures(connection, data_dir.citations, citations))
    (data_dir.root / "library-before-version-9.db").write_bytes(MARK)
    return database


def key_of(database: Database, name: str) -> MemoryKey:
    return replace(KEY, fingerprint=video(database, name).fingerprint)


def search(database: Database, data_dir: DataDir) -> list[int]:
    index = VectorIndex(data_dir.vectors, "fake", FakeEncoder.dimension)
    with database.reading() as connection:
        index.refresh(connection)
    return [int(number) for number in index.search(FakeEncoder().encode_text("red"), 99)[0]]


def places_of(mark: bytes, data_dir: DataDir) -> set[str]:
    return {path.name for path in data_dir.root.rglob("*") if path.is_file() and mark in path.read_bytes()}


def test_nothing_of_a_removed_folder_is_left(library: Database, data_dir: DataDir, tmp_path: Path) -> None:
    secret = video(library, "secret.mp4")
    with library.writing() as connection:
        for number in range(3):  # each in a segment of its own of the word index
            said = [NewText(f"{WORD} {number}", 1.0, 2.0)]
            replace_texts(connection, secret.id, f"subtitles {number}", TextKind.SPOKEN, "1", said)
    dragged = data_dir.dragged / f"{secret.fingerprint}-0-1"
    dragged.mkdir(parents=True)
    (dragged / "secret 0.00.mp4").write_bytes(MARK)
    marks = [MARK, WORD.encode(), secret.fingerprint.encode(), str(tmp_path / "secret").encode()]
    assert places_of(WORD.encode(), data_dir)
    assert {"library.db", "library-before-version-9.db"} <= places_of(MARK, data_dir) | {"library.db"}
    before, pages = files.size_of(data_dir.root), library.size()
    freed = remove_folder(library, data_dir, tmp_path / "secret")
    for mark in marks:
        assert places_of(mark, data_dir) == set()
    assert freed.videos == 1
    assert pages - library.size() > 3 * LARGE * 0.9
    assert freed.size > 6 * LARGE * 0.9  # the library's pages, and the pictures of the last answer
    assert files.size_of(data_dir.root) <= before - freed.size
    assert not list(data_dir.vectors.glob("*.faiss"))
    assert not data_dir.citations.exists()
    library.close()
    for mark in marks:
        assert places_of(mark, data_dir) == set()


def test_what_is_not_removed_stays(library: Database, data_dir: DataDir, tmp_path: Path) -> None:
    key, seen = key_of(library, "open.mp4"), video(library, "open.mp4")
    remove_folder(library, data_dir, tmp_path / "secret")
    store = MemoryStore(data_dir.memories)
    assert [(stored.fingerprint, stored.pinned) for stored in store.list()] == [(key.fingerprint, True)]
    assert video(library, "open.mp4") == seen
    assert len(search(library, data_dir)) == seen.keyframes
    library.close()


def test_a_library_of_an_early_version_gives_its_space_back_too(
    library: Database, data_dir: DataDir, tmp_path: Path
) -> None:
    library.close()
    with closing(sqlite3.connect(data_dir.database, isolation_level=None)) as raw:
        raw.execute("PRAGMA auto_vacuum = NONE")
        raw.execute("VACUUM")
        assert raw.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    with closing(Database(data_dir.database)) as early:
        assert remove_folder(early, data_dir, tmp_path / "secret").size > 3 * LARGE * 0.9
        assert places_of(MARK, data_dir) == set()


def test_a_video_is_removed_when_its_file_is_gone(library: Database, data_dir: DataDir, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is there"):
        remove_video(library, data_dir, video(library, "secret.mp4"))
    (tmp_path / "secret" / "secret.mp4").unlink()
    run_index(library, tmp_path / "secret", FakeEncoder())
    assert remove_video(library, data_dir, video(library, "secret.mp4")).videos == 1
    assert places_of(MARK, data_dir) == set()
    library.close()


def test_a_folder_that_is_not_there_to_remove(database: Database, data_dir: DataDir, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder of the library"):
        remove_folder(database, data_dir, tmp_path)


def test_a_trace_that_cannot_be_deleted_keeps_the_folder(
    library: Database, data_dir: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "delete", fail)
    with pytest.raises(UserError, match="nothing was removed"):
        remove_folder(library, data_dir, tmp_path / "secret")
    assert video(library, "secret.mp4").keyframes == 3
    library.close()


def test_a_video_in_two_folders_keeps_what_was_made_of_it(
    library: Database, data_dir: DataDir, tmp_path: Path, clips: Path
) -> None:
    (tmp_path / "copy").mkdir()
    shutil.copy2(clips / "short.mp4", tmp_path / "copy")
    run_index(library, tmp_path / "copy", FakeEncoder())
    assert remove_folder(library, data_dir, tmp_path / "secret").videos == 0
    assert len(MemoryStore(data_dir.memories).list()) == 2
    library.close()


def test_a_folder_without_videos(database: Database, data_dir: DataDir, tmp_path: Path) -> None:
    with database.writing() as connection:
        add_folder(connection, tmp_path)
    freed = remove_folder(database, data_dir, tmp_path)
    assert (freed.videos, freed.size) == (0, 0)
