"""Searches that are kept by name, and the latest ones."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from retake_core.library.searches import SavedSearch, saved_searches
from retake_core.protocol import answers
from retake_desktop.engine.desk import Desk

RECENT = "recent_searches"
MOST_RECENT = 8


class SavedSearches(QObject):
    """Saved searches, which the search worker writes to the library, and the latest ones, kept by the window."""

    changed = Signal()
    failed = Signal(str)
    deleted = Signal(object)  # the SavedSearch that is to go; it is hidden until `forget` or `restore`

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._background, self._engine, self._window_state = desk.background, desk.engine, desk.window_state
        self._saved: list[SavedSearch] = []
        self._hidden: set[str] = set()
        self._jobs: dict[int, Callable[[], None]] = {}
        desk.engine.answered.connect(self._take)
        self.reload()

    @property
    def saved(self) -> list[SavedSearch]:
        """Those that are kept, in order of name."""
        return [entry for entry in self._saved if entry.name not in self._hidden]

    @property
    def recent(self) -> list[str]:
        """The latest queries with a result that was opened, the newest first."""
        stored = self._window_state.value(RECENT) or []
        return [stored] if isinstance(stored, str) else list(stored)

    def find(self, name: str) -> SavedSearch | None:
        """Return what is kept under a name."""
        return next((entry for entry in self.saved if entry.name == name), None)

    def reload(self) -> None:
        """Read what is kept."""
        self._background.run(saved_searches, self._show, key="saved searches")

    def save(self, name: str, query: str) -> None:
        """Keep a query, in place of one of that name."""
        self._hidden.discard(name)
        self._submit(self._engine.change_search(name, query=query))

    def rename(self, entry: SavedSearch, name: str) -> None:
        """Give a search another name."""
        if name.strip() and name != entry.name:
            self._submit(self._engine.change_search(entry.name, new=name))

    def delete(self, entry: SavedSearch) -> None:
        """Hide a search, and announce its end."""
        self._hidden.add(entry.name)
        self.changed.emit()
        self.deleted.emit(entry)

    def restore(self, entry: SavedSearch) -> None:
        """Show it again, and keep it."""
        self._hidden.discard(entry.name)
        self.changed.emit()

    def forget(self, entry: SavedSearch) -> None:
        """Delete it for good."""
        if entry.name in self._hidden:  # else another was saved under its name since
            self._submit(self._engine.change_search(entry.name), lambda: self._hidden.discard(entry.name))

    def remember(self, query: str) -> None:
        """Note a query of which a result was opened."""
        if query:
            rest = [other for other in self.recent if other != query]
            self._window_state.setValue(RECENT, [query, *rest][:MOST_RECENT])
            self.changed.emit()

    def forget_recent(self) -> None:
        """Forget the latest queries."""
        self._window_state.remove(RECENT)
        self.changed.emit()

    def _submit(self, job: int, then: Callable[[], None] = lambda: None) -> None:
        self._jobs[job] = then

    def _take(self, answer: answers.AnyReply) -> None:
        then = self._jobs.pop(answer.id, None)
        if then is None:
            return
        then()
        if isinstance(answer, answers.JobFailed):
            self.failed.emit(answer.reason)
        self.reload()

    def _show(self, found: list[SavedSearch]) -> None:
        self._saved = found
        self.changed.emit()
