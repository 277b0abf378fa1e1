"""The keys of the actions: those of the table, and those that the user has in their place."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from retake_desktop.common.wording import without_mnemonic
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.window.actions import SPECS, Focus

Keys = tuple[str, ...]


def _T(text: str) -> str:  # noqa: N802
    """Mark a text for translation."""
    return str(QT_TRANSLATE_NOOP("shortcuts", text))


FIXED: Final[tuple[tuple[Keys, Focus, str], ...]] = (
    (("Esc",), "", _T("Close, or leave the full screen")),
    (("Tab", "Shift+Tab"), "", _T("Go to the next part of the window")),
    (("Return", "Enter"), "", _T("Open what is selected")),
    (("Up", "Down", "Left", "Right"), "grid", _T("Move through a list")),
    (("Ctrl+A",), "grid", _T("Select all")),
    (("Del",), "grid", _T("Remove what is selected")),
    (tuple("0123456789"), "page", _T("Go to that tenth of the video")),
)
"""Keys that are no action's and stay as they are, where they count, and what they do."""


class Shortcuts(QObject):
    """Gives the actions of a window their keys, and changes them in the settings.

    Args:
        window: with the menu bar, whose letters are keys as well.
        actions: by name, as in the table.
        store: the settings; `shortcuts` holds the keys that are not as in the table.

    Attributes:
        keys: what each action has now, in Qt's portable names.
        problem: one sentence about an entry of the settings that cannot be used; "" where all can.
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, actions: Mapping[str, QAction], store: SettingsStore) -> None:
        super().__init__(window)
        self._actions, self._store = actions, store
        self._fixed = [(key, focus, _tr(text)) for keys, focus, text in FIXED for key in keys]
        self._fixed += [
            (QKeySequence.mnemonic(menu.title()).toString(), "", without_mnemonic(menu.title()))
            for menu in (action.menu() for action in window.menuBar().actions())
            if isinstance(menu, QMenu)
        ]
        self.keys: dict[str, Keys] = {}
        self.problem = ""
        store.changed.connect(self._take)
        self._take()

    @property
    def has_own(self) -> bool:
        """Whether the settings say anything of keys."""
        return bool(self._store.settings.shortcuts)

    def is_default(self, name: str) -> bool:
        """Return whether an action has the keys of the table."""
        return self.keys[name] == _defaults()[name]

    def change(self, name: str, keys: Keys) -> str:
        """Give an action other keys.

        Returns:
            One sentence that names what one of them does already, as nothing has changed then; else "".
        """
        keys = tuple(dict.fromkeys(key for key in keys if key))
        told = self._clash(name, keys, self.keys)
        if not told and keys != self.keys[name]:
            self._write(name, keys)
        return told

    def reset(self, name: str) -> str:
        """Give an action the keys of the table again; return what `change` returns."""
        return self.change(name, _defaults()[name])

    def reset_all(self) -> None:
        """Give all actions the keys of the table again."""
        self._store.change(shortcuts=None)

    def _write(self, name: str, keys: Keys) -> None:
        chosen = {other: value for other, value in self._store.settings.shortcuts.items() if other != name}
        if keys != _defaults()[name]:
            chosen[name] = list(keys)
        self._store.change(shortcuts=chosen or None)

    def _take(self) -> None:
        """Apply the settings, leaving out what cannot be used."""
        problems: list[str] = []
        chosen: dict[str, Keys] = {}
        for name, value in self._store.settings.shortcuts.items():
            keys = _portable(value)
            if name not in self._actions:
                problems.append(_tr("The settings give keys to “{name}”, which is no action.").format(name=name))
            elif keys is None:
                text = _tr("The settings give “{name}” keys that there are not: {keys}.")
                problems.append(text.format(name=name, keys=value))
            else:
                chosen[name] = keys
        for name in reversed(list(chosen)):  # of two that clash, the first stays
            told = self._clash(name, chosen[name], _defaults() | chosen)
            if told:
                problems.append(told)
                del chosen[name]
        keys_now = _defaults() | chosen
        self.problem = next(iter(problems), "")
        if keys_now != self.keys:
            self.keys = keys_now
            for name, action in self._actions.items():
                _give(action, keys_now[name])
        self.changed.emit()

    def _clash(self, name: str, keys: Keys, held: Mapping[str, Keys]) -> str:
        """Say which other action, or part of the window, has one of the keys where this action has it."""
        others = [
            (key, SPECS[other].focus, title(self._actions[other]))
            for other, its_keys in held.items()
            for key in its_keys
            if other != name
        ]
        for key, focus, text in others + self._fixed:
            if key in keys and (focus == SPECS[name].focus or "" in (focus, SPECS[name].focus)):
                told = _tr("“{name}” cannot have {key}, which is the key of “{other}”; choose another one.")
                return told.format(name=title(self._actions[name]), key=native(key), other=text)
        return ""


def title(action: QAction) -> str:
    """Return what an action is called where it is no entry of a menu."""
    return without_mnemonic(action.text()).rstrip("…")


def native(key: str | QKeySequence) -> str:
    """Return how a key is called on this system."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


@cache
def _defaults() -> dict[str, Keys]:
    return {name: tuple(QKeySequence(key).toString() for key in spec.keys) for name, spec in SPECS.items()}


def _portable(value: object) -> Keys | None:
    """Return keys of the settings as Qt writes them, or None if one of them is none."""
    entries = value if isinstance(value, list) else [value]
    sequences = [QKeySequence(entry) for entry in entries if isinstance(entry, str)]
    if len(sequences) < len(entries) or any(keys.count() != 1 or not keys.toString() for keys in sequences):
        return None
    return tuple(dict.fromkeys(keys.toString() for keys in sequences))


def _give(action: QAction, keys: Keys) -> None:
    action.setShortcuts([QKeySequence(key) for key in keys])
    name = without_mnemonic(action.text())
    action.setToolTip(f"{name} ({native(keys[0])})" if keys else name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("shortcuts", text)
