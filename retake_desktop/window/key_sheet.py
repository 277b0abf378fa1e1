"""Which key does what: a sheet in groups, made from the menus, so that it is always true."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import fit_on_screen, muted_label
from retake_desktop.common.wording import without_mnemonic
from retake_desktop.window.shortcuts import native, title

WIDTH, HEIGHT = 860, 600


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An action on the sheet: its name, and its keys."""

    name: QLabel
    keys: QLabel

    def matches(self, words: list[str]) -> bool:
        """Return whether the name or the keys have all the words in them."""
        text = f"{self.name.text()} {self.keys.text()}".casefold()
        return all(word in text for word in words)

    def set_visible(self, shown: bool) -> None:
        """Show or hide the row."""
        self.name.setVisible(shown)
        self.keys.setVisible(shown)


class KeyGroup(QWidget):
    """The keys of one menu below its title.

    Args:
        menu: with actions.
        others: keys that belong to it and are no actions: what they do, and which they are.
    """

    def __init__(self, menu: QMenu, others: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.rows: list[KeyRow] = []
        heading = QLabel(without_mnemonic(menu.title()))
        heading.setFont(scaled_font(self.font(), 1.1, bold=True))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 18)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading, 0, 0, 1, 2)
        for name, keys in [(title(action), _keys(action)) for action in menu.actions()] + list(others):
            if keys:
                row = KeyRow(QLabel(name), QLabel(keys))
                row.name.setWordWrap(True)
                row.keys.setObjectName("tag")
                self.rows.append(row)
                grid.addWidget(row.name, len(self.rows), 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(
                    row.keys, len(self.rows), 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
                )

    def narrow(self, words: list[str]) -> bool:
        """Show what has the words in it, and return whether that is anything."""
        found = [row.matches(words) for row in self.rows]
        for row, shown in zip(self.rows, found, strict=True):
            row.set_visible(shown)
        self.setVisible(any(found))
        return any(found)


class KeySheet(QDialog):
    """The groups in two columns of about the same height, and a box to find a key or what it does.

    Args:
        window: with the menus.
        play: of the menu that the keys of the player belong to.
    """

    def __init__(self, window: QMainWindow, play: QAction) -> None:
        super().__init__(window)
        self.setWindowTitle(self.tr("Keyboard"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menus = [action.menu() for action in window.menuBar().actions()]
        digits = [(self.tr("Go to that tenth of the video"), self.tr("0 to 9"))]
        groups = [
            KeyGroup(menu, digits if play in menu.actions() else ()) for menu in menus if isinstance(menu, QMenu)
        ]
        self.groups = [group for group in groups if group.rows]
        self.box = QLineEdit()
        self.box.setPlaceholderText(self.tr("Find a key, or what it does"))
        self.box.setAccessibleName(self.box.placeholderText())
        self.box.setClearButtonEnabled(True)
        self.box.textChanged.connect(self._narrow)
        self.nothing = muted_label(self.tr("No key does that."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(self.tr("Keyboard"))
        self.area.setWidget(self._columns())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 8, 12)
        layout.setSpacing(12)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 12, 0)
        top.addWidget(self.box)
        layout.addLayout(top)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.nothing)
        fit_on_screen(self, WIDTH, HEIGHT)
        self.box.setFocus()

    def _columns(self) -> QWidget:
        inside = QWidget()
        inside.setObjectName("page")
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 14, 0)
        line.setSpacing(36)
        half = sum(len(group.rows) + 2 for group in self.groups) / 2
        filled = 0.0
        columns = (QVBoxLayout(), QVBoxLayout())
        for column in columns:
            line.addLayout(column, 1)
            column.setSpacing(0)  # it would be that of the line; the groups bring their own
        for group in self.groups:
            size = len(group.rows) + 2  # with its title
            columns[int(filled + size / 2 > half)].addWidget(group)
            filled += size
        for column in columns:
            column.addStretch()
        return inside

    def _narrow(self, text: str) -> None:
        found = [group.narrow(text.casefold().split()) for group in self.groups]
        self.area.setVisible(any(found))
        self.nothing.setVisible(not any(found))


def _keys(action: QAction) -> str:
    return ", ".join(native(key) for key in action.shortcuts())
