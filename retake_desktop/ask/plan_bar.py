"""The cost of a question on one line, and a small window to change it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QWidget,
)

from retake_core.protocol.fields import MAX_FRAMES
from retake_desktop.common import safe_text, wording
from retake_desktop.common.theme import icon, scaled_font, theme
from retake_desktop.common.widgets import muted_label

FRAMES = (32, 64, 128, 256, 512, 1024, MAX_FRAMES)
RATIOS = (1.0, 0.5, 0.25, 0.125)


class PlanBar(QWidget):
    """Shows the plan.

    Attributes:
        popover: holds the choices.
    """

    changed = Signal(int, object, bool, bool)  # frames, keep ratio or None, whether words are given, thorough

    def __init__(self) -> None:
        super().__init__()
        self.text = muted_label()
        self.button = QToolButton()
        self.popover = QFrame(self, Qt.WindowType.Popup)
        self.frames = QComboBox()
        self.ratio = QComboBox()
        self.words = QCheckBox(self.tr("Read what is said and written"))
        self.thorough = QCheckBox(self.tr("Thorough answer"))
        self._build()

    def tell(self, text: str, tip: str = "") -> None:
        """Show a sentence."""
        self.text.setText(text)
        self.text.setToolTip(safe_text.tip(tip))

    def open_popover(self) -> None:
        """Show the choices above the button."""
        self.popover.adjustSize()
        corner = self.button.mapToGlobal(QPoint(self.button.width(), -4))
        self.popover.move(corner - QPoint(self.popover.width(), self.popover.height()))
        self.popover.show()
        self.frames.setFocus()

    def _build(self) -> None:
        self.text.setWordWrap(True)
        self.text.setFont(scaled_font(self.font(), 0.9))
        self.text.setAccessibleName(self.tr("What the question takes"))
        self.button.setAccessibleName(self.tr("Change how much it looks at"))
        self.button.setToolTip(self.tr("Change how much it looks at"))
        self.button.clicked.connect(self.open_popover)
        for count in FRAMES:
            self.frames.addItem(wording.number(count), count)
        self.frames.setCurrentIndex(len(FRAMES) - 1)
        self.frames.setAccessibleName(self.tr("Moments to look at, at most"))
        self.ratio.addItem(self.tr("Automatic"), None)
        for ratio in RATIOS:
            self.ratio.addItem(f"{ratio * 100:g} %", ratio)
        self.ratio.setAccessibleName(self.tr("How much of what it saw is kept"))
        for choice in (self.frames, self.ratio):
            choice.currentIndexChanged.connect(lambda _: self._tell_change())
        self.words.setChecked(True)
        self.words.setToolTip(
            self.tr(
                "Gives the model the transcript, the text on screen, and the names and dates of the recordings"
            )
        )
        self.thorough.setToolTip(
            self.tr(
                "After a first answer about a video, the moments that it points at are looked at once more,\n"
                "closer together and larger, and the question is answered from both. It takes longer."
            )
        )
        for switch in (self.words, self.thorough):
            switch.toggled.connect(lambda _: self._tell_change())
        self.popover.setObjectName("popover")
        form = QFormLayout(self.popover)
        form.setContentsMargins(14, 12, 14, 12)
        form.setSpacing(10)
        form.addRow(self.tr("Moments at most"), self.frames)
        form.addRow(self.tr("Detail kept"), self.ratio)
        hint = muted_label(
            self.tr("Fewer moments are faster, more see more.\nEach choice has a memory of its own.")
        )
        form.addRow(hint)
        form.addRow(self.words)
        form.addRow(self.thorough)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.button.setIcon(icon("tune-variant"))

    def _tell_change(self) -> None:
        switches = self.words.isChecked(), self.thorough.isChecked()
        self.changed.emit(self.frames.currentData(), self.ratio.currentData(), *switches)
