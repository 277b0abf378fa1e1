"""Albums in the library's panel: searches that are kept."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library import catalog, marks
from retake_core.library.database import Database
from retake_core.library.searches import save_search, saved_searches
from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, MenuUser, Opener, choose_shelf, names, select_video, shelves


@pytest.fixture
def desktop(open_desktop: Opener, indexed: Path, tmp_path: Path) -> Desktop:
    shutil.copytree(indexed, tmp_path / "data")
    with closing(Database(DataDir(tmp_path / "data").database)) as database, database.writing() as connection:
        marks.set_marks(connection, [catalog.find_video(connection, "short.mp4").id], stars=4)
        save_search(connection, "Best", "stars:4")
        save_search(connection, "Red things", "something red")
    return open_desktop(tmp_path / "data")


def described(desktop: Desktop) -> list[str]:
    return [item.data(0, Qt.ItemDataRole.AccessibleTextRole) for item in shelves(desktop)]


def test_an_album_shows_what_its_query_lets_through_now(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    qtbot.waitUntil(lambda: "Best, 1" in described(desktop), timeout=SLOW)
    choose_shelf(desktop, described(desktop).index("Best, 1"))
    qtbot.waitUntil(lambda: names(desktop) == ["short.mp4"], timeout=SLOW)
    assert window.library.head.heading.text() == "Best"
    choose_shelf(desktop, 0)
    qtbot.waitUntil(lambda: len(names(desktop)) == 4, timeout=SLOW)
    select_video(desktop, "many.mp4")
    window.actions_by_name["stars_5"].trigger()
    qtbot.waitUntil(lambda: "Best, 2" in described(desktop), timeout=SLOW)


def test_an_album_of_what_is_to_be_seen_is_a_search(desktop: Desktop, qtbot: QtBot) -> None:
    window, tree = desktop.window, desktop.window.folders.tree
    qtbot.waitUntil(lambda: "Red things" in described(desktop), timeout=SLOW)
    tree.setFocus()
    choose_shelf(desktop, described(desktop).index("Red things"))
    assert window.search.query == ""
    with qtbot.waitSignal(window.search.searched, timeout=SLOW):
        QTest.keyClick(tree, Qt.Key.Key_Return)
    assert window.search.query == "something red"


def test_an_album_goes_with_its_search(desktop: Desktop, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Best, 1" in described(desktop), timeout=SLOW)
    choose_shelf(desktop, described(desktop).index("Best, 1"))
    qtbot.waitUntil(lambda: names(desktop) == ["short.mp4"], timeout=SLOW)
    searches = desktop.window.search.searches
    entry = searches.find("Best")
    assert entry is not None
    searches.delete(entry)
    qtbot.waitUntil(lambda: "Best, 1" not in described(desktop), timeout=SLOW)
    qtbot.waitUntil(lambda: len(names(desktop)) == 4, timeout=SLOW)


def choose_album(desktop: Desktop, qtbot: QtBot, description: str) -> None:
    tree = desktop.window.folders.tree
    qtbot.waitUntil(lambda: description in described(desktop), timeout=SLOW)
    row = shelves(desktop)[described(desktop).index(description)]
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(row).center())
    assert tree.hasFocus()


def type_name(desktop: Desktop, name: str) -> None:
    line = desktop.window.folders.tree.findChild(QLineEdit)
    assert line is not None
    QTest.keyClicks(line, name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_an_album_is_renamed_in_place(desktop: Desktop, qtbot: QtBot) -> None:
    window, tree = desktop.window, desktop.window.folders.tree
    choose_album(desktop, qtbot, "Best, 1")
    qtbot.waitUntil(lambda: names(desktop) == ["short.mp4"], timeout=SLOW)
    window.grab()
    QTest.keyClick(tree, Qt.Key.Key_F2)
    assert window.library.grid.findChild(QLineEdit) is None  # it is no video that F2 means here
    type_name(desktop, "Very best")
    qtbot.waitUntil(lambda: "Very best, 1" in described(desktop), timeout=SLOW)
    assert "Best, 1" not in described(desktop)
    assert window.folders.shelf.album == "Very best"  # it stays chosen
    assert window.library.head.heading.text() == "Very best"


def test_two_albums_cannot_have_one_name(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    window, tree = desktop.window, desktop.window.folders.tree
    choose_album(desktop, qtbot, "Best, 1")
    menu.choice = "rename_album"
    tree.customContextMenuRequested.emit(tree.visualRect(tree.currentIndex()).center())
    qtbot.waitUntil(lambda: tree.is_editing, timeout=SLOW)
    type_name(desktop, "Red things")
    qtbot.waitUntil(lambda: "Another search is kept as Red things" in window.notice.text.text(), timeout=SLOW)
    assert {"Best, 1", "Red things"} <= set(described(desktop))


def test_an_album_is_deleted_and_brought_back(desktop: Desktop, qtbot: QtBot) -> None:
    window, tree = desktop.window, desktop.window.folders.tree
    for back in (True, False):
        choose_album(desktop, qtbot, "Best, 1")
        QTest.keyClick(tree, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: "Best, 1" not in described(desktop), timeout=SLOW)
        if back:
            window.notice.button.click()
        else:
            window.notice.commit()

    def kept() -> list[str]:
        with desktop.database.reading() as connection:
            return [entry.name for entry in saved_searches(connection)]

    qtbot.waitUntil(lambda: kept() == ["Red things"], timeout=SLOW)
