"""Where a search is typed: completion of filters, and pictures that are dropped or pasted."""

from PySide6.QtCore import QEvent, QPoint, QRect, QStringListModel, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QCompleter, QLineEdit

from retake_desktop.common.dragged_pictures import dropped_likeness
from retake_desktop.common.own_keys import ENTER
from retake_desktop.common.text_line import TextLine
from retake_desktop.common.theme import icon, theme
from retake_desktop.search.query_text import Vocabulary, suggestions, token_at

BESIDE = 56  # pixels that the list of suggestions is wider than its longest one


class SearchBox(TextLine):
    """A line of text. Keys that mean the results, and not the text, are passed on as signals."""

    entered = Signal(bool)  # whether with Shift
    left_down = Signal()  # to the results
    emptied = Signal()  # Escape
    erased_before = Signal()  # Backspace with nothing before the cursor
    likeness_given = Signal(object)  # what moments are to look like
    focused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.vocabulary = Vocabulary()
        self.has_more = False  # whether Escape has something to empty beside the text
        self.setPlaceholderText(self.tr("Search for a moment"))
        self.setAccessibleName(self.tr("Search for a moment"))
        self.setAccessibleDescription(
            self.tr("Words, “exact words”, and filters such as folder: and after:. Pictures can be pasted.")
        )
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(True)
        self._symbol = QAction(self)
        self.addAction(self._symbol, QLineEdit.ActionPosition.LeadingPosition)
        self._choices = QStringListModel()
        self._completer = QCompleter(self._choices)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.activated.connect(self._complete)
        popup = self._completer.popup()
        assert popup is not None  # the completer makes it
        popup.setObjectName("suggestions")
        theme.dress(popup)
        popup.setAccessibleName(self.tr("Suggestions"))
        self._popup = popup
        self.textEdited.connect(lambda _: self._suggest())
        theme.changed.connect(self._dress)
        self._dress()

    def _suggest(self) -> None:
        found = suggestions(self.text(), self.cursorPosition(), self.vocabulary)
        if not found:
            self._popup.hide()
            return
        self._choices.setStringList(found)
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in found) + BESIDE
        start, _ = token_at(self.text(), self.cursorPosition())
        shift = self.cursorRect().center().x() - self.fontMetrics().horizontalAdvance(
            self.text()[start : self.cursorPosition()]
        )
        left = max(0, min(shift, self.width() - widest))
        self._completer.complete(QRect(QPoint(left, 0), self.rect().bottomLeft() + QPoint(left + widest, 3)))

    def _complete(self, choice: str) -> None:
        """Put a suggestion in the place of the word at the cursor; after a name, its values are next."""
        cursor = self.cursorPosition()
        start, _ = token_at(self.text(), cursor)
        end = "" if choice.endswith(":") else " "
        rest = self.text()[cursor:].lstrip() if end else self.text()[cursor:]
        self.setText(self.text()[:start] + choice + end + rest)
        self.setCursorPosition(start + len(choice) + len(end))
        if choice.endswith(":"):
            self._suggest()

    @property
    def suggesting(self) -> bool:
        """Whether suggestions are on screen."""
        return bool(self._popup.isVisible())

    def event(self, event: QEvent) -> bool:
        """Let Tab take a suggestion, and Escape empty the box before the window goes back to the library."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and self.suggesting:
                index = self._popup.currentIndex()
                self._popup.hide()
                self._complete(index.data() if index.isValid() else self._choices.stringList()[0])
                return True
            escapes = event.key() == Qt.Key.Key_Escape and (self.text() or self.has_more)
            if event.type() == QEvent.Type.ShortcutOverride and escapes:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pass on the keys that do not edit text."""
        if self.suggesting and event.key() in ENTER:
            if self._popup.currentIndex().isValid():
                event.ignore()  # the list takes it
                return
            self._popup.hide()
        image = QGuiApplication.clipboard().mimeData() if event.matches(QKeySequence.StandardKey.Paste) else None
        given = None if image is None or (image.hasText() and not image.hasUrls()) else dropped_likeness(image)
        if given is not None:
            self.likeness_given.emit(given)
        elif event.key() in ENTER:
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape and (self.text() or self.has_more):
            self.emptied.emit()
        elif event.key() == Qt.Key.Key_Down and not self.suggesting:
            self.left_down.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.cursorPosition() and not self.hasSelectedText():
            self.erased_before.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Tell that a search may follow."""
        super().focusInEvent(event)
        self.focused.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take pictures and keyframes, besides text."""
        if dropped_likeness(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Take them anywhere in the box."""
        if dropped_likeness(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Search for what was dropped."""
        given = dropped_likeness(event.mimeData())
        if given is not None:
            event.acceptProposedAction()
            self.likeness_given.emit(given)
        else:
            super().dropEvent(event)

    def _dress(self) -> None:
        self._symbol.setIcon(icon("magnify", theme.colours.muted))
