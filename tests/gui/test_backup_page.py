"""Backups in the preferences: made, stopped and restored; and the copies that are made by themselves."""

import os
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library.searches import save_search, saved_searches
from retake_core.maintenance.copies import keep_copy, list_copies
from retake_desktop.app import REOPEN, Desktop
from retake_desktop.preferences.backup import BackupPage
from tests.gui.driving import Opener

SLOW = 60_000


@pytest.fixture
def backup(desktop: Desktop, qtbot: QtBot) -> BackupPage:
    desktop.preferences.open_page("backup")
    page = desktop.preferences.pages["backup"]
    assert isinstance(page, BackupPage)
    qtbot.waitUntil(page.isVisible)
    return page


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    codes: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", codes.append)
    return codes


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.text())
        return int(QMessageBox.StandardButton.Yes.value)

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return asked


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def keep_search(desktop: Desktop, name: str) -> None:
    with desktop.database.writing() as connection:
        save_search(connection, name, "cake")


def kept(desktop: Desktop) -> list[str]:
    with desktop.database.reading() as connection:
        return [search.name for search in saved_searches(connection)]


def test_a_backup_is_made_and_restored(
    desktop: Desktop,
    backup: BackupPage,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    exits: list[int],
    questions: list[str],
    open_desktop: Opener,
) -> None:
    keep_search(desktop, "then")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    click(backup.make)
    assert backup.busy
    assert backup.progress.isVisible()
    assert not backup.restore.isEnabled()
    qtbot.waitUntil(lambda: not backup.busy, timeout=SLOW)
    assert backup.said.text().startswith("mine.zip was written: 4 videos, ")
    assert not backup.progress.isVisible()
    assert zipfile.ZipFile(tmp_path / "mine.zip").testzip() is None
    keep_search(desktop, "later")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mine.zip"), ""))
    with qtbot.waitSignal(backup.restored, timeout=SLOW):
        click(backup.restore)
    assert "mine.zip" in questions[0]
    assert exits == [REOPEN]
    assert kept(open_desktop(tmp_path / "data")) == ["then"]


def test_a_copy_of_the_list_is_restored(
    desktop: Desktop,
    backup: BackupPage,
    qtbot: QtBot,
    tmp_path: Path,
    exits: list[int],
    questions: list[str],
) -> None:
    data_dir = DataDir(tmp_path / "data")
    assert backup.list.count() == 0
    assert not backup.restore_copy.isEnabled()
    copy = keep_copy(data_dir)
    assert copy is not None
    os.utime(copy.path, (1_600_000_000, 1_600_000_000))
    keep_search(desktop, "later")
    backup.shown()
    qtbot.waitUntil(lambda: backup.list.count() == 1)
    assert "2020" in backup.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    point = backup.list.visualItemRect(backup.list.item(0)).center()
    QTest.mouseClick(backup.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    with qtbot.waitSignal(backup.restored, timeout=SLOW):
        click(backup.restore_copy)
    assert "2020" in questions[0]
    assert exits == [REOPEN]
    assert kept(desktop) == []
    qtbot.waitUntil(lambda: backup.list.count() == 2)  # the library as it was is among them now


def test_what_is_no_backup_is_refused_in_a_sentence(
    desktop: Desktop,
    backup: BackupPage,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    questions: list[str],
) -> None:
    keep_search(desktop, "mine")
    (tmp_path / "no.zip").write_bytes(b"nothing")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "no.zip"), ""))
    click(backup.restore)
    assert len(questions) == 1
    qtbot.waitUntil(lambda: not backup.busy and backup.trouble.isVisible(), timeout=SLOW)
    assert "cannot be read" in backup.trouble.text()
    assert kept(desktop) == ["mine"]


def test_nothing_is_restored_while_videos_are_indexed(
    desktop: Desktop, backup: BackupPage, slowly: Path, qtbot: QtBot, questions: list[str]
) -> None:
    desktop.window.activity.index()
    assert desktop.window.activity.running
    click(backup.restore)
    assert "being indexed" in backup.trouble.text()
    assert not backup.busy
    assert questions == []
    slowly.unlink()
    qtbot.waitUntil(lambda: not desktop.window.activity.running, timeout=SLOW)


def test_the_library_is_copied_by_itself(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path / "data")
    assert desktop.copies.first.isActive()
    assert list_copies(data_dir) == []
    desktop.copies.first.start(0)
    qtbot.waitUntil(lambda: len(list_copies(data_dir)) == 1, timeout=SLOW)
    desktop.copies.first.start(0)
    qtbot.wait(300)
    assert len(list_copies(data_dir)) == 1
