"""Many damages of a library that has a copy: nothing that was made by hand is lost, and no video."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.library.database import PAGE_SIZE, Database
from retake_core.maintenance import health
from retake_core.maintenance.copies import keep_copy
from retake_core.system.writer_lock import only_writer
from tests.support.faults import survived

VIDEOS, KEYFRAMES = 13, 40
ZEROED = 300_000  # bytes
HAND = ("folder", "saved_search", "conversation", "message", "citation", "ignored")
QUERIES = {
    **{table: f"SELECT * FROM {table} ORDER BY 1, 2" for table in HAND},  # noqa: S608
    "dated": "SELECT fingerprint, dated FROM video WHERE dated_by = 'hand' ORDER BY 1",
}


def make_library(place: DataDir) -> None:
    """Make a library of 13 videos of 40 keyframes, with a question, a kept search and a dated video each."""
    randomly = random.Random(13)
    place.create()
    Database(place.database).close()
    with closing(sqlite3.connect(place.database)) as raw, raw:
        raw.execute("INSERT INTO folder (id, path) VALUES (1, ?)", (b"/videos",))
        for video in range(1, VIDEOS + 1):
            raw.execute(
                "INSERT INTO video (id, fingerprint, size, depth, recipe, dated, dated_by)"
                " VALUES (?, ?, 1, 2, 'r', '2001-02-03', 'hand')",
                (video, f"{video:032}"),
            )
            raw.execute(
                "INSERT INTO file (folder_id, video_id, path, size, mtime_ns) VALUES (1, ?, ?, 1, 1)",
                (video, f"/videos/{video}.mp4".encode()),
            )
            for number in range(KEYFRAMES):
                keyframe = video * 1000 + number
                raw.execute(
                    "INSERT INTO keyframe VALUES (?, ?, ?, 0.5, ?)",
                    (keyframe, video, number * 1_000_000, randomly.randbytes(9000)),
                )
                raw.execute(
                    "INSERT INTO embedding (encoder, keyframe_id, vector) VALUES ('fake', ?, ?)",
                    (keyframe, randomly.randbytes(1024)),
                )
            said = f"what {video} says " * 40
            raw.execute(
                "INSERT INTO text (video_id, kind, source, content, stems) VALUES (?, 'spoken', 's', ?, ?)",
                (video, said, said),
            )
            raw.execute("INSERT INTO text_reading (video_id, source, stamp) VALUES (?, 's', '1')", (video,))
            raw.execute("INSERT INTO saved_search (name, query) VALUES (?, 'cake')", (f"search {video}",))
            raw.execute("INSERT INTO ignored VALUES (1, ?)", (f"{video + 500:032}",))
            raw.execute("INSERT INTO conversation (id, video_id, begun_us) VALUES (?1, ?1, 1)", (video,))
            raw.execute(
                "INSERT INTO message (id, conversation_id, asked_us, question, state, answer)"
                " VALUES (?1, ?1, 1, 'Who?', 'answered', ?2)",
                (video, "A dog. " * 300),
            )
            raw.execute("INSERT INTO citation VALUES (?1, 0, ?1, ?2, 0, 0, 1, 0.5)", (video, video * 1000))


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """Return a data directory with a library and its copy; copy it, do not change it."""
    place = DataDir(tmp_path_factory.mktemp("damages") / "data")
    make_library(place)
    assert keep_copy(place) is not None
    return place


def zeroed_middle(content: bytearray) -> None:
    start = (len(content) - ZEROED) // 2
    content[start : start + ZEROED] = bytes(ZEROED)


def zeroed_start(content: bytearray) -> None:
    content[PAGE_SIZE : PAGE_SIZE + ZEROED] = bytes(ZEROED)


def zeroed_page(content: bytearray) -> None:
    content[:PAGE_SIZE] = bytes(PAGE_SIZE)


def truncated(content: bytearray) -> None:
    del content[len(content) // 3 :]


def every_tenth_page(content: bytearray) -> None:
    for page in range(3, len(content) // PAGE_SIZE, 10):
        content[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] = bytes(PAGE_SIZE)


def every_third_page(content: bytearray) -> None:
    for page in range(2, len(content) // PAGE_SIZE, 3):
        content[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] = bytes(PAGE_SIZE)


def rubbish(content: bytearray) -> None:
    randomly = random.Random(5)
    for page in randomly.sample(range(1, len(content) // PAGE_SIZE), 30):
        content[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] = randomly.randbytes(PAGE_SIZE)


def nothing_but_rubbish(content: bytearray) -> None:
    content[:] = random.Random(6).randbytes(len(content))


DAMAGES: tuple[Callable[[bytearray], None], ...] = (
    zeroed_middle,
    zeroed_start,
    zeroed_page,
    truncated,
    every_tenth_page,
    every_third_page,
    rubbish,
    nothing_but_rubbish,
)


def damaged(pattern: DataDir, root: Path, damage: Callable[[bytearray], None]) -> DataDir:
    shutil.copytree(pattern.root, root)
    place = DataDir(root)
    content = bytearray(place.database.read_bytes())
    damage(content)
    place.database.write_bytes(content)
    return place


def repaired(place: DataDir) -> str:
    with only_writer(place):
        findings = {finding.part: finding for finding in health.repair(place)}
    assert findings["library"].state == "mended"
    return findings["library"].detail


def everything(place: DataDir) -> dict[str, list[object]]:
    """Return what was made by hand, and how much there is of what was found."""
    with closing(sqlite3.connect(place.database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        found = "SELECT video_id, count(*), min(id), sum(length(thumbnail)) FROM keyframe GROUP BY 1"
        queries = {
            **QUERIES,
            "video": "SELECT id, fingerprint, depth, recipe FROM video ORDER BY 1",
            "file": "SELECT * FROM file ORDER BY 1",
            "keyframe": found,
            "embedding": "SELECT keyframe_id, vector FROM embedding ORDER BY 1",
            "text": "SELECT id, content FROM text ORDER BY 1",
            "words": "SELECT count(*) FROM text_index WHERE text_index MATCH 'says'",
        }
        return {name: raw.execute(query).fetchall() for name, query in queries.items()}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_copy_makes_up_for_every_damage(
    damage: Callable[[bytearray], None], pattern: DataDir, tmp_path: Path
) -> None:
    place = damaged(pattern, tmp_path / "place", damage)
    said = repaired(place)
    assert everything(place) == everything(pattern)
    assert said.startswith(f"{VIDEOS} videos and {VIDEOS * KEYFRAMES} keyframes were saved; ")
    assert "come from the copy of " in said
    survived("a damaged library with a copy", 1)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_came_after_the_copy_is_saved_where_it_can_be_read(
    damage: Callable[[bytearray], None], pattern: DataDir, tmp_path: Path
) -> None:
    """The copy is of yesterday: it adds what is lost, and takes nothing back of what can be read."""
    newer = DataDir(tmp_path / "newer")
    shutil.copytree(pattern.root, newer.root)
    with closing(sqlite3.connect(newer.database)) as raw, raw:
        raw.execute("INSERT INTO saved_search (name, query) VALUES ('new', 'ball')")
        raw.execute("UPDATE video SET dated = '2010-01-01' WHERE id = 5")
        raw.execute("DELETE FROM saved_search WHERE name = 'search 2'")
    place = damaged(newer, tmp_path / "place", damage)
    readable = {}
    with closing(sqlite3.connect(place.database)) as raw:
        for name in ("saved_search", "dated"):
            try:
                readable[name] = raw.execute(QUERIES[name]).fetchall()
            except sqlite3.Error:
                readable[name] = []
    repaired(place)
    saved = everything(place)
    for name, rows in readable.items():
        assert set(rows) <= set(saved[name])
    assert len(saved["video"]) == VIDEOS
    assert len(saved["message"]) == VIDEOS


def test_without_a_copy_texts_that_are_lost_are_read_again(pattern: DataDir, tmp_path: Path) -> None:
    place = DataDir(tmp_path / "place")
    shutil.copytree(pattern.root, place.root)
    shutil.rmtree(place.copies)
    with closing(sqlite3.connect(place.database)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'text'").fetchone()
    content = bytearray(place.database.read_bytes())
    content[(root - 1) * PAGE_SIZE : root * PAGE_SIZE] = bytes(PAGE_SIZE)
    place.database.write_bytes(content)
    said = repaired(place)
    assert f"{VIDEOS} of the videos are indexed again" in said
    with closing(sqlite3.connect(place.database)) as raw:
        assert raw.execute("SELECT count(*) FROM text_reading").fetchone() == (0,)
        assert raw.execute("SELECT count(*) FROM keyframe").fetchone() == (VIDEOS * KEYFRAMES,)


def test_a_copy_that_is_damaged_too_is_passed_over(pattern: DataDir, tmp_path: Path) -> None:
    place = damaged(pattern, tmp_path / "place", zeroed_middle)
    (place.copies / "library-2999-01-01-000000.db").write_bytes(random.Random(1).randbytes(99_999))
    repaired(place)
    assert everything(place) == everything(pattern)
