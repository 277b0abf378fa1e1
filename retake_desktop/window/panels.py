"""The folders at the left, the side panel at the right, and what is between them: as much as there is room for."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from retake_desktop.common.theme import widened

FOLDERS, MIDDLE, SIDE = 210, 750, 320  # pixels of width
NAMES = 100  # of those of the folders, for their names


class Panels(QSplitter):
    """A panel is there while the user wants it and there is room; the one that was asked for last stays longest.

    Args:
        folders: at the left.
        middle: always there.
        side: at the right.
        actions: `folder_panel` and `side_panel` show and hide the panels.
    """

    def __init__(self, folders: QWidget, middle: QWidget, side: QWidget, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._middle = middle
        self._panels = {"side_panel": side, "folder_panel": folders}
        self._actions = {name: actions[name] for name in self._panels}
        self._wanted = list(self._panels)  # the most important first
        self._bare = False
        for widget, stretch in ((folders, 0), (middle, 1), (side, 0)):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, stretch)
            self.setCollapsible(self.count() - 1, False)
        for name in self._panels:
            self._actions[name].triggered.connect(lambda on, name=name: self._toggle(name, on))
        self.setHandleWidth(1)
        self.setSizes([widened(FOLDERS, NAMES), MIDDLE, SIDE])

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return what the middle and the wider one of the panels need; the other one makes room."""
        heights = [widget.minimumSizeHint().height() for widget in (self._middle, *self._panels.values())]
        return QSize(self._least() + max(map(self._need, self._panels)), max(heights))

    def show_panel(self, name: str) -> None:
        """Show a panel; where only one has room, the other one goes."""
        self._wanted = [name, *(other for other in self._wanted if other != name)]
        self._look_again()

    def set_bare(self, bare: bool) -> None:
        """Show only what is in the middle, for the full screen."""
        self._bare = bare
        self._look_again()

    def save(self, settings: QSettings) -> None:
        """Keep which panels are wanted, and how wide they are."""
        settings.setValue("panels", ",".join(self._wanted))
        settings.setValue("splitter", self.saveState())

    def restore(self, settings: QSettings) -> None:
        """Arrange the panels as they were kept."""
        widths, wanted = settings.value("splitter"), settings.value("panels")
        if isinstance(widths, QByteArray):
            self.restoreState(widths)
        if isinstance(wanted, str | list):  # a list where there was a comma in it
            names = wanted.split(",") if isinstance(wanted, str) else [str(name) for name in wanted]
            self._wanted = [name for name in dict.fromkeys(names) if name in self._panels]
        self._look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Hide a panel before it would be cut off, and bring it back when there is room again."""
        self._arrange(event.size().width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Fit the panels into the width that there is."""
        self._arrange(self.width())
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """Look again when a part needs more or less room than before."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._look_again()
        return super().event(event)

    def _toggle(self, name: str, on: bool) -> None:
        if on:
            self.show_panel(name)
        else:
            self._wanted.remove(name)
            self._look_again()

    def _look_again(self) -> None:
        if self.isVisible():
            self._arrange(self.width())
            return
        for name, action in self._actions.items():  # until there is a width, what is wanted is all that is known
            action.setChecked(name in self._wanted)

    def _arrange(self, width: int) -> None:
        room = width - self._least()
        shown: list[str] = []
        for name in () if self._bare else self._wanted:
            if (need := self._need(name)) <= room:
                room -= need
                shown.append(name)
        for name, panel in self._panels.items():
            panel.setVisible(name in shown)
            self._actions[name].setChecked(name in shown)

    def _least(self) -> int:
        return self._middle.minimumSizeHint().width()

    def _need(self, name: str) -> int:
        return self._panels[name].minimumSizeHint().width() + self.handleWidth()
