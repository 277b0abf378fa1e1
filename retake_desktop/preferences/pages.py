"""Makes the preferences and joins them to the window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication

from retake_desktop.common.form import Page
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.library.model import GridContents
from retake_desktop.preferences.dialog import Preferences
from retake_desktop.window.main_window import MainWindow
from retake_desktop.window.shortcuts import title


def make_preferences(window: MainWindow, models: ModelsClient, reopen: Callable[[], None]) -> Preferences:
    """Make the preferences of a window; `reopen` makes it anew: its library or its looks are others now.

    What a page needs is loaded when it is made.
    """
    makers: dict[str, Callable[[], Page]] = {
        "folders": partial(_folders, window),
        "indexing": partial(_indexing, window),
        "background": partial(_background, window),
        "computers": partial(_computers, window),
        "models": partial(_models, window, models),
        "describing": partial(_describing, window),
        "people": lambda: _people(window, preferences),
        "memories": partial(_memories, window),
        "appearance": partial(_appearance, window, reopen),
        "shortcuts": partial(_shortcuts, window),
        "backup": partial(_backup, window, reopen),
        "data": partial(_data, window, reopen),
    }
    preferences = Preferences(window, window.desk.store, makers)
    return preferences


def _folders(window: MainWindow) -> Page:
    from retake_desktop.preferences.folders import FoldersPage

    page = FoldersPage(window.activity, window.actions_by_name, window.desk.store)
    page.show_contents(window.library.contents)
    window.library.refreshed.connect(page.show_contents)
    return page


def _indexing(window: MainWindow) -> Page:
    from retake_desktop.preferences.indexing import IndexingPage

    return IndexingPage(window.desk.store)


def _background(window: MainWindow) -> Page:
    from retake_desktop.preferences.background import BackgroundPage

    return BackgroundPage(window.desk.store, window.conditions)


def _computers(window: MainWindow) -> Page:
    from retake_desktop.preferences.computers import ComputersPage

    page = ComputersPage(window.desk)

    def show(contents: GridContents) -> None:
        page.join.show_folders([folder.path for folder in contents.folders])

    show(window.library.contents)
    window.library.refreshed.connect(show)
    return page


def _models(window: MainWindow, models: ModelsClient) -> Page:
    from retake_desktop.preferences.models import ModelsPage

    return ModelsPage(window.desk.store, models)


def _describing(window: MainWindow) -> Page:
    from retake_desktop.preferences.describing import DescribingPage

    page = DescribingPage(window.desk.store)
    page.wanted.connect(window.activity.index)

    def show(contents: GridContents) -> None:
        page.show_folders([folder.path for folder in contents.folders])

    show(window.library.contents)
    window.library.refreshed.connect(show)
    return page


def _people(window: MainWindow, preferences: Preferences) -> Page:
    from retake_desktop.preferences.people import PeoplePage

    desk = window.desk
    page = PeoplePage(desk.store, desk.engine, desk.background, lambda: window.activity.running)
    page.changed.connect(window.page.reload)
    page.wanted.connect(lambda query: _search(window, preferences, query))
    return page


def _memories(window: MainWindow) -> Page:
    from retake_desktop.preferences.memories import MemoriesPage

    return MemoriesPage(window.desk.store, window.desk.background, window.desk.data_dir)


def _appearance(window: MainWindow, reopen: Callable[[], None]) -> Page:
    from retake_desktop.preferences.appearance_page import AppearancePage

    page = AppearancePage(window.desk.store)
    page.restart_wanted.connect(lambda: _restart(window, reopen))
    return page


def _shortcuts(window: MainWindow) -> Page:
    from retake_desktop.preferences.shortcuts import ShortcutsPage

    return ShortcutsPage(
        window.shortcuts, {name: title(action) for name, action in window.actions_by_name.items()}
    )


def _backup(window: MainWindow, reopen: Callable[[], None]) -> Page:
    from retake_desktop.preferences.backup import BackupPage

    desk = window.desk
    page = BackupPage(desk.engine, desk.background, desk.data_dir, lambda: window.activity.running)
    page.restored.connect(reopen)
    return page


def _data(window: MainWindow, reopen: Callable[[], None]) -> Page:
    from retake_desktop.preferences.data import DataPage
    from retake_desktop.preferences.move_box import MoveBox

    desk = window.desk
    move = MoveBox(desk.engine, desk.background, desk.data_dir, lambda: window.activity.running)
    move.moved.connect(reopen)
    return DataPage(desk.background, desk.data_dir, move)


def _search(window: MainWindow, preferences: Preferences, query: str) -> None:
    preferences.close()
    window.search_for(query)


def _restart(window: MainWindow, reopen: Callable[[], None]) -> None:
    question = QCoreApplication.translate(
        "pages", "A question or an export is under way, and would be stopped. Restart all the same?"
    )
    busy = window.side.ask.asker.running is not None or bool(window.exports.shown)
    if not busy or agreed(window, "ReTaKe", question):
        reopen()
