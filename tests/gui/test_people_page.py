"""People in the preferences: the switch, the grid of faces, and what a person does there by mouse and keys."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QListWidgetItem, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from retake_core.data_dir import DataDir
from retake_core.library import faces, persons
from retake_core.library.catalog import videos_by_id
from retake_core.library.schema import face, video
from retake_core.maintenance.copies import keep_copy, list_copies
from retake_core.people.model import FaceModelError
from retake_core.settings import load_settings
from retake_desktop.app import Desktop
from retake_desktop.preferences.backup import BackupPage
from retake_desktop.preferences.people import PeoplePage
from tests.core.library.test_persons import MODEL, SAME, add_face
from tests.gui.driving import MenuUser
from tests.support.fake_faces import INSTALLED

SLOW = 60_000


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retake_desktop.preferences.people.find_face_model", lambda _: INSTALLED)


@pytest.fixture
def people(desktop: Desktop, qtbot: QtBot) -> PeoplePage:
    """Return the page, with somebody who is seen three times, another two times, and one a single time."""
    picture = io.BytesIO()
    Image.fromarray(np.full((40, 30, 3), 200, np.uint8)).save(picture, "WEBP")
    with desktop.database.writing() as connection:
        first, second = list(connection.execute(select(video.c.id).where(video.c.error.is_(None))).scalars())[:2]
        for place in ((first, 0, 0), (first, 20, 0), (second, 4, 0), (first, 2, 1), (first, 3, 1), (second, 6, 2)):
            add_face(connection, *place)
        connection.execute(face.update().values(picture=picture.getvalue()))
        faces.group_new_faces(connection, MODEL, SAME)
    desktop.preferences.open_page("people")
    page = desktop.preferences.pages["people"]
    assert isinstance(page, PeoplePage)
    qtbot.waitUntil(lambda: page.list.count() == 2, timeout=SLOW)
    return page


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.text())
        return int(QMessageBox.StandardButton.Yes.value)

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return asked


def titles(page: PeoplePage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def item(page: PeoplePage, row: int) -> QListWidgetItem:
    return page.list.item(row)


def choose(page: PeoplePage, *rows: int) -> None:
    page.list.clearSelection()
    for row in rows:
        point = page.list.visualItemRect(item(page, row)).center()
        modifier = Qt.KeyboardModifier.ControlModifier if row != rows[0] else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, modifier, point)


def click(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_anybody_the_page_begins_at_the_top(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.preferences.open_page("people")
    page = desktop.preferences.pages["people"]
    assert isinstance(page, PeoplePage)
    qtbot.waitUntil(page.nobody.isVisible)
    desktop.preferences.resize(980, 900)
    inside = page.column.contentsRect()
    assert page.forget_all.geometry().bottom() < inside.bottom() - 200, "room is left below, not between the lines"
    assert page.everybody.geometry().top() - page.nobody.geometry().bottom() < 20


def test_faces_are_a_grid_and_a_name_is_given(
    people: PeoplePage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert titles(people) == ["Person 1", "Person 2"]
    assert not item(people, 0).icon().isNull()
    assert item(people, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Person 1, 3 pictures"
    assert not people.name.isEnabled()
    choose(people, 1)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Anna", True))
    QTest.keyClick(people.list, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: titles(people) == ["Anna", "Person 1"], timeout=SLOW)
    choose(people, 1)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("anna", True))
    click(people.name)
    qtbot.waitUntil(people.trouble.isVisible, timeout=SLOW)
    assert "merging" in people.trouble.text()
    assert titles(people) == ["Anna", "Person 1"]


def test_an_empty_page_says_what_to_do(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.preferences.open_page("people")
    page = desktop.preferences.pages["people"]
    assert isinstance(page, PeoplePage)
    qtbot.waitUntil(lambda: "Switch on" in page.nobody.text(), timeout=SLOW)
    assert page.nobody.isVisible()
    assert not page.list.isVisible()
    qtbot.waitUntil(page.faces.isEnabled, timeout=SLOW)
    QTest.mouseClick(page.faces, Qt.MouseButton.LeftButton, pos=QPoint(8, page.faces.height() // 2))
    assert page.faces.isChecked()
    qtbot.waitUntil(lambda: "Switch on" not in page.nobody.text(), timeout=SLOW)


def test_who_is_not_listed_is_not_nobody(people: PeoplePage, qtbot: QtBot) -> None:
    choose(people, 0, 1)
    click(people.hide_people)
    qtbot.waitUntil(people.nobody.isVisible, timeout=SLOW)
    assert "hidden" in people.nobody.text()
    QTest.mouseClick(people.everybody, Qt.MouseButton.LeftButton, pos=QPoint(8, people.everybody.height() // 2))
    assert people.list.isVisible()
    assert not people.nobody.isVisible()


def test_two_become_one_and_are_hidden_and_shown_again(people: PeoplePage, qtbot: QtBot) -> None:
    choose(people, 0)
    assert not people.merge.isEnabled()
    choose(people, 0, 1)
    assert not people.name.isEnabled()
    click(people.merge)
    qtbot.waitUntil(lambda: titles(people) == ["Person 1"], timeout=SLOW)
    assert item(people, 0).toolTip() == "5 pictures"
    choose(people, 0)
    click(people.hide_people)
    qtbot.waitUntil(lambda: titles(people) == [], timeout=SLOW)
    people.everybody.setChecked(True)
    assert titles(people) == ["Person 1", "Person 3"]
    choose(people, 0)
    assert people.hide_people.text() == "Show again"
    click(people.hide_people)
    people.everybody.setChecked(False)
    qtbot.waitUntil(lambda: titles(people) == ["Person 1"], timeout=SLOW)


def test_moments_of_somebody_are_searched(desktop: Desktop, people: PeoplePage, qtbot: QtBot) -> None:
    choose(people, 1)
    QTest.keyClick(people.list, Qt.Key.Key_Return)
    assert not desktop.preferences.isVisible()
    assert desktop.window.search.box.text().strip() == "person:2"
    qtbot.waitUntil(lambda: len(desktop.window.search.hits) > 0, timeout=SLOW)
    assert desktop.window.search.hits[0].why == ("person",)


def test_somebody_and_then_everybody_is_forgotten(
    desktop: Desktop, people: PeoplePage, qtbot: QtBot, questions: list[str], tmp_path: Path
) -> None:
    data_dir = DataDir(tmp_path / "data")
    keep_copy(data_dir)
    click(people.faces)  # type: ignore[arg-type]
    assert load_settings(data_dir.settings).faces
    choose(people, 0)
    QTest.keyClick(people.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(people) == ["Person 2"], timeout=SLOW)
    assert "Person 1" in questions[0]
    assert people.said.text() == "3 faces were deleted."
    assert list_copies(data_dir) == []
    assert people.faces.isChecked()
    click(people.forget_all)
    qtbot.waitUntil(lambda: titles(people) == [], timeout=SLOW)
    assert not people.faces.isChecked()
    assert not load_settings(data_dir.settings).faces
    with desktop.database.reading() as connection:
        assert persons.people(connection) == []


def test_nobody_is_forgotten_while_videos_are_indexed(
    people: PeoplePage, questions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_is_indexing", lambda: True)
    click(people.forget_all)
    assert people.trouble.isVisible()
    assert questions == []
    assert titles(people) == ["Person 1", "Person 2"]


def test_without_a_model_the_switch_says_how_to_get_one(
    people: PeoplePage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise FaceModelError("The folder /x of the face model does not exist; name it anew.")

    monkeypatch.setattr("retake_desktop.preferences.people.find_face_model", refuse)
    people.shown()
    qtbot.waitUntil(lambda: not people.faces.isEnabled(), timeout=SLOW)
    assert "does not exist" in people.faces.accessibleDescription()


@pytest.mark.usefixtures("people")
def test_a_backup_asks_whether_faces_go_into_it(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    desktop.preferences.open_page("backup")
    page = desktop.preferences.pages["backup"]
    assert isinstance(page, BackupPage)
    assert not page.faces.isChecked()
    sizes = []
    for _ in range(2):
        click(page.make)
        qtbot.waitUntil(lambda: not page.busy, timeout=SLOW)
        sizes.append(b"fake-faces" in (tmp_path / "mine.zip").read_bytes())
        page.faces.setChecked(True)
    assert sizes == [False, True]


def test_who_a_search_found_is_said_to_be_another(
    desktop: Desktop, people: PeoplePage, qtbot: QtBot, menu: MenuUser
) -> None:
    window, action = desktop.window, desktop.window.actions_by_name["not_person"]
    desktop.preferences.close()
    assert not action.isEnabled()
    window.search.open_query("person:1")
    qtbot.waitUntil(lambda: len(window.search.hits) == 3, timeout=SLOW)
    assert window.search.hits[0].why == ("person",)
    menu.choice = "not_person"
    rows = window.search.list
    qtbot.waitUntil(lambda: rows.model().rowCount() > 1, timeout=SLOW)
    hit = window.search.hits[-1]
    with desktop.database.reading() as connection:
        found = videos_by_id(connection, [hit.video_id])[hit.video_id]
    window.search.menu_wanted.emit(QPoint(5, 5), found, hit.time)
    assert menu.offered["not_person"]
    qtbot.waitUntil(lambda: len(window.search.hits) == 2, timeout=SLOW)
    qtbot.waitUntil(lambda: "another person" in window.notice.text.text(), timeout=SLOW)
    people.shown()
    people.everybody.setChecked(True)
    qtbot.waitUntil(lambda: "Person 4" in titles(people), timeout=SLOW)
    window.search.open_query("red")
    window.search.menu_wanted.emit(QPoint(5, 5), found, hit.time)
    assert not menu.offered["not_person"]
