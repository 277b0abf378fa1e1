"""What goes on while the user does something else: how much of the computer it takes, and when."""

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QTimeEdit, QWidget

from retake_core.system.decoding_devices import decoding_devices
from retake_core.system.processor import usable_cores
from retake_desktop.common import wording
from retake_desktop.common.form import Page
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.indexing.conditions import Conditions, parse_hours

NIGHT = "22:00-06:00"
CLOCK = "HH:mm"


class BackgroundPage(Page):
    """Share of the processor, times to index, and notifications."""

    def __init__(self, store: SettingsStore, conditions: Conditions) -> None:
        super().__init__(self.tr("In the background"))
        self._store, self._conditions = store, conditions
        self._about: dict[QCheckBox, QLabel] = {}
        self.section(self.tr("Processor"))
        self.share = QComboBox()
        self.share.setMinimumWidth(180)
        for share, name in (
            (25, self.tr("A quarter")),
            (50, self.tr("Half")),
            (75, self.tr("Three quarters")),
            (100, self.tr("All of it")),
        ):
            self.share.addItem(name, share)
        about = self.tr("Of the {cores} cores of this computer; at least one is used. A change holds at once.")
        self.row(self.tr("Share for indexing"), self.share, about.format(cores=usable_cores()))
        self.section(self.tr("Graphics card"))
        self.decoding = QComboBox()
        self.decoding.setMinimumWidth(180)
        self.decoding.addItem(self.tr("Where it works"), "auto")
        for name in decoding_devices():
            self.decoding.addItem(wording.device(name), name)
        self.decoding.addItem(self.tr("Never"), "off")
        self.row(
            self.tr("Decode on the graphics card"),
            self.decoding,
            self.tr(
                "The beginning of the first large video of each kind is decoded by the processor, too: a card "
                "that makes anything else of it is not used for that kind. While a question is answered, indexing "
                "leaves the card to it. “retake doctor” tells what yours decodes. A change holds from the next "
                "run on."
            ),
        )
        self.section(self.tr("When to index"))
        self.when_idle = self._switch("index_when_idle", self.tr("Only while nobody uses the computer"))
        self.on_mains = self._switch("index_on_mains", self.tr("Only on mains power"))
        self.in_hours = QCheckBox()
        self.row(
            self.tr("Only in these hours"),
            self.in_hours,
            self.tr("They may go past midnight, such as 22:00 to 06:00."),
        )
        self.start, self.end = QTimeEdit(), QTimeEdit()
        self.column.addWidget(self._hours())
        self.note(
            self.tr(
                "While indexing waits, the line at the bottom of the window says for what and offers “Index now”. "
                "The command “retake index” never waits."
            )
        )
        self.section(self.tr("Notifications"))
        self.notifications = self._switch("notifications", self.tr("Tell when something is done"))
        self._explain(
            self.notifications,
            self.tr(
                "The desktop tells when indexing that took more than a minute, an answer, an export or a download "
                "is done while another window is in front. A click on it brings ReTaKe to the front."
            ),
        )
        self.share.currentIndexChanged.connect(lambda _: store.change(processor_share=self.share.currentData()))
        self.decoding.currentIndexChanged.connect(
            lambda _: store.change(hardware_decoding=self.decoding.currentData())
        )
        for control in (self.in_hours.toggled, self.start.timeChanged, self.end.timeChanged):
            control.connect(lambda _: self._write_hours())
        store.changed.connect(self._show)
        conditions.looked.connect(self._show)
        self._show()

    def shown(self) -> None:
        """Find out what this computer tells."""
        self._conditions.look()

    def _switch(self, name: str, title: str) -> QCheckBox:
        box = QCheckBox()
        self._about[box] = self.row(title, box)
        box.toggled.connect(lambda on: self._store.change(**{name: on}))
        return box

    def _explain(self, box: QCheckBox, text: str) -> None:
        self._about[box].setText(text)
        self._about[box].show()
        box.setAccessibleDescription(text)

    def _hours(self) -> QWidget:
        hours = QWidget()
        line = QHBoxLayout(hours)
        line.setContentsMargins(0, 4, 0, 8)
        line.setSpacing(10)
        line.addStretch()
        for name, box in ((self.tr("From"), self.start), (self.tr("until"), self.end)):
            label = QLabel(name)
            label.setBuddy(box)
            box.setAccessibleName(name)
            box.setDisplayFormat(CLOCK)
            box.setKeyboardTracking(False)
            box.setMinimumWidth(100)
            box.lineEdit().setTextMargins(8, 0, 0, 0)  # a style sheet's padding does not reach it
            line.addWidget(label)
            line.addWidget(box)
        return hours

    def _write_hours(self) -> None:
        hours = f"{self.start.time().toString(CLOCK)}-{self.end.time().toString(CLOCK)}"
        self._store.change(index_hours=hours if self.in_hours.isChecked() else None)

    def _show(self) -> None:
        settings, conditions = self._store.settings, self._conditions
        tells_idle, has_battery = conditions.idle is not None, conditions.mains is not None
        controls = (
            self.share,
            self.decoding,
            self.when_idle,
            self.on_mains,
            self.in_hours,
            self.start,
            self.end,
            self.notifications,
        )
        for control in controls:
            control.blockSignals(True)
        _choose(self.share, settings.processor_share, f"{settings.processor_share} %")
        _choose(self.decoding, settings.hardware_decoding, wording.device(settings.hardware_decoding))
        self.when_idle.setChecked(settings.index_when_idle)
        self.when_idle.setEnabled(tells_idle or settings.index_when_idle)  # it can always be switched off
        self.on_mains.setChecked(settings.index_on_mains)
        self.on_mains.setEnabled(has_battery or settings.index_on_mains)
        self.in_hours.setChecked(settings.index_hours is not None)
        start, end = parse_hours(settings.index_hours or NIGHT)
        if settings.index_hours is not None or self.start.time() == self.end.time():
            self.start.setTime(QTime(start.hour, start.minute))
            self.end.setTime(QTime(end.hour, end.minute))
        for box in (self.start, self.end):
            box.setEnabled(settings.index_hours is not None)
        self.notifications.setChecked(settings.notifications)
        for control in controls:
            control.blockSignals(False)
        self._explain(
            self.when_idle,
            self.tr("It begins three minutes after the last key or mouse movement, and waits when you are back.")
            if tells_idle
            else self.tr("This desktop does not tell whether somebody uses the computer."),
        )
        self._explain(
            self.on_mains,
            self.tr("Indexing waits while the computer runs on its battery.")
            if has_battery
            else self.tr("This computer has no battery, or does not tell about it."),
        )


def _choose(box: QComboBox, value: object, name: str) -> None:
    """Show a value of the settings, also one that only the file can hold."""
    if box.findData(value) < 0:
        box.addItem(name, value)
    box.setCurrentIndex(box.findData(value))
