"""Libraries of every version of the schema, as SQL; python -m tests.support.schema_fixtures writes what lacks.

A fixture is written once, when its version is new, and never changed: it is what users have on their disks.
"""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from retake_core.library.database import PAGE_SIZE, _migrations, add_functions
from tests.support.paths import FIXTURES

FOLDER = FIXTURES / "databases"
RECIPE = "fake rate=2 spacing=2 gap=30 v1"
ROWS: dict[str, list[dict[str, object]]] = {
    "folder": [{"id": 1, "path": b"/videos/family"}, {"id": 3, "path": b"/videos/caf\xe9 odd"}],
    "video": [
        {
            "id": 1,
            "fingerprint": "1" * 32,
            "size": 1000,
            "duration_us": 30_000_000,
            "width": 1920,
            "height": 1080,
            "rotation": 0,
            "codec": "h264",
            "container": "mov,mp4",
            "frame_rate": 29.97,
            "start_us": 0,
            "recorded": "2020-05-01T10:00:00Z",
            "depth": 2,
            "recipe": RECIPE,
            "promise": 0.25,
            "spans": b"[[0.0,12.5]]",
        },
        {"id": 2, "fingerprint": "2" * 32, "size": 2000, "error": "It is not a video."},
        {"id": 5, "fingerprint": "5" * 32, "size": 3000, "duration_us": 60_000_000, "depth": 1, "recipe": RECIPE},
    ],
    "file": [
        {
            "id": 1,
            "folder_id": 1,
            "video_id": 1,
            "path": b"/videos/family/party.mp4",
            "size": 1000,
            "mtime_ns": 16,
        },
        {
            "id": 2,
            "folder_id": 1,
            "video_id": 2,
            "path": b"/videos/family/broken.mp4",
            "size": 2000,
            "mtime_ns": 17,
        },
        {
            "id": 7,
            "folder_id": 3,
            "video_id": 5,
            "path": b"/videos/caf\xe9 odd/lake\n.mkv",
            "size": 3000,
            "mtime_ns": 18,
            "missing": 1,
        },
    ],
    "keyframe": [
        {"id": 11, "video_id": 1, "time_us": 0, "prominence": 0.5, "thumbnail": b"\xff\xd8one"},
        {"id": 12, "video_id": 1, "time_us": 10_000_000, "prominence": 0.875, "thumbnail": b"\xff\xd8two"},
        {"id": 40, "video_id": 5, "time_us": 500_000, "prominence": 0.25, "thumbnail": b"\xff\xd8three"},
    ],
    "embedding": [
        {"keyframe_id": number, "encoder": "fake", "vector": struct.pack("<4e", 1, 0, 0, number / 64)}
        for number in (11, 12, 40)
    ],
    "keyframe_attributes": [
        {"keyframe_id": 12, "measure": "attributes-1", "numbers": struct.pack("<4e", 0, 1, 0.5, 0)}
    ],
    "encoder": [{"name": "builtin", "id": "fake"}],
    "job": [{"video_id": 5, "depth": 2, "recipe": RECIPE, "decoder": "pyav", "failures": 1, "resume_us": 250_000}],
    "conversation": [{"id": 4, "video_id": 1, "begun_us": 1_600_000_000_000_000}],
    "message": [
        {
            "id": 9,
            "conversation_id": 4,
            "asked_us": 1_600_000_000_000_001,
            "question": "Who came?",
            "state": "answered",
            "answer": "A dog.",
        }
    ],
    "citation": [
        {
            "message_id": 9,
            "position": 0,
            "video_id": 1,
            "keyframe_id": 12,
            "time_us": 10_000_000,
            "start_us": 9_000_000,
            "end_us": 11_000_000,
            "strength": 0.5,
        }
    ],
    "text": [
        {
            "id": 21,
            "video_id": 1,
            "kind": "spoken",
            "source": "/videos/family/party.srt",
            "language": "en",
            "start_us": 1_000_000,
            "end_us": 2_000_000,
            "content": "Happy birthday!",
            "stems": "happi birthday",
        }
    ],
    "passage": [{"text_id": 21, "last_id": 21, "vector": struct.pack("<4e", 0, 1, 0, 0.5)}],
    "text_reading": [{"video_id": 1, "source": "/videos/family/party.srt", "stamp": "12-34"}],
    "listening": [
        {"video_id": 5, "stamp": "1 model auto 5", "resume_us": 120_000_000, "failures": 1, "votes": '{"en":1.5}'}
    ],
    "saved_search": [{"id": 3, "name": "Cakes", "query": "cake after:2019"}],
    "mark": [{"video_id": 1, "stars": 4, "favourite": 1}, {"video_id": 5, "hidden": 1}],
    "tag": [{"key": "strasse", "video_id": 1, "name": "Straße"}],
    "note": [
        {
            "id": 6,
            "video_id": 1,
            "time_us": 2_000_000,
            "content": "Grandma laughs",
            "created_us": 1_600_000_000_000_000,
            "changed_us": 1_600_000_000_000_002,
        }
    ],
    "watching": [{"video_id": 5, "position_us": 500_000, "watched_us": 1_600_000_000_000_003}],
    "person": [{"id": 8, "name": "Anna", "key": "anna"}, {"id": 9, "hidden": 1}],
    "face": [
        {
            "id": number,
            "video_id": 1,
            "person_id": person_id,
            "time_us": 10_000_000,
            "x0": 0.25,
            "y0": 0.25,
            "x1": 0.5,
            "y1": 0.5,
            "model": "fake",
            "vector": struct.pack("<4e", 1, 0, 0, 0.5),
            "picture": b"RIFFface",
        }
        for number, person_id in ((31, 8), (32, 9))
    ],
    "not_person": [{"face_id": 32, "person_id": 8}],
    "face_reading": [{"video_id": 1, "part": -1, "stamp": "1 fake 2 10000000"}],
    "ignored": [{"folder_id": 1, "fingerprint": "9" * 32}],
}
"""What a library holds, by table; a version has the tables that it knows."""


def versions() -> list[int]:
    """Return every version that a library can have."""
    return list(range(1, len(_migrations()) + 1))


def fixture_of(version: int) -> Path:
    """Return the file of a version's fixture."""
    return FOLDER / f"version-{version}.sql"


def make_library(version: int, path: Path) -> None:
    """Make a library as the app of that version left it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        add_functions(connection)
        connection.executescript(fixture_of(version).read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")


def rows_of(connection: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    """Return the columns of a table's rows that the fixtures fill."""
    rows = []
    for given in ROWS[table]:
        key = next(iter(given))
        found = connection.execute(
            f"SELECT {', '.join(given)} FROM {table} WHERE {key} = ?",  # noqa: S608
            (given[key],),
        ).fetchall()
        rows += [dict(zip(given, row, strict=True)) for row in found]
    return rows


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of a library that the fixtures fill, in an order in which they can be."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [table for table in ROWS if table in there]


def _write(version: int) -> None:
    scripts = _migrations()[:version]
    with closing(sqlite3.connect(":memory:")) as connection:
        add_functions(connection)
        for script in scripts:
            connection.executescript(script)
        # Not `iterdump`: it cannot write the tables of full-text search.
        rows = [_insert(connection, table, row) for table in tables_of(connection) for row in ROWS[table]]
    FOLDER.mkdir(parents=True, exist_ok=True)
    content = "\n".join([*scripts, *rows, f"PRAGMA user_version = {version};"])
    fixture_of(version).write_text(content + "\n", encoding="utf-8")


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> str:
    quoted = [connection.execute("SELECT quote(?)", (value,)).fetchone()[0] for value in row.values()]
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(quoted)});"  # noqa: S608


if __name__ == "__main__":
    for wanted in versions():
        if not fixture_of(wanted).exists():
            _write(wanted)
