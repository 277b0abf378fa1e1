"""What is marked of the video, in words, and what can be done with it."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from retake_desktop.player.marks import Marks
from retake_desktop.player.time_display import hundredths


class RangeBar(QWidget):
    """Is there while a range is marked."""

    def __init__(self, marks: Marks, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._marks = marks
        self.text = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 2)
        layout.setSpacing(2)
        layout.addWidget(self.text)
        layout.addSpacing(10)
        for name in ("play_range", "loop", "clear_range", "export_clip"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            layout.addWidget(button)
        layout.addStretch()
        marks.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        span = self._marks.span
        if span is not None:
            text = self.tr("{start} – {end}, {length} long")
            start, end, length = (hundredths(time) for time in (*span, span[1] - span[0]))
            self.text.setText(text.format(start=start, end=end, length=length))
        self.setVisible(span is not None)
