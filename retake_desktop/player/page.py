"""One video: the picture, the controls, the timeline and the filmstrip."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from sqlalchemy import Connection

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.description import Description, description
from retake_core.library.keyframes import KeyframeEntry, keyframes
from retake_core.library.notes import NoteEntry, notes
from retake_core.protocol.search_events import FoundMoment
from retake_desktop.common import safe_text, wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import TextLabel, muted_label
from retake_desktop.engine.desk import Desk
from retake_desktop.player.controls import PlaybackControls, action_button
from retake_desktop.player.filmstrip import Filmstrip
from retake_desktop.player.full_screen import FloatingDeck
from retake_desktop.player.marks import Marks, RangePlayer
from retake_desktop.player.people_strip import PeopleStrip
from retake_desktop.player.pieces import PieceBar
from retake_desktop.player.playback import Playback
from retake_desktop.player.player import EXACT
from retake_desktop.player.preparation import PreparationBar
from retake_desktop.player.range_bar import RangeBar
from retake_desktop.player.subtitles import Subtitles
from retake_desktop.player.surface import VideoSurface
from retake_desktop.player.timeline import Timeline
from retake_desktop.player.timeline_model import Reel

LAST = 0.01  # seconds before its end at which a video still has a frame

_Read = tuple[list[VideoEntry], list[KeyframeEntry], list[NoteEntry], Description]


class VideoPage(QWidget):
    """Plays a video and shows its keyframes."""

    opened = Signal(object)
    menu_wanted = Signal(QPoint, object, float)  # on the screen, for a moment: VideoEntry, seconds
    picture_menu_wanted = Signal(QPoint)  # on the screen, for what is shown
    timeline_menu_wanted = Signal(QPoint, float)  # on the screen, for this time

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._background, self._thumbnails = desk.background, desk.thumbnails
        self.video: VideoEntry | None = None
        self.playback = Playback(desk.engine, desk.background)
        self.player = self.playback.player
        self.reel = Reel()
        self.surface = VideoSurface()
        self.marks = Marks()
        self.range_player = RangePlayer(self.playback, self.marks)
        self.pieces = PieceBar(desk.background, self.player, self.range_player)
        self.subtitles = Subtitles(desk.engine, desk.background, desk.window_state)
        self.timeline = Timeline(self.reel, self.marks, desk.thumbnails)
        self.filmstrip = Filmstrip(self.reel, desk.thumbnails)
        self.people = PeopleStrip(self.reel, desk.background, desk.store)
        self._title = TextLabel()
        self._facts = muted_label()
        self._remark = muted_label()
        self.range_bar = RangeBar(self.marks, desk.actions)
        self.controls = PlaybackControls(self.playback, self.subtitles, desk)
        self._build(desk.actions)
        self._connect()

    def open(self, video: VideoEntry, time: float | None = None, *, play: bool = False) -> None:
        """Show a video, at a time when one is given."""
        same = self.video is not None and self.video.id == video.id
        self.video = video
        self._describe(video)
        if not same:
            self.surface.clear()
            self.marks.clear()
            self.reel.load([], video.duration or 0.0)
            self.reel.set_hits([])
            self.reel.set_citations([])
            self.reel.set_kept([])
            self.reel.set_notes([])
            self.reel.set_chapters([])
            if video.width and video.height:
                self.filmstrip.set_aspect(video.width / video.height)
            if video.offline:
                self.playback.close()
                self.surface.show_note(
                    self.tr("The file is not there now. Connect its drive; the keyframes below are kept.")
                )
            elif video.error and not video.keyframes:
                self.playback.close()
                self.surface.show_note(translated(video.error))
            else:
                self.playback.open(video, time or 0.0, play=play)
        elif time is not None:
            self.show_time(time, play=play)
        self.reload()
        self.opened.emit(video)

    def show_time(self, time: float, *, play: bool = False) -> None:
        """Show exactly the frame at `time`."""
        if self.video is not None and not self.video.offline:
            if not play:
                self._preview(time)
            self.playback.show_time(time, play=play)
        self.reel.set_time(time)

    def reload(self) -> None:
        """Read the keyframes, notes and people again; there may be more."""
        if (video := self.video) is None:
            return

        def read(connection: Connection) -> _Read:
            return (
                catalog.videos(connection, video.id),
                keyframes(connection, video.id),
                notes(connection, video.id),
                description(connection, video.id, video.duration or 0.0),
            )

        self._background.run(read, self._show_keyframes, key="keyframes")
        self.subtitles.open(video)
        self.pieces.follow(video)
        self.people.follow(video.id)

    def mark(self, hits: Sequence[FoundMoment]) -> None:
        """Mark those moments of a search that are in this video."""
        own = [hit for hit in hits if self.video is not None and hit.video_id == self.video.id]
        self.reel.set_hits([(hit.start, hit.end, hit.time) for hit in own])

    def go_on_from(self, time: float) -> None:
        """Show a time; a playing video continues there."""
        if self.video is not None and not self.video.offline:
            self.playback.seek(time)
        self.reel.set_time(time)

    def leave(self) -> None:
        """Stop playing; the page is no longer in sight."""
        self.playback.pause()

    def jump(self, seconds: float) -> None:
        """Move by some seconds."""
        self.go_to(self.playback.time + seconds)

    def go_to(self, time: float) -> None:
        """Go to a time, to the last frame at most; a playing video continues there."""
        self.playback.seek(min(max(time, 0.0), self.reel.duration - LAST))

    def go_to_share(self, share: float) -> None:
        """Go to a share, 0..1, of the video."""
        self.go_to(self.reel.duration * share)

    def step(self, frames: int) -> None:
        """Show the next frame (1) or the one before (-1)."""
        self.playback.shuttle.release()
        self.player.step(frames)

    def go_to_neighbour(self, direction: int) -> None:
        """Show the next (1) or the previous (-1) keyframe."""
        entry = self.reel.neighbour(direction)
        if entry is not None:
            self.show_time(entry.time)

    def copy_frame(self) -> bool:
        """Put the picture on the clipboard."""
        if self.surface.image.isNull():
            return False
        QGuiApplication.clipboard().setImage(self.surface.image)
        return True

    def copy_frame_at(self, time: float, done: Callable[[bool], None]) -> None:
        """Show the frame at a time and put it on the clipboard when it is there."""

        def copy() -> None:
            self.surface.shown.disconnect(copy)
            done(self.copy_frame())

        self.surface.shown.connect(copy)
        self.show_time(time)

    def set_bare(self, bare: bool) -> None:
        """Show only the picture, and the controls while the mouse moves, for the full screen."""
        for widget in (self._head, self.filmstrip):
            widget.setVisible(not bare)
        self.people.set_bare(bare)
        self._remark.setVisible(not bare and self.video is not None and self.video.own_colours)
        self._layout.setContentsMargins(0, 0, 0, 0 if bare else 8)
        self._floating.set_floating(bare)

    def _build(self, actions: Mapping[str, QAction]) -> None:
        self._title.setFont(scaled_font(self.font(), 1.15, bold=True))
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._title.setMinimumWidth(80)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(12, 11, 16, 11)
        head.setSpacing(8)
        head.addWidget(action_button(actions["back"]))
        head.addWidget(self._title)
        head.addWidget(self.pieces)
        head.addStretch()
        head.addWidget(self._facts)

        self._remark.setText(
            self.tr(
                "Its colours cannot be shown as they are: it is Dolby Vision profile 5, which only "
                "Dolby Vision screens show."
            )
        )
        self._remark.setContentsMargins(14, 0, 16, 8)
        self._remark.setWordWrap(True)
        self._remark.hide()

        deck = QWidget()
        deck.setObjectName("deck")
        below = QVBoxLayout(deck)
        below.setContentsMargins(0, 0, 0, 4)
        below.setSpacing(0)
        below.addWidget(self.controls)
        below.addWidget(self.range_bar)
        below.addWidget(self.timeline)

        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._remark)
        layout.addWidget(self.surface, 1)
        layout.addWidget(PreparationBar(self.playback.preparation))
        layout.addWidget(deck)
        layout.addWidget(self.filmstrip)
        layout.addWidget(self.people)
        self._floating = FloatingDeck(self, layout, deck)

    def _connect(self) -> None:
        player, playback = self.player, self.playback
        playback.image.connect(self.surface.show_image)
        playback.note.connect(self.surface.show_note)
        playback.moved.connect(self._moved)
        player.duration_changed.connect(self._duration_changed)
        self.surface.clicked.connect(playback.toggle)
        self.timeline.sought.connect(self.show_time)
        self.reel.chosen.connect(self.show_time)
        self.filmstrip.menu_wanted.connect(lambda point, time: self.menu_wanted.emit(point, self.video, time))
        self.timeline.menu_wanted.connect(self.timeline_menu_wanted)
        self.timeline.trimmed.connect(self._trim)
        self.surface.menu_wanted.connect(self.picture_menu_wanted)
        self.surface.subtitles_dropped.connect(self.subtitles.read)
        self.subtitles.changed.connect(self._show_caption)
        self._floating.covers.connect(self.surface.set_covered)
        self.reel.changed.connect(lambda: self.marks.set_duration(self.reel.duration))

    def _describe(self, video: VideoEntry) -> None:
        self._title.setText(safe_text.stem(video.path))
        self._title.setToolTip(safe_text.tip(safe_text.whole(video.path)))
        facts = []
        if video.width and video.height:
            facts.append(f"{video.width} × {video.height}")
        if video.codec:
            facts.append(video.codec.upper())
        facts.append(wording.keyframes(video.keyframes))
        self._facts.setText("  ·  ".join(facts))
        self._remark.setVisible(video.own_colours)

    def _show_keyframes(self, found: _Read) -> None:
        entries, keyframes, notes, about = found
        if self.video is None or not entries or entries[0].id != self.video.id:
            return
        self.video = entries[0]
        self._describe(self.video)
        self.playback.follow_choice(self.video)
        keep = bool(self.reel.keyframes)
        if keyframes != self.reel.keyframes or not keep:
            self.reel.load(keyframes, self.video.duration or self.reel.duration, keep_range=keep)
        self.reel.set_chapters([(each.start, each.title) for each in about.chapters])
        self.reel.set_notes([(note.time, note.content) for note in notes if note.time is not None])
        if self.video.error and not keyframes:
            self.surface.show_note(translated(self.video.error))

    def _duration_changed(self, duration: float) -> None:
        if duration > 0 and self.video is not None and not self.video.duration:
            self.reel.load(self.reel.keyframes, duration)

    def _moved(self, time: float) -> None:
        self.reel.set_time(time)
        self.controls.time.show_time(time, self.reel.duration)
        self._show_caption()

    def _show_caption(self) -> None:
        self.surface.show_caption(self.subtitles.caption_at(self.reel.time))

    def _trim(self, end: str, frames: int) -> None:
        """Move one end of the range by some frames, and show where it is."""
        if (span := self.marks.span) is None:
            return
        if end == "start":
            self.marks.move_start(self.player.frame_beside(span[0], frames))
        else:
            self.marks.move_end(self.player.frame_beside(span[1], frames))
        moved = self.marks.span
        assert moved is not None
        self.show_time(moved[0] if end == "start" else moved[1])

    def _preview(self, time: float) -> None:
        """Show a keyframe's thumbnail until its frame is there."""
        entry = next((entry for entry in self.reel.keyframes if abs(entry.time - time) < EXACT), None)
        pixmap = None if entry is None else self._thumbnails.pixmap(entry.id)
        if pixmap is not None and abs(self.playback.time - time) >= EXACT:
            self.surface.show_preview(pixmap)
