"""How the app looks and which language it speaks: from the settings, or as the desktop does."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, Qt, QTranslator
from PySide6.QtGui import QAction, QFont, QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.theme import RESOURCES, prefers_dark, theme
from retake_desktop.engine.settings_store import SettingsStore

FONT = "Inter"
CHINESE = "zh_CN"


class Appearance(QObject):
    """Applies theme, font and language; the theme follows its setting and the desktop at once.

    Args:
        app: the running QApplication.
        store: the settings.
    """

    def __init__(self, app: QApplication, store: SettingsStore) -> None:
        super().__init__(app)
        self._app = app
        self._store = store
        self._dark_desktop = prefers_dark(app)
        self._translators: list[QTranslator] = []
        self._closed = False
        self.language = language_of(store.settings.language)
        self._load_language()
        load_font(app, store.settings.text_size)
        app.setWindowIcon(QIcon(str(RESOURCES / "retake-desktop.svg")))
        self._apply()
        store.changed.connect(self._settings_changed)
        app.styleHints().colorSchemeChanged.connect(self._desktop_changed)

    @property
    def dark(self) -> bool:
        """Whether the dark theme is wanted now."""
        setting = self._store.settings.theme
        return self._dark_desktop if setting == "system" else setting == "dark"

    def close(self) -> None:
        """Remove the translations, and stop following the settings and the desktop."""
        if self._closed:
            return
        self._closed = True
        self._store.changed.disconnect(self._settings_changed)
        self._app.styleHints().colorSchemeChanged.disconnect(self._desktop_changed)
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)

    def _load_language(self) -> None:
        QLocale.setDefault(QLocale(self.language))
        translated.cache_clear()  # it knows sentences in the language of an earlier window
        if self.language != CHINESE:
            return
        for folder, name in (
            (Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)), f"qtbase_{CHINESE}"),
            (RESOURCES / "translations", f"retake_{CHINESE}"),
        ):
            translator = QTranslator(self)
            if translator.load(name, str(folder)):
                QCoreApplication.installTranslator(translator)
                self._translators.append(translator)

    def _settings_changed(self) -> None:
        if self.dark != theme.is_dark:
            self._apply()

    def _desktop_changed(self, scheme: Qt.ColorScheme) -> None:
        if scheme != Qt.ColorScheme.Unknown:
            self._dark_desktop = scheme == Qt.ColorScheme.Dark
            self._settings_changed()

    def _apply(self) -> None:
        theme.apply(self._app, self.dark)


class ThemeAction(QObject):
    """Keeps the menu's switch between light and dark in step with the setting.

    Args:
        action: checked while the dark theme is in use; its owner becomes this object's.
        store: the settings.
    """

    def __init__(self, action: QAction, store: SettingsStore) -> None:
        super().__init__(action.parent())
        self._action, self._store = action, store
        self._show()
        theme.changed.connect(self._show)
        action.toggled.connect(self._choose)

    def _show(self) -> None:
        self._action.setChecked(theme.is_dark)

    def _choose(self, dark: bool) -> None:
        if dark != theme.is_dark:
            self._store.change(theme="dark" if dark else "light")


def language_of(setting: str) -> str:
    """Return the locale that a setting means: Chinese, or else English of the user's country."""
    system = QLocale.system()
    if setting == "system":
        is_chinese = any(name.startswith("zh") for name in (*system.uiLanguages(), system.name())[:1])
        setting = CHINESE if is_chinese else "en"
    if setting == CHINESE:
        return CHINESE
    return system.name() if system.language() == QLocale.Language.English else "en_US"


def load_font(app: QApplication, size: float) -> None:
    """Use the app's own font, and the desktop's for characters that it does not have.

    Args:
        app: the running QApplication.
        size: as a multiple of the desktop's.
    """
    if FONT not in QFontDatabase.families():
        for file in sorted((RESOURCES / "fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font = QFont(system)
    font.setFamilies([FONT, *system.families()])
    font.setPointSizeF(system.pointSizeF() * size)
    app.setFont(font)
