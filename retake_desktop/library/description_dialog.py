"""Writing what a recording is about: its title, a summary, and a line for each chapter."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from retake_core.errors import UserError
from retake_core.library.description import DescribedBy, Description, arranged
from retake_core.library.description_file import parse_typed, to_lines
from retake_desktop.common import safe_text
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import paragraph
from retake_desktop.common.widgets import TextLabel


class DescriptionDialog(QDialog):
    """Says at once when a line is no chapter; all empty brings back what the file itself names."""

    model_wanted = Signal()  # the model is to describe the recording

    def __init__(
        self,
        parent: QWidget,
        name: str,
        known: Description,
        here: str,
        duration: float,
        model: str = "",
        reason: str = "",
    ) -> None:
        """Show what is known.

        Args:
            parent: what it stands over.
            name: of the recording.
            known: what is told of it.
            here: the time of the frame that is shown, as an example.
            duration: of the recording, in seconds.
            model: that can describe it; "" where there is none, or it need not.
            reason: why a model could not describe it.
        """
        super().__init__(parent)
        self._duration = duration
        self.setWindowTitle(self.tr("Title and chapters of “{name}”").format(name=name))
        self.title = QLineEdit(known.title)
        self.summary = QPlainTextEdit(known.summary)
        self.chapters = QPlainTextEdit(to_lines(known.chapters))
        self.chapters.setPlaceholderText(self.tr("{time} The cake").format(time=here))
        for box in (self.summary, self.chapters):
            box.setTabChangesFocus(True)
        self.summary.setMaximumHeight(90)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        boxes: dict[str, QWidget] = {
            self.tr("&Title"): self.title,
            self.tr("&Summary"): self.summary,
            self.tr("&Chapters"): self.chapters,
        }
        for text, field in boxes.items():
            form.addRow(text, field)
            field.setAccessibleName(text.replace("&", ""))
        self.trouble = TextLabel("")
        self.trouble.setWordWrap(True)
        self.trouble.setVisible(False)
        button = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(button.Ok | button.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(form, 1)
        told = self.tr("A line for each chapter: its time, and its title. The file is not changed.")
        layout.addWidget(paragraph(told))
        self.by = paragraph(self._told_by(known, reason))
        layout.addWidget(self.by)
        layout.addWidget(self.trouble)
        layout.addWidget(self.buttons)
        self.model: QPushButton | None = None
        if model:
            text = self.tr("Describe with {model}").format(model=safe_text.line(Path(model).name))
            self.model = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
            self.model.clicked.connect(self.reject)
            self.model.clicked.connect(self.model_wanted)
        self.resize(480, 460)
        for changed in (self.title.textChanged, self.summary.textChanged, self.chapters.textChanged):
            changed.connect(self._check)
        self.chapters.setFocus()

    @property
    def typed(self) -> tuple[str, str, str]:
        """Title, summary and the lines of chapters."""
        return self.title.text(), self.summary.toPlainText(), self.chapters.toPlainText()

    def _told_by(self, known: Description, reason: str) -> str:
        """Say who told what is shown, or why nobody could."""
        if reason:
            return self.tr("It could not be described: {reason}").format(reason=translated(reason))
        if not known.model:
            return ""
        if known.by == DescribedBy.FILE:
            text = self.tr("Title and summary are by {model}, the chapters are those of the file.")
        else:
            text = self.tr("This is by {model}. What you change becomes your own, and is never overwritten.")
        return text.format(model=safe_text.line(Path(known.model).name))

    def _check(self) -> None:
        try:
            _, remarks = arranged(parse_typed(*self.typed).chapters, self._duration)
            good = True
        except UserError as error:
            remarks, good = [str(error)], False
        self.trouble.setText(" ".join(map(translated, remarks)))
        self.trouble.setVisible(bool(remarks))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(good)
