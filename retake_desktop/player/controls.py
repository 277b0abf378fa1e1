"""The buttons below the picture: playing, the time, the speed, the sound, and what is shown over it."""

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from retake_desktop.common.own_keys import ARROWS, claims_key
from retake_desktop.common.theme import icon_size
from retake_desktop.common.wording import without_mnemonic
from retake_desktop.engine.desk import Desk
from retake_desktop.player.playback import Playback
from retake_desktop.player.speed_menu import SpeedButton
from retake_desktop.player.subtitles import Subtitles
from retake_desktop.player.time_display import TimeDisplay
from retake_desktop.player.track_menu import TrackMenu


class PlaybackControls(QWidget):
    """A row of controls, each of which tells its state."""

    def __init__(self, playback: Playback, subtitles: Subtitles, desk: Desk) -> None:
        super().__init__()
        self._playback = playback
        actions = desk.actions
        player = playback.player
        self.time = TimeDisplay(player, desk.window_state, actions["go_to_time"])
        self.speed = SpeedButton(player, playback.shuttle)
        self.volume = _VolumeSlider()
        self.track_menu = TrackMenu(player, subtitles, self)
        self.tracks = action_button(actions["tracks"])
        self.tracks.setMenu(self.track_menu)
        self.tracks.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._play = action_button(actions["play"], 24)
        self._mute = action_button(actions["mute"])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 16, 2)
        layout.setSpacing(2)
        layout.addWidget(action_button(actions["previous_keyframe"]))
        layout.addWidget(action_button(actions["step_back"]))
        layout.addWidget(self._play)
        layout.addWidget(action_button(actions["step_forward"]))
        layout.addWidget(action_button(actions["next_keyframe"]))
        layout.addSpacing(10)
        layout.addWidget(self.time)
        layout.addStretch()
        layout.addWidget(self.speed)
        layout.addWidget(self._mute)
        layout.addWidget(self.volume)
        layout.addSpacing(8)
        layout.addWidget(self.tracks)
        layout.addWidget(action_button(actions["copy_frame"]))
        layout.addWidget(action_button(actions["full_screen"]))
        self.volume.valueChanged.connect(lambda value: player.set_volume(value / 100))
        player.state_changed.connect(self._show)
        subtitles.failed.connect(desk.notice.tell)
        QTimer.singleShot(0, self, self._show)

    def open_track_menu(self) -> None:
        """Show the sound tracks and the subtitles at their button."""
        self.tracks.showMenu()

    def _show(self) -> None:
        player = self._playback.player
        self._play.setAccessibleName(self.tr("Pause") if player.playing else self.tr("Play"))
        self._mute.setAccessibleDescription(self.tr("Sound is off") if player.muted else self.tr("Sound is on"))
        self.volume.blockSignals(True)
        self.volume.setValue(0 if player.muted else round(player.volume * 100))
        self.volume.blockSignals(False)


class _VolumeSlider(QSlider):
    """Keeps the arrows, which elsewhere move the player."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, 100)
        self.setValue(100)
        self.setFixedWidth(84)
        self.setAccessibleName(self.tr("Volume"))
        self.setToolTip(self.tr("Volume"))

    def event(self, event: QEvent) -> bool:
        """Take the arrows before the window's own keys do."""
        if claims_key(event, (*ARROWS, Qt.Key.Key_Home, Qt.Key.Key_End)):
            return True
        return bool(super().event(event))


def action_button(action: QAction, size: int = 20) -> QToolButton:
    """Return a button with an action's icon and name."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(icon_size(size))
    button.setAccessibleName(without_mnemonic(action.text()))
    return button
