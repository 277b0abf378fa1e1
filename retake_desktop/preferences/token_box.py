"""The word that all computers of a cluster know: whether it is here, and where it comes from."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from retake_core.cluster.place import ClusterPlace
from retake_core.errors import UserError
from retake_desktop.common import safe_text
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import paragraph, trouble_label
from retake_desktop.common.widgets import agreed


class TokenBox(QWidget):
    """Takes a token that is pasted, or a file with one; what is kept is never shown.

    Args:
        place: where it is kept.
    """

    def __init__(self, place: ClusterPlace) -> None:
        super().__init__()
        self._place = place
        self.word = QLineEdit()
        self.word.setEchoMode(QLineEdit.EchoMode.Password)
        self.word.setAccessibleName(self.tr("Token"))
        self.choose = QPushButton(self.tr("Choose a file…"))
        self.state = paragraph()
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble = trouble_label()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.word, 1)
        line.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.state)
        column.addWidget(self.trouble)
        self.word.editingFinished.connect(self._take_word)
        self.choose.clicked.connect(self._choose)
        self.show_state()

    def show_state(self) -> None:
        """Say whether there is one, and where it is kept."""
        file = safe_text.whole(self._place.token)
        if self._place.token.is_file():
            self.word.setPlaceholderText(self.tr("It is here; paste another one to replace it"))
            text = self.tr("It is kept in {file}. Other computers need a copy of this file.")
        else:
            self.word.setPlaceholderText(self.tr("Paste it here"))
            text = self.tr(
                "There is none yet. Paste it, or choose a copy of the file that “retake cluster start” named on "
                "the other computer. It will be kept in {file}."
            )
        self.state.setText(text.format(file=file))
        self.word.setAccessibleDescription(self.state.text())

    def _take_word(self) -> None:
        word = self.word.text()
        self.word.clear()  # before anything is asked: that ends the editing once more
        if word and self._may_replace():
            self._keep(lambda: self._place.keep_token(word))

    def _choose(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Choose the token"), str(Path.home()))
        if file and self._may_replace():
            self._keep(lambda: self._place.copy_token(Path(file)))

    def _may_replace(self) -> bool:
        question = self.tr(
            "Replace the token? Computers that know the one that is here, and not the other one, are refused then."
        )
        return not self._place.token.is_file() or agreed(self, self.tr("Replace the token"), question)

    def _keep(self, keep: Callable[[], None]) -> None:
        self.trouble.hide()
        try:
            keep()
        except UserError as error:
            self.trouble.setText(translated(str(error)))
            self.trouble.show()
        self.show_state()
