"""Libraries of every version that ever was: they open, and nothing in them is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cli import __main__ as cli
from retake_core.errors import UserError
from retake_core.library import catalog
from retake_core.library.database import Database
from tests.support.schema_fixtures import ROWS, fixture_of, make_library, rows_of, tables_of, versions


def test_every_version_has_a_fixture() -> None:
    """A new migration needs one: python -m tests.support.schema_fixtures."""
    assert [version for version in versions() if not fixture_of(version).exists()] == []


@pytest.mark.parametrize("version", versions())
def test_it_opens_with_all_that_is_in_it(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.db"
    make_library(version, path)
    with closing(sqlite3.connect(path)) as raw:
        tables = tables_of(raw)
        assert len(tables) >= 6
    with closing(Database(path)) as database, database.reading() as connection:
        names = [[file.name for file in entry.paths] for entry in catalog.videos(connection)]
        assert names == [["lake\n.mkv"], ["broken.mp4"], ["party.mp4"]]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (versions()[-1],)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in tables:
            assert rows_of(raw, table) == ROWS[table], table
    backups = list(tmp_path.glob("library-before-version-*.db"))
    assert len(backups) == (version < versions()[-1])
    for backup in backups:
        with closing(sqlite3.connect(backup)) as raw:
            assert raw.execute("PRAGMA user_version").fetchone() == (version,)
            assert all(rows_of(raw, table) == ROWS[table] for table in tables)


def test_a_newer_version_is_refused_by_window_and_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "library.db"
    make_library(versions()[-1], path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {versions()[-1] + 1}")
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"made by a newer version of ReTaKe.*; update ReTaKe to open it\."):
        Database(path)
    for command in (["videos"], ["doctor"], ["doctor", "--repair"]):
        assert cli.run([*command, "--data-dir", str(tmp_path)]) == 2
        assert "update ReTaKe" in capsys.readouterr().err
    assert path.read_bytes() == before
