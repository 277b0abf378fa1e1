"""Controls that lie over the picture while it fills the screen, and hide when the mouse rests."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from retake_desktop.common.widgets import single_shot

REST_MS = 2500


class FloatingDeck(QObject):
    """Takes a widget out of a layout and lets it float at the bottom of its page, and puts it back."""

    covers = Signal(int)  # pixels at the bottom of the page

    def __init__(self, page: QWidget, layout: QVBoxLayout, deck: QWidget) -> None:
        super().__init__(page)
        self._page, self._layout, self._deck = page, layout, deck
        self._place = layout.indexOf(deck)
        self._mouse = QPoint()
        self.floating = False
        self._rest = single_shot(self, REST_MS)
        self._rest.timeout.connect(self._hide)
        deck.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def set_floating(self, floating: bool) -> None:
        """Float, or stand in the layout."""
        if floating == self.floating:
            return
        self.floating = floating
        app = QApplication.instance()
        assert app is not None
        if floating:
            self._layout.removeWidget(self._deck)
            app.installEventFilter(self)
            self._show()
        else:
            app.removeEventFilter(self)
            self._rest.stop()
            self._page.unsetCursor()
            self.covers.emit(0)
            self._layout.insertWidget(self._place, self._deck)
            self._deck.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Come when the mouse moves or a key is pressed; stay in place when the page changes its size."""
        kind = event.type()
        if (kind == QEvent.Type.MouseMove and QCursor.pos() != self._mouse) or kind == QEvent.Type.KeyPress:
            self._mouse = QCursor.pos()
            self._show()
        elif (kind == QEvent.Type.Resize and watched is self._page) or (
            kind == QEvent.Type.LayoutRequest and watched is self._deck
        ):
            self._lay()
        return False

    def _show(self) -> None:
        self._page.unsetCursor()
        self._deck.show()
        self._deck.raise_()
        self._lay()
        self._rest.start()

    def _lay(self) -> None:
        height = self._deck.sizeHint().height()
        self._deck.setGeometry(0, self._page.height() - height, self._page.width(), height)
        if self._deck.isVisible():
            self.covers.emit(height)

    def _hide(self) -> None:
        if self._deck.underMouse():
            self._rest.start()
        else:
            self._page.setFocus()  # not to whatever comes after the control that had it
            self._deck.hide()
            self.covers.emit(0)
            self._page.setCursor(Qt.CursorShape.BlankCursor)
