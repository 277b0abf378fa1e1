"""Asks how something is to be exported and where to."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from retake_core.protocol.export_order import Order, Wanted, What
from retake_desktop.common.form import number_box
from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import TextLabel, muted_label
from retake_desktop.export import wording
from retake_desktop.export.names import has_forbidden, plain_name
from retake_desktop.export.page_language import page_language, page_words

LONGEST_HANDLE = 600.0  # seconds
LONGEST_NAME = 255  # bytes, on all usual file systems
_MOMENTS: frozenset[What] = frozenset({"clip", "frame"})
_CHAPTERED: frozenset[What] = frozenset({"chapters", "timeline"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be exported.

    Attributes:
        title: says so to the user.
        name: of the file, without its ending.
        kinds: what it can be written as.
        moments: stretches of videos.
        video_ids: videos that are meant as a whole where no stretch is.
        message_id: of a question with its answer.
        sentences: of the engine, that are kept with the answer.
    """

    title: str
    name: str
    kinds: tuple[What, ...]
    moments: tuple[Wanted, ...] = ()
    video_ids: tuple[int, ...] = ()
    message_id: int | None = None
    sentences: tuple[str, ...] = ()

    def has_chapters(self, what: What) -> bool:
        """Return whether a kind of file marks chapters, where a video has any."""
        return what in _CHAPTERED and bool(self.video_ids)

    def order(
        self, what: What, target: Path, *, replace: bool, exact: bool, handles: tuple[float, float]
    ) -> Order:
        """Return what the worker is to do."""
        stretches = self.moments if what in _MOMENTS or not self.video_ids else ()
        return Order(
            what=what,
            target=os.fspath(target),
            moments=stretches if what != "page" else (),
            video_ids=self.video_ids,
            message_id=self.message_id if what == "page" else None,
            replace=replace,
            exact=exact,
            before=handles[0] if what == "clip" else 0.0,
            after=handles[1] if what == "clip" else 0.0,
            language=page_language() if what == "page" else "en",
            words=page_words(self.sentences) if what == "page" else (),
        )


class ExportDialog(QDialog):
    """Remembers the last folder, the handles and the way of cutting; tells what is wrong before it is tried.

    Args:
        parent: the main window.
        subject: what is exported.
        settings: where the last choices are kept.
    """

    def __init__(self, parent: QWidget, subject: Subject, settings: QSettings) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self._subject, self._settings = subject, settings
        self.format = QComboBox()
        self.before, self.after = _seconds(), _seconds()
        self.cut = QComboBox()
        self.marks = QComboBox()
        self.date, self.place = QCheckBox(self.tr("Date")), QCheckBox(self.tr("Place"))
        self.name = QLineEdit()
        self.folder = QLineEdit()
        self.replace = QCheckBox(self.tr("Replace the existing file"))
        self.another = QPushButton()  # calls the file otherwise where one of its name is there
        self.another.setObjectName("link")
        self.problem = muted_label()
        self._clip_rows: list[QWidget] = []
        self._buttons = QDialogButtonBox()
        self.export = self._buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._build()
        self._recall()
        self._connect()
        self._show_format()

    @property
    def order(self) -> Order:
        """What was chosen."""
        what, _ = self.format.currentData()
        handles = (self.before.value(), self.after.value())
        order = self._subject.order(
            what, self.target, replace=self.replace.isChecked(), exact=self.cut.currentData(), handles=handles
        )
        return msgspec.structs.replace(
            order,
            date=self.date.isChecked(),
            place=self.place.isChecked(),
            keyframes=self._subject.has_chapters(what) and self.marks.currentData(),
        )

    @property
    def target(self) -> Path:
        """The file that was chosen."""
        _, suffix = self.format.currentData()
        name = self.name.text().strip()
        return Path(self.folder.text().strip()) / (name if name.lower().endswith(suffix) else name + suffix)

    def accept(self) -> None:
        """Remember what was chosen; where a file or the folder has changed meanwhile, say so instead."""
        self._check()
        if self.problem.text():
            (self.another if self.another.isVisible() else self.folder).setFocus()
            return
        self._settings.setValue("export/folder", self.folder.text().strip())
        self._settings.setValue("export/exact", self.cut.currentData())
        self._settings.setValue("export/keyframes", self.marks.currentData())
        self._settings.setValue("export/date", self.date.isChecked())
        self._settings.setValue("export/place", self.place.isChecked())
        self._settings.setValue("export/before", self.before.value())
        self._settings.setValue("export/after", self.after.value())
        self._settings.setValue(f"export/format/{self._subject.kinds[0]}", self.format.currentIndex())
        super().accept()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Look again when the user comes back: files may have come and gone."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._check()

    def _build(self) -> None:
        title = TextLabel(self._subject.title)
        title.setFont(scaled_font(self.font(), 1.1, bold=True))
        title.setWordWrap(True)
        for data, text in wording.formats(self._subject.kinds):
            self.format.addItem(text, data)
        handles = QWidget()
        line = QHBoxLayout(handles)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.before)
        line.addWidget(muted_label(self.tr("before and")))
        line.addWidget(self.after)
        line.addWidget(muted_label(self.tr("after the moment")))
        line.addStretch()
        self.cut.addItem(self.tr("Fast: copied, beginning a little earlier"), False)
        self.cut.addItem(self.tr("Exact: encoded again, beginning right there"), True)
        self.marks.addItem(self.tr("Chapters, or keyframes where there are none"), False)
        self.marks.addItem(self.tr("Keyframes"), True)
        kept = QWidget()
        told = QHBoxLayout(kept)
        told.setContentsMargins(0, 0, 0, 0)
        told.addWidget(self.date)
        told.addWidget(self.place)
        told.addStretch()
        kept.setToolTip(self.tr("What the clip says about when and where it was recorded"))
        browse = QPushButton(self.tr("Choose…"))
        browse.setAccessibleName(self.tr("Choose a folder"))
        browse.clicked.connect(self._browse)
        place = QWidget()
        where = QHBoxLayout(place)
        where.setContentsMargins(0, 0, 0, 0)
        where.addWidget(self.folder, 1)
        where.addWidget(browse)
        self._form = form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("More"), handles)
        form.addRow(self.tr("Cut"), self.cut)
        form.addRow(self.tr("Entries"), self.marks)
        form.addRow(self.tr("Keep"), kept)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Folder"), place)
        self._clip_rows = [handles, self.cut, kept]
        self._label(handles)
        self.problem.setMinimumHeight(self.replace.sizeHint().height())  # so that nothing moves when it speaks
        self.export.setObjectName("primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(14)
        layout.addWidget(title)
        layout.addLayout(form)
        below = QHBoxLayout()
        below.addWidget(self.problem, 1)
        below.addWidget(self.replace)
        layout.addLayout(below)
        layout.addWidget(self.another, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        layout.addWidget(self._buttons)
        self.export.setDefault(True)  # not before it is in the dialog, which else takes the first button there is

    def _label(self, handles: QWidget) -> None:
        """Name the controls for those who do not see them."""
        self.format.setAccessibleName(self.tr("Format"))
        self.before.setAccessibleName(self.tr("Seconds before the moment"))
        self.after.setAccessibleName(self.tr("Seconds after the moment"))
        self.cut.setAccessibleName(self.tr("Cut"))
        self.marks.setAccessibleName(self.tr("Entries"))
        self.date.setAccessibleName(self.tr("Keep the date"))
        self.place.setAccessibleName(self.tr("Keep the place"))
        self.name.setAccessibleName(self.tr("Name of the file"))
        self.folder.setAccessibleName(self.tr("Folder"))
        handles.setToolTip(self.tr("Extra seconds, as room for editing."))

    def _recall(self) -> None:
        settings = self._settings
        place = QStandardPaths.StandardLocation.MoviesLocation
        usual = QStandardPaths.writableLocation(place) or os.fspath(Path.home())
        folder = str(settings.value("export/folder", ""))
        if not Path(folder).is_dir() or not folder:
            folder = usual if Path(usual).is_dir() else os.fspath(Path.home())
        self.folder.setText(folder)
        exact = settings.value("export/exact", False) in (True, "true")
        self.cut.setCurrentIndex(int(exact))
        self.marks.setCurrentIndex(int(settings.value("export/keyframes", False) in (True, "true")))
        for box, name in ((self.date, "date"), (self.place, "place")):
            box.setChecked(settings.value(f"export/{name}", True) in (True, "true"))
        self.before.setValue(_number(settings.value("export/before", 0.0)))
        self.after.setValue(_number(settings.value("export/after", 0.0)))
        index = int(_number(settings.value(f"export/format/{self._subject.kinds[0]}", 0)))
        self.format.setCurrentIndex(index if 0 <= index < self.format.count() else 0)
        self.name.setText(self._free_name(plain_name(self._subject.name)))

    def _free_name(self, name: str) -> str:
        """Return a name, with a number where a file of that name is there."""
        _, suffix = self.format.currentData()
        folder, number, free = Path(self.folder.text()), 1, name
        while os.path.lexists(folder / (free + suffix)):
            number += 1
            free = f"{name} {number}"
        return free

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(lambda _: self._show_format())
        self.name.textChanged.connect(lambda _: self._check())
        self.folder.textChanged.connect(lambda _: self._check())
        self.replace.toggled.connect(lambda _: self._check())
        self.another.clicked.connect(self._call_otherwise)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _show_format(self) -> None:
        what, _ = self.format.currentData()
        for row in self._clip_rows:
            self._form.setRowVisible(row, what == "clip")
        self._form.setRowVisible(self.marks, self._subject.has_chapters(what))
        self._check()

    def _check(self) -> None:
        problem = self._problem()
        exists = self._exists()
        self.replace.setVisible(exists)
        self.another.setVisible(exists and bool(problem))
        if exists:
            self.another.setText(self.tr("Call it “{name}”").format(name=self._free_name(self._stem())))
        self.problem.setText(problem)
        self.export.setEnabled(not problem)

    def _call_otherwise(self) -> None:
        self.name.setText(self._free_name(self._stem()))
        self.name.setFocus()

    def _stem(self) -> str:
        """Return the name without the ending, which may have been typed."""
        _, suffix = self.format.currentData()
        return self.target.name[: -len(suffix)]

    def _exists(self) -> bool:
        """Return whether a file is there that would be replaced."""
        return not self._name_problem() and os.path.lexists(self.target) and not _is_folder(self.target)

    def _name_problem(self) -> str:
        name = self.name.text().strip()
        if not name:
            return self.tr("Give the file a name.")
        if has_forbidden(name):
            return self.tr('A name cannot contain / \\ : * ? " < > or |.')
        if len(os.fsencode(self.target.name)) > LONGEST_NAME:
            return self.tr("This name is too long; give a shorter one.")
        return ""

    def _problem(self) -> str:
        """Return what stands in the way, "" if nothing does."""
        if problem := self._name_problem():
            return problem
        folder = Path(self.folder.text().strip())
        if not folder.is_absolute() or not _is_folder(folder):
            return self.tr("This folder does not exist; choose another one.")
        if not os.access(folder, os.W_OK):
            return self.tr("This folder cannot be written to; choose another one.")
        if _is_folder(self.target):
            return self.tr("A folder already has this name; choose another one.")
        if os.path.lexists(self.target) and not self.replace.isChecked():
            return self.tr("A file with this name already exists.")
        return ""

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Where to export to"), self.folder.text())
        if folder:
            self.folder.setText(folder)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as that of a name that is too long
        return False


def _seconds() -> QDoubleSpinBox:
    box = number_box(" s", 0.0, LONGEST_HANDLE)
    box.setSingleStep(0.5)
    box.setMinimumWidth(110)
    return box


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0
