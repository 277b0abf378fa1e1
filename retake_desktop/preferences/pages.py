"""Makes the preferences and joins them to the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from retake_desktop.common.widgets import agreed
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.library.model import GridContents
from retake_desktop.preferences.appearance_page import AppearancePage
from retake_desktop.preferences.background import BackgroundPage
from retake_desktop.preferences.backup import BackupPage
from retake_desktop.preferences.data import DataPage
from retake_desktop.preferences.describing import DescribingPage
from retake_desktop.preferences.dialog import Preferences
from retake_desktop.preferences.folders import FoldersPage
from retake_desktop.preferences.indexing import IndexingPage
from retake_desktop.preferences.memories import MemoriesPage
from retake_desktop.preferences.models import ModelsPage
from retake_desktop.preferences.move_box import MoveBox
from retake_desktop.preferences.people import PeoplePage
from retake_desktop.preferences.shortcuts import ShortcutsPage
from retake_desktop.window.main_window import MainWindow
from retake_desktop.window.shortcuts import title


def make_preferences(window: MainWindow, models: ModelsClient, reopen: Callable[[], None]) -> Preferences:
    """Make the preferences of a window; `reopen` makes it anew: its library or its looks are others now."""
    desk = window.desk
    backup = BackupPage(desk.engine, desk.background, desk.data_dir, lambda: window.activity.running)
    backup.restored.connect(reopen)
    move = MoveBox(desk.engine, desk.background, desk.data_dir, lambda: window.activity.running)
    move.moved.connect(reopen)
    appearance = AppearancePage(desk.store)
    appearance.restart_wanted.connect(lambda: _restart(window, reopen))
    titles = {name: title(action) for name, action in window.actions_by_name.items()}
    folders = FoldersPage(window.activity, window.actions_by_name, desk.store)
    people = PeoplePage(desk.store, desk.engine, desk.background, lambda: window.activity.running)
    describing = DescribingPage(desk.store)
    describing.wanted.connect(window.activity.index)
    pages = {
        "folders": folders,
        "indexing": IndexingPage(desk.store),
        "background": BackgroundPage(desk.store, window.conditions),
        "models": ModelsPage(desk.store, models),
        "describing": describing,
        "people": people,
        "memories": MemoriesPage(desk.store, desk.background, desk.data_dir),
        "appearance": appearance,
        "shortcuts": ShortcutsPage(window.shortcuts, titles),
        "backup": backup,
        "data": DataPage(desk.background, desk.data_dir, move),
    }
    for show in (folders.show_contents, lambda contents: describing.show_folders(_paths(contents))):
        show(window.library.contents)
        window.library.refreshed.connect(show)
    preferences = Preferences(window, desk.store, pages)
    people.wanted.connect(lambda query: _search(window, preferences, query))
    return preferences


def _paths(contents: GridContents) -> list[Path]:
    return [folder.path for folder in contents.folders]


def _search(window: MainWindow, preferences: Preferences, query: str) -> None:
    preferences.close()
    window.side.show_search()
    window.search.open_query(query)


def _restart(window: MainWindow, reopen: Callable[[], None]) -> None:
    question = QCoreApplication.translate(
        "pages", "A question or an export is under way, and would be stopped. Restart all the same?"
    )
    busy = window.side.ask.asker.running is not None or bool(window.exports.shown)
    if not busy or agreed(window, "ReTaKe", question):
        reopen()
