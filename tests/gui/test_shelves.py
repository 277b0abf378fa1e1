"""Finding one's way in the grid: sub-folders, orders, filters, the size of cards, several selected."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.common.painting import paint_picture
from retake_desktop.library.sorting import Sort
from retake_desktop.library.title_editor import TitleEditor
from tests.gui.driving import (
    SLOW,
    choose_shelf,
    entry,
    index,
    names,
    open_video,
    select_video,
    shelves,
    wait_for_refresh,
)
from tests.support.fakes import make_clip


@pytest.fixture
def nested(clips: Path, tmp_path: Path) -> Path:
    """Return a folder with recordings in folders of folders."""
    folder = tmp_path / "films"
    for place in ("2023/summer", "2024"):
        (folder / place).mkdir(parents=True)
    shutil.copy2(clips / "short.mp4", folder / "2023" / "summer")
    shutil.copy2(clips / "many.mp4", folder / "2024")
    shutil.copy2(clips / "many.mp4", folder / "2023" / "the same.mp4")
    return folder


def arrange(desktop: Desktop, qtbot: QtBot, sort: Sort, *, turned: bool = False) -> list[str]:
    head = desktop.window.library.head
    head.sort_order.setCurrentIndex(head.sort_order.findData(sort))
    head.direction.setChecked(turned)
    wait_for_refresh(desktop, qtbot)
    return names(desktop)


def wheel(desktop: Desktop, steps: int) -> None:
    viewport = desktop.window.library.grid.viewport()
    point = QPointF(viewport.rect().center())
    event = QWheelEvent(
        point,
        QPointF(viewport.mapToGlobal(point.toPoint())),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_folders_open_by_key_into_those_inside(empty: Desktop, qtbot: QtBot, nested: Path) -> None:
    index(empty, qtbot, nested)
    tree = empty.window.folders.tree
    assert [item.text(0) for item in shelves(empty)] == ["All videos", "films"]
    choose_shelf(empty, 1)
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Asterisk)
    described = [item.data(0, Qt.ItemDataRole.AccessibleTextRole) for item in shelves(empty)][2:]
    assert described == ["2023, 2", "summer, 1", "2024, 1"]
    for _ in range(2):
        QTest.keyClick(tree, Qt.Key.Key_Down)
    wait_for_refresh(empty, qtbot)
    assert names(empty) == ["short.mp4"]
    assert empty.window.folders.folder == nested / "2023" / "summer"
    assert not empty.window.actions_by_name["remove_folder"].isEnabled()
    assert empty.window.library.head.heading.text() == "summer"
    empty.window.activity.index()  # the tree is made anew, and stays as it is
    qtbot.waitUntil(lambda: not empty.window.activity.running, timeout=SLOW)
    wait_for_refresh(empty, qtbot)
    assert len(shelves(empty)) == 5
    assert empty.window.folders.folder == nested / "2023" / "summer"


def test_every_order_can_be_turned_round(desktop: Desktop, qtbot: QtBot) -> None:
    by_size = arrange(desktop, qtbot, Sort.SIZE)
    sizes = [entry(desktop, name).size for name in by_size]
    assert sizes == sorted(sizes, reverse=True)
    assert arrange(desktop, qtbot, Sort.SIZE, turned=True) == by_size[::-1]
    assert arrange(desktop, qtbot, Sort.LENGTH)[0] == "many.mp4"
    assert arrange(desktop, qtbot, Sort.NAME) == ["broken.mp4", "many.mp4", "short.mp4", "stream.ts"]
    assert arrange(desktop, qtbot, Sort.NAME, turned=True)[0] == "stream.ts"


def test_an_empty_grid_offers_to_clear_the_filter(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    QTest.keyClicks(view.head.name_filter, "nothing like it")
    qtbot.waitUntil(view.clear.isVisible, timeout=SLOW)
    QTest.mouseClick(view.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(desktop)) == 4, timeout=SLOW)
    assert view.head.name_filter.text() == ""
    assert not view.clear.isVisible()


def test_the_filter_by_name_goes_with_the_folder(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    QTest.keyClicks(view.head.name_filter, "short")
    qtbot.waitUntil(lambda: names(desktop) == ["short.mp4"], timeout=SLOW)
    choose_shelf(desktop, 1)
    qtbot.waitUntil(lambda: len(names(desktop)) == 4, timeout=SLOW)
    assert view.head.name_filter.text() == ""


def test_the_wheel_and_the_slider_change_the_size_of_cards(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    usual = view.delegate.size
    for _ in range(4):
        wheel(desktop, 1)
    assert view.delegate.size.width() > usual.width()
    assert view.delegate.size.height() > usual.height()
    view.head.card_size.setFocus()
    QTest.keyClick(view.head.card_size, Qt.Key.Key_Home)
    assert view.delegate.size.width() < usual.width()
    assert view.grid.gridSize() == view.delegate.size
    wait_for_refresh(desktop, qtbot)


def test_an_upright_picture_is_shown_whole(qtbot: QtBot) -> None:
    del qtbot
    picture, card = QPixmap(90, 160), QPixmap(160, 90)
    picture.fill(QColor("red"))
    card.fill(QColor("black"))
    with QPainter(picture) as painter:
        painter.fillRect(0, 0, 90, 10, QColor("blue"))  # where a head would be
    with QPainter(card) as painter:
        paint_picture(painter, card.rect().toRectF(), picture, 0, whole=True)
    image = card.toImage()
    assert image.pixelColor(80, 2) == QColor("blue")
    assert image.pixelColor(80, 60) == QColor("red")
    assert image.pixelColor(10, 45) not in (QColor("red"), QColor("blue"))


def test_an_upright_video_stands_upright_in_its_card(
    empty: Desktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "phone"
    folder.mkdir()
    make_clip(folder / "upright.mp4", [(4, "red"), (4, "blue")])
    index(empty, qtbot, folder)
    (item,) = empty.window.library.model.items
    upright = QPixmap(90, 160)
    upright.fill(QColor("#00ff00"))
    monkeypatch.setattr(empty.window.desk.thumbnails, "pixmap", lambda _: upright)
    view = empty.window.library
    assert item.poster is not None
    shown = view.grid.grab().toImage()
    box = view.grid.visualRect(view.model.index(0))
    assert shown.pixelColor(box.center().x(), box.top() + 40) == QColor("#00ff00")
    assert shown.pixelColor(box.left() + 20, box.top() + 40) != QColor("#00ff00")


def test_several_selected_are_counted_and_can_be_marked(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    bar = window.library.selection
    window.library.grid.setFocus()
    assert not bar.isVisible()
    QTest.keySequence(window.library.grid, "Ctrl+A")
    assert bar.isVisible()
    assert bar.text.text() == "4 selected"
    buttons = {button.accessibleName(): button for button in bar.findChildren(QToolButton)}
    assert {"Export…", "Tags…", "Favourite", "Hidden", "Remove from library"} <= set(buttons)
    QTest.mouseClick(buttons["Favourite"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: entry(desktop, "short.mp4").favourite, timeout=SLOW)
    assert entry(desktop, "broken.mp4").favourite
    QTest.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert not window.library.selected


def test_a_copy_is_called_as_in_the_folder_that_is_shown(empty: Desktop, qtbot: QtBot, nested: Path) -> None:
    index(empty, qtbot, nested)
    model = empty.window.library.model
    shelves(empty)[1].setExpanded(True)
    for row, title in ((2, "the same"), (3, "many")):
        with qtbot.waitSignal(empty.window.library.refreshed, timeout=SLOW):
            choose_shelf(empty, row)
        assert title in [str(model.index(i).data()) for i in range(model.rowCount())]


def test_a_video_is_renamed_where_its_name_stands(empty: Desktop, qtbot: QtBot, nested: Path) -> None:
    index(empty, qtbot, nested)
    view, rename = empty.window.library, empty.window.actions_by_name["rename"]
    assert not rename.isEnabled()
    select_video(empty, "short.mp4")
    view.grid.setFocus()
    QTest.keySequence(view.grid, "F2")
    (editor,) = view.grid.findChildren(TitleEditor)
    assert editor.selectedText() == "short"
    QTest.keyClicks(editor, "Grandma at the sea")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Grandma at the sea.mp4" in names(empty), timeout=SLOW)
    assert (nested / "2023" / "summer" / "Grandma at the sea.mp4").is_file()
    assert view.current is not None
    assert view.current.path.name == "Grandma at the sea.mp4"


def test_a_name_that_another_file_has_is_refused_in_words(empty: Desktop, qtbot: QtBot, nested: Path) -> None:
    (nested / "2023" / "summer" / "taken.mp4").write_bytes(b"no video")
    index(empty, qtbot, nested)
    view = empty.window.library
    select_video(empty, "short.mp4")
    QTest.keySequence(view.grid, "F2")
    (editor,) = view.grid.findChildren(TitleEditor)
    QTest.keyClicks(editor, "taken")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(empty.window.notice.isVisible, timeout=SLOW)
    assert "taken.mp4" in empty.window.notice.text.text()
    assert (nested / "2023" / "summer" / "short.mp4").is_file()


@pytest.mark.parametrize("key", [False, True])
def test_the_selected_shelf_leaves_the_video(desktop: Desktop, qtbot: QtBot, key: bool) -> None:
    window, tree = desktop.window, desktop.window.folders.tree
    (row, *_) = shelves(desktop)
    open_video(desktop, qtbot, "short.mp4")
    assert window.middle.currentWidget() is window.page
    if key:
        QTest.keyClick(tree, Qt.Key.Key_Return)
    else:
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(row).center())
    assert window.middle.currentWidget() is window.library
    assert tree.currentItem() is row
