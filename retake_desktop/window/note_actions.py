"""What the actions on notes do: write one, change it, delete it, go to its time."""

from PySide6.QtCore import QObject

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.library.notes import NoteEntry
from retake_desktop.common import safe_text, wording
from retake_desktop.engine.desk import Desk
from retake_desktop.library.marks import Marks
from retake_desktop.library.note_dialog import NoteDialog
from retake_desktop.window.information_actions import InformationActions
from retake_desktop.window.video_actions import VideoActions


class NoteActions(QObject):
    """Joins the notes with the panel that lists them, and lives as long as the window."""

    def __init__(self, desk: Desk, marks: Marks, videos: VideoActions, information: InformationActions) -> None:
        super().__init__(desk.window)
        self._desk, self._marks, self._videos, self._information = desk, marks, videos, information
        desk.actions["note"].triggered.connect(lambda _=False: self._write())
        videos.enabled.connect(self._enable)
        notes = information.panel.notes
        notes.chosen.connect(self._go_to)
        notes.change_wanted.connect(self._change)
        notes.delete_wanted.connect(self._delete)
        self._enable()

    def _enable(self) -> None:
        self._desk.actions["note"].setEnabled(bool(self._videos.target.chosen))

    def _write(self) -> None:
        target = self._videos.target
        if not target.videos:
            return
        ids, time = [video.id for video in target.videos], target.time
        dialog = NoteDialog(self._desk.window, self._about(target.videos, time))
        dialog.accepted.connect(lambda: self._marks.add_note(ids, dialog.content, time))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _change(self, note: NoteEntry) -> None:
        video = self._information.video
        if video is None:
            return
        dialog = NoteDialog(self._information.panel, self._about((video,), note.time), note.content)
        dialog.accepted.connect(lambda: self._marks.change_note(note.id, dialog.content))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _delete(self, note: NoteEntry) -> None:
        self._marks.change_note(note.id, None)
        self._desk.notice.offer(
            self.tr("The note was deleted."),
            self.tr("Undo"),
            lambda: self._marks.add_note([note.video_id], note.content, note.time),
        )

    def _go_to(self, note: NoteEntry) -> None:
        video = self._information.video
        if video is not None:
            self._videos.video_wanted.emit(video, note.time)

    def _about(self, videos: tuple[VideoEntry, ...], time: float | None) -> str:
        if len(videos) > 1:
            return self.tr("A note about each of {videos}").format(videos=wording.videos(len(videos)))
        name = safe_text.stem(videos[0].path)
        if time is None:
            return self.tr("A note about {name}").format(name=name)
        return self.tr("A note at {time} of {name}").format(time=clock(time), name=name)
