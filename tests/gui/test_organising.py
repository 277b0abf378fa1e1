"""Stars, favourites, tags and hiding, as a person gives them in the grid."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.library.tag_dialog import TagDialog
from tests.gui.driving import SLOW, MenuUser, choose_shelf, entry, names, open_video, select_video, shelves


def rows(desktop: Desktop) -> list[str]:
    return [item.text(0) for item in shelves(desktop)]


def open_tags(desktop: Desktop, qtbot: QtBot) -> TagDialog:
    desktop.window.actions_by_name["tags"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), TagDialog), timeout=SLOW)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, TagDialog)
    return dialog


def test_a_key_gives_stars_while_the_grid_has_the_focus(desktop: Desktop, qtbot: QtBot) -> None:
    grid = desktop.window.library.grid
    select_video(desktop, "short.mp4")
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").stars == 4, timeout=SLOW)
    qtbot.waitUntil(lambda: "4 stars" in _described(desktop, "short.mp4"), timeout=SLOW)
    QTest.keyClick(grid, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").stars == 0, timeout=SLOW)
    desktop.window.library.head.name_filter.setFocus()
    QTest.keyClicks(desktop.window.library.head.name_filter, "3")
    assert desktop.window.library.head.name_filter.text() == "3"
    assert entry(desktop, "short.mp4").stars == 0


def test_favourites_have_a_place(desktop: Desktop, qtbot: QtBot) -> None:
    assert "Favourites" not in rows(desktop)
    select_video(desktop, "many.mp4")
    desktop.window.actions_by_name["favourite"].trigger()
    qtbot.waitUntil(lambda: "Favourites" in rows(desktop), timeout=SLOW)
    assert desktop.window.actions_by_name["favourite"].isChecked()
    with qtbot.waitSignal(desktop.window.library.refreshed, timeout=SLOW):
        choose_shelf(desktop, 1)
    assert names(desktop) == ["many.mp4"]
    assert "Favourite" in _described(desktop, "many.mp4")


def test_a_hidden_video_stands_under_hidden_and_comes_back(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    select_video(desktop, "many.mp4")
    window.actions_by_name["hide"].trigger()
    qtbot.waitUntil(lambda: "Hidden" in rows(desktop), timeout=SLOW)
    assert "many.mp4" not in names(desktop)
    with qtbot.waitSignal(window.library.refreshed, timeout=SLOW):
        choose_shelf(desktop, 1)
    assert names(desktop) == ["many.mp4"]
    window.notice.button.click()
    qtbot.waitUntil(lambda: not entry(desktop, "many.mp4").hidden, timeout=SLOW)
    qtbot.waitUntil(lambda: names(desktop) == [], timeout=SLOW)


def test_tags_of_several_videos(desktop: Desktop, qtbot: QtBot) -> None:
    select_video(desktop, "short.mp4")
    dialog = open_tags(desktop, qtbot)
    QTest.keyClicks(dialog.box, "Summer")
    QTest.keyClick(dialog.box, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").tags == ("Summer",), timeout=SLOW)
    qtbot.waitUntil(lambda: "Tags: Summer" in _described(desktop, "short.mp4"), timeout=SLOW)
    qtbot.waitUntil(lambda: desktop.window.search.box.vocabulary.tags == ("Summer",), timeout=SLOW)

    desktop.window.library.grid.selectAll()
    dialog = open_tags(desktop, qtbot)
    item = dialog.list.item(0)
    assert (item.text(), item.checkState()) == ("Summer", Qt.CheckState.PartiallyChecked)
    assert (dialog.given, dialog.taken) == ([], [])
    item.setCheckState(Qt.CheckState.Unchecked)
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").tags == (), timeout=SLOW)


def test_what_cannot_be_a_tag_is_told(desktop: Desktop, qtbot: QtBot) -> None:
    select_video(desktop, "short.mp4")
    dialog = open_tags(desktop, qtbot)
    QTest.keyClicks(dialog.box, 'a"b')
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: "quotation marks" in desktop.window.notice.text.text(), timeout=SLOW)
    assert entry(desktop, "short.mp4").tags == ()


def test_the_menu_offers_it(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    select_video(desktop, "short.mp4")
    grid = desktop.window.library.grid
    menu.choice = "favourite"
    grid.customContextMenuRequested.emit(grid.visualRect(grid.currentIndex()).center())
    assert {"favourite", "tags", "hide"} <= {name for name, possible in menu.offered.items() if possible}
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").favourite, timeout=SLOW)


def test_the_open_video_can_be_marked(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    desktop.window.actions_by_name["stars_3"].trigger()
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").stars == 3, timeout=SLOW)
    page = desktop.window.page
    qtbot.waitUntil(lambda: page.video is not None and page.video.stars == 3, timeout=SLOW)


def _described(desktop: Desktop, name: str) -> str:
    model = desktop.window.library.model
    row = model.row_of(entry(desktop, name).id)
    return str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole))
