"""Tells that files are being written, how far that is, and lets it be stopped."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from retake_desktop.common.widgets import TextLabel, single_shot
from retake_desktop.export.jobs import Exports

QUICK_MS = 400  # what takes less is over before one could read of it


class ExportBar(QWidget):
    """A line above the status, there only while something is exported."""

    def __init__(self, exports: Exports) -> None:
        super().__init__()
        self._exports = exports
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = TextLabel()
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(self.tr("Progress of the export"))
        self.stop = QPushButton(self.tr("Cancel"))
        self.stop.setAccessibleName(self.tr("Cancel the export"))
        self.stop.clicked.connect(exports.stop_all)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(self._bar)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.stop)
        self._wait = single_shot(self, QUICK_MS)
        self._wait.timeout.connect(self._appear)
        exports.changed.connect(self._show)
        self.hide()

    def _appear(self) -> None:
        self.setVisible(bool(self._exports.shown))

    def _show(self) -> None:
        shown = self._exports.shown
        if not shown:
            self._wait.stop()
            self.hide()
            return
        if self.isHidden() and not self._wait.isActive():
            self._wait.start()
        self._bar.setValue(round(shown[0].fraction * 1000))
        text = self.tr("Writing {name}").format(name=shown[0].name)
        if len(shown) > 1:
            text = self.tr("Writing {name}, {count} more to come").format(name=shown[0].name, count=len(shown) - 1)
        self.text.setText(text)
