"""Ctrl+A in a large library: what can be done is known without making an object of every video."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library.catalog import VideoEntry, VideoRow
from retake_core.library.database import Database
from tests.gui.driving import Opener, wait_for_refresh

MANY = 2000


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a data directory that knows of many videos, one of which could not be read."""
    data_dir = DataDir(tmp_path / "data")
    data_dir.create()
    database = Database(data_dir.database)
    with database.writing() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO folder (id, path) VALUES (1, ?)", (b"/videos",))
        for i in range(MANY):
            run(
                "INSERT INTO video (id, fingerprint, size, depth, error) VALUES (?, ?, 1, 2, ?)",
                (i + 1, str(i), "It cannot be read." if i == MANY - 1 else None),
            )
            run(
                "INSERT INTO file (folder_id, video_id, path, size, mtime_ns) VALUES (1, ?, ?, 1, 1)",
                (i + 1, f"/videos/{i:05}.mp4".encode()),
            )
    database.close()
    return data_dir.root


def test_all_are_selected_at_once(
    open_desktop: Opener, many: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = open_desktop(many)
    window = desktop.window
    wait_for_refresh(desktop, qtbot)
    made: list[int] = []
    entry = vars(VideoRow)["entry"].fget

    def counted(row: VideoRow) -> VideoEntry:
        made.append(row.id)
        found: VideoEntry = entry(row)
        return found

    monkeypatch.setattr(VideoRow, "entry", property(counted))
    QTest.keySequence(window.library.grid, "Ctrl+A")
    QApplication.processEvents()
    assert window.library.selection.isVisible()
    assert f"{MANY:,}" in window.library.selection.text.text()
    assert len(window.video_actions.target.ids) == MANY
    assert all(window.actions_by_name[name].isEnabled() for name in ("retry", "ask_about", "remove_video", "tags"))
    assert not window.actions_by_name["watched"].isEnabled()
    assert len(made) < MANY / 4, "more than the cards on screen"
