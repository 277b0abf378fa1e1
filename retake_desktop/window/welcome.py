"""What a new user sees: what this is, and three steps to the first search."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from retake_desktop.common import safe_text, wording
from retake_desktop.common.theme import icon, scaled_font, theme
from retake_desktop.common.widgets import muted_label
from retake_desktop.library.model import GridContents

WIDTH = 620


class WelcomePage(QScrollArea):
    """Shown while the library has no folder; who adds one here sees the page until they go to the library."""

    left = Signal()  # the user wants to see the library

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._guiding = self._skipped = False
        self._symbol = QLabel()
        self._symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Find every moment in your recordings"))
        title.setFont(scaled_font(self.font(), 1.9, bold=True))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = muted_label(
            self.tr(
                "ReTaKe picks out the keyframes that matter, finds moments that you describe, and answers "
                "questions. Everything stays on this computer, and your files are never changed."
            )
        )
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(WIDTH - 60)
        text.setMinimumHeight(44)
        self.button = QPushButton(self.tr("Add a folder…"))
        self.button.clicked.connect(self._begin)
        self._add = actions["add_folder"]
        self.models = QPushButton(self.tr("Choose models…"))
        self.models.clicked.connect(actions["preferences_models"].trigger)
        self.go = QPushButton(self.tr("Go to the library"))
        self.go.clicked.connect(self._leave)
        self.steps = (
            WelcomeStep(
                "1",
                self.tr("Folders"),
                self.tr("Where your videos are. You can also drop a folder into this window."),
                self.button,
            ),
            WelcomeStep(
                "2",
                self.tr("Models"),
                self.tr(
                    "Search works at once. Larger models find more and answer questions; you can add them later."
                ),
                self.models,
            ),
            WelcomeStep(
                "3", self.tr("Go"), self.tr("Indexing runs in the background; you can search right away."), self.go
            ),
        )
        self.skip = QPushButton(self.tr("Skip and look around"))
        self.skip.setObjectName("link")
        self.skip.setCursor(Qt.CursorShape.PointingHandCursor)
        self.skip.clicked.connect(self._leave)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self._symbol)
        layout.addWidget(title)
        layout.addLayout(_centred(text))
        layout.addSpacing(14)
        for step in self.steps:
            layout.addLayout(_centred(step))
        layout.addSpacing(4)
        layout.addLayout(_centred(self.skip))
        layout.addStretch(3)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        theme.changed.connect(self._draw)
        self._draw()
        self._show(GridContents())

    def follow(self, contents: GridContents, indexing: bool) -> bool:
        """Show what the library holds, and return whether this page should be visible."""
        if contents.folders:
            self._skipped = False
        self._show(contents)
        if not contents.folders and not indexing:
            self._guiding = False
            return not self._skipped
        return self._guiding

    def _begin(self) -> None:
        self._guiding = True  # the page stays until the user leaves it
        self._add.trigger()

    def _leave(self) -> None:
        self._guiding = False
        self._skipped = True
        self.left.emit()

    def _show(self, contents: GridContents) -> None:
        done = bool(contents.folders)
        first = self.steps[0]
        if done:
            names = ", ".join(safe_text.name(folder.path) for folder in contents.folders)
            first.detail.setText(f"{names}  ·  {wording.videos(contents.videos)}")
        first.set_done(done)
        self.button.setText(self.tr("Add another…") if done else self.tr("Add a folder…"))
        self.go.setEnabled(done)
        self.skip.setVisible(not done)
        for button, primary in ((self.button, not done), (self.go, done)):
            button.setObjectName("primary" if primary else "")
            button.style().polish(button)

    def _draw(self) -> None:
        self._symbol.setPixmap(icon("filmstrip-box-multiple").pixmap(QSize(64, 64)))


class WelcomeStep(QFrame):
    """A number, what is to be done, and the button that does it."""

    def __init__(self, number: str, title: str, text: str, button: QPushButton) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self._number = number
        self._done = False
        self._mark = QLabel(number)
        self._mark.setObjectName("step")
        self._mark.setFixedSize(30, 30)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = QLabel(title)
        name.setFont(scaled_font(self.font(), 1.1, bold=True))
        self.detail = muted_label(text)
        self.detail.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(self.detail)
        button.setMinimumWidth(150)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 12, 16, 12)
        line.setSpacing(16)
        line.addWidget(self._mark)
        line.addLayout(words, 1)
        line.addWidget(button)
        theme.changed.connect(self._draw)

    def set_done(self, done: bool) -> None:
        """Show whether the step is done."""
        self._done = done
        self._draw()

    def _draw(self) -> None:
        if self._done:
            self._mark.setPixmap(icon("check").pixmap(QSize(18, 18)))
        else:
            self._mark.setText(self._number)


def _centred(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(widget)
    row.addStretch()
    return row
