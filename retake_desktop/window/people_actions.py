"""What can be done with people: searching for one, and saying that who was found is not who is seen there."""

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from retake_core.library.persons import PersonEntry
from retake_core.protocol import answers
from retake_core.search.query import Field, Term, parse
from retake_desktop.common.theme import icon
from retake_desktop.engine.desk import Desk
from retake_desktop.player.page import VideoPage
from retake_desktop.search.panel import SearchPanel
from retake_desktop.window.video_actions import VideoActions

PERSON = "person"  # why a moment matches
NEAR = 1.0  # seconds around a moment that still belong to it


class PeopleActions(QObject):
    """Joins what is done with people with the search and the page, and lives as long as the window."""

    search_wanted = Signal(str)  # a query for the moments of somebody

    def __init__(self, desk: Desk, search: SearchPanel, videos: VideoActions, page: VideoPage) -> None:
        super().__init__(desk.window)
        self._desk, self._search, self._videos, self._page = desk, search, videos, page
        self._pointed: PersonEntry | None = None  # whose menu is open
        self._jobs: set[int] = set()
        desk.actions["not_person"].triggered.connect(lambda _=False: self._split())
        desk.engine.answered.connect(self._take)
        videos.enabled.connect(self._enable)
        search.searched.connect(lambda _: self._enable())
        page.people.menu_wanted.connect(self._show_menu)
        self._enable()

    def _show_menu(self, point: QPoint, entry: PersonEntry) -> None:
        """Show what can be done with somebody who is seen in the open video."""
        menu = QMenu(self._desk.window)
        search = menu.addAction(icon("account-search-outline"), self.tr("&Search for this person"))
        search.setObjectName("search_person")
        search.triggered.connect(
            lambda: self.search_wanted.emit(str(Term(Field.PERSON, entry.name or str(entry.id))))
        )
        menu.addAction(self._desk.actions["not_person"])
        self._pointed = entry
        self._enable()
        try:
            menu.exec(point)
        finally:
            self._pointed = None
            self._enable()
            menu.deleteLater()

    def _enable(self) -> None:
        self._desk.actions["not_person"].setEnabled(bool(self._meant()))

    def _meant(self) -> list[tuple[str, int, float]]:
        """Return who is said to be another, by name or number, with a video and a time of the moment."""
        if self._pointed is not None:
            moments = self._pointed.moments
            here = [span for span in moments if span.start - NEAR <= self._page.reel.time <= span.end + NEAR]
            only = here or (moments if len(moments) == 1 else [])
            return [(str(self._pointed.id), span.video_id, span.start) for span in only[:1]]
        target = self._videos.target
        if target.video is None or target.time is None:
            return []
        found = any(
            PERSON in hit.why and hit.video_id == target.video.id and hit.start <= target.time <= hit.end
            for hit in self._search.hits
        )
        asked = parse(self._search.query).having(Field.PERSON) if found else []
        return [(term.value, target.video.id, target.time) for term in asked]

    def _split(self) -> None:
        for person, video_id, time in self._meant():
            self._jobs.add(self._desk.engine.split_person(person, video_id, time))

    def _take(self, answer: answers.AnyReply) -> None:
        if answer.id not in self._jobs or isinstance(answer, answers.JobEvent):
            return
        self._jobs.discard(answer.id)
        if isinstance(answer, answers.JobFailed):
            self._desk.notice.tell(answer.reason)
            return
        self._desk.notice.tell(
            self.tr("The faces are another person's now. Name it in the preferences, under People.")
        )
        self._search.search()
        self._page.reload()
