"""What a person says of videos, on its way to the library: the search worker writes it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, SignalInstance

from retake_core.protocol import answers
from retake_desktop.engine.client import EngineClient


class Marks(QObject):
    """Sends changes, and tells when the library has them."""

    changed = Signal()
    position_kept = Signal()  # or forgotten
    failed = Signal(str)  # a sentence

    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self._engine = engine
        self._jobs: dict[int, SignalInstance] = {}
        engine.answered.connect(self._take)

    def mark(
        self,
        video_ids: Sequence[int],
        *,
        stars: int | None = None,
        favourite: bool | None = None,
        hidden: bool | None = None,
    ) -> None:
        """Say something of videos; None leaves it as it is."""
        self._follow(self._engine.mark_videos(video_ids, stars=stars, favourite=favourite, hidden=hidden))

    def change_tags(self, video_ids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
        """Give tags to videos, and take others from them."""
        if add or remove:
            self._follow(self._engine.mark_videos(video_ids, add_tags=add, remove_tags=remove))

    def rename(self, video_id: int, name: str, path: str) -> None:
        """Rename a file of a video."""
        self._follow(self._engine.rename_video(video_id, name, path))

    def add_note(self, video_ids: Sequence[int], content: str, time: float | None) -> None:
        """Write a note about videos, or about a time in them."""
        self._follow(self._engine.add_note(video_ids, content, time))

    def change_note(self, note_id: int, content: str | None) -> None:
        """Write a note anew; None deletes it."""
        self._follow(self._engine.change_note(note_id, content))

    def describe(self, video_id: int, title: str, summary: str, chapters: str) -> None:
        """Write what a recording is about, with a line for each chapter."""
        self._follow(self._engine.describe(video_id, title, summary, chapters))

    def keep_position(self, video_ids: Sequence[int], position: float | None) -> None:
        """Remember where watching stopped; None forgets it."""
        self._follow(self._engine.keep_position(video_ids, position), self.position_kept)

    def _follow(self, job: int, done: SignalInstance | None = None) -> None:
        self._jobs[job] = done or self.changed

    def _take(self, answer: answers.AnyReply) -> None:
        if isinstance(answer, answers.JobEvent) or answer.id not in self._jobs:
            return
        done = self._jobs.pop(answer.id)
        if isinstance(answer, answers.JobFailed):
            self.failed.emit(answer.reason)
        else:
            done.emit()
