"""How closely videos are looked at."""

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox

from retake_core.ocr.models import INSTALL_HINT, find_models
from retake_desktop.common.form import Page, number_box
from retake_desktop.engine.settings_store import SettingsStore


class IndexingPage(Page):
    """Sampling and keyframes."""

    def __init__(self, store: SettingsStore) -> None:
        super().__init__(self.tr("Indexing"))
        self._store = store
        self.note(
            self.tr("When you change one of these, all videos are looked at again the next time they are indexed.")
        )
        self.sampling_rate = self._number(
            "sampling_rate",
            self.tr("Sampling rate"),
            self.tr(
                "How many frames per second are looked at where something happens. A higher rate "
                "finds shorter moments."
            ),
            self.tr(" per second"),
            0.1,
            10,
            0.5,
        )
        self.keyframe_spacing = self._number(
            "keyframe_spacing",
            self.tr("Keyframe spacing"),
            self.tr("On average, there is at most one keyframe in this many seconds."),
            self.tr(" s"),
            0.5,
            120,
            0.5,
        )
        self.keyframe_gap = self._number(
            "keyframe_gap",
            self.tr("Longest gap"),
            self.tr("There is at least one keyframe in this many seconds, even where nothing happens."),
            self.tr(" s"),
            1,
            120,
            5,
        )
        self.thorough = QCheckBox()
        self.row(
            self.tr("Look at every second"),
            self.thorough,
            self.tr("Decode videos fully, not only where something changes. Takes several times longer."),
        )
        self.thorough.toggled.connect(lambda on: store.change(thorough=on))
        self.section(self.tr("Text on screen"))
        self.screen_text = QCheckBox()
        self.screen_text.setEnabled(find_models() is not None)
        self.row(self.tr("Read text on screen"), self.screen_text, self._about_screen_text())
        self.screen_text.toggled.connect(lambda on: store.change(screen_text=on))
        store.changed.connect(self._show)
        self._show()

    def _number(
        self, name: str, title: str, help_text: str, unit: str, least: float, most: float, step: float
    ) -> QDoubleSpinBox:
        box = number_box(unit, least, most)
        box.setSingleStep(step)
        self.row(title, box, help_text)
        box.valueChanged.connect(lambda value: self._store.change(**{name: round(value, 3)}))
        return box

    def _about_screen_text(self) -> str:
        if find_models() is None:
            text = self.tr("The text reader is not installed. Install it with: {command}")
            return text.format(command=INSTALL_HINT)
        return self.tr(
            "Search then finds titles, signs, subtitles and slides in Latin script, Chinese and "
            "Japanese. They are read last, at the keyframes: 100 of them take half a minute, or "
            "up to three minutes when they are full of text."
        )

    def _show(self) -> None:
        settings = self._store.settings
        for name in ("sampling_rate", "keyframe_spacing", "keyframe_gap"):
            number = getattr(self, name)
            number.blockSignals(True)
            number.setValue(getattr(settings, name))
            number.blockSignals(False)
        for box, on in ((self.thorough, settings.thorough), (self.screen_text, settings.screen_text)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
