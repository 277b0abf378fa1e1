"""The row of people on the video page: who is seen in a video, by mouse and by keys."""

import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_core.library import faces, persons
from retake_core.library.schema import face
from retake_desktop.app import Desktop
from retake_desktop.common.theme import theme
from retake_desktop.player.people_strip import SIDE, PeopleStrip
from tests.core.library.test_persons import MODEL, SAME, add_face
from tests.gui.accessibility import faults, tree
from tests.gui.driving import SLOW, MenuUser, entry, open_video


@pytest.fixture
def strip(desktop: Desktop, qtbot: QtBot) -> PeopleStrip:
    """Return the row of a video in which Anna is seen three times, somebody else twice, and a third once."""
    picture = io.BytesIO()
    Image.fromarray(np.full((40, 30, 3), (200, 30, 30), np.uint8)).save(picture, "WEBP")
    video = entry(desktop, "many.mp4").id
    with desktop.database.writing() as connection:
        for second, who in ((2, 0), (3, 0), (20, 0), (40, 0), (20, 1), (21, 1), (30, 2)):
            add_face(connection, video, second, who)
        connection.execute(face.update().values(picture=picture.getvalue()))
        faces.group_new_faces(connection, MODEL, SAME)
        persons.name_person(connection, 1, "Anna")
    desktop.window.desk.store.change(faces=True)
    open_video(desktop, qtbot, "many.mp4")
    strip = desktop.window.page.people
    qtbot.waitUntil(lambda: strip.count() == 2, timeout=SLOW)
    return strip


def titles(strip: PeopleStrip) -> list[str]:
    return [strip.item(row).text() for row in range(strip.count())]


def click(strip: PeopleStrip, row: int) -> None:
    point = strip.visualItemRect(strip.item(row)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=point)


def right_click(strip: PeopleStrip, row: int) -> None:
    point = strip.visualItemRect(strip.item(row)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, strip.viewport().mapToGlobal(point))
    QApplication.sendEvent(strip.viewport(), event)


def test_a_click_or_a_key_leads_to_the_next_moment(desktop: Desktop, strip: PeopleStrip) -> None:
    reel = desktop.window.page.reel
    assert titles(strip) == ["Anna", "Person 2"]
    assert strip.isVisible()
    assert strip.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Anna, seen at 0:02, 0:20, 0:40"
    assert not faults(tree(desktop.window))
    times = []
    for _ in range(4):
        click(strip, 0)
        times.append(reel.time)
    assert times == [2.0, 20.0, 40.0, 2.0]
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert strip.currentRow() == 1
    assert reel.time == 20.0, "of the second person, and the arrow did not move the player"


@pytest.mark.parametrize("dark", [True, False])
def test_a_face_is_a_disc_in_both_themes(qapp: QApplication, strip: PeopleStrip, dark: bool) -> None:
    picture = strip.item(0).icon().pixmap(SIDE, SIDE).toImage()
    assert picture.pixelColor(0, 0).alpha() == 0
    assert picture.pixelColor(picture.rect().center()).red() > 150
    before = theme.is_dark
    theme.apply(qapp, dark)
    try:
        shown = strip.window().grab(strip.rect().translated(strip.mapTo(strip.window(), QPoint()))).toImage()
        seen = {shown.pixelColor(x, y).name() for x in range(SIDE, SIDE * 4) for y in range(shown.height())}
        assert {theme.colours.window, theme.colours.text} <= seen
    finally:
        theme.apply(qapp, before)


def test_somebody_is_searched_for(desktop: Desktop, strip: PeopleStrip, qtbot: QtBot, menu: MenuUser) -> None:
    menu.choice = "search_person"
    right_click(strip, 0)
    search = desktop.window.search
    assert search.box.text().strip() == "person:Anna"
    qtbot.waitUntil(lambda: len(search.hits) == 3, timeout=SLOW)


def test_who_is_shown_is_said_to_be_another(
    desktop: Desktop, strip: PeopleStrip, qtbot: QtBot, menu: MenuUser
) -> None:
    page = desktop.window.page
    page.show_time(10.0)
    right_click(strip, 0)
    assert menu.offered == {"search_person": True, "not_person": False}, "no moment of hers"
    page.show_time(2.5)
    menu.choice = "not_person"
    right_click(strip, 0)
    qtbot.waitUntil(lambda: "Person 4" in titles(strip), timeout=SLOW)
    assert strip.item(0).toolTip().endswith("seen at 0:20, 0:40")
    assert not desktop.window.actions_by_name["not_person"].isEnabled()


def test_it_is_there_only_while_faces_are_looked_for_and_somebody_is_seen(
    desktop: Desktop, strip: PeopleStrip, qtbot: QtBot
) -> None:
    desktop.window.page.set_bare(True)
    assert not strip.isVisible()
    desktop.window.page.set_bare(False)
    assert strip.isVisible()
    desktop.window.desk.store.change(faces=False)
    assert not strip.isVisible()
    desktop.window.desk.store.change(faces=True)
    assert strip.isVisible()
    open_video(desktop, qtbot, "short.mp4")
    assert not strip.isVisible()
