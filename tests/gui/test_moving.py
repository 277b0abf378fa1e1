"""The library is moved from the preferences, and found again at its new place."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from retake_core.data_dir import MOVED_TO, DataDir, current_place
from retake_desktop import app
from retake_desktop.app import REOPEN, Desktop
from retake_desktop.preferences.move_box import MoveBox
from retake_desktop.startup.crash import CrashReporter
from tests.gui.driving import SLOW, Opener, entry


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    codes: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", codes.append)
    return codes


@pytest.fixture
def yes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Agree to all questions, and return them."""
    asked: list[str] = []

    def agree(box: QMessageBox) -> int:
        asked.append(box.text())
        return QMessageBox.StandardButton.Yes.value

    monkeypatch.setattr(QMessageBox, "exec", agree)
    return asked


def box_of(desktop: Desktop) -> MoveBox:
    desktop.preferences.open_page("data")
    box = desktop.preferences.pages["data"].move_box  # type: ignore[attr-defined]
    assert isinstance(box, MoveBox)
    return box


def test_the_library_is_moved_opened_there_and_the_old_one_deleted(
    desktop: Desktop,
    open_desktop: Opener,
    qtbot: QtBot,
    tmp_path: Path,
    exits: list[int],
    yes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "film.mp4").touch()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "disk"))
    box = box_of(desktop)
    assert not box.delete_old.isVisible()
    QTest.mouseClick(box.move_away, Qt.MouseButton.LeftButton)
    assert not box.move_away.isEnabled()
    qtbot.waitUntil(lambda: exits == [REOPEN], timeout=SLOW)
    new = tmp_path / "disk" / "ReTaKe"
    assert str(new) in yes[0]
    assert current_place(tmp_path / "data") == new
    desktop.close()
    moved = open_desktop(new)
    assert entry(moved, "many.mp4").state == "refined"
    box = box_of(moved)
    assert str(tmp_path / "data") in box.about_old.text()
    QTest.mouseClick(box.delete_old, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "free again" in box.about_old.text(), timeout=SLOW)
    assert [path.name for path in (tmp_path / "data").iterdir()] == [MOVED_TO]
    assert not box.delete_old.isVisible()


def test_a_place_that_cannot_take_it_is_told(
    empty: Desktop,
    qtbot: QtBot,
    tmp_path: Path,
    exits: list[int],
    yes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "data"))
    box = box_of(empty)
    QTest.mouseClick(box.move_away, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "choose another folder" in box.trouble.text(), timeout=SLOW)
    assert len(yes) == 1
    assert exits == []
    assert box.move_away.isEnabled()
    assert current_place(tmp_path / "data") == tmp_path / "data"


def test_the_app_goes_on_where_the_library_lies_now(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    new.mkdir()
    opened: list[Path] = []

    def run(_app: object, data_dir: DataDir, *_: object) -> int:
        opened.append(data_dir.root)
        (old / MOVED_TO).write_text(str(new))
        return REOPEN if len(opened) == 1 else 0

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(app, "log_to", lambda *_: None)
    monkeypatch.setattr(CrashReporter, "install", lambda _: None)
    assert app.serve(qapp, old, "") == REOPEN
    assert app.serve(qapp, old, "") == 0
    assert opened == [old, new]
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda *words: told.append(words[-1]))
    new.rename(tmp_path / "unplugged")
    assert app.serve(qapp, old, "") == 2
    assert "connect its disk" in told[0]
    assert len(opened) == 2
