"""Above the grid: what it shows, the filters, the order, and how large its cards are."""

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from retake_desktop.common.filter_line import FilterLine
from retake_desktop.common.theme import icon, scaled_font, theme
from retake_desktop.common.widgets import TextLabel, single_shot
from retake_desktop.library.model import ShownVideos
from retake_desktop.library.sorting import Sort

TYPING_MS = 150  # after the last key
NARROWEST, WIDEST, USUAL = 140, 440, 200  # pixels of a card
STEP = 30  # pixels of a turn of the wheel
CARD_WIDTH = "card_width"  # where it is kept


class GridHead(QWidget):
    """The controls; the view asks them what is chosen."""

    changed = Signal()  # a filter or the order
    resized = Signal()  # the cards are to be of another width

    def __init__(self, window_state: QSettings) -> None:
        super().__init__()
        self._window_state = window_state
        self.heading = TextLabel()
        self.name_filter = FilterLine()
        self.state_filter = QComboBox()
        self.sort_order = QComboBox()
        self.direction = QToolButton()
        self.card_size = QSlider(Qt.Orientation.Horizontal)
        self._build()
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def sort(self) -> Sort:
        """What the grid goes by."""
        return Sort(self.sort_order.currentData())

    @property
    def state(self) -> ShownVideos:
        """Videos of which state are shown."""
        return ShownVideos(self.state_filter.currentData())

    @property
    def filtered(self) -> bool:
        """Whether a filter leaves anything out."""
        return bool(self.name_filter.text().strip()) or self.state is not ShownVideos.ALL

    @property
    def card_width(self) -> int:
        """How many pixels a card has at least."""
        return self.card_size.value()

    def clear_name(self) -> None:
        """Empty the filter by name without a word."""
        self.name_filter.blockSignals(True)
        self.name_filter.clear()
        self.name_filter.blockSignals(False)

    def clear_filters(self) -> None:
        """Show everything again."""
        self.clear_name()
        self.state_filter.setCurrentIndex(0)
        self.changed.emit()

    def turn_wheel(self, up: bool) -> None:
        """Make the cards larger or smaller by a step."""
        self.card_size.setValue(self.card_size.value() + (STEP if up else -STEP))

    def _build(self) -> None:
        self.heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        self.heading.setMinimumWidth(60)
        self.name_filter.setPlaceholderText(self.tr("Filter by name"))
        self.name_filter.setAccessibleName(self.tr("Filter videos by name"))
        self.name_filter.setMinimumWidth(110)
        self.name_filter.setMaximumWidth(280)
        for state, text in (
            (ShownVideos.ALL, self.tr("All states")),
            (ShownVideos.INDEXED, self.tr("Indexed")),
            (ShownVideos.WAITING, self.tr("Waiting")),
            (ShownVideos.FAILED, self.tr("Failed")),
            (ShownVideos.OFFLINE, self.tr("Offline")),
        ):
            self.state_filter.addItem(text, state)
        for sort, text in (
            (Sort.NAME, self.tr("Name")),
            (Sort.DATE, self.tr("Date")),
            (Sort.ADDED, self.tr("Added")),
            (Sort.LENGTH, self.tr("Length")),
            (Sort.SIZE, self.tr("File size")),
            (Sort.STARS, self.tr("Stars")),
            (Sort.KEYFRAMES, self.tr("Keyframes")),
        ):
            self.sort_order.addItem(text, sort)
        self.state_filter.setAccessibleName(self.tr("Filter videos by state"))
        self.state_filter.setToolTip(self.tr("Filter videos by state"))
        self.sort_order.setAccessibleName(self.tr("Sort videos by"))
        self.sort_order.setToolTip(self.tr("Sort videos by"))
        self.direction.setCheckable(True)
        self.direction.setAccessibleName(self.tr("Turn the order round"))
        self.direction.setToolTip(self.tr("Turn the order round"))
        self.card_size.setRange(NARROWEST, WIDEST)
        self.card_size.setSingleStep(STEP)
        self.card_size.setPageStep(2 * STEP)
        self.card_size.setFixedWidth(90)
        self.card_size.setAccessibleName(self.tr("Size of the pictures"))
        self.card_size.setToolTip(self.tr("Size of the pictures (Ctrl and the mouse wheel)"))
        kept = self._window_state.value(CARD_WIDTH, USUAL)
        self.card_size.setValue(int(kept) if isinstance(kept, int | str) and str(kept).isdecimal() else USUAL)

        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.card_size)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.name_filter, 1)
        bottom.addStretch()
        for widget in (self.state_filter, self.sort_order, self.direction):
            bottom.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 17, 16, 10)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addLayout(bottom)
        typing = single_shot(self, TYPING_MS)
        typing.timeout.connect(self.changed)
        self.name_filter.textChanged.connect(lambda _: typing.start())
        self.state_filter.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.sort_order.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.direction.toggled.connect(self._turn_round)
        self.card_size.valueChanged.connect(self._resize)

    def show_heading(self, text: str, tip: str = "") -> None:
        """Say what the grid shows."""
        self.heading.setText(text)
        self.heading.setToolTip(tip)

    def _resize(self, width: int) -> None:
        self._window_state.setValue(CARD_WIDTH, width)
        self.resized.emit()

    def _turn_round(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        self.direction.setIcon(icon("sort-reverse-variant" if self.direction.isChecked() else "sort-variant"))
