"""Enter and Escape in every dialog, and what the export dialog says when files come and go meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.errors import DamagedError, NewerVersionError, StorageError, UserError
from retake_core.protocol.export_order import Wanted
from retake_desktop.app import Desktop
from retake_desktop.common.widgets import agreed
from retake_desktop.export.dialog import ExportDialog, Subject
from retake_desktop.search.filter_menu import DatesDialog
from retake_desktop.startup.crash import CrashDialog
from retake_desktop.startup.rescue import RescueDialog
from tests.gui.driving import SLOW, open_video


@pytest.fixture(autouse=True)
def choosers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the titles of the folder choosers that were opened."""
    opened: list[str] = []

    def choose(_parent: QWidget, title: str, *_: Any) -> str:
        opened.append(title)
        return ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    return opened


@pytest.fixture
def asked(qtbot: QtBot, tmp_path: Path) -> Iterator[ExportDialog]:
    """Yield an export dialog that is open."""
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    subject = Subject("a moment", "out", ("clip",), (Wanted(1, 1.0, 1.0, 2.0),))
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(parent, subject, settings)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    dialog.folder.setText(str(tmp_path))
    yield dialog
    dialog.close()


def show(dialog: QDialog) -> None:
    dialog.show()
    dialog.activateWindow()
    QTest.qWaitForWindowActive(dialog)


def press(dialog: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(dialog.focusWidget() or dialog, key)


def in_next_dialog(kind: type[QDialog], act: Callable[[QDialog], None]) -> None:
    """Do something in the dialog that opens next, as soon as it waits for its answer."""
    looks = QTimer(QApplication.instance())

    def look() -> None:
        found = QApplication.activeModalWidget()
        if isinstance(found, kind) and found.isVisible():
            looks.stop()
            act(found)

    looks.timeout.connect(look)
    looks.start(50)


def test_enter_exports_from_every_field(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, choosers: list[str]
) -> None:
    open_video(desktop, qtbot, "many.mp4")
    for name in ("name", "folder", "before", "format"):
        desktop.window.actions_by_name["export"].trigger()
        (dialog,) = [child for child in desktop.window.findChildren(ExportDialog) if child.isVisible()]
        dialog.folder.setText(str(tmp_path))
        dialog.name.setText(f"from {name}")
        QTest.keyClick(getattr(dialog, name), Qt.Key.Key_Return)
        target = tmp_path / f"from {name}.mp4"
        qtbot.waitUntil(target.exists, timeout=SLOW)
        qtbot.waitUntil(lambda: not desktop.window.exports.running, timeout=SLOW)
    assert choosers == []


def test_a_file_that_appeared_meanwhile_is_told_and_another_name_offered(asked: ExportDialog) -> None:
    assert asked.export.isEnabled()
    asked.target.write_bytes(b"x")
    asked.export.click()
    assert asked.isVisible()
    assert "already exists" in asked.problem.text()
    assert asked.replace.isVisible()
    assert "out 2" in asked.another.text()
    press(asked)
    assert asked.name.text() == "out 2"
    assert not asked.another.isVisible()
    press(asked)
    assert asked.result() == QDialog.DialogCode.Accepted.value
    assert not asked.order.replace


def test_a_folder_that_went_is_told_and_taken_when_it_is_back(asked: ExportDialog, tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    asked.folder.setText(str(folder))
    folder.rmdir()
    QTest.keyClick(asked.name, Qt.Key.Key_Return)
    assert asked.isVisible()
    assert "does not exist" in asked.problem.text()
    folder.mkdir()
    QApplication.sendEvent(asked, QEvent(QEvent.Type.ActivationChange))
    assert asked.export.isEnabled()


@pytest.mark.parametrize(
    ("name", "folder", "says"),
    [
        ("x" * 300, "", "too long"),
        ("\N{CJK UNIFIED IDEOGRAPH-9E7F}" * 100, "", "too long"),
        ("a/b", "", "cannot contain"),
        ("..", "/" + "x" * 300, "does not exist"),
        ("fine", "no/absolute/folder", "does not exist"),
    ],
    ids=["long", "long in bytes", "slash", "long folder", "relative folder"],
)
def test_wrong_names_are_told(asked: ExportDialog, name: str, folder: str, says: str) -> None:
    asked.folder.setText(folder or asked.folder.text())
    asked.name.setText(name)
    assert says in asked.problem.text()
    QTest.keyClick(asked.name, Qt.Key.Key_Return)
    assert asked.isVisible()


def test_escape_leaves_the_export(asked: ExportDialog) -> None:
    press(asked, Qt.Key.Key_Escape)
    assert not asked.isVisible()
    assert asked.result() == QDialog.DialogCode.Rejected.value


@pytest.mark.parametrize(("key", "code"), [(Qt.Key.Key_Return, 1), (Qt.Key.Key_Escape, 0)])
def test_the_dates(qtbot: QtBot, key: Qt.Key, code: int) -> None:
    dialog = DatesDialog(None)
    qtbot.addWidget(dialog)
    show(dialog)
    QTest.keyClick(dialog.first, key)
    assert not dialog.isVisible()
    assert dialog.result() == code


@pytest.mark.parametrize(("key", "code"), [(Qt.Key.Key_Return, 1), (Qt.Key.Key_Escape, 0)])
def test_the_crash_dialog_goes_on(qtbot: QtBot, key: Qt.Key, code: int) -> None:
    QApplication.clipboard().setText("before")
    dialog = CrashDialog("Traceback", Path("retake.log"))
    qtbot.addWidget(dialog)
    show(dialog)
    press(dialog, key)
    assert dialog.result() == code
    assert not dialog.isVisible()
    assert QApplication.clipboard().text() == "before"


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (DamagedError("It is damaged."), "repair"),
        (NewerVersionError("It is newer."), "leave"),
        (StorageError("The disk is full."), "go_on"),
    ],
)
def test_the_rescue_dialog_means_what_helps(qtbot: QtBot, tmp_path: Path, error: UserError, meant: str) -> None:
    dialog = RescueDialog(error, DataDir(tmp_path), ["false"])
    qtbot.addWidget(dialog)
    show(dialog)
    button = getattr(dialog, meant)
    assert button.isVisible()
    assert button.isDefault()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    press(dialog)
    assert pressed == [True]
    qtbot.waitUntil(lambda: dialog.leave.isEnabled(), timeout=SLOW)
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_question_is_not_agreed_to_by_enter_or_escape(qtbot: QtBot, key: Qt.Key) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    in_next_dialog(QMessageBox, lambda box: QTest.keyClick(box, key))
    assert not agreed(parent, "Delete", "Delete it?")


@pytest.mark.parametrize(("key", "saved"), [(Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)])
def test_a_search_is_named(desktop: Desktop, key: Qt.Key, saved: bool) -> None:
    window = desktop.window
    window.search.box.setText("green")

    in_next_dialog(QInputDialog, lambda asks: QTest.keyClick(asks.findChildren(QLineEdit)[0], key))
    window.actions_by_name["save_search"].trigger()
    assert ("was saved as “Green”" in window.notice.text.text()) is saved


def test_about_closes_by_either_key(desktop: Desktop) -> None:
    closed: list[bool] = []
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):

        def close(about: QDialog, key: Qt.Key = key) -> None:
            QTest.keyClick(about, key)
            closed.append(not about.isVisible())

        in_next_dialog(QMessageBox, close)
        desktop.window.actions_by_name["about"].trigger()
    assert closed == [True, True]


def test_enter_in_a_field_of_the_preferences_presses_no_button(
    empty: Desktop, qtbot: QtBot, choosers: list[str]
) -> None:
    preferences = empty.preferences
    pressed: list[bool] = []
    for name, page in preferences.pages.items():
        preferences.open_page(name)
        for button in page.findChildren(QPushButton):
            button.clicked.connect(lambda: pressed.append(True))
        for field in page.findChildren(QLineEdit):
            field.setFocus()
            QTest.keyClick(field, Qt.Key.Key_Return)
        assert pressed == []
        assert preferences.isVisible()
    assert choosers == []
    qtbot.waitUntil(preferences.isActiveWindow)
    QTest.keyClick(preferences.list, Qt.Key.Key_Escape)
    assert not preferences.isVisible()
