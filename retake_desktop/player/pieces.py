"""The pieces of a recording that its camera wrote as several files: which one is open, and playing on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from retake_core.library.catalog import VideoEntry
from retake_core.library.recordings import pieces_of
from retake_desktop.common import safe_text
from retake_desktop.common.theme import icon, theme
from retake_desktop.common.widgets import muted_label
from retake_desktop.engine.background import Background
from retake_desktop.player.marks import RangePlayer
from retake_desktop.player.player import Player


class PieceBar(QWidget):
    """Tells which piece the open video is and leads to its neighbours; playing goes on into the next one."""

    wanted = Signal(object, bool)  # VideoEntry: is to be shown from its start, and played

    def __init__(self, background: Background, player: Player, range_player: RangePlayer) -> None:
        super().__init__()
        self._background, self._player = background, player
        self._video: VideoEntry | None = None
        self._pieces: list[VideoEntry] = []
        self._number = muted_label()
        self._previous, self._next = QToolButton(), QToolButton()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self._previous, self._number, self._next):
            layout.addWidget(widget)
        self._previous.setAccessibleName(self.tr("Previous piece of the recording"))
        self._next.setAccessibleName(self.tr("Next piece of the recording"))
        self._previous.clicked.connect(lambda: self._go(-1))
        self._next.clicked.connect(lambda: self._go(1))
        range_player.passed.connect(self._play_on)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def follow(self, video: VideoEntry) -> None:
        """Find out which pieces belong to the open video."""
        self._video = video
        if all(piece.id != video.id for piece in self._pieces):
            self._show([])
        self._background.run(lambda connection: pieces_of(connection, video), self._show, key="pieces")

    def _show(self, pieces: list[VideoEntry]) -> None:
        self._pieces = pieces
        self.setVisible(len(pieces) > 1)
        place = self._place
        if place is None:
            return
        self._number.setText(self.tr("Piece {number} of {count}").format(number=place + 1, count=len(pieces)))
        for button, step in ((self._previous, -1), (self._next, 1)):
            neighbour = self._beside(step)
            button.setEnabled(neighbour is not None)
            button.setToolTip("" if neighbour is None else safe_text.tip(safe_text.name(neighbour.path)))

    @property
    def _place(self) -> int | None:
        """Which of the pieces is open."""
        ids = [piece.id for piece in self._pieces]
        return ids.index(self._video.id) if self._video is not None and self._video.id in ids else None

    def _beside(self, step: int) -> VideoEntry | None:
        place = self._place
        if place is None or not 0 <= place + step < len(self._pieces):
            return None
        return self._pieces[place + step]

    def _go(self, step: int) -> None:
        piece = self._beside(step)
        if piece is not None:
            self.wanted.emit(piece, self._player.playing)

    def _play_on(self) -> None:
        piece = self._beside(1)
        if piece is not None and not piece.offline:
            speed = self._player.speed
            self.wanted.emit(piece, True)
            self._player.set_speed(speed)

    def _draw(self) -> None:
        self._previous.setIcon(icon("chevron-left"))
        self._next.setIcon(icon("chevron-right"))
