"""Transactions, migrations, backups and privacy of the SQLite file."""

import os
import sqlite3
import stat
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Connection, select, update

from retake_core.errors import UserError
from retake_core.library import catalog
from retake_core.library import database as database_module
from retake_core.library.database import PAGE_SIZE, Database, _migrations
from retake_core.library.folders import add_folder, folders, known_files, put_file
from retake_core.library.indexing import bump_generation
from retake_core.library.schema import counter, metadata
from retake_core.media.video_file import FoundFile

GENERATION = select(counter.c.value).where(counter.c.name == "generation")
FOREIGN = ("sqlite_", "text_index", "text_vocabulary")  # made by SQLite and its full-text index
SECOND = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO later (id) VALUES (7);\n"


def pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def add_migration(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    scripts = [*_migrations(), script]
    monkeypatch.setattr(database_module, "_migrations", lambda: scripts)


def test_every_connection_has_its_pragmas(database: Database) -> None:
    def check(connection: Connection) -> None:
        assert pragma(connection, "foreign_keys") == 1
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "page_size") == PAGE_SIZE == 16384
        assert pragma(connection, "synchronous") == 1
        assert pragma(connection, "busy_timeout") == 5000
        assert pragma(connection, "secure_delete") == 1
        assert pragma(connection, "auto_vacuum") == 2

    with database.reading() as one, database.reading() as other:
        check(one)
        check(other)
    with database.writing() as connection:
        check(connection)


def test_to_open_a_library_writes_nothing(database: Database) -> None:
    database.close()
    before = database.path.read_bytes()
    with closing(Database(database.path)) as again, again.reading():
        pass
    assert database.path.read_bytes() == before


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO embedding (keyframe_id, encoder, vector) VALUES (1, 'a', x'00')")


def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    before = generation(database)
    with suppress(ZeroDivisionError), database.writing() as connection:
        bump_generation(connection)
        raise ZeroDivisionError
    assert generation(database) == before


def generation(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(GENERATION).scalar_one())


def test_writers_that_read_first_wait_for_each_other(database: Database) -> None:
    start, rounds, errors = threading.Barrier(2), 30, []
    before = generation(database)

    def read_then_write() -> None:
        start.wait()
        try:
            for _ in range(rounds):
                with database.writing() as connection:
                    value = connection.execute(GENERATION).scalar_one()
                    connection.execute(
                        update(counter).where(counter.c.name == "generation").values(value=value + 1)
                    )
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=read_then_write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert generation(database) == before + 2 * rounds


def test_a_reader_sees_one_state(database: Database) -> None:
    with database.reading() as reader:
        before = reader.execute(GENERATION).scalar_one()
        with database.writing() as writer:
            bump_generation(writer)
        assert reader.execute(GENERATION).scalar_one() == before


def test_migrations_make_what_the_schema_says(database: Database) -> None:
    with database.reading() as connection:
        inspector = sqlalchemy.inspect(connection)
        tables = {name for name in inspector.get_table_names() if not name.startswith(FOREIGN)}
        assert tables == set(metadata.tables)
        for name, table in metadata.tables.items():
            primary = inspector.get_pk_constraint(name)["constrained_columns"]
            made = {column["name"]: column for column in inspector.get_columns(name)}
            assert list(made) == [column.name for column in table.columns]
            for column in table.columns:
                kind = column.type.dialect_impl(connection.dialect)
                affinity = {"FLOAT": "REAL"}.get(str(kind), str(kind))
                assert str(made[column.name]["type"]) == affinity, column
                assert (column.name in primary) == column.primary_key, column
                if not column.primary_key:
                    assert made[column.name]["nullable"] == column.nullable, column
            keys = connection.exec_driver_sql("SELECT * FROM pragma_foreign_key_list(?)", (name,))
            assert {(key[3], key[2], key[4], key[6]) for key in keys} == {
                (key.parent.name, key.column.table.name, key.column.name, key.ondelete)
                for key in table.foreign_keys
            }


def test_ids_that_an_index_refers_to_are_never_used_again(database: Database) -> None:
    with database.reading() as connection:
        for table in ("keyframe", "video", "file", "folder"):
            sql = "SELECT sql FROM sqlite_master WHERE name = ?"
            assert "AUTOINCREMENT" in connection.exec_driver_sql(sql, (table,)).scalar_one()


def test_a_newer_library_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(UserError, match="newer version"):
        Database(database.path)
    with closing(sqlite3.connect(database.path)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (99,)


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_a_user_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        Database(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_file_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        Database(tmp_path)


def test_a_backup_is_made_before_a_migration(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as connection:
        add_folder(connection, Path("/videos"))
    add_migration(monkeypatch, SECOND)
    with closing(Database(database.path)) as migrated, migrated.reading() as connection:
        assert connection.exec_driver_sql("SELECT id FROM later").scalar_one() == 7
        assert pragma(connection, "user_version") == len(_migrations()) + 1
    (backup,) = [path for path in database.path.parent.iterdir() if "before-version" in path.name]
    # The first connection is still open: its rows may lie in the write-ahead log alone.
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT path FROM folder").fetchall() == [(b"/videos",)]
        assert raw.execute("PRAGMA user_version").fetchone() == (len(_migrations()),)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_migration_that_fails_midway_changes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.close()
    with monkeypatch.context() as patch:
        add_migration(patch, SECOND + "DROP TABLE nowhere;\n")
        with pytest.raises(UserError):
            Database(database.path)
    with closing(Database(database.path)) as again, again.reading() as connection:
        assert pragma(connection, "user_version") == len(_migrations())
        assert "later" not in sqlalchemy.inspect(connection).get_table_names()
    with monkeypatch.context() as patch:
        add_migration(patch, SECOND)
        Database(database.path).close()


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(Database(tmp_path / "library.db")) as database, database.writing() as connection:
            bump_generation(connection)
            files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert files == dict.fromkeys(("library.db", "library.db-wal", "library.db-shm"), 0o600)


@pytest.mark.parametrize("name", ["a?b=c&mode=ro", "a#b", "a%41b", "a b", "ü", "file:x", "a'b\"c"])
def test_odd_names_of_the_library_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / name / f"{name}.db"
    path.parent.mkdir()
    with closing(Database(path)) as database, database.writing() as connection:
        add_folder(connection, tmp_path)
    assert path.stat().st_size
    add_migration(monkeypatch, SECOND)
    Database(path).close()
    assert len([file for file in path.parent.iterdir() if "before-version" in file.name]) == 1


@pytest.fixture(params=[b"plain", b"not \xff\xfe unicode", "größe".encode(), b"new\nline", b"q?u#o%te'"])
def odd_path(request: pytest.FixtureRequest) -> Path:
    return Path(os.fsdecode(b"/videos/" + request.param + b".mp4"))


def test_odd_paths_of_files_come_back(database: Database, odd_path: Path) -> None:
    with database.writing() as connection:
        folder_id = add_folder(connection, odd_path.parent / odd_path.stem)
        put_file(connection, folder_id, FoundFile(odd_path, 1, 2), "fingerprint")
    with database.reading() as connection:
        assert list(known_files(connection)) == [odd_path]
        assert folders(connection) == [(folder_id, odd_path.parent / odd_path.stem)]


def test_two_new_libraries_do_not_start_at_the_same_generation(tmp_path: Path) -> None:
    """Else the index files of one would look right to another that took its place."""
    generations = []
    for name in ("one.db", "other.db"):
        with closing(Database(tmp_path / name)) as database:
            generations.append(generation(database))
    assert generations[0] != generations[1]


def test_reading_cannot_write_and_does_not_keep_others_from_it(database: Database) -> None:
    statement = "INSERT INTO folder (path) VALUES (x'2f')"
    with pytest.raises(UserError, match="readonly"), database.reading() as connection:
        connection.exec_driver_sql(statement)
    with database.writing() as connection:
        connection.exec_driver_sql(statement)


def test_a_video_has_all_its_files_and_its_most_prominent_keyframe(database: Database) -> None:
    with database.writing() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO folder (id, path) VALUES (1, x'2f')")
        for video in (1, 2, 3):
            run("INSERT INTO video (id, fingerprint, size) VALUES (?, ?, 1)", (video, str(video)))
        for video, path, missing in (
            (1, b"/a", 1),
            (1, b"/c\xff", 0),
            (1, b"/d", 0),
            (2, b"/b", 0),
            (3, b"/e", 1),
        ):
            run(
                "INSERT INTO file (folder_id, video_id, path, size, mtime_ns, missing) VALUES (1, ?, ?, 1, 1, ?)",
                (video, path, missing),
            )
        for keyframe, video, time, prominence in ((1, 1, 0, 0.9), (2, 1, 5, 0.3), (3, 1, 7, 0.5), (4, 2, 0, 0.1)):
            run(
                "INSERT INTO keyframe (id, video_id, time_us, prominence, thumbnail) VALUES (?, ?, ?, ?, x'00')",
                (keyframe, video, time * 1_000_000, prominence),
            )
    with database.reading() as connection:
        rows = catalog.video_rows(connection)
        (one,) = catalog.videos(connection, 1)
    assert [(row.id, row.keyframes, row.poster, row.missing) for row in rows] == [
        (2, 1, 4, 0),
        (1, 3, 3, 0),
        (3, 0, None, 1),
    ]
    assert one.paths == tuple(Path(os.fsdecode(path)) for path in (b"/c\xff", b"/d", b"/a"))
    assert rows[1].entry == one
