"""The transcript: it follows the player, leads it, and finds words."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.schema import video
from retake_core.library.texts import SPEECH, NewText, TextKind, replace_texts
from retake_core.protocol.answers import JobEvent
from retake_core.protocol.indexing_events import PassName, PassStarted, Remarked
from retake_desktop.app import Desktop
from retake_desktop.engine.client import EngineClient
from retake_desktop.transcript import panel as transcript_panel
from retake_desktop.transcript.panel import TranscriptPanel
from retake_desktop.window.main_window import MainWindow
from tests.gui.driving import entry

LINES = (
    (2.0, "Happy birthday, dear Martha!"),
    (12.0, "We are all so glad that you came to the garden today, with the whole family and the old brown dog."),
    (21.0, "Tomorrow we travel."),
)


def say(root: Path, name: str = "short.mp4") -> None:
    database = Database(DataDir(root).database)
    with database.writing() as connection:
        found = catalog.find_video(connection, name)
        new = [NewText(words, start, start + 3.0) for start, words in LINES]
        replace_texts(connection, found.id, SPEECH, TextKind.SPOKEN, "1", new)
    database.close()


def let_sound(desktop: Desktop, name: str) -> None:
    """Let the library believe that a video has a sound track."""
    with desktop.database.writing() as connection:
        found = catalog.find_video(connection, name)
        connection.execute(video.update().where(video.c.id == found.id).values(has_sound=1))


def shown(panel: TranscriptPanel) -> list[str]:
    return [line.content for line in panel.model.lines]


@pytest.fixture(autouse=True)
def _read_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript_panel, "AGAIN_MS", 10)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let no worker index, and return the ids of the runs that it was asked for."""
    ids: list[int] = []

    def begin(*_: object) -> int:
        ids.append(1000 + len(ids))
        return ids[-1]

    monkeypatch.setattr(EngineClient, "index", begin)
    return ids


@pytest.fixture
def window(desktop: Desktop, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    say(tmp_path / "data")
    desktop.window.open_video(entry(desktop, "short.mp4"))
    qtbot.waitUntil(lambda: bool(desktop.window.page.reel.keyframes))
    return desktop.window


def test_it_follows_the_player_leads_it_and_finds_words(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.side.transcript
    window.actions_by_name["transcript"].trigger()
    qtbot.waitUntil(lambda: len(panel.model.lines) == 3)
    assert panel.list.isVisible()
    assert not panel.note.isVisible()
    assert not panel.choose.isVisible()
    heights = [panel.list.visualRect(panel.model.index(row)).height() for row in range(3)]
    assert heights[1] > heights[2]  # it takes several lines
    window.page.show_time(13.0)
    now = [bool(panel.model.index(row).data(panel.model.SPOKEN)) for row in range(3)]
    assert now == [False, True, False]
    with qtbot.waitSignal(panel.chosen) as told:
        place = panel.list.visualRect(panel.model.index(2)).center()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [21.0]
    assert window.page.reel.time == 21.0
    assert panel.model.index(2).data(panel.model.SPOKEN)

    panel.box.setText("family gard")
    assert shown(panel) == [LINES[1][1]]
    with qtbot.waitSignal(panel.chosen):
        QTest.keyClick(panel.box, Qt.Key.Key_Return)
    assert window.page.reel.time == 12.0
    panel.box.setFocus()
    QTest.keyClick(panel.box, Qt.Key.Key_Down)
    assert panel.list.hasFocus()
    assert panel.list.currentIndex().row() == 0
    panel.box.setText("giraffe")
    assert shown(panel) == []
    assert panel.note.isVisible()
    assert "Nobody says that" in panel.note.text()
    panel.box.clear()
    assert len(shown(panel)) == 3


def test_it_offers_a_model_and_shows_what_is_heard_meanwhile(
    qtbot: QtBot, window: MainWindow, desktop: Desktop, tmp_path: Path, runs: list[int]
) -> None:
    panel = window.side.transcript
    let_sound(desktop, "many.mp4")
    window.actions_by_name["transcript"].trigger()
    qtbot.waitUntil(lambda: len(panel.model.lines) == 3)
    window.open_video(entry(desktop, "many.mp4"))
    qtbot.waitUntil(panel.choose.isVisible)
    assert shown(panel) == []
    window.actions_by_name["preferences_models"].setEnabled(False)  # the page has tests of its own
    with qtbot.waitSignal(panel.model_wanted):
        panel.choose.click()
    activity = window.activity
    activity.index()
    desktop.engine.answered.emit(JobEvent(id=runs[-1], event=PassStarted(PassName.SPEECH, 1)))
    assert activity.listening
    assert not panel.choose.isVisible()
    assert "being written down" in panel.note.text()
    say(tmp_path / "data", "many.mp4")
    activity.changed.emit()
    qtbot.waitUntil(lambda: len(panel.model.lines) == 3)
    activity.index()  # to look for new videos does not wait for hours
    assert len(runs) == 2
    assert not activity.listening
    window.show_library()
    assert panel.note.text().startswith("Open a video")


def test_no_model_is_offered_for_a_video_without_sound(
    qtbot: QtBot, window: MainWindow, desktop: Desktop, tmp_path: Path, runs: list[int]
) -> None:
    panel = window.side.transcript
    window.actions_by_name["transcript"].trigger()
    window.open_video(entry(desktop, "many.mp4"))
    qtbot.waitUntil(lambda: panel.note.text() == "This video has no sound, and no subtitles.")
    assert not panel.choose.isVisible()
    window.activity.index()
    desktop.engine.answered.emit(JobEvent(id=runs[-1], event=PassStarted(PassName.SPEECH, 1)))
    assert panel.note.text() == "This video has no sound, and no subtitles.", "nobody listens to it"
    say(tmp_path / "data", "many.mp4")  # subtitles were put beside it
    panel.reload()
    qtbot.waitUntil(lambda: len(panel.model.lines) == 3)
    window.show_library()
    assert panel.note.text().startswith("Open a video")


def test_what_listening_lacks_is_listed_once(empty: Desktop, runs: list[int]) -> None:
    activity = empty.window.activity
    activity.index()
    for text in (
        "Speech recognition is not installed.",
        "Speech recognition is not installed.",
        "Something else.",
    ):
        empty.engine.answered.emit(JobEvent(id=runs[-1], event=Remarked("", text)))
    assert [entry.detail for entry in activity.entries if entry.failed] == [
        "Something else.",
        "Speech recognition is not installed.",
    ]
