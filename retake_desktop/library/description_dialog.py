"""Writing what a recording is about: its title, a summary, and a line for each chapter."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from retake_core.errors import UserError
from retake_core.library.description import Description, arranged
from retake_core.library.description_file import parse_typed, to_lines
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import paragraph
from retake_desktop.common.widgets import TextLabel


class DescriptionDialog(QDialog):
    """Says at once when a line is no chapter; all empty brings back what the file itself names."""

    def __init__(self, parent: QWidget, name: str, known: Description, here: str, duration: float) -> None:
        """Show what is known.

        Args:
            parent: what it stands over.
            name: of the recording.
            known: what is told of it.
            here: the time of the frame that is shown, as an example.
            duration: of the recording, in seconds.
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
        layout.addWidget(self.trouble)
        layout.addWidget(self.buttons)
        self.resize(480, 460)
        for changed in (self.title.textChanged, self.summary.textChanged, self.chapters.textChanged):
            changed.connect(self._check)
        self.chapters.setFocus()

    @property
    def typed(self) -> tuple[str, str, str]:
        """Title, summary and the lines of chapters."""
        return self.title.text(), self.summary.toPlainText(), self.chapters.toPlainText()

    def _check(self) -> None:
        try:
            _, remarks = arranged(parse_typed(*self.typed).chapters, self._duration)
            good = True
        except UserError as error:
            remarks, good = [str(error)], False
        self.trouble.setText(" ".join(map(translated, remarks)))
        self.trouble.setVisible(bool(remarks))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(good)
