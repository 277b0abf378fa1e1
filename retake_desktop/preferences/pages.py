"""Makes the preferences and joins them to the window."""

from retake_core.data_dir import DataDir
from retake_desktop.engine.background import Background
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.preferences.appearance_page import AppearancePage
from retake_desktop.preferences.data import DataPage
from retake_desktop.preferences.dialog import Preferences
from retake_desktop.preferences.folders import FoldersPage
from retake_desktop.preferences.indexing import IndexingPage
from retake_desktop.preferences.memories import MemoriesPage
from retake_desktop.preferences.models import ModelsPage
from retake_desktop.window.main_window import MainWindow


def make_preferences(
    window: MainWindow, store: SettingsStore, models: ModelsClient, background: Background, data_dir: DataDir
) -> Preferences:
    """Make the preferences of a window."""
    folders = FoldersPage(window.activity, window.actions_by_name)
    pages = {
        "folders": folders,
        "indexing": IndexingPage(store),
        "models": ModelsPage(store, models),
        "memories": MemoriesPage(store, background, data_dir),
        "appearance": AppearancePage(store),
        "data": DataPage(background, data_dir),
    }
    folders.show_contents(window.library.contents)
    window.library.refreshed.connect(folders.show_contents)
    return Preferences(window, store, pages)
