"""Below the grid, while several videos are selected: how many, and what can be done with all of them."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from retake_desktop.common import wording
from retake_desktop.common.theme import icon, theme
from retake_desktop.common.widgets import TextLabel

WITH_TEXT = ("export", "tags", "ask_about")
WITHOUT_TEXT = ("favourite", "hide", "remove_video")


class SelectionBar(QWidget):
    """The buttons are those of the menus: what is selected is what the actions work on."""

    left = Signal()  # nothing is to be selected any more

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = TextLabel()
        self.close_button = QToolButton()
        self.close_button.setAccessibleName(self.tr("Select nothing"))
        self.close_button.setToolTip(self.tr("Select nothing"))
        self.close_button.clicked.connect(self.left)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 6, 12, 6)
        layout.setSpacing(4)
        layout.addWidget(self.text, 1)
        for name in (*WITH_TEXT, *WITHOUT_TEXT):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setAccessibleName(wording.without_mnemonic(actions[name].text()))
            if name in WITH_TEXT:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            layout.addWidget(button)
        layout.addWidget(self.close_button)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many are selected; with one or none, go away."""
        self.text.setText(self.tr("{count} selected").format(count=wording.number(count)))
        self.setVisible(count > 1)

    def _dress(self) -> None:
        self.close_button.setIcon(icon("close"))
