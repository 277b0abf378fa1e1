"""Albums: searches that are kept, with how many videos are in each."""

from PySide6.QtCore import QObject, Signal

from retake_core.search.listing import Album, albums
from retake_desktop.engine.background import Background


class Albums(QObject):
    """Reads them in a thread whenever the library or the searches have changed."""

    changed = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self.found: list[Album] = []

    def reload(self) -> None:
        """Count again."""
        self._background.run(albums, self._show, key="albums")

    def _show(self, found: list[Album]) -> None:
        self.found = found
        self.changed.emit()
