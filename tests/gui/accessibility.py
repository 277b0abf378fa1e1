"""Reads what is on screen as a screen reader does, and tells what such a reader would stumble over."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListView,
    QProgressBar,
    QSlider,
    QTabBar,
    QTreeView,
    QWidget,
)

from retake_desktop.ask.exchange_view import ExchangeView
from retake_desktop.player.surface import VideoSurface

Role = QAccessible.Role
ITEMS = frozenset({Role.ListItem, Role.TreeItem, Role.Cell})
MENUS = frozenset({Role.MenuItem, Role.ButtonMenu, Role.ButtonDropDown})
NO_ROLES = frozenset({Role.NoRole, Role.Client, Role.Window})
AREAS = (
    QAbstractScrollArea,
    QKeySequenceEdit,
    VideoSurface,
)  # what they hold tells more than the roles that Qt has
ROLES: tuple[tuple[type[QWidget], frozenset[QAccessible.Role]], ...] = (
    (QTabBar, frozenset({Role.PageTabList})),
    (QListView, frozenset({Role.List})),
    (QTreeView, frozenset({Role.Tree})),
    (QSlider, frozenset({Role.Slider})),
    (QComboBox, frozenset({Role.ComboBox})),
    (QAbstractSpinBox, frozenset({Role.SpinBox})),
    (QLineEdit, frozenset({Role.EditableText})),
    (QProgressBar, frozenset({Role.ProgressBar})),
    (QAbstractButton, frozenset({Role.Button, Role.CheckBox, Role.RadioButton, *MENUS})),
)
COMPOSED = (QComboBox, QAbstractSpinBox)  # which speak for what is inside them
GROUPS = (ExchangeView,)  # named: what two of them hold may have the same names
KEYS = re.compile(r"(?:(?:Ctrl|Shift|Alt|Meta)\+)+\S+")  # on the keyboard they are called so in every language
CHINESE, LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the tree, as it was: what Qt tells of it does not outlive a widget.

    Attributes:
        widget: that it is, or is in.
        whole: whether it is the widget, and not a part of it, such as a row.
        checked: whether it is on; None where it does not tell.
        valued: whether it has a value.
    """

    widget: QWidget
    whole: bool
    role: QAccessible.Role
    name: str
    description: str
    focusable: bool
    checked: bool | None
    valued: bool

    @property
    def group(self) -> QWidget | None:
        """The named group that it stands in."""
        around: QWidget | None = self.widget
        while around is not None and not isinstance(around, GROUPS):
            around = around.parentWidget()
        return around

    def __str__(self) -> str:
        """Return what finds it in the code: its role and name, and the classes around it."""
        around: list[str] = []
        widget: QWidget | None = self.widget
        while widget is not None:
            around.insert(0, type(widget).__name__)
            widget = None if widget.isWindow() else widget.parentWidget()
        called = f" “{self.widget.objectName()}”" if self.widget.objectName() else ""
        return f"{self.role.name} “{self.name}” in {' > '.join(around)}{called}"


def tree(root: QWidget) -> list[Node]:
    """Return what is on screen of a window, from its beginning to its end."""
    return list(_walk(QAccessible.queryAccessibleInterface(root), root))


def faults(nodes: list[Node], data: Collection[str] = (), *, chinese: bool = False) -> list[str]:
    """Return a sentence for each thing that is wrong with a page; `data` are words that no language changes."""
    controls = [node for node in nodes if node.focusable or node.role in (Role.PageTab, Role.MenuItem)]
    found = [f"{fault}: {node}" for node in controls for fault in _faults(node)]
    if chinese:
        found += [f"is not translated: {node}" for node in controls if not _is_translated(node, data)]
    apart = [node for node in controls if node.role not in ITEMS]
    count = Counter((node.group, node.role, node.name) for node in apart)
    twice = [node for node in apart if count[node.group, node.role, node.name] > 1]
    return found + [f"is not the only one of its name: {node}" for node in twice]


def _walk(interface: QAccessibleInterface, around: QWidget) -> Iterator[Node]:
    thing: QObject | None = interface.object()
    widget = thing if isinstance(thing, QWidget) else around
    if interface.state().invisible or not widget.isVisible():
        return
    yield _node(interface, widget)
    if isinstance(thing, COMPOSED):
        return
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is not None and not _is_window(child.object()):
            yield from _walk(child, widget)


def _is_window(thing: QObject | None) -> bool:
    return isinstance(thing, QWidget) and thing.isWindow()


def _node(interface: QAccessibleInterface, widget: QWidget) -> Node:
    state, whole = interface.state(), interface.object() is widget
    name = interface.text(QAccessible.Text.Name)
    if whole and isinstance(widget, QComboBox):
        name = widget.accessibleName()  # on Linux, Qt gives what is chosen as the name
    return Node(
        widget,
        whole,
        interface.role(),
        name,
        interface.text(QAccessible.Text.Description),
        bool(state.focusable),
        bool(state.checked) if state.checkable else None,
        interface.valueInterface() is not None,
    )


def _faults(node: Node) -> Iterator[str]:
    widget = node.widget
    if not node.name.strip():
        yield "has no name"
    if not node.whole:
        return
    roles = next((roles for kind, roles in ROLES if isinstance(widget, kind)), None)
    without = node.role in NO_ROLES and not isinstance(widget, AREAS)
    if without or (roles is not None and node.role not in roles):
        yield "has another role than it should"
    if node.role is Role.Slider and not node.valued:
        yield "is a slider without a value"
    if isinstance(widget, QComboBox) and not (node.description or _has_label(widget)):
        yield "does not tell on Linux what it chooses"
    if isinstance(widget, QAbstractButton) and widget.isCheckable() and node.checked != widget.isChecked():
        yield "does not tell whether it is on"


def _has_label(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return parent is not None and any(label.buddy() is widget for label in parent.findChildren(QLabel))


def _is_translated(node: Node, data: Collection[str]) -> bool:
    """Return whether a name of the Chinese window is Chinese, or has no words but those of the user's data.

    A name of the code, such as that of a class, is neither.
    """
    rest = KEYS.sub("", node.name)
    for word in data:
        rest = rest.replace(word, "")
    return bool(CHINESE.search(rest)) or not LATIN.search(rest)
