"""Uses the window as a person does, and looks at what it shows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTreeWidgetItem, QTreeWidgetItemIterator, QWidget
from pytestqt.qtbot import QtBot

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.media.decoders.choice import open_source
from retake_desktop.app import Desktop
from retake_desktop.ask.exchange import Exchange
from retake_desktop.ask.panel import AskPanel
from tests.gui.pictures import pixels

SLOW = 90_000  # milliseconds: a machine under load


class Opener(Protocol):
    """Opens a window on a data directory, whose workers a command runs."""

    def __call__(self, root: Path, worker: Sequence[str] = ...) -> Desktop: ...


def entry(desktop: Desktop, name: str) -> VideoEntry:
    """Return a video of the library by file name."""
    with desktop.database.reading() as connection:
        return catalog.find_video(connection, name)


def names(desktop: Desktop) -> list[str]:
    """Return the file names in the grid, in order."""
    return [item.entry.path.name for item in desktop.window.library.model.items]


def index(desktop: Desktop, qtbot: QtBot, folder: Path) -> None:
    """Add a folder, and wait until it is indexed and shown."""
    desktop.window.library_actions.add([folder])
    wait_for_indexing(desktop, qtbot)


def wait_for_indexing(desktop: Desktop, qtbot: QtBot) -> None:
    """Wait until nothing is indexed, and the grid shows what was."""
    qtbot.waitUntil(lambda: not desktop.window.activity.running, timeout=SLOW)
    wait_for_refresh(desktop, qtbot)


def wait_for_refresh(desktop: Desktop, qtbot: QtBot) -> None:
    """Read the library once more into the grid."""
    with qtbot.waitSignal(desktop.window.library.refreshed, timeout=SLOW):
        desktop.window.library.refresh()


def select_video(desktop: Desktop, name: str) -> None:
    """Select a video in the grid."""
    model = desktop.window.library.model
    desktop.window.library.grid.setCurrentIndex(model.index(model.row_of(entry(desktop, name).id)))


def shelves(desktop: Desktop) -> list[QTreeWidgetItem]:
    """Return the rows of the library's panel, from top to bottom."""
    tree = desktop.window.folders.tree
    found, walk = [], QTreeWidgetItemIterator(tree)
    while (item := walk.value()) is not None:
        found.append(item)
        walk += 1
    return found


def choose_shelf(desktop: Desktop, row: int) -> None:
    """Select a row of the library's panel."""
    desktop.window.folders.tree.setCurrentItem(shelves(desktop)[row])


def open_video(desktop: Desktop, qtbot: QtBot, name: str) -> None:
    """Open a video, and wait until its picture and its keyframes are there."""
    page = desktop.window.page
    desktop.window.open_video(entry(desktop, name))
    qtbot.waitUntil(lambda: bool(page.reel.keyframes) and not page.surface.image.isNull(), timeout=SLOW)


def search(desktop: Desktop, qtbot: QtBot, query: str) -> None:
    """Type a search, and wait for its first results."""
    with qtbot.waitSignal(desktop.window.search.searched, timeout=SLOW):
        desktop.window.search.box.setText(query)


def assert_shows(desktop: Desktop, path: Path, time: float) -> None:
    """The picture on screen is the frame that the decoder gives for a time."""
    source = open_source(path)
    try:
        expected = source.frame_at(time).image
    finally:
        source.close()
    shown = pixels(desktop.window.page.surface.image)
    assert shown.shape == expected.shape
    # The two convert colours by themselves; another scene would differ by far more.
    assert np.abs(shown.astype(int) - expected).mean() < 6


def file_data(path: Path) -> QMimeData:
    """Return what a file or folder is dragged as."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def drop(target: QWidget, data: QMimeData) -> None:
    """Drop something on a widget."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def right_click_keyframe(desktop: Desktop, i: int) -> None:
    """Ask for the menu of a keyframe of the filmstrip."""
    strip = desktop.window.page.filmstrip
    point = strip.cell(i).center().toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, strip.mapToGlobal(point))
    QApplication.sendEvent(strip.viewport(), event)


class MenuUser(QObject):
    """The user of menus: notes what one offers, chooses from it, and closes it.

    Attributes:
        offered: the actions of the last menu by name, and whether each can be chosen.
        choice: the action to choose in the next menu, "" for none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.offered: dict[str, bool] = {}
        self.choice = ""
        self._look = QTimer(self)
        self._look.timeout.connect(self._use)
        self._look.start(5)

    def _use(self) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            return
        self.offered = {action.objectName(): action.isEnabled() for action in menu.actions() if action.text()}
        for action in menu.actions():
            if self.choice and action.objectName() == self.choice:
                action.trigger()
        menu.close()


def ask_panel(desktop: Desktop) -> AskPanel:
    """Return the side panel of questions."""
    return desktop.window.side.ask


def begin_to_ask(desktop: Desktop, question: str) -> Exchange:
    """Type a question, and send it."""
    desktop.window.actions_by_name["ask"].trigger()
    panel = ask_panel(desktop)
    panel.box.setPlainText(question)
    QTest.keyClick(panel.box, Qt.Key.Key_Return)
    return panel.dialogue.exchanges[-1]


def ask(desktop: Desktop, qtbot: QtBot, question: str = "What is it?") -> Exchange:
    """Ask a question, and wait for the whole answer."""
    exchange = begin_to_ask(desktop, question)
    qtbot.waitUntil(lambda: not exchange.running, timeout=SLOW)
    return exchange
