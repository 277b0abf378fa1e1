"""The status line with what runs, and the list of what happened."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from retake_desktop import outside, wording
from retake_desktop.activity import Activity
from retake_desktop.library_model import Contents
from retake_desktop.row_delegate import Row, RowDelegate
from retake_desktop.theme import icon, scaled_font, theme
from retake_desktop.widgets import muted_label


class StatusLine(QWidget):
    """What runs, how far it is, a button to stop it; and the size of the library."""

    def __init__(self, activity: Activity, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._activity = activity
        self.text = muted_label()
        self.text.setAccessibleName(self.tr("Status"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(self.tr("Progress of indexing"))
        self._stop = QToolButton()
        self._stop.setDefaultAction(actions["stop"])
        self._open = QToolButton()
        self._open.setDefaultAction(actions["activity"])
        for button in (self._stop, self._open):
            button.setIconSize(QSize(16, 16))
            button.setAccessibleName(button.defaultAction().text().replace("&", ""))
        self._size = muted_label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 3, 12, 3)
        layout.setSpacing(10)
        layout.addWidget(self._bar)
        layout.addWidget(self._stop)
        layout.addWidget(self.text)
        layout.addStretch()
        layout.addWidget(self._size)
        layout.addWidget(self._open)
        activity.changed.connect(self._show)
        self._show()

    def show_contents(self, contents: Contents) -> None:
        """Show how much the library holds."""
        self._size.setVisible(contents.videos > 0)
        self._size.setText(f"{wording.videos(contents.videos)}  ·  {wording.keyframes(contents.keyframes)}")

    def _show(self) -> None:
        activity = self._activity
        self._bar.setVisible(activity.running)
        self._stop.setVisible(activity.running)
        if activity.fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(activity.fraction * 1000))
        failed = sum(entry.failed for entry in activity.entries)
        idle = self.tr("Ready")
        if failed:
            idle = self.tr("{problems}; Activity lists them").format(problems=wording.problems(failed))
        self.text.setText(activity.status if activity.running else idle)


class ActivityPanel(QWidget):
    """What ended, and what failed with its reason."""

    def __init__(self, activity: Activity) -> None:
        super().__init__()
        self.setObjectName("activity")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._activity = activity
        self._list = QListWidget()
        self._list.setItemDelegate(RowDelegate(self._list))
        self._list.setAccessibleName(self.tr("Activity"))
        self._list.setSelectionMode(QListWidget.SelectionMode.SingleSelection)
        self._nothing = muted_label(self.tr("Nothing has happened since the start."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = QLabel(self.tr("Activity"))
        heading.setFont(scaled_font(self.font(), 1.1, bold=True))
        heading.setContentsMargins(16, 0, 0, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 6)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self._nothing, 1)
        layout.addWidget(self._list, 1)
        self.setFixedHeight(190)
        self._count = -1
        activity.changed.connect(self._show)
        theme.changed.connect(self._redraw)
        self._show()

    def _redraw(self) -> None:
        self._count = -1
        self._show()

    def _show(self) -> None:
        entries = self._activity.entries
        self._nothing.setVisible(not entries)
        self._list.setVisible(bool(entries))
        if self._count == len(entries) and entries and self._list.item(0).text() == entries[0].title:
            return
        self._count = len(entries)
        self._list.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            symbol = icon("alert-circle-outline" if entry.failed else "check-circle-outline")
            item.setData(RowDelegate.ROW, Row(entry.title, entry.detail, symbol, failed=entry.failed))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}: {entry.detail}")
            item.setToolTip(outside.tip(entry.detail))
            item.setSizeHint(QSize(0, 48))
            self._list.addItem(item)
