"""A recording whose colours cannot be right says so where it is shown, and no other one does."""

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from retake_core.media.video_info import OWN_COLOURS
from retake_desktop.app import Desktop
from tests.gui.driving import index, open_video
from tests.support.dolby_vision import write_mp4
from tests.support.fakes import age


def test_it_is_said_at_the_video(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    age(write_mp4(folder / "alone.mp4", 5, 0))
    age(write_mp4(folder / "with-base.mp4", 8, 4))
    index(empty, qtbot, folder)

    def said() -> list[str]:
        labels = empty.window.page.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text() == OWN_COLOURS]

    open_video(empty, qtbot, "alone.mp4")
    assert said() == [OWN_COLOURS]
    assert [entry.detail for entry in empty.window.activity.entries].count(OWN_COLOURS) == 1
    open_video(empty, qtbot, "with-base.mp4")
    assert said() == []
