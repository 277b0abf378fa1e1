"""What the window says while a large folder is scanned."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, indexing_events
from retake_desktop.engine.client import EngineClient
from retake_desktop.indexing.activity import Activity


@pytest.mark.usefixtures("qtbot")
def test_the_files_that_were_found_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EngineClient, "index", lambda *_: 7)
    engine = EngineClient(["no", "worker"], DataDir(tmp_path))
    activity = Activity(engine)
    activity.index(["/videos"])
    engine.answered.emit(answers.JobEvent(id=7, event=indexing_events.Scanning(12_345)))
    assert activity.status == f"Looking for videos: {QLocale().toString(12_345)} files"
    assert activity.fraction is None
    engine.answered.emit(answers.JobEvent(id=7, event=indexing_events.Scanning(12_345, 250, 1000)))
    assert activity.status == "Reading new files: 250 of " + QLocale().toString(1000)
    assert activity.fraction == 0.25
