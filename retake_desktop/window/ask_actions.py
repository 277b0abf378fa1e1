"""What the actions around questions do, and how an answer reaches the player, the timeline and the grid."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Signal

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.history import Conversation
from retake_core.protocol.question_events import Cited
from retake_core.questions.memories import kept_of
from retake_desktop.ask.panel import AskPanel
from retake_desktop.engine.desk import Desk
from retake_desktop.library.view import LibraryView
from retake_desktop.player.page import VideoPage


class AskActions(QObject):
    """Joins the panel with the rest of the window, and lives as long as it."""

    video_wanted = Signal(object, float)  # VideoEntry, seconds
    menu_wanted = Signal(QPoint, object, float)  # on the screen, for a moment: VideoEntry, seconds

    def __init__(self, desk: Desk, panel: AskPanel, library: LibraryView, page: VideoPage) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._library, self._page = desk, panel, library, page
        for name, slot in {
            "send_question": panel.send,
            "stop_answer": panel.asker.stop,
            "copy_answer": self._copy,
            "new_conversation": panel.begin_anew,
            "delete_conversation": panel.delete,
            "clear_conversations": lambda: panel.delete(everything=True),
        }.items():
            desk.actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        desk.actions["conversation_history"].toggled.connect(panel.show_history)
        panel.chosen.connect(self._open)
        panel.view.menu_wanted.connect(self._show_menu)
        panel.cited.connect(self._mark)
        panel.answered.connect(library.refresh)
        panel.answered.connect(self._show_kept)
        panel.deleted.connect(self._delete)
        panel.model_wanted.connect(desk.actions["preferences_models"].trigger)
        page.opened.connect(lambda _: self._show_video())

    def show_settings(self) -> None:
        """Follow the settings: another model remembers other videos."""
        self._panel.replan()
        self._library.refresh()
        self._show_kept()

    def _open(self, video_id: int, seconds: float) -> None:
        self._with_video(video_id, lambda video: self.video_wanted.emit(video, seconds))

    def _show_menu(self, point: QPoint, cited: Cited) -> None:
        self._with_video(cited.video_id, lambda video: self.menu_wanted.emit(point, video, cited.time))

    def _with_video(self, video_id: int, do: Callable[[VideoEntry], None]) -> None:
        """Read a video, and do something with it if it is still in the library."""

        def show(videos: list[VideoEntry]) -> None:
            if videos:
                do(videos[0])

        self._desk.background.run(lambda connection: catalog.videos(connection, video_id), show, key="cited video")

    def _show_video(self) -> None:
        self._mark()
        self._show_kept()

    def _mark(self) -> None:
        video = self._page.video
        own = [cited for cited in self._panel.citations if video is not None and cited.video_id == video.id]
        self._page.reel.set_citations([(cited.start, cited.end, cited.time) for cited in own])

    def _show_kept(self) -> None:
        """Show on the timeline what is remembered of the open video."""
        if (video := self._page.video) is None:
            return

        def show(kept: list[tuple[float, float]]) -> None:
            if self._page.video is not None and self._page.video.id == video.id:
                self._page.reel.set_kept(kept)

        data_dir = self._desk.data_dir
        self._desk.background.run(lambda _: kept_of(data_dir, video.fingerprint), show, key="kept")

    def _copy(self) -> None:
        if self._panel.copy_answer():
            self._desk.notice.tell(self.tr("The answer was copied."))

    def _delete(self, gone: list[Conversation], restore: Callable[[], None]) -> None:
        one, many = self.tr("The conversation was deleted."), self.tr("{count} conversations were deleted.")
        self._desk.notice.offer_undo(
            one if len(gone) == 1 else many.format(count=len(gone)),
            commit=lambda: self._desk.engine.forget_conversations([conversation.id for conversation in gone]),
            revert=restore,
        )
