"""What a person said of videos, in the window: tags are offered, notes found, hidden videos left out."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library import catalog, marks, tags
from retake_core.library.database import Database
from retake_core.library.notes import add_note
from retake_desktop.app import Desktop
from retake_desktop.search.results_model import RowKind
from tests.gui.driving import SLOW, Opener
from tests.gui.test_search import chips, find


@pytest.fixture
def desktop(open_desktop: Opener, indexed: Path, tmp_path: Path) -> Desktop:
    shutil.copytree(indexed, tmp_path / "data")
    with closing(Database(DataDir(tmp_path / "data").database)) as database, database.writing() as connection:
        short, many = (catalog.find_video(connection, name).id for name in ("short.mp4", "many.mp4"))
        tags.add_tags(connection, [short], ["Summer 2024"])
        add_note(connection, [short], "Grandma laughs", 12.0)
        marks.set_marks(connection, [short], stars=4, favourite=True)
        marks.set_marks(connection, [many], hidden=True)
    return open_desktop(tmp_path / "data")


def found(desktop: Desktop) -> list[str]:
    rows = desktop.window.search.list.results.rows
    return [row.video.path.name for row in rows if row.kind is RowKind.VIDEO and row.video is not None]


def test_a_tag_is_completed_by_key(desktop: Desktop, qtbot: QtBot) -> None:
    panel = desktop.window.search
    desktop.window.actions_by_name["search"].trigger()
    qtbot.waitUntil(lambda: bool(panel.box.vocabulary.tags), timeout=SLOW)
    QTest.keyClicks(panel.box, "ta")
    QTest.keyClick(panel.box, Qt.Key.Key_Tab)
    QTest.keyClicks(panel.box, "sum")
    QTest.keyClick(panel.box, Qt.Key.Key_Tab)
    assert panel.box.text() == 'tag:"Summer 2024" '
    assert chips(panel) == ["Tagged “Summer 2024”"]
    find(desktop, qtbot, panel.box.text())
    assert found(desktop) == ["short.mp4"]


def test_the_menu_offers_what_was_said(desktop: Desktop, qtbot: QtBot) -> None:
    panel = desktop.window.search
    desktop.window.actions_by_name["search"].trigger()
    qtbot.waitUntil(lambda: bool(panel.box.vocabulary.tags), timeout=SLOW)
    panel.filters.aboutToShow.emit()
    (tag,) = panel.filters.tags.actions()
    assert tag.text() == "Summer 2024"
    tag.trigger()
    panel.filters.stars.actions()[1].trigger()
    panel.filters.favourites.trigger()
    assert panel.query == 'tag:"Summer 2024" stars:4 is:favourite'
    assert chips(panel) == ["Tagged “Summer 2024”", "4 stars or more", "Favourites"]


def test_hidden_videos_are_in_no_list(desktop: Desktop, qtbot: QtBot) -> None:
    names = {item.entry.path.name for item in desktop.window.library.model.items}
    assert "short.mp4" in names
    assert "many.mp4" not in names
    find(desktop, qtbot, "red")
    assert "short.mp4" in found(desktop)
    assert "many.mp4" not in found(desktop)
    find(desktop, qtbot, "is:hidden")
    assert found(desktop) == ["many.mp4"]
    assert chips(desktop.window.search) == ["Hidden videos"]


def test_a_note_is_a_moment_with_its_words(desktop: Desktop, qtbot: QtBot) -> None:
    panel = find(desktop, qtbot, "grandma")
    (hit,) = panel.hits
    assert (hit.time, hit.why, hit.snippet) == (12.0, ("note",), "Grandma laughs")
