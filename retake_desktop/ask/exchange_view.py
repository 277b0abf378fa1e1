"""One question and its answer on screen."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.ask import wording
from retake_desktop.ask.answer_text import AnswerText
from retake_desktop.ask.citation_chip import CitationChip
from retake_desktop.ask.exchange import Exchange
from retake_desktop.ask.quote_chip import QuoteChip
from retake_desktop.common import safe_text
from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import TextLabel, muted_label
from retake_desktop.engine.thumbnails import Thumbnails

COLUMNS = 3
UNFINISHED = (AnswerState.ASKED, AnswerState.STOPPED, AnswerState.FAILED)


class ExchangeView(QWidget):
    """Shows an exchange, and follows it while it runs."""

    chosen = Signal(int, float)  # video id, seconds
    menu_wanted = Signal(QPoint, object)  # on the screen, for a Cited
    chip_made = Signal(object)  # CitationChip
    retry_wanted = Signal(object)  # the Exchange
    more_wanted = Signal(object)  # the Exchange, whose answer was cut

    def __init__(self, exchange: Exchange, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.exchange = exchange
        self._thumbnails = thumbnails
        self._names: Mapping[int, str] = {}
        self.stage = muted_label()
        self._progress = QProgressBar()
        self.answer = AnswerText(thumbnails)
        self.note = TextLabel()
        self.retry = QPushButton(self.tr("Retry"))
        self.go_on = QPushButton(self.tr("Go on"))
        self._grid = QGridLayout()
        self.chips: list[CitationChip] = []
        self._quotes = QVBoxLayout()
        self.quotes: list[QuoteChip] = []
        self._foot = muted_label()
        self._build()
        self.refresh()

    def set_names(self, names: Mapping[int, str]) -> None:
        """Show which videos the citations are of; empty where there is only one."""
        if names != self._names:
            self._names = names
            self._show_chips()
            self._show_quotes()

    @property
    def last(self) -> QWidget:
        """What Tab leads to last."""
        return next(reversed((self.go_on, *self.quotes, *self.chips)))

    def follow(self, before: QWidget) -> None:
        """Let Tab lead here from a widget of the same window."""
        QWidget.setTabOrder(before, self.answer)
        self._order_focus()

    def set_can_ask(self, can_ask: bool) -> None:
        """Say whether a question can be asked now; one runs at a time."""
        self.retry.setEnabled(can_ask)
        self.go_on.setEnabled(can_ask)

    def refresh(self) -> None:
        """Show the progress of the exchange."""
        exchange = self.exchange
        self.stage.setVisible(exchange.running)
        self._progress.setVisible(exchange.running)
        if exchange.running:
            self.stage.setText(wording.stage(exchange))
            done, total = exchange.progress or (0, 0)
            self._progress.setRange(0, total)
            self._progress.setValue(done)
        self.answer.setVisible(bool(exchange.answer.strip()))
        self.answer.show_exchange(exchange)
        note = wording.note(exchange)
        self.note.setVisible(bool(note))
        self.note.setText(note)
        self.note.setObjectName("danger" if exchange.state == AnswerState.FAILED else "muted")
        self.note.style().polish(self.note)
        self.retry.setVisible(not exchange.running and exchange.state in UNFINISHED)
        self.go_on.setVisible(exchange.can_go_on)
        foot = "" if exchange.running else wording.account(exchange)
        self._foot.setVisible(bool(foot))
        self._foot.setText(foot)
        self._foot.setToolTip(wording.account_details(exchange))
        if [chip.cited for chip in self.chips] != list(exchange.citations):
            self._show_chips()
        if [quote.line for quote in self.quotes] != list(exchange.lines):
            self._show_quotes()

    def _build(self) -> None:
        asked = safe_text.line(self.exchange.question)
        self.setAccessibleName(asked)
        question = TextLabel(self.exchange.question)
        question.setObjectName("question")
        question.setWordWrap(True)
        question.setContentsMargins(10, 7, 10, 7)
        question.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        question.setAccessibleName(self.tr("Question: {question}").format(question=asked))
        self.answer.setAccessibleName(self.tr("Answer to “{question}”").format(question=asked))
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Progress of the answer"))
        self._progress.setFixedHeight(4)
        self.retry.setToolTip(self.tr("Ask the same question again"))
        self.retry.clicked.connect(lambda: self.retry_wanted.emit(self.exchange))
        self.go_on.setToolTip(self.tr("Let the answer go on where it was cut"))
        self.go_on.clicked.connect(lambda: self.more_wanted.emit(self.exchange))
        self._foot.setFont(scaled_font(self.font(), 0.85))
        for label in (self.stage, self.note, self._foot):
            label.setWordWrap(True)
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setSpacing(6)
        self._quotes.setSpacing(4)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.answer.chosen.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (question, self.answer, self.stage, self._progress, self.note):
            layout.addWidget(widget)
        for button in (self.retry, self.go_on):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._quotes)
        layout.addLayout(self._grid)
        layout.addWidget(self._foot)

    def _show_quotes(self) -> None:
        _take_out(self._quotes, self.quotes)
        self.quotes = []
        for line in self.exchange.lines:
            quote = QuoteChip(line, self._names.get(line.video_id, ""))
            quote.clicked.connect(lambda _=False, place=line: self.chosen.emit(place.video_id, place.start))
            self._quotes.addWidget(quote)
            self.quotes.append(quote)
        self._order_focus()

    def _show_chips(self) -> None:
        _take_out(self._grid, self.chips)
        self.chips = []
        for number, cited in enumerate(self.exchange.citations):
            chip = CitationChip(cited, self._names.get(cited.video_id, ""), self._thumbnails)
            chip.clicked.connect(lambda _=False, c=cited: self.chosen.emit(c.video_id, c.time))
            chip.menu_wanted.connect(lambda point, c=cited: self.menu_wanted.emit(point, c))
            self._grid.addWidget(chip, number // COLUMNS, number % COLUMNS)
            self.chips.append(chip)
            self.chip_made.emit(chip)
        self._order_focus()

    def _order_focus(self) -> None:
        """Let Tab go through what was made last where it is seen: Qt puts it behind all of the window."""
        for before, widget in pairwise((self.answer, self.retry, self.go_on, *self.quotes, *self.chips)):
            QWidget.setTabOrder(before, widget)


def _take_out(layout: QLayout, widgets: Sequence[QWidget]) -> None:
    for widget in widgets:
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
