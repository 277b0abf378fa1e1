"""The right side of the window: searching, asking and what is said, one at a time."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

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
        self.tabs = QTabBar()  # to a screen reader, buttons would be no tabs
        self.tabs.setObjectName("tabs")
        self.tabs.setAccessibleName(self.tr("Side panel"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget, name, text in (
            (self.search, "search", self.tr("Search")),
            (self.ask, "ask", self.tr("Ask")),
            (self.transcript, "transcript", self.tr("Transcript")),
        ):
            self._add_tab(text, desk.actions[name])
            self._places.addWidget(widget)
        self.tabs.currentChanged.connect(self._places.setCurrentIndex)
        self.tabs.tabBarClicked.connect(self._click)
        desk.actions["ask"].triggered.connect(lambda: self._show(self.ask))
        desk.actions["transcript"].triggered.connect(lambda: self._show(self.transcript))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        line = QVBoxLayout()
        line.setContentsMargins(12, 14, 12, 6)
        line.addWidget(self.tabs)
        layout.addLayout(line)
        layout.addWidget(self._places, 1)

    def _add_tab(self, text: str, action: QAction) -> None:
        tab = self.tabs.addTab(text)

        def show_key() -> None:
            self.tabs.setTabToolTip(tab, action.toolTip())

        action.changed.connect(show_key)
        show_key()

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
        settings.setValue("tab", self.tabs.currentIndex())

    def restore(self, settings: QSettings) -> None:
        """Open the tab that was kept."""
        index = str(settings.value("tab", "0"))
        if index.isdecimal():
            self.tabs.setCurrentIndex(int(index))

    def ask_about(self, ids: Sequence[int]) -> None:
        """Let the user ask about several videos."""
        self.ask.ask_about(ids)
        self._show(self.ask)

    def show_search(self) -> None:
        """Let the user type a search."""
        self._show(self.search)

    def _show(self, widget: SearchPanel | AskPanel | TranscriptPanel) -> None:
        self.wanted.emit()
        self.tabs.setCurrentIndex(self._places.indexOf(widget))
        widget.focus()

    def _click(self, index: int) -> None:
        widget = self._places.widget(index)
        if isinstance(widget, SearchPanel | AskPanel | TranscriptPanel):
            self._show(widget)
