"""What the pages of the preferences are made of."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import muted_label


class Page(QScrollArea):
    """A page: a heading, and what follows it from top to bottom."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("page")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(28, 22, 28, 24)
        self.column.setSpacing(8)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        heading = QLabel(title)
        heading.setFont(scaled_font(self.font(), 1.5, bold=True))
        self.column.addWidget(heading)
        self.column.addSpacing(6)
        self.setWidget(inside)
        self.title = title

    def shown(self) -> None:
        """Read again what may have changed: the page comes into view."""

    def section(self, title: str) -> None:
        """Begin a part of the page."""
        label = QLabel(title)
        label.setFont(scaled_font(self.font(), 1.1, bold=True))
        label.setContentsMargins(0, 14, 0, 2)
        self.column.addWidget(label)

    def note(self, text: str) -> QLabel:
        """Add a paragraph in the quieter colour."""
        label = paragraph(text)
        self.column.addWidget(label)
        return label

    def row(self, title: str, control: QWidget, help_text: str = "") -> QLabel:
        """Add a control at the right, with its name and what it does at the left; return what tells the latter."""
        name = QLabel(title)
        name.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(title)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        about = paragraph(help_text)
        if not help_text:  # never the other way: shown before it has a parent, it would be a window of its own
            about.hide()
        words.addWidget(about)
        control.setAccessibleDescription(help_text)
        line = QHBoxLayout()
        line.setContentsMargins(0, 6, 0, 6)
        line.setSpacing(24)
        line.addLayout(words, 1)
        line.addWidget(control, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(line)
        self.column.addWidget(rule())
        return about


def trouble_label() -> QLabel:
    """Return a paragraph for what is wrong, hidden until there is something."""
    label = paragraph()
    label.setObjectName("danger")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.hide()
    return label


def number_box(unit: str, least: float, most: float) -> QDoubleSpinBox:
    """Return a box for a number with one decimal; it reports a typed number once that is complete."""
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setDecimals(1)
    box.setSuffix(unit)
    box.setMinimumWidth(160)
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(8, 0, 0, 0)  # a style sheet's padding does not reach it
    return box


def paragraph(text: str = "") -> QLabel:
    """Return wrapped text in the quieter colour."""
    label = muted_label(text)
    label.setWordWrap(True)
    return label


def rule() -> QFrame:
    """Return a thin line."""
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line
