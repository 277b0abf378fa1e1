"""What a new user sees: what this is, and the one thing to do."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from retake_desktop.theme import icon, scaled_font, theme
from retake_desktop.widgets import muted_label


class WelcomePage(QWidget):
    """Shown while the library has no folder."""

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._symbol = QLabel()
        self._symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Find every moment in your recordings"))
        title.setFont(scaled_font(self.font(), 1.9, bold=True))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = muted_label(
            self.tr(
                "Add a folder of videos. ReTaKe picks out the keyframes that matter, so that you can browse "
                "a recording at a glance and search it by describing what is to be seen. "
                "Everything stays on this computer, and your files are never changed."
            )
        )
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(520)
        text.setMinimumHeight(76)
        self.button = QPushButton(self.tr("Add a folder of videos…"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(actions["add_folder"].trigger)
        hint = muted_label(self.tr("or drop a folder into this window"))
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        layout.addWidget(self._symbol)
        layout.addWidget(title)
        layout.addLayout(_centred(text))
        layout.addSpacing(8)
        layout.addLayout(_centred(self.button))
        layout.addWidget(hint)
        layout.addStretch(3)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._symbol.setPixmap(icon("filmstrip-box-multiple").pixmap(QSize(72, 72)))


def _centred(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(widget)
    row.addStretch()
    return row
