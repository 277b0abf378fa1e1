"""Opening links to moments, which come from the command line or from another start of the app."""

from PySide6.QtCore import QObject, Qt, Signal

from retake_core.errors import UserError
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_desktop.common import safe_text
from retake_desktop.common.engine_sentences import translated
from retake_desktop.engine.desk import Desk
from retake_desktop.window.links import Link, find_linked, parse_link


class LinkOpener(QObject):
    """Brings the window to the front, and finds the video that a link means."""

    found = Signal(object, object)  # VideoEntry, seconds or None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk

    def open(self, text: str) -> None:
        """Show the moment that a link means; without one, only show the window."""
        window = self._desk.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if not text:
            return
        try:
            link = parse_link(text)
        except UserError as error:
            self._desk.notice.tell(translated(str(error)))
            return
        self._desk.background.run(catalog.videos, lambda entries: self._show(link, entries))

    def _show(self, link: Link, entries: list[VideoEntry]) -> None:
        video = find_linked(link, entries)
        if video is not None:
            self.found.emit(video, link.time)
        else:
            name = safe_text.name(link.path)
            self._desk.notice.tell(self.tr("“{name}” is not in the library. Add it to open it.").format(name=name))
