"""The menu of common filters, for those who do not want to type them."""

from collections.abc import Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from retake_core.search.query import FAVOURITE, HIDDEN, LIVE, MATCHES, STARS, Field, Term
from retake_desktop.common import safe_text
from retake_desktop.common.theme import icon, theme
from retake_desktop.common.widgets import muted_label
from retake_desktop.common.wording import without_mnemonic
from retake_desktop.search import filter_words
from retake_desktop.search.query_text import Vocabulary

LONGER = ("1m", "5m", "10m", "30m", "1h")
SHORTER = ("30s", "1m", "5m", "10m")
MOST_NAMES = 20  # of folders, of tags, and of people


class FilterMenu(QMenu):
    """Every choice becomes text in the search box."""

    chosen = Signal(object)  # Term
    this_video_toggled = Signal(bool)

    def __init__(self, parent: QWidget, picture: QAction) -> None:
        super().__init__(parent)
        self.folders = self.addMenu(self.tr("&Folder"))
        self.dates = self.addMenu(self.tr("&Recorded"))
        self.lengths = self.addMenu(self.tr("&Length"))
        self.kinds = self.addMenu(self.tr("&Match"))
        self.tags = self.addMenu(self.tr("&Tag"))
        self.people = self.addMenu(self.tr("&People"))
        self.stars = self.addMenu(self.tr("&Stars"))
        self.favourites = self._offer(self, Term(Field.IS, FAVOURITE))
        self.hidden = self._offer(self, Term(Field.IS, HIDDEN))
        self.live = self._offer(self, Term(Field.IS, LIVE, excluded=True))
        self.addSeparator()
        self.this_video = self.addAction(self.tr("Only this &video"))
        self.this_video.setCheckable(True)
        self.this_video.setEnabled(False)
        self.this_video.toggled.connect(self.this_video_toggled)
        self.addSeparator()
        self.addAction(picture)
        self._fill()
        self.know(Vocabulary())
        theme.changed.connect(self._dress)
        self._dress()

    def set_video(self, *, possible: bool, checked: bool) -> None:
        """Say whether a video is open, and whether only that is searched."""
        self.this_video.blockSignals(True)
        self.this_video.setEnabled(possible)
        self.this_video.setChecked(checked)
        self.this_video.blockSignals(False)

    def _fill(self) -> None:
        today = QDate.currentDate()
        for days, text in (
            (7, self.tr("In the last 7 days")),
            (30, self.tr("In the last 30 days")),
            (365, self.tr("In the last year")),
        ):
            value = today.addDays(-days).toString(Qt.DateFormat.ISODate)
            self._offer(self.dates, Term(Field.AFTER, value), text)
        self.dates.addSeparator()
        between = self.dates.addAction(self.tr("From and until…"))
        between.triggered.connect(lambda: self._ask_for_dates())
        for field, lengths in ((Field.LONGER, LONGER), (Field.SHORTER, SHORTER)):
            for length in lengths:
                self._offer(self.lengths, Term(field, length))
            if field is Field.LONGER:
                self.lengths.addSeparator()
        for kind in MATCHES:
            self._offer(self.kinds, Term(Field.MATCH, kind))
        for count in reversed(STARS):
            self._offer(self.stars, Term(Field.STARS, count))

    def know(self, found: Vocabulary) -> None:
        """Offer the folders, tags and people of the library."""
        self._fill_names(self.folders, Field.FOLDER, found.folders)
        self._fill_names(self.tags, Field.TAG, found.tags)
        self._fill_names(self.people, Field.PERSON, found.people)

    def _fill_names(self, menu: QMenu, field: Field, names: Sequence[str]) -> None:
        menu.clear()
        for name in names[:MOST_NAMES]:
            self._offer(menu, Term(field, name), safe_text.line(name))
        menu.setEnabled(bool(names))

    def _offer(self, menu: QMenu, term: Term, text: str = "") -> QAction:
        action = menu.addAction((text or filter_words.describe(term)).replace("&", "&&"))
        action.triggered.connect(lambda: self.chosen.emit(term))
        return action

    def _ask_for_dates(self) -> None:
        dialog = DatesDialog(self.parentWidget())
        if dialog.exec() == QDialog.DialogCode.Accepted.value:
            for term in dialog.terms:
                self.chosen.emit(term)
        dialog.deleteLater()

    def _dress(self) -> None:
        for menu, name in (
            (self.folders, "folder-outline"),
            (self.dates, "calendar-range"),
            (self.lengths, "timer-outline"),
            (self.kinds, "filter-outline"),
            (self.tags, "tag-outline"),
            (self.people, "account-outline"),
            (self.stars, "star-outline"),
        ):
            menu.setIcon(icon(name))
        self.favourites.setIcon(icon("heart-outline"))
        self.hidden.setIcon(icon("eye-off-outline"))
        self.live.setIcon(icon("motion-play-outline"))
        self.this_video.setIcon(icon("filmstrip"))


class DatesDialog(QDialog):
    """Asks from when and until when videos were recorded; either may stay open."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recorded"))
        self.first = QDateEdit(QDate.currentDate().addYears(-1))
        self.last = QDateEdit(QDate.currentDate())
        self._from = QCheckBox(self.tr("&From"))
        self._until = QCheckBox(self.tr("&Until"))
        grid = QGridLayout()
        for row, (check, edit) in enumerate(((self._from, self.first), (self._until, self.last))):
            check.setChecked(row == 0)
            edit.setEnabled(row == 0)
            edit.setCalendarPopup(True)
            edit.setAccessibleName(without_mnemonic(check.text()))
            check.toggled.connect(edit.setEnabled)
            check.toggled.connect(lambda _: self._enable())
            grid.addWidget(check, row, 0)
            grid.addWidget(edit, row, 1)
        grid.setColumnStretch(1, 1)
        note = muted_label(self.tr("Videos that do not say when they were recorded go by the date of their file."))
        note.setWordWrap(True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(14)
        layout.addLayout(grid)
        layout.addWidget(note)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(320)

    @property
    def terms(self) -> list[Term]:
        """The filters; the last day is one of those that pass."""
        found = []
        if self._from.isChecked():
            found.append(Term(Field.AFTER, self.first.date().toString(Qt.DateFormat.ISODate)))
        if self._until.isChecked():
            found.append(Term(Field.BEFORE, self.last.date().addDays(1).toString(Qt.DateFormat.ISODate)))
        return found

    def _enable(self) -> None:
        limited = self._from.isChecked() or self._until.isChecked()
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(limited)
