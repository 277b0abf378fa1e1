"""The keys of all actions, as a list that one edits."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from retake_desktop.common.form import Page, trouble_label
from retake_desktop.common.wording import without_mnemonic
from retake_desktop.window.shortcuts import Shortcuts, native


class ShortcutsPage(Page):
    """Shows what has which key, and changes that of the selected action at once.

    Args:
        shortcuts: of the window.
        titles: what each action is called, by its name.
    """

    def __init__(self, shortcuts: Shortcuts, titles: dict[str, str]) -> None:
        super().__init__(self.tr("Keyboard"))
        self._shortcuts = shortcuts
        self.note(self.tr("Select an action, and press its new key below."))
        self.box = QLineEdit()
        self.box.setPlaceholderText(self.tr("Find a key, or what it does"))
        self.box.setAccessibleName(self.box.placeholderText())
        self.box.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Actions and their keys"))
        self.list.setObjectName("framed")
        self.list.setHeaderLabels([self.tr("Action"), self.tr("Keys")])  # for a screen reader
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(240)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self._items = {name: self._item(name, text) for name, text in titles.items()}
        self.fields = (QKeySequenceEdit(), QKeySequenceEdit())
        self.clear = QPushButton(self.tr("No key"))
        self.reset = QPushButton(self.tr("Reset"))
        self.reset_all = QPushButton(self.tr("Reset all"))
        self.problem = trouble_label()
        self.problem.setMinimumHeight(self.fontMetrics().lineSpacing())
        room = self.problem.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # else the list gives way to it, and the selected row goes out of sight
        self.problem.setSizePolicy(room)
        self._arrange()
        for place, field in enumerate(self.fields):
            field.setMaximumSequenceLength(1)
            field.editingFinished.connect(lambda place=place: self._take(place))
        self.box.textChanged.connect(lambda _: self._narrow())
        self.list.currentItemChanged.connect(lambda *_: self._select())
        self.list.itemActivated.connect(lambda *_: self.fields[0].setFocus())
        self.clear.clicked.connect(lambda: self._tell(shortcuts.change(self.name, ())))
        self.reset.clicked.connect(lambda: self._tell(shortcuts.reset(self.name)))
        self.reset_all.clicked.connect(self._reset_all)
        shortcuts.changed.connect(self._show)
        self._show()

    @property
    def name(self) -> str:
        """The selected action; "" for none."""
        item = self.list.currentItem()
        return "" if item is None or item.isHidden() else str(item.data(0, Qt.ItemDataRole.UserRole))

    def shown(self) -> None:
        """Tell what is wrong in the settings, not what was done wrong here before."""
        self._tell("")

    def _item(self, name: str, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.list, [text, ""])
        item.setData(0, Qt.ItemDataRole.UserRole, name)
        return item

    def _arrange(self) -> None:
        fields = QGridLayout()
        fields.setHorizontalSpacing(8)
        for place, text in enumerate((self.tr("&Key"), self.tr("&Other key"))):
            label = QLabel(text)
            label.setBuddy(self.fields[place])
            for part in (self.fields[place], *self.fields[place].findChildren(QLineEdit)):
                part.setAccessibleName(without_mnemonic(text))
            fields.addWidget(label, 0, place)
            fields.addWidget(self.fields[place], 1, place)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.clear)
        buttons.addWidget(self.reset)
        buttons.addStretch()
        buttons.addWidget(self.reset_all)
        self.column.addWidget(self.box)
        self.column.addWidget(self.list, 1)
        self.column.addLayout(fields)
        self.column.addWidget(self.problem)
        self.column.addLayout(buttons)

    def _take(self, place: int) -> None:
        """Give the selected action the key that was pressed; where it cannot have it, show its own again."""
        pressed = self.fields[place].keySequence().toString()
        if not self.name or pressed == self._key(place):
            return
        keys = list(self._shortcuts.keys[self.name])
        keys[place : place + 1] = [pressed]
        told = self._shortcuts.change(self.name, tuple(keys))
        self._select()
        self._tell(told)

    def _key(self, place: int) -> str:
        """Return a key of the selected action; "" where it has none in that place."""
        return next(iter(self._shortcuts.keys.get(self.name, ())[place : place + 1]), "")

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._tell("")

    def _show(self) -> None:
        for name, item in self._items.items():
            keys = ", ".join(map(native, self._shortcuts.keys[name]))
            item.setText(1, keys)
            item.setData(1, Qt.ItemDataRole.AccessibleTextRole, keys or self.clear.text())
            font = item.font(0)
            font.setBold(not self._shortcuts.is_default(name))
            for column in (0, 1):
                item.setFont(column, font)
        self._select()  # what was found by its key stays in sight when it gets another one
        self._tell("")

    def _narrow(self) -> None:
        words = self.box.text().casefold().split()
        for item in self._items.values():
            text = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(word in text for word in words))
        self._select()

    def _select(self) -> None:
        chosen = bool(self.name)
        for place, field in enumerate(self.fields):
            field.setKeySequence(QKeySequence(self._key(place)))
            field.setEnabled(chosen)
        self.clear.setEnabled(chosen and bool(self._shortcuts.keys[self.name]))
        self.reset.setEnabled(chosen and not self._shortcuts.is_default(self.name))
        self.reset_all.setEnabled(self._shortcuts.has_own)

    def _tell(self, told: str) -> None:
        text = told or self._shortcuts.problem
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
