"""Which sound is heard and which subtitles are shown."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtMultimedia import QMediaMetaData
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from retake_core.media.subtitles.file import SUFFIXES
from retake_desktop.common import safe_text
from retake_desktop.player.player import Player
from retake_desktop.player.subtitles import Subtitles


class TrackMenu(QMenu):
    """Is filled when it opens: a video may be read further meanwhile."""

    file_wanted = Signal()

    def __init__(self, player: Player, subtitles: Subtitles, parent: QWidget) -> None:
        super().__init__(parent)
        self._player, self._subtitles = player, subtitles
        self.aboutToShow.connect(self._fill)
        self.file_wanted.connect(self._choose_file)

    def _fill(self) -> None:
        self.clear()
        self._add_title(self.tr("Sound"))
        sounds, group = self._player.sound_tracks, QActionGroup(self)
        for i, sound in enumerate(sounds):
            action = self._add_choice(group, _sound_name(i, sound), i == self._player.sound_track)
            action.setObjectName(f"sound {i}")
            action.triggered.connect(lambda _=False, i=i: self._player.choose_sound_track(i))
        if not sounds:
            self.addAction(self.tr("No sound")).setEnabled(False)
        self.addSeparator()
        self._add_title(self.tr("Subtitles"))
        subtitles, group = self._subtitles, QActionGroup(self)
        off = self._add_choice(group, self.tr("Off"), not subtitles.shown)
        off.setObjectName("subtitles off")
        off.triggered.connect(lambda: subtitles.show(False))
        for track in subtitles.tracks:
            shown = subtitles.shown and track is subtitles.track
            action = self._add_choice(group, subtitles.name(track), shown)
            action.setObjectName(track.source)
            action.triggered.connect(lambda _=False, source=track.source: subtitles.choose(source))
        if not subtitles.tracks:
            self.addAction(self.tr("No subtitles are known")).setEnabled(False)
        self.addSeparator()
        self.addAction(self.tr("Subtitle file…")).triggered.connect(self.file_wanted)

    def _add_title(self, text: str) -> None:
        """Add a line that is no choice; Qt's own sections show no text in this style."""
        title = self.addAction(text)
        title.setEnabled(False)
        font = title.font()
        font.setBold(True)
        title.setFont(font)

    def _add_choice(self, group: QActionGroup, text: str, checked: bool) -> QAction:
        action = self.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(checked)
        group.addAction(action)
        return action

    def _choose_file(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        dialog = QFileDialog(self.parentWidget(), self.tr("Choose a subtitle file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Subtitles ({patterns})").format(patterns=patterns)])
        dialog.fileSelected.connect(lambda name: self._subtitles.read(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _sound_name(i: int, sound: QMediaMetaData) -> str:
    title = sound.stringValue(QMediaMetaData.Key.Title)
    language = sound.stringValue(QMediaMetaData.Key.Language)
    return safe_text.line(" · ".join([str(i + 1), *(part for part in (title, language) if part)]))
