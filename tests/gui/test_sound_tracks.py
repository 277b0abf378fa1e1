"""Choosing the sound track that is listened to, in the window."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.listening import sound_track_of
from retake_desktop.app import Desktop
from retake_desktop.window.sound_tracks import SoundTrackDialog
from tests.gui.driving import SLOW, entry, index, select_video
from tests.support.recordings import make_two_languages


@pytest.fixture
def film(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> Desktop:
    folder = tmp_path / "films"
    folder.mkdir()
    make_two_languages(folder / "film.mkv")
    index(empty, qtbot, folder)
    return empty


def dialog() -> SoundTrackDialog | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, SoundTrackDialog) else None


def choose(desktop: Desktop, qtbot: QtBot) -> SoundTrackDialog:
    select_video(desktop, "film.mkv")
    desktop.window.actions_by_name["sound_track"].trigger()
    qtbot.waitUntil(lambda: dialog() is not None, timeout=SLOW)
    shown = dialog()
    assert shown is not None
    return shown


def confirm(shown: SoundTrackDialog) -> None:
    button = shown.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Ok)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def chosen(desktop: Desktop, root: Path) -> int | None:
    with closing(Database(DataDir(root).database)) as database, database.reading() as connection:
        return sound_track_of(connection, entry(desktop, "film.mkv").id)


def test_another_track_is_chosen_and_given_back(film: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    shown = choose(film, qtbot)
    assert [shown.tracks.itemText(row) for row in range(shown.tracks.count())] == [
        "Automatic: track 1",
        "Track 1  ·  Français  ·  1 channel",
        "Track 2  ·  English  ·  Director  ·  1 channel",
    ]
    assert shown.tracks.currentIndex() == 0
    QTest.keyClick(shown.tracks, Qt.Key.Key_End)
    confirm(shown)
    qtbot.waitUntil(lambda: chosen(film, tmp_path / "data") == 2, timeout=SLOW)
    qtbot.waitUntil(lambda: not film.window.activity.running, timeout=SLOW)
    shown = choose(film, qtbot)
    assert shown.tracks.currentText().startswith("Track 2")
    QTest.keyClick(shown.tracks, Qt.Key.Key_Home)
    confirm(shown)
    qtbot.waitUntil(lambda: chosen(film, tmp_path / "data") is None, timeout=SLOW)


def test_without_a_choice_it_says_so(desktop: Desktop, qtbot: QtBot) -> None:
    select_video(desktop, "short.mp4")
    desktop.window.actions_by_name["sound_track"].trigger()
    qtbot.waitUntil(desktop.window.notice.isVisible, timeout=SLOW)
    assert "has no sound" in desktop.window.notice.text.text()
