"""A conversation on screen: its exchanges one under the other, or what to do where there are none."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from retake_desktop.ask.exchange import Dialogue, Exchange
from retake_desktop.ask.exchange_view import ExchangeView
from retake_desktop.common.widgets import muted_label, single_shot
from retake_desktop.engine.thumbnails import Thumbnails

FOLLOW_MS = 30  # tokens come faster than one can read: the view is brought up to date at most so often


class DialogueView(QScrollArea):
    """Shows a dialogue, and follows its end while an answer grows."""

    chosen = Signal(int, float)  # video id, seconds
    menu_wanted = Signal(QPoint, object)  # on the screen, for a Cited
    chip_made = Signal(object)  # CitationChip
    retry_wanted = Signal(object)  # an Exchange whose answer is not complete
    more_wanted = Signal(object)  # an Exchange whose answer was cut

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._names: Mapping[int, str] = {}
        self.views: list[ExchangeView] = []
        self._content = QWidget()
        self._layout = QVBoxLayout(self._content)
        self._hint = muted_label()
        self._stale: set[int] = set()
        self._timer = single_shot(self, FOLLOW_MS)
        self._timer.timeout.connect(self._refresh)
        self._at_end = True
        self._can_ask = True
        self._build()

    def show_dialogue(self, dialogue: Dialogue, hint: str) -> None:
        """Show a dialogue, and a sentence where nothing was asked yet."""
        for view in self.views:
            self._layout.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.views = []
        self._hint.setText(hint)
        self._hint.setVisible(not dialogue.exchanges)
        for exchange in dialogue.exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> None:
        """Show one more exchange."""
        self._hint.hide()
        view = ExchangeView(exchange, self._thumbnails)
        for chip in view.chips:
            self.chip_made.emit(chip)
        view.chip_made.connect(self.chip_made)
        view.set_names(self._names)
        view.chosen.connect(self.chosen)
        view.menu_wanted.connect(self.menu_wanted)
        view.retry_wanted.connect(self.retry_wanted)
        view.more_wanted.connect(self.more_wanted)
        view.set_can_ask(self._can_ask)
        self._layout.insertWidget(self._layout.count() - 1, view)
        view.follow(self.views[-1].last if self.views else self)
        self.views.append(view)
        self._at_end = True

    def update_exchange(self, exchange: Exchange) -> None:
        """Show the progress of an exchange, soon."""
        self._stale.add(id(exchange))
        if not self._timer.isActive():
            self._timer.start()

    def set_names(self, names: Mapping[int, str]) -> None:
        """Name the videos of citations."""
        self._names = dict(names)
        for view in self.views:
            view.set_names(self._names)

    def set_can_ask(self, can_ask: bool) -> None:
        """Say whether a question can be asked again now; one runs at a time."""
        self._can_ask = can_ask
        for view in self.views:
            view.set_can_ask(can_ask)

    def _build(self) -> None:
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._hint.setContentsMargins(8, 24, 8, 0)
        self._layout.setContentsMargins(16, 4, 16, 12)
        self._layout.setSpacing(20)
        self._layout.addWidget(self._hint)
        self._layout.addStretch()
        self.setWidget(self._content)
        self._content.setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Conversation"))
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, last: bar.setValue(last) if self._at_end else None)
        bar.valueChanged.connect(self._note_place)

    def _note_place(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - 8

    def _refresh(self) -> None:
        for view in self.views:
            if id(view.exchange) in self._stale:
                view.refresh()
        self._stale.clear()
