"""The time of the picture, as a clock, with hundredths, or as the number of the frame."""

from enum import StrEnum

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from retake_core.display import clock
from retake_desktop.common import wording
from retake_desktop.player.player import Player

_KEY = "time_display"


class TimeUnit(StrEnum):
    """How a time is written."""

    SECONDS = "seconds"
    HUNDREDTHS = "hundredths"
    FRAMES = "frames"


def hundredths(seconds: float) -> str:
    """Return a time with hundredths of a second."""
    rounded = int(seconds * 100 + 1e-4)  # decimal times are not exact
    return f"{clock(rounded / 100 + 1e-6)}.{rounded % 100:02}"


class TimeDisplay(QToolButton):
    """Shows where the player is; its menu chooses how, and the choice is remembered."""

    def __init__(self, player: Player, window_state: QSettings, go_to_time: QAction) -> None:
        super().__init__()
        self._player, self._window_state = player, window_state
        self._time = self._duration = 0.0
        saved = window_state.value(_KEY)
        self.unit = TimeUnit(saved) if saved in list(TimeUnit) else TimeUnit.SECONDS
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(self.tr("Time: click to choose how it is shown"))
        self.setAccessibleName(self.tr("Time"))
        menu = QMenu(self)
        group = QActionGroup(menu)
        for unit, text in (
            (TimeUnit.SECONDS, self.tr("Time")),
            (TimeUnit.HUNDREDTHS, self.tr("Time with hundredths")),
            (TimeUnit.FRAMES, self.tr("Number of the frame")),
        ):
            action = menu.addAction(text)
            action.setObjectName(unit)
            action.setCheckable(True)
            action.setChecked(unit == self.unit)
            action.triggered.connect(lambda _=False, unit=unit: self._choose(unit))
            group.addAction(action)
        menu.addSeparator()
        menu.addAction(go_to_time)
        self.setMenu(menu)
        self.setMinimumWidth(110)

    def show_time(self, time: float, duration: float) -> None:
        """Tell a time of a video."""
        self._time, self._duration = time, duration
        text = self._written()
        if text != self.text():
            self.setText(text)
            self.setAccessibleDescription(text)

    def _choose(self, unit: TimeUnit) -> None:
        self.unit = unit
        self._window_state.setValue(_KEY, str(unit))
        self.show_time(self._time, self._duration)

    def _written(self) -> str:
        if self.unit == TimeUnit.FRAMES and self._player.frame_count:
            number = wording.number(self._player.frame_number(self._time))
            count = wording.number(self._player.frame_count)
            return self.tr("Frame {number} / {count}").format(number=number, count=count)
        write = clock if self.unit == TimeUnit.SECONDS else hundredths
        return f"{write(self._time)} / {write(self._duration)}"
