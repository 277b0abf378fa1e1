"""The right side of the window: searching, asking and what is said, one at a time."""

from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from retake_core.library.catalog import VideoEntry
from retake_desktop.ask.panel import AskPanel
from retake_desktop.engine.desk import Desk
from retake_desktop.search.panel import SearchPanel
from retake_desktop.transcript.panel import TranscriptPanel

LEAST = QSize(270, 300)


class SidePanel(QWidget):
    """Three tabs. All know at any time what "this video" and "this folder" mean."""

    wanted = Signal()  # one of the tabs is asked for; the panel may be hidden

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = SearchPanel(desk)
        self.ask = AskPanel(desk)
        self.transcript = TranscriptPanel(desk.background)
        self._places = QStackedWidget()
        tabs = QHBoxLayout()
        tabs.setContentsMargins(12, 14, 12, 6)
        tabs.setSpacing(4)
        group = QButtonGroup(self)
        self._tabs: dict[QWidget, QToolButton] = {}
        for widget, name, text in (
            (self.search, "search", self.tr("Search")),
            (self.ask, "ask", self.tr("Ask")),
            (self.transcript, "transcript", self.tr("Transcript")),
        ):
            tab = QToolButton()
            tab.setObjectName("tab")
            tab.setText(text)
            tab.setCheckable(True)
            tab.setToolTip(desk.actions[name].toolTip())
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tab.clicked.connect(lambda _=False, widget=widget: self._show(widget))
            group.addButton(tab)
            tabs.addWidget(tab)
            self._tabs[widget] = tab
            self._places.addWidget(widget)
        tabs.addStretch()
        self._tabs[self.search].setChecked(True)
        desk.actions["ask"].triggered.connect(lambda: self._show(self.ask))
        desk.actions["transcript"].triggered.connect(lambda: self._show(self.transcript))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tabs)
        layout.addWidget(self._places, 1)

    def set_places(self, folder: Path | None, video: VideoEntry | None) -> None:
        """Say what "this folder" and "this video" mean now."""
        self.search.set_video(video)
        self.ask.set_places(folder, video)
        self.transcript.set_video(video)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return what the tabs need; the lists in them may be low: the window must fit a small screen."""
        return QSize(max(super().minimumSizeHint().width(), LEAST.width()), LEAST.height())

    def save(self, settings: QSettings) -> None:
        """Keep which tab is open."""
        settings.setValue("tab", self._places.currentIndex())

    def restore(self, settings: QSettings) -> None:
        """Open the tab that was kept."""
        index = str(settings.value("tab", "0"))
        widget = self._places.widget(int(index)) if index.isdecimal() else None
        if widget is not None:
            self._places.setCurrentWidget(widget)
            self._tabs[widget].setChecked(True)

    def show_search(self) -> None:
        """Let the user type a search."""
        self._show(self.search)

    def _show(self, widget: SearchPanel | AskPanel | TranscriptPanel) -> None:
        self.wanted.emit()
        self._places.setCurrentWidget(widget)
        self._tabs[widget].setChecked(True)
        widget.focus()
