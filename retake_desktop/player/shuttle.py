"""J, K and L: backward, stop and forward, faster with every press."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from retake_desktop.player.player import Player

RATES = (1, 2, 4, 8)
TICK_MS = 40


class Shuttle(QObject):
    """Plays forward with the player's own speed, and backward by going from frame to frame.

    Attributes:
        rate: negative is backward; 0 leaves the player to itself.
    """

    changed = Signal()

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._player = player
        self.rate = 0
        self._from = self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._go_back)

    def forward(self) -> None:
        """Play, or play faster."""
        if not self._player.is_open:
            return
        if self.rate <= 0 and self._player.playing:
            self.rate = 1  # it plays already: this press means faster
        self._set(_faster(max(self.rate, 0)))
        self._player.set_speed(self.rate)
        if not self._player.playing:
            self._player.toggle()

    def backward(self) -> None:
        """Go back, or go back faster."""
        if not self._player.is_open:
            return
        self._player.pause()
        self._set(-_faster(max(-self.rate, 0)))
        self._player.set_speed(1)
        self._from, self._began = self._player.time, time.monotonic()
        self._timer.start()

    def stop(self) -> None:
        """Stay where it is, and forget the speed."""
        self.release()
        self._player.pause()

    def release(self) -> None:
        """Leave the player to others, at the recording's own speed."""
        if self.rate:
            self._player.set_speed(1)
        self._set(0)

    def _set(self, rate: int) -> None:
        self._timer.stop()
        self.rate = rate
        self.changed.emit()

    def _go_back(self) -> None:
        if not self._player.arrived:
            return
        place = self._from + self.rate * (time.monotonic() - self._began)
        if place <= 0:
            self.release()
        self._player.show_frame(max(place, 0.0))


def _faster(rate: int) -> int:
    return next((faster for faster in RATES if faster > rate), RATES[-1])
