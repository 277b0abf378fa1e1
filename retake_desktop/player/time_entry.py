"""Going to a time that is typed."""

import re

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?|[.,]\d+)")
_UNITS = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+(?:[.,]\d*)?)\s*s?)?", re.IGNORECASE)
_LONGEST = 32  # characters


def read_time(text: str) -> float | None:
    """Return the seconds that a text means, such as 1:02:03, 83, 1m23s or 12.5; None where it means no time."""
    text = text.strip()[:_LONGEST]
    found = _CLOCK.fullmatch(text) or _UNITS.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


class TimeDialog(QDialog):
    """Asks for a time.

    Attributes:
        time: the seconds that were typed, once it is accepted.
    """

    def __init__(self, parent: QWidget, now: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Go to a time"))
        self.time = 0.0
        self.box = QLineEdit(now)
        self.box.setAccessibleName(self.tr("Time"))
        self.box.selectAll()
        self.note = QLabel(
            self.tr(
                "For example 1:02:03, 83, 1m23s or 12.5. In the player, the keys 0 to 9 go to that "
                "tenth of the video."
            )
        )
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Go"))
        buttons.accepted.connect(self._try)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (self.box, self.note, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(360)

    def _try(self) -> None:
        time = read_time(self.box.text())
        if time is None:
            self.note.setText(self.tr("This is not a time. Write it as 1:02:03, 83, 1m23s or 12.5."))
            self.box.setFocus()
            self.box.selectAll()
        else:
            self.time = time
            self.accept()
