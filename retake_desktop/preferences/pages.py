"""Makes the preferences and joins them to the window."""

from collections.abc import Callable

from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.preferences.appearance_page import AppearancePage
from retake_desktop.preferences.background import BackgroundPage
from retake_desktop.preferences.backup import BackupPage
from retake_desktop.preferences.data import DataPage
from retake_desktop.preferences.dialog import Preferences
from retake_desktop.preferences.folders import FoldersPage
from retake_desktop.preferences.indexing import IndexingPage
from retake_desktop.preferences.memories import MemoriesPage
from retake_desktop.preferences.models import ModelsPage
from retake_desktop.window.main_window import MainWindow


def make_preferences(window: MainWindow, models: ModelsClient, restored: Callable[[], None]) -> Preferences:
    """Make the preferences of a window; `restored` hears that the library is another one now."""
    desk = window.desk
    backup = BackupPage(desk.engine, desk.background, desk.data_dir, lambda: window.activity.running)
    backup.restored.connect(restored)
    folders = FoldersPage(window.activity, window.actions_by_name, desk.store)
    pages = {
        "folders": folders,
        "indexing": IndexingPage(desk.store),
        "background": BackgroundPage(desk.store, window.conditions),
        "models": ModelsPage(desk.store, models),
        "memories": MemoriesPage(desk.store, desk.background, desk.data_dir),
        "appearance": AppearancePage(desk.store),
        "backup": backup,
        "data": DataPage(desk.background, desk.data_dir),
    }
    folders.show_contents(window.library.contents)
    window.library.refreshed.connect(folders.show_contents)
    return Preferences(window, desk.store, pages)
