"""What the playback and filmstrip actions do, and the icons that show the player's state."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut

from retake_core.display import clock
from retake_desktop.common.theme import icon, theme
from retake_desktop.player.page import VideoPage
from retake_desktop.player.time_entry import TimeDialog
from retake_desktop.window.actions import OF_PAGE

JUMP, LEAP = 5.0, 30.0  # seconds
VOLUME_STEP = 0.1


class PlaybackActions(QObject):
    """Joins the actions with a video page, and lives as long as it."""

    def __init__(self, page: VideoPage, actions: Mapping[str, QAction]) -> None:
        super().__init__(page)
        self._page, self._player = page, page.player
        self._actions = actions
        player, reel = page.player, page.reel
        for name, slot in {
            "play": page.playback.toggle,
            "shuttle_back": page.playback.shuttle.backward,
            "shuttle_forward": page.playback.shuttle.forward,
            "jump_back": lambda: page.jump(-JUMP),
            "jump_forward": lambda: page.jump(JUMP),
            "leap_back": lambda: page.jump(-LEAP),
            "leap_forward": lambda: page.jump(LEAP),
            "go_to_start": lambda: page.go_to_share(0.0),
            "go_to_end": lambda: page.go_to_share(1.0),
            "go_to_time": self._ask_for_time,
            "step_back": lambda: page.step(-1),
            "step_forward": lambda: page.step(1),
            "previous_keyframe": lambda: page.go_to_neighbour(-1),
            "next_keyframe": lambda: page.go_to_neighbour(1),
            "slower": lambda: player.faster(-1),
            "faster": lambda: player.faster(1),
            "mute": player.toggle_mute,
            "volume_up": lambda: player.set_volume(player.volume + VOLUME_STEP),
            "volume_down": lambda: player.set_volume(player.volume - VOLUME_STEP),
            "subtitles": lambda: page.subtitles.show(actions["subtitles"].isChecked()),
            "tracks": page.controls.tracks.showMenu,
            "zoom_in": lambda: reel.zoom(1),
            "zoom_out": lambda: reel.zoom(-1),
            "zoom_all": reel.zoom_out,
        }.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        for name in OF_PAGE:
            page.addAction(actions[name])
        for digit in range(10):
            key = QShortcut(QKeySequence(str(digit)), page)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(lambda digit=digit: page.go_to_share(digit / 10))
        page.subtitles.changed.connect(self._show)
        player.state_changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _ask_for_time(self) -> None:
        page = self._page
        dialog = TimeDialog(page.window(), clock(page.reel.time))
        dialog.accepted.connect(lambda: page.go_to(dialog.time))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self) -> None:
        self._actions["subtitles"].setChecked(self._page.subtitles.shown)
        player = self._player
        self._actions["play"].setIcon(icon("pause" if player.playing else "play"))
        silent = player.muted or player.volume == 0
        self._actions["mute"].setIcon(icon("volume-off" if silent else "volume-high"))
