"""Who is seen in the open video: round faces with names, each of which leads to the person's next moment."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QIcon, QImage, QKeyEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem
from sqlalchemy import Connection

from retake_core.display import clock
from retake_core.library.persons import PersonEntry, people_in, portraits
from retake_desktop.common import safe_text, wording
from retake_desktop.common.own_keys import ARROWS, ENTER, claims_key
from retake_desktop.common.painting import covering
from retake_desktop.common.theme import theme
from retake_desktop.engine.background import Background
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.player.timeline_model import Reel

SIDE = 32  # pixels of a face
MOST = 40  # people that are shown
TIMES = 8  # that a tip names
AGAIN = 0.05  # seconds within which a moment is the one that is shown

_Read = tuple[int, list[PersonEntry], dict[int, QImage]]


class PeopleStrip(QListWidget):
    """A row that is there only while faces are looked for and somebody was found.

    Args:
        reel: of the open video.
        background: reads who is seen.
        store: says whether faces are looked for.
    """

    menu_wanted = Signal(QPoint, object)  # on the screen, for a PersonEntry

    def __init__(self, reel: Reel, background: Background, store: SettingsStore) -> None:
        super().__init__()
        self._reel, self._background, self._store = reel, background, store
        self._video_id = 0
        self._people: list[PersonEntry] = []
        self._bare = False
        self.setObjectName("people")
        self.setAccessibleName(self.tr("People in this video"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(False)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setFixedHeight(SIDE + 12)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._go_on)
        store.changed.connect(self._appear)
        theme.changed.connect(self.viewport().update)
        self.hide()

    def follow(self, video_id: int) -> None:
        """Show who is seen in a video."""
        if video_id != self._video_id:
            self._video_id = video_id
            self._show((video_id, [], {}))
        if self._store.settings.faces:
            self._background.run(lambda connection: _read(connection, video_id), self._show, key="people strip")

    def set_bare(self, bare: bool) -> None:
        """Hide it while only the picture is to be seen."""
        self._bare = bare
        self._appear()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows and Enter for itself."""
        return claims_key(event, (*ARROWS, *ENTER), shifted=False) or bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk along the people with the arrows; Enter shows the next moment of one."""
        if event.key() in ENTER and self.currentItem() is not None:
            self._go_on(self.currentItem())
        elif event.key() in ARROWS:
            super().keyPressEvent(event)
        else:
            event.ignore()  # a list would look for what is typed

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of a person; the menu key means the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_key else self.itemAt(event.pos())
        if item is not None:
            point = self.visualItemRect(item).center() if by_key else event.pos()
            self.menu_wanted.emit(self.viewport().mapToGlobal(point), item.data(Qt.ItemDataRole.UserRole))

    def _show(self, found: _Read) -> None:
        video_id, people, pictures = found
        if video_id != self._video_id or people == self._people:
            return
        self._people = people
        row = self.currentRow()
        self.clear()
        for entry in people:
            item = QListWidgetItem(self._title(entry))
            picture = pictures.get(entry.id)
            if picture is not None:
                item.setIcon(_icon(picture))
            item.setData(Qt.ItemDataRole.UserRole, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{self._title(entry)}, {self._places(entry)}")
            item.setToolTip(safe_text.tip(self._places(entry)))
            self.addItem(item)
        self.setCurrentRow(min(max(row, 0), len(people) - 1))
        self._appear()

    def _appear(self) -> None:
        self.setVisible(self._store.settings.faces and self.count() > 0 and not self._bare)

    def _title(self, entry: PersonEntry) -> str:
        if entry.name is None:
            return self.tr("Person {number}").format(number=wording.number(entry.id))
        return safe_text.line(entry.name)

    def _places(self, entry: PersonEntry) -> str:
        times = ", ".join(clock(moment.start) for moment in entry.moments[:TIMES])
        return self.tr("seen at {times}").format(times=f"{times} …" if len(entry.moments) > TIMES else times)

    def _go_on(self, item: QListWidgetItem) -> None:
        """Show the next moment of a person, after the last one the first."""
        starts = [moment.start for moment in item.data(Qt.ItemDataRole.UserRole).moments]
        self._reel.chosen.emit(next((time for time in starts if time > self._reel.time + AGAIN), starts[0]))


def _icon(picture: QImage) -> QIcon:
    """Return a picture as an icon that looks the same when it is selected."""
    icon, pixmap = QIcon(), QPixmap.fromImage(picture)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icon.addPixmap(pixmap, mode)
    return icon


def _read(connection: Connection, video_id: int) -> _Read:
    people = people_in(connection, video_id)[:MOST]
    pictures = portraits(connection, [entry.id for entry in people])
    return video_id, people, {number: _round(QImage.fromData(picture)) for number, picture in pictures.items()}


def _round(picture: QImage) -> QImage:
    """Return the middle of a picture as a disc, large enough for fine screens."""
    side = 2 * SIDE
    disc = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    disc.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addEllipse(QRectF(disc.rect()))
    painter = QPainter(disc)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    painter.drawImage(QRectF(disc.rect()), picture, covering(picture, QRectF(disc.rect())))
    painter.end()
    return disc
