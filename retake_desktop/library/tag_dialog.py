"""The tags of some videos: those that the library knows to tick, and a line for another one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from retake_core.library.tags import LONGEST_TAG, tag_key
from retake_desktop.common import safe_text, wording
from retake_desktop.common.widgets import TextLabel

NAME = Qt.ItemDataRole.UserRole


class TagDialog(QDialog):
    """Ticks: all videos have the tag, none has it, or, half, some have it and it stays so."""

    def __init__(self, parent: QWidget, known: Sequence[str], tags: Sequence[Sequence[str]]) -> None:
        """Show tags.

        Args:
            parent: what it stands over.
            known: the tags of the library.
            tags: those of each video.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Tags of {videos}").format(videos=wording.videos(len(tags))))
        self._had: dict[str, Qt.CheckState] = {}
        self.box = QLineEdit()
        self.box.setMaxLength(LONGEST_TAG)
        self.box.setPlaceholderText(self.tr("Another tag"))
        self.box.setAccessibleName(self.tr("Name of another tag"))
        completer = QCompleter(list(known), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.box.setCompleter(completer)
        self.add = QPushButton(self.tr("Add"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        self.list = QListWidget()
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("Tags"))
        owned = [{tag_key(name) for name in own} for own in tags]
        names = {tag_key(name): name for own in tags for name in own} | {tag_key(name): name for name in known}
        for key, name in sorted(names.items()):
            having = sum(key in own for own in owned)
            some = Qt.CheckState.PartiallyChecked if having else Qt.CheckState.Unchecked
            self._put(name, Qt.CheckState.Checked if having == len(owned) else some)
        button = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(button.Ok | button.Cancel)
        done = self.buttons.button(button.Ok)
        self.box.textChanged.connect(lambda text: (self.add if text.strip() else done).setDefault(True))
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        line = QHBoxLayout()
        line.addWidget(self.box, 1)
        line.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(TextLabel(self.tr("A ticked tag is given, one without a tick is taken away.")))
        layout.addLayout(line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.buttons)
        self.resize(380, 420)
        self.box.setFocus()

    @property
    def given(self) -> list[str]:
        """The tags that all of the videos are to have and did not."""
        return self._changed(Qt.CheckState.Checked)

    @property
    def taken(self) -> list[str]:
        """The tags that none of the videos is to have any more."""
        return self._changed(Qt.CheckState.Unchecked)

    def _changed(self, state: Qt.CheckState) -> list[str]:
        items = [self.list.item(row) for row in range(self.list.count())]
        names = [item.data(NAME) for item in items if item.checkState() == state]
        return [name for name in names if self._had.get(tag_key(name), Qt.CheckState.Unchecked) != state]

    def _put(self, name: str, state: Qt.CheckState, *, first: bool = False) -> None:
        item = QListWidgetItem(safe_text.line(name))
        item.setData(NAME, name)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(state)
        self.list.insertItem(0 if first else self.list.count(), item)
        if not first:
            self._had[tag_key(name)] = state

    def _add(self) -> None:
        name = " ".join(self.box.text().split())
        self.box.clear()
        if not name:
            return
        for row in range(self.list.count()):
            if tag_key(self.list.item(row).data(NAME)) == tag_key(name):
                self.list.item(row).setCheckState(Qt.CheckState.Checked)
                return
        self._put(name, Qt.CheckState.Checked, first=True)

    def _accept(self) -> None:
        self._add()
        self.accept()
