"""Who is seen in the videos: looking for faces, and naming, joining, hiding and forgetting people."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QInputDialog,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
)
from sqlalchemy import Connection

from retake_core.library.persons import PersonEntry, people, portraits
from retake_core.people.model import FaceModelError
from retake_core.people.registry import DLIB, find_face_model
from retake_core.protocol import answers, indexing_events
from retake_core.search.query import Field, Term
from retake_desktop.common import safe_text, wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import Page, paragraph, trouble_label
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.settings_store import SettingsStore

SIDE = 84  # pixels of a face
MOST = 200  # people that are shown


class PeoplePage(Page):
    """The switch for faces, the people as a grid, and what can be done with those that are selected.

    Args:
        store: the settings.
        engine: changes what the library knows of people.
        background: reads it.
        is_indexing: whether the library is being written to.
    """

    wanted = Signal(str)  # a query for the moments of somebody
    changed = Signal()  # who the library knows

    def __init__(
        self, store: SettingsStore, engine: EngineClient, background: Background, is_indexing: Callable[[], bool]
    ) -> None:
        super().__init__(self.tr("People"))
        self._store, self._engine, self._background = store, engine, background
        self._is_indexing = is_indexing
        self._job = 0
        self._people: list[PersonEntry] = []
        self._pictures: dict[int, QImage] = {}
        self.note(
            self.tr(
                "When this is on, ReTaKe looks for faces in all videos and groups those that look alike. In the "
                "library on this computer it stores where each face is, 128 numbers that describe it, and a small "
                "picture. Nothing of it leaves the computer, and backups hold it only if you say so."
            )
        )
        self.faces = QCheckBox()
        self._about = self.row(self.tr("Look for faces"), self.faces)
        self.section(self.tr("Who was found"))
        self.list = QListWidget()
        self.nobody = paragraph()
        self.everybody = QCheckBox(self.tr("Also those who are hidden, or seen a single time"))
        self.name = QPushButton(self.tr("Name…"))
        self.merge = QPushButton(self.tr("Same person"))
        self.hide_people = QPushButton(self.tr("Hide"))
        self.moments = QPushButton(self.tr("Show moments"))
        self.forget = QPushButton(self.tr("Forget…"))
        self.forget_all = QPushButton(self.tr("Forget all faces…"))
        self.said = paragraph()
        self.trouble = trouble_label()
        self._build()
        self.faces.toggled.connect(lambda on: store.change(faces=on))
        self.everybody.toggled.connect(lambda _: self._show())
        self.name.clicked.connect(self._name)
        self.merge.clicked.connect(self._merge)
        self.hide_people.clicked.connect(self._hide)
        self.moments.clicked.connect(self._find)
        self.forget.clicked.connect(self._forget)
        self.forget_all.clicked.connect(self._forget_all)
        self.list.itemActivated.connect(lambda _: self._find())
        self.list.itemSelectionChanged.connect(self._enable)
        engine.answered.connect(self._take)
        store.changed.connect(self._show_settings)
        self._show_settings()
        self._enable()

    def shown(self) -> None:
        """Read who is there."""
        self._show_settings()
        self._background.run(_read, self._know, key="people")

    def _build(self) -> None:
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("People"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setGridSize(QSize(SIDE + 36, SIDE + 40))
        self.list.setMinimumHeight(260)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.nobody)
        self.list.hide()  # until it is known who is there
        self.column.addWidget(self.everybody)
        for buttons in ((self.name, self.merge, self.hide_people, self.moments), (self.forget, self.forget_all)):
            line = QHBoxLayout()
            line.setSpacing(8)
            for button in buttons:
                line.addWidget(button)
            line.addStretch()
            self.column.addLayout(line)
        self.column.addWidget(self.said)
        self.column.addWidget(self.trouble)
        self.column.addStretch()  # where there is no list, the rest stays at the top
        for key, what in (("F2", self._name), (QKeySequence.StandardKey.Delete, self._forget)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(what)

    def _know(self, found: tuple[list[PersonEntry], dict[int, QImage]]) -> None:
        self._people, self._pictures = found
        self._show()

    def _show(self) -> None:
        chosen = {entry.id for entry in self._selected()}
        self.list.clear()
        for entry in self._people:
            if not self.everybody.isChecked() and not entry.listed:
                continue
            item = QListWidgetItem(self._title(entry))
            if entry.id in self._pictures:
                item.setIcon(QIcon(QPixmap.fromImage(self._pictures[entry.id])))
            item.setData(Qt.ItemDataRole.UserRole, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{self._title(entry)}, {self._faces(entry)}")
            item.setToolTip(self._faces(entry))
            self.list.addItem(item)
            item.setSelected(entry.id in chosen)
        self.list.setVisible(self.list.count() > 0)
        self.nobody.setVisible(self.list.count() == 0)
        self.nobody.setText(self._why_nobody())
        self._enable()

    def _why_nobody(self) -> str:
        """Say what to do, where there is nobody to be shown."""
        if self._people:
            return self.tr("Everybody is hidden or was seen a single time. The box below shows them, too.")
        if self._store.settings.faces:
            return self.tr("Nobody yet. People appear here when videos that show them are indexed.")
        return self.tr("Nobody yet. Switch on “Look for faces”, and people appear here when videos are indexed.")

    def _title(self, entry: PersonEntry) -> str:
        if entry.name is None:
            return self.tr("Person {number}").format(number=wording.number(entry.id))
        name = safe_text.line(entry.name)
        return self.tr("{name} (hidden)").format(name=name) if entry.hidden else name

    def _faces(self, entry: PersonEntry) -> str:
        return self.tr("{count} pictures").format(count=wording.number(entry.faces))

    def _selected(self) -> list[PersonEntry]:
        """Return who is selected, those with names first, then those who are seen most."""
        ids = {item.data(Qt.ItemDataRole.UserRole).id for item in self.list.selectedItems()}
        return [entry for entry in self._people if entry.id in ids]

    def _enable(self) -> None:
        count, idle = len(self.list.selectedItems()), self._job == 0
        for button in (self.name, self.moments):
            button.setEnabled(idle and count == 1)
        self.merge.setEnabled(idle and count > 1)
        for button in (self.hide_people, self.forget):
            button.setEnabled(idle and count > 0)
        self.forget_all.setEnabled(idle)
        all_hidden = count > 0 and all(entry.hidden for entry in self._selected())
        self.hide_people.setText(self.tr("Show again") if all_hidden else self.tr("Hide"))

    def _show_settings(self) -> None:
        name = self._store.settings.face_model
        self._background.run(lambda _: (name, _problem(name)), self._show_model, key="face model")
        self.faces.blockSignals(True)
        self.faces.setChecked(self._store.settings.faces)
        self.faces.blockSignals(False)
        self.nobody.setText(self._why_nobody())

    def _show_model(self, found: tuple[str, str]) -> None:
        """Say what finds faces, or why nothing does."""
        name, problem = found[0], translated(found[1])
        text = self.tr("They are looked for when videos are indexed next, last of all.")
        if name == DLIB:
            text = self.tr(
                "They are looked for when videos are indexed next, last of all: 100 keyframes take "
                "2 to 14\u00a0s. Another model can be had under Models."
            )
        self._about.setText(problem or text)
        self._about.show()
        self.faces.setAccessibleDescription(problem or text)
        self.faces.setEnabled(not problem or self._store.settings.faces)

    def _name(self) -> None:
        if not self.name.isEnabled():
            return
        (entry,) = self._selected()
        title = self.tr("Name a person")
        name, given = QInputDialog.getText(self, title, self.tr("Name:"), text=entry.name or "")
        if given and name.strip():
            self._begin(self._engine.name_person(entry.id, name))

    def _merge(self) -> None:
        first, *others = self._selected()
        self._begin(self._engine.merge_people(first.id, [entry.id for entry in others]))

    def _hide(self) -> None:
        chosen = self._selected()
        hidden = not all(entry.hidden for entry in chosen)
        self._begin(self._engine.hide_people([entry.id for entry in chosen], hidden=hidden))

    def _find(self) -> None:
        if self.moments.isEnabled():
            (entry,) = self._selected()
            self.wanted.emit(str(Term(Field.PERSON, entry.name or str(entry.id))))

    def _forget(self) -> None:
        if self.forget.isEnabled():
            names = ", ".join(self._title(entry) for entry in self._selected())
            question = self.tr(
                "Forget {names}? All their faces are deleted from the disk, and the automatic copies of the "
                "library with them."
            )
            self._forget_if_agreed(question.format(names=names), [entry.id for entry in self._selected()])

    def _forget_all(self) -> None:
        question = self.tr(
            "Forget all people? Every face is deleted from the disk, and the automatic copies of the library with "
            "them. From now on no faces are looked for."
        )
        self._forget_if_agreed(question, None)

    def _forget_if_agreed(self, question: str, person_ids: Sequence[int] | None) -> None:
        if self._is_indexing():
            self._complain(self.tr("Videos are being indexed. Stop that first, or wait until it is done."))
        elif agreed(self, self.tr("Forget"), question):
            self._begin(self._engine.forget_people(person_ids))

    def _begin(self, job: int) -> None:
        self._job = job
        self._complain("")
        self.said.setText("")
        self._enable()

    def _take(self, answer: answers.AnyReply) -> None:
        if answer.id != self._job or not self._job:
            return
        if isinstance(answer, answers.JobEvent):
            if isinstance(answer.event, indexing_events.FacesForgotten):
                count = wording.number(answer.event.faces)
                self.said.setText(self.tr("{count} faces were deleted.").format(count=count))
            return
        self._job = 0
        if isinstance(answer, answers.JobFailed):
            self._complain(answer.reason)
        self._store.reload()
        self.shown()
        self.changed.emit()
        self._enable()

    def _complain(self, problem: str) -> None:
        self.trouble.setText(problem)
        self.trouble.setVisible(bool(problem))


def _problem(face_model: str) -> str:
    """Return why a model cannot find faces here, or ""."""
    try:
        find_face_model(face_model)
    except FaceModelError as error:
        return str(error)
    return ""


def _read(connection: Connection) -> tuple[list[PersonEntry], dict[int, QImage]]:
    found = people(connection)[:MOST]
    pictures = portraits(connection, [entry.id for entry in found])
    return found, {number: QImage.fromData(picture) for number, picture in pictures.items()}
