"""What the actions around searching do, and how matches reach the player and the timeline."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog

from retake_core.library.searches import SavedSearch
from retake_desktop.common import safe_text
from retake_desktop.common.dragged_pictures import picture_patterns
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.desk import Desk
from retake_desktop.player.page import VideoPage
from retake_desktop.search import filter_words
from retake_desktop.search.panel import SearchPanel

REACHED = 0.05  # seconds around a match within which the player has come to it


class SearchActions(QObject):
    """Joins the panel with the rest of the window, and lives as long as it."""

    panel_wanted = Signal()  # the search is to be in sight

    def __init__(self, desk: Desk, panel: SearchPanel, page: VideoPage) -> None:
        super().__init__(desk.window)
        self._desk, self._panel, self._page = desk, panel, page
        for name, slot in {
            "search": self._search_here,
            "search_library": self._search_library,
            "next_match": lambda: self.step(1),
            "previous_match": lambda: self.step(-1),
            "save_search": self._save,
            "find_by_picture": self._choose_picture,
        }.items():
            desk.actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        panel.searched.connect(lambda _: self._mark())
        panel.stepped.connect(self.step)
        page.opened.connect(lambda _: self._mark())
        panel.start.rename_wanted.connect(self._rename)
        panel.searches.deleted.connect(self._delete)
        panel.searches.failed.connect(desk.notice.tell)

    def enable(self) -> None:
        """Let those actions be chosen that have something to work on."""
        for name in ("next_match", "previous_match"):
            self._desk.actions[name].setEnabled(self._page.isVisible() and bool(self._page.reel.hits))
        self._desk.actions["save_search"].setEnabled(bool(self._panel.query))

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) match of the open video in order of time, round and round."""
        page = self._page
        if page.video is None or not page.reel.hits:
            return
        own = [hit for hit in self._panel.hits if hit.video_id == page.video.id]
        hits = sorted(own, key=lambda hit: hit.time)
        now = page.playback.time
        if direction > 0:
            hit = next((hit for hit in hits if hit.time > now + REACHED), hits[0])
        else:
            hit = next((hit for hit in reversed(hits) if hit.time < now - REACHED), hits[-1])
        page.go_on_from(hit.time)
        self._panel.list.select(hit)
        text = self.tr("{number} of {count}").format(number=hits.index(hit) + 1, count=len(hits))
        self._panel.count.setText(text)

    def _search_here(self) -> None:
        """Search in the video that is in sight; with the focus in the box, keep where it searches."""
        if self._page.isVisible() and not self._panel.box.hasFocus():
            self._panel.search_in_video(True)
        self.panel_wanted.emit()

    def _search_library(self) -> None:
        self._panel.search_in_video(False)
        self.panel_wanted.emit()

    def _mark(self) -> None:
        self._page.mark(self._panel.hits)
        self.enable()

    def _save(self) -> None:
        """Ask for a name, and keep what is typed."""
        query, searches = self._panel.query, self._panel.searches
        if not query:
            self._desk.notice.tell(self.tr("Type what to search for first; then it can be saved."))
            return
        name = self._ask_name(self.tr("Save this search"), filter_words.propose_name(query))
        other = searches.find(name)
        if other is not None and other.query != query:
            question = self.tr("Another search is saved as “{name}”. Replace it?").format(name=name)
            if not agreed(self._desk.window, self.tr("Save this search"), question):
                return
        if name:
            searches.save(name, query)
            self._desk.notice.tell(self.tr("The search was saved as “{name}”.").format(name=safe_text.line(name)))

    def rename_album(self, name: str, new: str) -> None:
        """Give a search that is kept another name; one that another has is refused."""
        self._desk.notice.commit()  # the name of one that is being deleted is free
        if (entry := self._panel.searches.find(name)) is not None:
            self._panel.searches.rename(entry, new)

    def delete_album(self, name: str) -> None:
        """Delete a search that is kept; for a while it can be undone."""
        if (entry := self._panel.searches.find(name)) is not None:
            self._panel.searches.delete(entry)

    def _rename(self, entry: SavedSearch) -> None:
        if name := self._ask_name(self.tr("Rename this search"), entry.name):
            self.rename_album(entry.name, name)

    def _ask_name(self, title: str, proposed: str) -> str:
        """Return the name that the user gives, "" for none."""
        name, given = QInputDialog.getText(self._desk.window, title, self.tr("Name:"), text=proposed)
        return name.strip() if given else ""

    def _delete(self, entry: SavedSearch) -> None:
        searches = self._panel.searches
        self._desk.notice.offer_undo(
            self.tr("The search “{name}” was deleted.").format(name=safe_text.line(entry.name)),
            commit=lambda: searches.forget(entry),
            revert=lambda: searches.restore(entry),
        )

    def _choose_picture(self) -> None:
        """Ask for a picture file to search by."""
        kinds = self.tr("Pictures ({patterns})").format(patterns=picture_patterns())
        title = self.tr("Find by picture")
        file, _ = QFileDialog.getOpenFileName(self._desk.window, title, str(Path.home()), kinds)
        if file:
            self.panel_wanted.emit()
            self._panel.search_by(Path(file))
