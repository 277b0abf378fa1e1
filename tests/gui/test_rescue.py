"""A library that cannot be opened: told, and repaired by a click."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.errors import DamagedError, NewerVersionError, UserError
from retake_core.library.database import Database
from retake_desktop.app import Desktop, tell
from retake_desktop.startup.crash import CrashReporter
from retake_desktop.startup.rescue import RescueDialog
from tests.gui.driving import Opener


@pytest.fixture
def data_dir(indexed: Path, tmp_path: Path) -> DataDir:
    shutil.copytree(indexed, tmp_path / "data")
    return DataDir(tmp_path / "data")


def why_not(data_dir: DataDir) -> UserError:
    with pytest.raises(UserError) as caught:
        Database(data_dir.database)
    return caught.value


def test_a_damaged_library_is_repaired_and_opens(data_dir: DataDir, qtbot: QtBot, open_desktop: Opener) -> None:
    with data_dir.database.open("r+b") as file:
        file.write(bytes(100))
    dialog = RescueDialog(why_not(data_dir), data_dir)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.title.text() == "The library is damaged"
    assert "doctor" not in dialog.detail.text()
    assert not dialog.go_on.isVisible()
    dialog.repair.click()
    assert not dialog.leave.isEnabled()
    dialog.close()
    assert dialog.isVisible(), "it closes in the middle of a repair"
    qtbot.waitUntil(lambda: dialog.leave.isEnabled(), timeout=60_000)
    assert dialog.title.text() == "The library is repaired"
    assert "4 videos" in dialog.text.text()
    with qtbot.waitSignal(dialog.accepted):
        dialog.go_on.click()
    assert len(open_desktop(data_dir.root).window.library.model.items) == 4


def test_a_library_of_a_newer_version_is_left_alone(data_dir: DataDir, qtbot: QtBot) -> None:
    with closing(sqlite3.connect(data_dir.database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    error = why_not(data_dir)
    assert isinstance(error, NewerVersionError)
    dialog = RescueDialog(error, data_dir)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "newer" in dialog.title.text()
    assert not dialog.repair.isVisible()
    assert not dialog.go_on.isVisible()
    with qtbot.waitSignal(dialog.rejected):
        dialog.leave.click()


def test_a_repair_that_fails_says_why_and_can_be_tried_again(data_dir: DataDir, qtbot: QtBot) -> None:
    command = ("/bin/sh", "-c", "echo noise >&2; echo 'retake: The disk is full; free some space.' >&2; exit 2")
    dialog = RescueDialog(DamagedError("It is damaged; mend it."), data_dir, command)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.repair.click()
    qtbot.waitUntil(lambda: dialog.leave.isEnabled())
    assert dialog.text.text() == "The disk is full; free some space."
    assert dialog.repair.isVisible()
    assert dialog.repair.isEnabled()
    assert not dialog.go_on.isVisible()


def test_a_repair_that_cannot_start_ends(data_dir: DataDir, qtbot: QtBot) -> None:
    dialog = RescueDialog(DamagedError("It is damaged; mend it."), data_dir, ("/nowhere/at/all",))
    qtbot.addWidget(dialog)
    dialog.repair.click()
    qtbot.waitUntil(lambda: dialog.leave.isEnabled())
    assert dialog.title.text() == "The library could not be repaired"


def test_damage_that_is_met_later_ends_the_window(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[bool] = []
    monkeypatch.setattr(QCoreApplication, "quit", lambda: left.append(True))
    error = DamagedError("The library is damaged; mend it.")
    tell(desktop, CrashReporter(tmp_path / "log"), error)
    assert desktop.damage is error
    assert left
