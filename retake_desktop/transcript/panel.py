"""What is said in the video that is open: it follows the player, and leads it."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListView, QPushButton, QVBoxLayout, QWidget
from sqlalchemy import Connection

from retake_core.library.catalog import VideoEntry
from retake_core.library.listening import is_silent
from retake_core.library.texts import TextEntry
from retake_core.library.transcript import spoken
from retake_desktop.common.filter_line import FilterLine, enter_list
from retake_desktop.common.widgets import muted_label, single_shot
from retake_desktop.engine.background import Background
from retake_desktop.transcript.delegate import TranscriptDelegate
from retake_desktop.transcript.model import TranscriptModel

AGAIN_MS = 5_000  # until what was heard meanwhile is shown


class TranscriptPanel(QWidget):
    """The lines of one video, and a box to find words in them."""

    chosen = Signal(float)  # seconds
    model_wanted = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._video: VideoEntry | None = None
        self._time = 0.0
        self._listening = self._silent = False
        self._again = single_shot(self, AGAIN_MS)
        self._again.timeout.connect(self.reload)
        self.box = FilterLine()
        self.note = muted_label()
        self.choose = QPushButton(self.tr("Choose a model…"))
        self.model = TranscriptModel(self)
        self.list = _Lines()
        self._build()

    def set_video(self, video: VideoEntry | None) -> None:
        """Show what is said in a video, or that there is none."""
        same = video is not None and self._video is not None and video.id == self._video.id
        self._video = video
        if not same:
            self.box.clear()
            self.model.set_lines([])
            self._time = 0.0
        self.reload()

    def reload(self) -> None:
        """Read what is said again; listening may have come further."""
        if (video := self._video) is None:
            self._show(([], False))
        elif self.isVisible():
            self._background.run(lambda connection: _read(connection, video.id), self._show, key="transcript")

    def set_listening(self, listening: bool) -> None:
        """Say whether what is said is being written down now, and show how far that has come."""
        if listening != self._listening:
            self._listening = listening
            self._show_note()
        if listening and not self._again.isActive():
            self._again.start()

    def follow(self, time: float) -> None:
        """Mark what is said at a time, and keep it in sight unless the user reads elsewhere."""
        self._time = time
        row = self.model.set_time(time)
        reads = self.list.underMouse() or self.model.narrowed
        if row is not None and row >= 0 and self.isVisible() and not reads:
            self.list.scrollTo(self.model.index(row), QListView.ScrollHint.PositionAtCenter)

    def focus(self) -> None:
        """Let the user type."""
        (self.box if self.model.has_speech else self.choose).setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read what is said only when the panel is visible."""
        super().showEvent(event)
        self.reload()

    def _build(self) -> None:
        self.box.setPlaceholderText(self.tr("Find in what is said"))
        self.box.setAccessibleName(self.tr("Find in what is said"))
        self.box.textChanged.connect(self._narrow)
        self.box.returnPressed.connect(self._enter)
        self.box.left_down.connect(lambda: enter_list(self.list))
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.note.setContentsMargins(20, 24, 20, 0)
        self.list.setModel(self.model)
        self.list.setItemDelegate(TranscriptDelegate(self.list))
        self.list.setAccessibleName(self.tr("What is said"))
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.choose.clicked.connect(self.model_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 2)
        head.addWidget(self.box)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self._show(([], False))

    def _show(self, found: tuple[list[TextEntry], bool]) -> None:
        lines, self._silent = found
        before = len(self.model.lines)
        self.model.set_lines(lines)
        if len(self.model.lines) != before:
            self.follow(self._time)
        self._show_note()

    def _show_note(self) -> None:
        has_speech = self.model.has_speech
        self.box.setVisible(has_speech)
        self.list.setVisible(bool(self.model.lines))
        self.note.setVisible(not self.model.lines)
        can_be_heard = self._video is not None and not self._silent
        self.choose.setVisible(not has_speech and can_be_heard and not self._listening)
        if has_speech:
            self.note.setText(self.tr("Nobody says that in this video."))
        elif self._video is None:
            self.note.setText(self.tr("Open a video to see what is said in it."))
        elif self._silent:
            self.note.setText(self.tr("This video has no sound, and no subtitles."))
        elif self._listening:
            self.note.setText(self.tr("What is said in the videos is being written down; it appears here."))
        else:
            self.note.setText(
                self.tr(
                    "What is said in this video is not known yet. A speech model writes it down during indexing."
                )
            )

    def _narrow(self, words: str) -> None:
        self.model.narrow(words)
        self.follow(self._time)
        self._show_note()

    def _enter(self) -> None:
        if self.model.lines:
            self._choose(self.model.index(0))

    def _choose(self, index: QModelIndex) -> None:
        line: TextEntry | None = index.data(TranscriptModel.LINE)
        if line is not None:
            self.chosen.emit(line.start or 0.0)


def _read(connection: Connection, video_id: int) -> tuple[list[TextEntry], bool]:
    """Return what is said in a video, and whether it has no sound."""
    return spoken(connection, video_id), is_silent(connection, video_id)


class _Lines(QListView):
    """A list whose rows are as high as their words need in its width."""

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Break the lines anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Leave the width to the window."""
        return QSize(0, 0)
