"""What the action "Not this person" does: who a search found is not who is seen there."""

from PySide6.QtCore import QObject

from retake_core.protocol import answers
from retake_core.search.query import Field, parse
from retake_desktop.engine.desk import Desk
from retake_desktop.search.panel import SearchPanel
from retake_desktop.window.video_actions import VideoActions

PERSON = "person"  # why a moment matches


class NotThisPerson(QObject):
    """Joins the action with the search, and lives as long as the window."""

    def __init__(self, desk: Desk, search: SearchPanel, videos: VideoActions) -> None:
        super().__init__(desk.window)
        self._desk, self._search, self._videos = desk, search, videos
        self._jobs: set[int] = set()
        desk.actions["not_person"].triggered.connect(lambda _=False: self._split())
        desk.engine.answered.connect(self._take)
        videos.enabled.connect(self._enable)
        search.searched.connect(lambda _: self._enable())
        self._enable()

    def _enable(self) -> None:
        self._desk.actions["not_person"].setEnabled(bool(self._people()))

    def _people(self) -> list[str]:
        """Return whom the search asked for and found at the moment that is meant."""
        target = self._videos.target
        if target.video is None or target.time is None:
            return []
        found = any(
            PERSON in hit.why and hit.video_id == target.video.id and hit.start <= target.time <= hit.end
            for hit in self._search.hits
        )
        return [term.value for term in parse(self._search.query).having(Field.PERSON)] if found else []

    def _split(self) -> None:
        target = self._videos.target
        if target.video is not None and target.time is not None:
            for person in self._people():
                self._jobs.add(self._desk.engine.split_person(person, target.video.id, target.time))

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
