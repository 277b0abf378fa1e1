"""Which language is spoken in the videos."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from retake_desktop.engine.settings_store import SettingsStore

LANGUAGES = tuple(
    "ar cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk ur vi zh".split()  # noqa: SIM905
)
"""Those that speech models know well and many people speak; `settings.toml` takes every other."""


class LanguageBox(QComboBox):
    """Chooses the language of the settings, or leaves it to the model."""

    def __init__(self, store: SettingsStore) -> None:
        super().__init__()
        self._store = store
        self.addItem(self.tr("Detect it for each video"), None)
        named = sorted((_native_name(code), code) for code in LANGUAGES)
        for name, code in named:
            self.addItem(name, code)
        self.currentIndexChanged.connect(lambda _: store.change(speech_language=self.currentData()))
        store.changed.connect(self._show)
        self._show()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the page: another language means that everything is listened to anew."""
        event.ignore()

    def _show(self) -> None:
        code = self._store.settings.speech_language
        self.blockSignals(True)
        if self.findData(code) < 0:
            self.addItem(_native_name(code or ""), code)
        self.setCurrentIndex(self.findData(code))
        self.blockSignals(False)


def _native_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:] or code
