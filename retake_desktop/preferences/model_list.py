"""The models for one job: those that matter, and the others folded away."""

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from retake_core.protocol.model_messages import ModelState
from retake_desktop.common.theme import icon, icon_size, theme
from retake_desktop.preferences.model_row import ModelRow


class ModelList(QWidget):
    """Shows rows. What is recommended, in use or at least partly here is always seen.

    Args:
        job: what the models are for, in words.

    Attributes:
        more: shows the others, and folds them away again.
    """

    def __init__(self, job: str) -> None:
        super().__init__()
        self._job = job
        self.more = QPushButton(self.tr("More models"))
        self.more.setObjectName("link")
        self.more.setCheckable(True)
        self.more.setIconSize(icon_size(18))
        self._first, self._rest = _column(), _column()
        self._others = QWidget()
        self._others.setLayout(self._rest)
        layout = _column()
        layout.addLayout(self._first)
        layout.addWidget(self.more)
        layout.addWidget(self._others)
        self.setLayout(layout)
        self.more.toggled.connect(self._fold)
        theme.changed.connect(self._dress)
        self._fold(False)

    def place(self, row: ModelRow) -> None:
        """Show a row where its state has it."""
        entry = row.entry
        first = entry.recommended or entry.chosen or row.downloading or entry.state is not ModelState.ABSENT
        wanted = self._first if first else self._rest
        if wanted.indexOf(row) < 0:
            wanted.addWidget(row)
        self.more.setVisible(self._rest.count() > 0)

    def _fold(self, shown: bool) -> None:
        self._others.setVisible(shown)
        self.more.setText(self.tr("Fewer models") if shown else self.tr("More models"))
        self.more.setAccessibleName(f"{self.tr('More models')}: {self._job}")  # that it is on tells the rest
        self._dress()

    def _dress(self) -> None:
        self.more.setIcon(icon("chevron-up" if self.more.isChecked() else "chevron-down"))


def _column() -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    return layout
