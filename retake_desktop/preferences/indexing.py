"""How closely videos are looked at."""

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox

from retake_desktop.preferences.form import Page, number_box
from retake_desktop.settings_store import SettingsStore


class IndexingPage(Page):
    """Sampling and keyframes."""

    def __init__(self, store: SettingsStore) -> None:
        super().__init__(self.tr("Indexing"))
        self._store = store
        self.note(self.tr("When one of these changes, all videos are looked at again at the next run."))
        self.sampling_rate = self._number(
            "sampling_rate",
            self.tr("Sampling rate"),
            self.tr("Frames per second that are looked at where something happens. More find shorter moments."),
            self.tr(" per second"),
            0.1,
            10,
            0.5,
        )
        self.keyframe_spacing = self._number(
            "keyframe_spacing",
            self.tr("Keyframe spacing"),
            self.tr("On average there is at most one keyframe in as many seconds."),
            self.tr(" s"),
            0.5,
            120,
            0.5,
        )
        self.keyframe_gap = self._number(
            "keyframe_gap",
            self.tr("Longest gap"),
            self.tr("There is at least one keyframe in as many seconds, also where nothing happens."),
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

    def _show(self) -> None:
        settings = self._store.settings
        for name in ("sampling_rate", "keyframe_spacing", "keyframe_gap"):
            box = getattr(self, name)
            box.blockSignals(True)
            box.setValue(getattr(settings, name))
            box.blockSignals(False)
        self.thorough.blockSignals(True)
        self.thorough.setChecked(settings.thorough)
        self.thorough.blockSignals(False)
