"""Albums in the library's panel: searches that are kept."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library import catalog, marks
from retake_core.library.database import Database
from retake_core.library.searches import save_search
from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, Opener, choose_shelf, names, select_video, shelves


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
