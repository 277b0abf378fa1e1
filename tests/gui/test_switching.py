"""What the window says while another encoder is made ready."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, indexing_events
from retake_core.protocol.indexing_events import PassName
from retake_desktop.app import Desktop
from retake_desktop.engine.client import EngineClient
from retake_desktop.export.jobs import Exports
from retake_desktop.indexing.activity import Activity
from retake_desktop.window.actions import make_actions
from retake_desktop.window.activity_panel import ActivityPanel

pytestmark = pytest.mark.usefixtures("qapp")
INDEX, SEARCH = 7, 8
SWITCH = indexing_events.Switch("builtin", "siglip:google/siglip2-base-patch16-224", 1200, 3000)
LINE = "Search still uses the built-in encoder: 40 % of the keyframes are ready for SigLIP 2 Base."


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineClient:
    monkeypatch.setattr(EngineClient, "index", lambda *_: INDEX)
    return EngineClient(["no", "worker"], DataDir(tmp_path))


def test_the_activity_counts_keyframes(engine: EngineClient, qtbot: QtBot) -> None:
    activity = Activity(engine)
    activity.index()
    engine.answered.emit(answers.JobEvent(id=INDEX, event=indexing_events.Switching(SWITCH, 75.0)))
    ready, keyframes = (QLocale().toString(number) for number in (1200, 3000))
    expected = (
        f"Getting ready to search with SigLIP 2 Base: {ready} of {keyframes} keyframes  ·  about a minute left"
    )
    assert (activity.status, activity.fraction) == (expected, 0.4)
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = ActivityPanel(activity, Exports(engine, activity), make_actions(window))
    qtbot.addWidget(panel)
    assert [panel.list.item(i).text() for i in range(panel.list.count())] == [
        "Getting ready to search with SigLIP 2 Base"
    ]
    assert activity.entries == []
    complete = indexing_events.Switch(SWITCH.using, SWITCH.wanted, 3000, 3000)
    engine.answered.emit(answers.JobEvent(id=INDEX, event=indexing_events.Switching(complete, 0.0)))
    engine.answered.emit(answers.JobEvent(id=INDEX, event=indexing_events.PassStarted(PassName.REFINED, 3)))
    assert activity.switch is None
    assert [entry.title for entry in activity.entries] == ["Another encoder is ready"]


def test_search_tells_what_it_uses_and_changes_over_by_itself(
    empty: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[str] = []

    def search(_: EngineClient, query: str, **__: object) -> int:
        queries.append(query)
        return SEARCH

    monkeypatch.setattr(EngineClient, "search", search)
    panel, engine = empty.window.search, empty.engine
    panel.box.setText("green")
    assert panel.switch.isHidden()
    engine.answered.emit(answers.MomentsReady(id=SEARCH, hits=(), switch=SWITCH))
    assert (panel.switch.text(), panel.switch.isHidden()) == (LINE, False)
    engine.answered.emit(answers.JobEvent(id=INDEX, event=indexing_events.Switching(SWITCH, None)))
    assert panel.switch.text() == LINE
    engine.answered.emit(answers.JobEvent(id=INDEX, event=indexing_events.PassStarted(PassName.REFINED, 3)))
    assert queries == ["green"] * 2
    engine.answered.emit(answers.MomentsReady(id=SEARCH, hits=()))
    assert panel.switch.isHidden()
    engine.answered.emit(answers.JobEvent(id=INDEX, event=indexing_events.PassStarted(PassName.REFINED, 3)))
    assert queries == ["green"] * 2
