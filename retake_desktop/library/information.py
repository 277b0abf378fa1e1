"""What the library knows of a video: its files, its picture, its date, and what a person said of it."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget
from sqlalchemy import Connection, select

from retake_core.display import clock
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.dates import DateSource
from retake_core.library.described import described_state
from retake_core.library.description import Description, description
from retake_core.library.notes import NoteEntry, notes
from retake_core.library.schema import file, video
from retake_desktop.common import safe_text, wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.own_keys import enter_clicks
from retake_desktop.common.widgets import TextLabel, muted_label
from retake_desktop.library import mark_words
from retake_desktop.library.notes_list import NotesList


@dataclass(frozen=True, slots=True)
class FileInformation:
    """One of a video's files."""

    path: Path
    size: int
    missing: bool


@dataclass(frozen=True, slots=True)
class VideoInformation:
    """What a list of videos does not need.

    Attributes:
        path: of its files, the one whose name is shown.
        files: those that are there first.
        frame_rate: pictures a second, or None where it is not known.
        container: the kind of file, as FFmpeg names it.
    """

    entry: VideoEntry
    path: Path
    files: tuple[FileInformation, ...]
    frame_rate: float | None
    container: str | None
    notes: tuple[NoteEntry, ...]
    about: Description
    not_described: str = ""  # why no model could


def read_information(connection: Connection, video_id: int, shown: Path) -> VideoInformation | None:
    """Return what is known of a video, called as the file that is shown; None when it is gone."""
    entry = next(iter(catalog.videos(connection, video_id)), None)
    row = connection.execute(select(video.c.frame_rate, video.c.container).where(video.c.id == video_id)).first()
    if entry is None or row is None:
        return None
    files = connection.execute(
        select(file.c.path, file.c.size, file.c.missing)
        .where(file.c.video_id == video_id)
        .order_by(file.c.missing, file.c.path)
    )
    return VideoInformation(
        entry,
        shown,
        tuple(FileInformation(Path(os.fsdecode(each.path)), each.size, bool(each.missing)) for each in files),
        row.frame_rate,
        row.container,
        tuple(notes(connection, video_id)),
        description(connection, video_id, entry.duration or 0.0),
        described_state(connection, video_id).reason,
    )


class InformationView(QScrollArea):
    """A form of names and values, which can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What is known of the video"))
        self.rows: dict[str, str] = {}

    def show_information(self, known: VideoInformation) -> None:
        """Show another video."""
        self.rows = dict(self._rows(known))
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 8, 0)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, value in self.rows.items():
            label, text = muted_label(name), TextLabel(value)
            text.setWordWrap(True)
            flag = Qt.TextInteractionFlag
            text.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)
            text.setAccessibleName(f"{name}: {value}")
            form.addRow(label, text)
        self.setWidget(inside)

    def _rows(self, known: VideoInformation) -> list[tuple[str, str]]:
        entry = known.entry
        rows = [(self.tr("Name"), safe_text.name(known.path))]
        places = [self._place(each) for each in known.files]
        rows.append((self.tr("Place") if len(places) == 1 else self.tr("Places"), "\n".join(places)))
        rows.append((self.tr("File size"), wording.size(known.files[0].size if known.files else entry.size)))
        if entry.duration:
            rows.append((self.tr("Length"), clock(entry.duration)))
        if entry.width and entry.height:
            rows.append((self.tr("Picture"), f"{entry.width} × {entry.height}"))
        if known.frame_rate:
            rate = self.tr("{rate} frames a second").format(rate=f"{known.frame_rate:.4g}")
            rows.append((self.tr("Rate"), rate))
        if entry.codec:
            kinds, ending = (known.container or "").split(","), known.path.suffix.lstrip(".").lower()
            kind = ending if ending in kinds else kinds[0]  # FFmpeg has one name for MP4, MOV and others
            rows.append((self.tr("Format"), ", ".join(part.upper() for part in (entry.codec, kind) if part)))
        rows.append((self.tr("Date"), self._date(entry)))
        rows.append((self.tr("Keyframes"), wording.number(entry.keyframes)))
        rows += [(name, text) for name, text in self._about(known.about) if text]
        if entry.stars or entry.favourite:
            rows.append((self.tr("Marks"), mark_words.signs(entry.stars, favourite=entry.favourite)))
        if entry.tags:
            rows.append((self.tr("Tags"), safe_text.line(", ".join(entry.tags))))
        if known.not_described:
            reason = safe_text.line(translated(known.not_described))
            rows.append((self.tr("Not described"), reason))
        if entry.error:
            rows.append((self.tr("Trouble"), safe_text.line(translated(entry.error))))
        return rows

    def _about(self, about: Description) -> list[tuple[str, str]]:
        chapters = [f"{clock(each.start)}  {safe_text.line(each.title)}" for each in about.chapters]
        return [
            (self.tr("Title"), safe_text.line(about.title)),
            (self.tr("Summary"), safe_text.line(about.summary)),
            (self.tr("Chapters"), "\n".join(chapters)),
            (self.tr("Described by"), safe_text.line(Path(about.model).name) if about.model else ""),
        ]

    def _place(self, each: FileInformation) -> str:
        path = safe_text.whole(each.path)
        return self.tr("{path} (not there now)").format(path=path) if each.missing else path

    def _date(self, entry: VideoEntry) -> str:
        moment = entry.when or datetime.fromtimestamp(entry.modified).astimezone()
        day = wording.day(moment)
        said = entry.dated or ""
        if "T" in said or not said:  # a date without a time of day says none
            day = f"{day}, {wording.time_of_day(moment)}"
        sources = {
            DateSource.HAND: self.tr("given by hand"),
            DateSource.FILE: self.tr("as the file says"),
            DateSource.NAME: self.tr("by its name"),
            DateSource.TAKEOUT: self.tr("by the file beside it"),
        }
        source = sources.get(DateSource(entry.dated_by)) if entry.dated_by in set(DateSource) else None
        return f"{day} ({source or self.tr('of the last change')})"


class InformationPanel(QWidget):
    """Shows one video at a time, in a window of its own that stays open beside the main one."""

    def __init__(self, parent: QWidget, add_note: QAction) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle(self.tr("Information"))
        self.view = InformationView()
        self.notes = NotesList(add_note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 12, 14)
        layout.setSpacing(10)
        layout.addWidget(self.view, 3)
        layout.addWidget(self.notes, 2)
        self.resize(420, 560)

    def show_information(self, known: VideoInformation) -> None:
        """Show another video."""
        self.view.show_information(known)
        self.notes.show_notes(known.notes)

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the main window, whose keys count here, too."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Close with Escape, and click the button that has the focus with Enter, too."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif not enter_clicks(self, event):
            super().keyPressEvent(event)
