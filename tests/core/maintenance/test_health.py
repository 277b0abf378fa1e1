"""Damage to any file of the data directory: told, survived, and mended by `retake doctor --repair`."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from retake_core.errors import StorageError, UserError
from retake_core.library.database import PAGE_SIZE, Database
from retake_core.library.folders import folders
from retake_core.library.indexing import Depth
from retake_core.library.vectors import VectorIndex
from retake_core.maintenance import health
from retake_core.settings import Settings, change_settings, load_settings
from retake_core.system.files import WRITING
from retake_core.system.writer_lock import only_writer
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.memory.store import MemoryStore
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.faults import survived
from tests.support.memories import CPU, KEY, same, small_memory
from tests.support.schema_fixtures import ROWS, make_library, rows_of, versions
from tests.support.shelf import Shelf, contents, run_index, video

LONG = "RETAKE_FAULTS_LONG" in os.environ
pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a data directory of every kind of file, and its videos; copy it, do not change it."""
    from tests.support.in_process import decode_in_threads

    root = tmp_path_factory.mktemp("pattern")
    data_dir, videos = DataDir(root / "data"), root / "videos"
    videos.mkdir()
    for number in range(6):
        colours = ("red", "green", "blue", "white", "yellow", "grey")
        make_clip(videos / f"{number}.mp4", [(4, colours[(number + step) % 6]) for step in range(6)])
    data_dir.create()
    with pytest.MonkeyPatch.context() as patch:
        decode_in_threads(patch)
        with closing(Database(data_dir.database)) as database:
            run_index(database, videos, FakeEncoder())
            search(database, data_dir)
            key = replace(KEY, fingerprint=video(database, "0.mp4").fingerprint)
    MemoryStore(data_dir.memories).save(key, small_memory())
    MemoryStore(data_dir.memories).pin(key.fingerprint)
    change_settings(data_dir.settings, sampling_rate=3.0, encoder="builtin")
    data_dir.speeds.mkdir()
    Calibration({"decode": 0.5}).save(data_dir.speeds / "speed.json")
    (data_dir.root / "window.ini").write_text("[General]\ndark=true\n")
    data_dir.log.write_text("a line\n")
    return root


@pytest.fixture
def place(pattern: Path, tmp_path: Path) -> DataDir:
    """Return a copy of the data directory; its videos stand where they stood."""
    shutil.copytree(pattern / "data", tmp_path / "place")
    return DataDir(tmp_path / "place")


def search(database: Database, data_dir: DataDir) -> int:
    index = VectorIndex(data_dir.vectors, "fake", FakeEncoder.dimension)
    with database.reading() as connection:
        index.refresh(connection)
    return len(index.search(FakeEncoder().encode_text("red"), 999)[0])


def shelf(data_dir: DataDir) -> Shelf:
    with closing(Database(data_dir.database)) as database:
        return contents(database)


def repair(data_dir: DataDir) -> dict[str, str]:
    with only_writer(data_dir):
        return {finding.part: finding.state for finding in health.repair(data_dir)}


def damages(content: bytes, randomly: random.Random) -> dict[str, bytes]:
    place = randomly.randrange(len(content))
    flipped = content[:place] + bytes([content[place] ^ 1 << randomly.randrange(8)]) + content[place + 1 :]
    return {
        f"a flipped bit in byte {place}": flipped,
        "half": content[: len(content) // 2],
        "nothing": b"",
    }


@pytest.mark.slow
def test_every_file_damaged_once(
    pattern: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is damaged, commands end with an answer or a sentence, and a repair and a run of the indexer bring
    the library back. The long form, RETAKE_FAULTS_LONG=1, damages every file in every way."""
    monkeypatch.setattr("retake_core.cli.context.open_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr("retake_core.maintenance.doctor.examine", lambda _, findings, __: {"findings": findings})
    monkeypatch.setattr("retake_core.cli.show.doctor.print_report", print)
    randomly = random.Random(7)
    expected = shelf(DataDir(pattern / "data"))
    names = sorted(path.relative_to(pattern / "data") for path in (pattern / "data").rglob("*") if path.is_file())
    counted = 0
    for number, name in enumerate(name for name in names if (pattern / "data" / name).stat().st_size):
        ways = list(damages((pattern / "data" / name).read_bytes(), randomly).items())
        for what, content in ways if LONG else [ways[number % len(ways)]]:
            counted += 1
            about = f"{what} of {name}"
            data_dir = DataDir(tmp_path / f"{counted}")
            shutil.copytree(pattern / "data", data_dir.root)
            (data_dir.root / name).write_bytes(content)
            for command in (["videos"], ["search", "red"], ["memories"], ["doctor", "--repair"]):
                code = cli.run([*command, "--data-dir", str(data_dir.root)])
                said = capsys.readouterr()
                assert code in (0, 2), (about, command, said.err)
                assert code == 0 or said.err.startswith("retake: "), about
            assert code == 0, about
            with closing(Database(data_dir.database)) as database:
                run_index(database, pattern / "videos", FakeEncoder())
                with database.reading() as connection:
                    stored = connection.exec_driver_sql("SELECT count(*) FROM embedding").scalar_one()
                assert search(database, data_dir) == stored > 0, about
                assert same_but_for_blobs(contents(database), expected), about
            assert load_settings(data_dir.settings).sampling_rate in (2.0, 3.0), about
            shutil.rmtree(data_dir.root)
    survived("a file of the data directory with a flipped bit, cut in half, or emptied", counted)
    assert counted >= (24 if LONG else 8)


def times(keyframes: object) -> list[object]:
    assert isinstance(keyframes, tuple)
    return [row[0] for row in keyframes]


def same_but_for_blobs(found: Shelf, expected: Shelf) -> bool:
    """Compare all but pictures and vectors: a bit that flips inside one is not noticed by SQLite."""

    def plain(shelf: Shelf) -> object:
        return {name: (*entry[:-1], times(entry[-1])) for name, entry in shelf.items()}

    return plain(found) == plain(expected)


@pytest.mark.parametrize("page", [1, 2, 3, 5, 7])
def test_a_page_of_rubbish_costs_no_more_than_its_rows(place: DataDir, pattern: Path, page: int) -> None:
    expected = shelf(place)
    content = bytearray(place.database.read_bytes())
    if page * PAGE_SIZE >= len(content):
        pytest.skip("the library is smaller")
    content[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] = random.Random(page).randbytes(PAGE_SIZE)
    place.database.write_bytes(content)
    state = repair(place)["library"]
    assert state in ("good", "mended")
    with closing(Database(place.database)) as database:
        run_index(database, pattern / "videos", FakeEncoder())
        assert same_but_for_blobs(contents(database), expected)
    survived("a page of the library overwritten with rubbish", 1)


def test_a_lost_header_is_written_anew(place: DataDir) -> None:
    expected = shelf(place)
    content = place.database.read_bytes()
    place.database.write_bytes(bytes(100) + content[100:])
    with pytest.raises(UserError, match="retake doctor --repair"):
        shelf(place)
    assert repair(place)["library"] == "mended"
    assert shelf(place) == expected
    (kept,) = place.set_aside.rglob("library.db")
    assert kept.read_bytes()[100:] == content[100:]
    with closing(Database(place.database)) as database, database.reading() as connection:
        assert len(folders(connection)) == 1


def test_what_cannot_be_made_anew_is_saved(tmp_path: Path) -> None:
    """Questions and answers outlive the loss of the header and of the keyframes that they cite."""
    place = DataDir(tmp_path / "place")
    place.create()
    make_library(versions()[-1], place.database)
    with closing(sqlite3.connect(place.database)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'keyframe'").fetchone()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(place.database.read_bytes())
    content[:16] = b"not a database.."
    content[(root - 1) * PAGE_SIZE : root * PAGE_SIZE] = bytes(PAGE_SIZE)
    place.database.write_bytes(content)
    assert repair(place)["library"] == "mended"
    with closing(sqlite3.connect(place.database)) as raw:
        for table in ("folder", "file", "conversation", "message"):
            assert rows_of(raw, table) == ROWS[table], table
        assert raw.execute("SELECT time_us, keyframe_id FROM citation").fetchall() == [(10_000_000, None)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("SELECT DISTINCT depth FROM video").fetchall() == [(Depth.NONE,)]


def test_nothing_is_repaired_under_the_hands_of_another(place: DataDir) -> None:
    content = bytearray(place.database.read_bytes())
    script = (
        "import sqlite3, sys; other = sqlite3.connect(sys.argv[1]);"
        "other.execute('SELECT count(*) FROM video').fetchone(); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(place.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        content[PAGE_SIZE * 2 : PAGE_SIZE * 4] = bytes(PAGE_SIZE * 2)
        place.database.write_bytes(content)
        with pytest.raises(StorageError, match="open in another ReTaKe"):
            repair(place)
        other.communicate()
    assert place.database.read_bytes() == content


def test_a_sound_place_is_left_alone(place: DataDir) -> None:
    before = {
        path: path.read_bytes() for path in place.root.rglob("*") if path.is_file() and path.suffix == ".memory"
    }
    assert set(repair(place).values()) == {"good"}
    assert {finding.state for finding in health.examine(place)} == {"good"}
    assert {path: path.read_bytes() for path in before} == before


def test_what_is_left_over_is_deleted(place: DataDir) -> None:
    orphan = replace(KEY, fingerprint="nobody's")
    MemoryStore(place.memories).save(orphan, small_memory())
    (place.memories / f"{WRITING}x").write_bytes(b"half")
    (place.root / f"{WRITING}y").mkdir()
    states = {finding.part: finding.state for finding in health.examine(place)}
    assert (states["memories"], states["leftovers"]) == ("damaged", "damaged")
    assert MemoryStore(place.memories).has(orphan)
    states = repair(place)
    assert (states["memories"], states["leftovers"]) == ("mended", "mended")
    assert not MemoryStore(place.memories).has(orphan)
    assert len(MemoryStore(place.memories).list()) == 1
    assert not list(place.root.rglob(f"{WRITING}*"))


def test_memories_survive_the_loss_of_the_library(place: DataDir, pattern: Path) -> None:
    place.database.write_bytes(b"rubbish" * 9999)
    (kept,) = MemoryStore(place.memories).list()
    assert repair(place)["library"] == "mended"
    assert [stored.path for stored in MemoryStore(place.memories).list()] == [kept.path]
    with closing(Database(place.database)) as database:
        run_index(database, pattern / "videos", FakeEncoder())
        assert video(database, "0.mp4").fingerprint == kept.fingerprint
    key = replace(KEY, fingerprint=kept.fingerprint)
    loaded = MemoryStore(place.memories).load(key, CPU)
    assert loaded is not None
    assert same(loaded, loaded)


def test_broken_settings_are_kept_aside(place: DataDir) -> None:
    place.settings.write_text("sampling_rate = much")
    assert repair(place)["settings"] == "mended"
    assert load_settings(place.settings) == Settings()
    (kept,) = place.set_aside.rglob("settings.toml")
    assert kept.read_text() == "sampling_rate = much"
