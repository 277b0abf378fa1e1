"""The status line with what runs, and the list of what happened."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from retake_core.library.catalog import VideoEntry
from retake_core.protocol import indexing_events
from retake_desktop.common import safe_text, wording
from retake_desktop.common.desktop_files import show_in_file_manager
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, icon_size, scaled, scaled_font, theme
from retake_desktop.common.widgets import muted_label
from retake_desktop.export.jobs import Exports, Running
from retake_desktop.indexing.activity import Activity
from retake_desktop.library.model import GridContents, VideoItem

HEIGHT, LEAST_HEIGHT = 230, 110  # pixels of the list of what happened
PLACES = ("folder_panel", "activity", "side_panel")  # as they lie in the window


class StatusLine(QWidget):
    """What runs, how far it is, a button to stop it; and the size of the library."""

    def __init__(self, activity: Activity, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._activity = activity
        self._failed = 0
        self.text = muted_label()
        self.text.setAccessibleName(self.tr("Status"))
        self.text.setMinimumWidth(1)  # a long line is cut off rather than make the window wider than the screen
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(self.tr("Progress of indexing"))
        self.stop = QToolButton()
        self.stop.setDefaultAction(actions["stop"])
        self._pause = QToolButton()
        self._pause.setDefaultAction(actions["pause"])
        self.places = [QToolButton() for _ in PLACES]
        for button, name in zip(self.places, PLACES, strict=True):
            button.setDefaultAction(actions[name])
        for button in (self._pause, self.stop, *self.places):
            button.setIconSize(icon_size(16))
            button.setAccessibleName(wording.without_mnemonic(button.defaultAction().text()))
        self.go_on = QPushButton(self.tr("Continue"))
        self.go_on.setToolTip(self.tr("Index what was left"))
        self.go_on.clicked.connect(lambda: activity.index())
        self.now = QPushButton(self.tr("Index now"))
        self.now.setToolTip(self.tr("Index what waits, whatever the preferences say"))
        self._size = muted_label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 3, 12, 3)
        layout.setSpacing(10)
        layout.addWidget(self._bar)
        layout.addWidget(self._pause)
        layout.addWidget(self.stop)
        layout.addWidget(self.text)
        layout.addWidget(self.go_on)
        layout.addWidget(self.now)
        layout.addStretch()
        layout.addWidget(self._size)
        for button in self.places:
            layout.addWidget(button)
        activity.changed.connect(self._show)
        self._show()

    def show_contents(self, contents: GridContents) -> None:
        """Show how much the library holds."""
        self._size.setVisible(contents.videos > 0)
        self._failed = len(contents.failed)
        self._show()
        self._size.setText(f"{wording.videos(contents.videos)}  ·  {wording.keyframes(contents.keyframes)}")

    def _show(self) -> None:
        activity = self._activity
        for widget in (self._bar, self.stop):
            widget.setVisible(activity.running)
        self._pause.setVisible(activity.running or activity.paused)
        if activity.fraction is None and not activity.holders:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round((activity.fraction or 0.0) * 1000))
        failed = self._failed + sum(entry.failed for entry in activity.entries)
        idle = self.tr("Paused") if activity.paused else self.tr("Ready")
        if failed:
            idle = self.tr("{problems}, listed under Activity").format(problems=wording.problems(failed))
        self.now.setVisible(activity.running and bool(activity.waits_for) and not activity.paused)
        unfinished = 0 if activity.running else activity.unfinished
        self.go_on.setVisible(unfinished > 0)
        if unfinished:
            idle = self.tr("{count} unfinished").format(count=wording.number(unfinished))
        text = activity.status if activity.running else idle
        self.text.setText(text)
        self.text.setToolTip(text)


class ActivityPanel(QWidget):
    """Lists what runs, what waits, which videos failed and why, and what happened since the start.

    The menu of an export that runs stops it; Enter on one that is complete shows its file.
    """

    opened = Signal(object)  # VideoEntry
    menu_wanted = Signal(QPoint, object)  # on the screen, for a VideoEntry that failed

    ABOUT = Qt.ItemDataRole.UserRole  # VideoEntry of a video that failed, a file, or the job of an export

    def __init__(self, activity: Activity, exports: Exports, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._exports = exports
        self.setObjectName("activity")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._activity = activity
        self._failed: tuple[VideoItem, ...] = ()
        self._shown: list[Row] = []
        self.list = QListWidget()
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setAccessibleName(self.tr("Activity"))
        self.list.setSelectionMode(QListWidget.SelectionMode.SingleSelection)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.itemActivated.connect(self._open)
        self.nothing = muted_label()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = QLabel(self.tr("Activity"))
        heading.setFont(scaled_font(self.font(), 1.1, bold=True))
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 4)
        head.setSpacing(6)
        head.addWidget(heading)
        head.addStretch()
        for name in ("retry_all", "pause", "stop", "activity"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(icon_size(16))
            button.setAccessibleName(wording.without_mnemonic(actions[name].text()))
            if name == "retry_all":
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            head.addWidget(button)
        button.setAccessibleName(self.tr("Hide the activity"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 6)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.list, 1)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        activity.changed.connect(self._show)
        exports.changed.connect(self._show)
        theme.changed.connect(self._redraw)
        self._show()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a height for some rows; in a low window there are fewer."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def show_contents(self, contents: GridContents) -> None:
        """Show which videos failed; the library remembers them."""
        self._failed = contents.failed
        self._show()

    def _redraw(self) -> None:
        self._shown = []
        self._show()

    def _show(self) -> None:
        rows = self._rows()
        self.nothing.setText(self._activity.status or self.tr("Nothing has happened since the start."))
        self.nothing.setVisible(not rows)
        self.list.setVisible(bool(rows))
        if len(rows) != len(self._shown):  # otherwise selection and scrolling stay
            self.list.clear()
            for _ in rows:
                self.list.addItem(QListWidgetItem())
            self._shown = []
        for i, (row, about) in enumerate(rows):
            item = self.list.item(i)
            item.setData(self.ABOUT, about)
            if i < len(self._shown) and _same(row, self._shown[i]):
                continue
            item.setText(row.name)
            item.setData(RowDelegate.ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}: {row.detail}")
            item.setToolTip(safe_text.tip(row.detail))
            item.setSizeHint(QSize(0, scaled(48)))
        self._shown = [row for row, _ in rows]

    def _rows(self) -> list[tuple[Row, VideoEntry | str | int | None]]:
        activity = self._activity
        paused = bool(activity.running and activity.holders)
        rows: list[tuple[Row, VideoEntry | str | int | None]] = [
            (self._exporting(export), job) for job, export in self._exports.running.items() if not export.quiet
        ]
        if activity.switch is not None:
            rows.append((self._switching(activity.switch), None))
        for work in activity.working:
            pace = [self.tr("Paused")] if paused else wording.pace(work.speed)
            if work.device:
                pace.append(self.tr("decoded by {device}").format(device=wording.device(work.device)))
            if work.computer:
                pace.append(self.tr("on {computer}").format(computer=safe_text.line(work.computer)))
            rows.append((self._working(work, pace), None))
        if activity.waiting > 0:
            name = self.tr("{videos} in the queue").format(videos=wording.videos(activity.waiting))
            detail = self.tr("“Index this first” in a video's menu moves it to the front.")
            rows.append((Row(name, detail, icon("clock-outline")), None))
        for item in self._failed:
            entry = item.entry
            symbol = icon("alert-circle-outline")
            rows.append(
                (
                    Row(
                        safe_text.name(entry.path),
                        safe_text.line(translated(entry.error or "")),
                        symbol,
                        failed=True,
                    ),
                    entry,
                )
            )
        for past in activity.entries:
            symbol = icon("alert-circle-outline" if past.failed else "check-circle-outline")
            when = wording.time_of_day(datetime.fromtimestamp(past.when).astimezone())
            rows.append((Row(past.title, past.detail, symbol, when, failed=past.failed), past.file or None))
        return rows

    def _switching(self, event: indexing_events.Switching) -> Row:
        fraction = event.switch.percent / 100
        return Row(
            self.tr("Getting ready to search with {name}").format(name=wording.encoder(event.switch.wanted)),
            wording.switch(event.switch),
            icon("pause-circle-outline" if self._activity.holders else "progress-clock"),
            f"{fraction:.0%}",
            fraction=fraction,
        )

    def _working(self, work: indexing_events.VideoProgress, pace: list[str]) -> Row:
        return Row(
            safe_text.name(Path(work.path)),
            "  ·  ".join(pace) or self.tr("Just begun"),
            icon("pause-circle-outline" if self._activity.holders else "progress-clock"),
            f"{work.fraction:.0%}",
            fraction=work.fraction,
        )

    def _exporting(self, export: Running) -> Row:
        share = f"{export.fraction:.0%}"
        return Row(export.name, self.tr("Exporting"), icon("export"), share, fraction=export.fraction)

    def _menu(self, point: QPoint) -> None:
        item = self.list.itemAt(point) or self.list.currentItem()  # the menu key points nowhere
        about = None if item is None else item.data(self.ABOUT)
        place = self.list.viewport().mapToGlobal(point)
        if isinstance(about, VideoEntry):
            self.menu_wanted.emit(place, about)
        elif about is not None:
            menu = QMenu(self)
            if isinstance(about, str):
                menu.addAction(self.tr("Show in folder"), lambda: show_in_file_manager(Path(about)))
            else:
                menu.addAction(self.tr("Cancel the export"), lambda: self._exports.stop(about))
            menu.exec(place)
            menu.deleteLater()

    def _open(self, item: QListWidgetItem) -> None:
        about = item.data(self.ABOUT)
        if isinstance(about, VideoEntry):
            self.opened.emit(about)
        elif isinstance(about, str):
            show_in_file_manager(Path(about))


def _same(one: Row, other: Row) -> bool:
    """Whether two rows look the same; their icons are drawn anew each time."""
    return replace(one, icon=other.icon) == other and one.failed == other.failed
