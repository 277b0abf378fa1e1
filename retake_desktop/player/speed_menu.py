"""How fast a video plays: a button that tells it, with a menu of speeds."""

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from retake_desktop.player.player import SPEEDS, Player
from retake_desktop.player.shuttle import Shuttle


class SpeedButton(QToolButton):
    """Shows the speed, backward ones too, and lets one be chosen."""

    def __init__(self, player: Player, shuttle: Shuttle) -> None:
        super().__init__()
        self._player, self._shuttle = player, shuttle
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(self.tr("Speed"))
        self.setAccessibleName(self.tr("Speed"))
        menu = QMenu(self)
        group = QActionGroup(menu)
        self._choices = {}
        for speed in SPEEDS:
            action = menu.addAction(_speed_text(speed))
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, speed=speed: self._choose(speed))
            group.addAction(action)
            self._choices[speed] = action
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self.setMenu(menu)
        player.state_changed.connect(self._show)
        shuttle.changed.connect(self._show)
        self._show()

    def _choose(self, speed: float) -> None:
        self._shuttle.release()
        self._player.set_speed(speed)

    def _show(self) -> None:
        speed = self._shuttle.rate if self._shuttle.rate < 0 else self._player.speed
        self.setText(_speed_text(speed))
        self.setAccessibleDescription(self.text())
        for choice, action in self._choices.items():
            action.setChecked(choice == speed)


def _speed_text(speed: float) -> str:
    return f"{speed:g}×"
