"""Theme, language, and size of text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QPushButton

from retake_core.settings import Settings
from retake_desktop.common.form import Page
from retake_desktop.engine.settings_store import SettingsStore


class AppearancePage(Page):
    """How the window looks."""

    restart_wanted = Signal()

    def __init__(self, store: SettingsStore) -> None:
        super().__init__(self.tr("Appearance"))
        self._store = store
        self._held = _needs_restart(store.settings)
        later = self.tr("Takes effect the next time ReTaKe starts.")
        self.theme = self._choice(
            "theme",
            self.tr("Theme"),
            "",
            [
                ("system", self.tr("Same as the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
        )
        self.language = self._choice(
            "language",
            self.tr("Language"),
            later,
            # Languages stand in their own words, so that everyone finds theirs.
            [("system", self.tr("Same as the system")), ("en", "English"), ("zh_CN", "简体中文")],
        )
        self.text_size = self._choice(
            "text_size",
            self.tr("Text size"),
            later,
            [
                (0.9, self.tr("Small")),
                (1.0, self.tr("Normal")),
                (1.15, self.tr("Large")),
                (1.3, self.tr("Very large")),
            ],
        )
        self.restart = QPushButton(self.tr("Restart ReTaKe now"))
        self.restart.setObjectName("primary")
        self.restart.clicked.connect(self.restart_wanted)
        self.column.addSpacing(8)
        self.column.addWidget(self.restart, 0, Qt.AlignmentFlag.AlignLeft)
        store.changed.connect(self._show)
        self._show()

    def _choice(self, name: str, title: str, help_text: str, values: list[tuple[str | float, str]]) -> QComboBox:
        box = QComboBox()
        box.setMinimumWidth(180)
        for value, text in values:
            box.addItem(text, value)
        self.row(title, box, help_text)
        box.currentIndexChanged.connect(lambda _: self._store.change(**{name: box.currentData()}))
        return box

    def _show(self) -> None:
        for name in ("theme", "language", "text_size"):
            box: QComboBox = getattr(self, name)
            value = getattr(self._store.settings, name)
            box.blockSignals(True)
            if box.findData(value) < 0:
                box.addItem(f"{round(100 * value)} %", value)
            box.setCurrentIndex(box.findData(value))
            box.blockSignals(False)
        self.restart.setVisible(_needs_restart(self._store.settings) != self._held)


def _needs_restart(settings: Settings) -> tuple[str, float]:
    """Return what a window only takes up when it is made."""
    return settings.language, settings.text_size
