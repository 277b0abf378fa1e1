"""A recording that its camera wrote as several files: told at each piece, and played through."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, index, names, open_video
from tests.support.fakes import make_clip

NAMES = [f"GH0{number}0001.MP4" for number in (1, 2, 3)]
LENGTH = 2


@pytest.fixture
def recorded(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> Desktop:
    """Return a window with a recording of three pieces, and a video beside it."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for name, colour in zip([*NAMES, "party.mp4"], ("red", "blue", "green", "yellow"), strict=True):
        make_clip(folder / name, [(LENGTH, colour)])
    index(empty, qtbot, folder)
    return empty


def opened(desktop: Desktop) -> str:
    video = desktop.window.page.video
    assert video is not None
    return video.path.name


def told(desktop: Desktop) -> str:
    bar = desktop.window.page.pieces
    return bar.findChild(QLabel).text() if bar.isVisible() else ""  # type: ignore[union-attr]


def open_piece(desktop: Desktop, qtbot: QtBot, number: int) -> None:
    open_video(desktop, qtbot, NAMES[number - 1])
    qtbot.waitUntil(lambda: told(desktop) == f"Piece {number} of 3", timeout=SLOW)
    qtbot.waitUntil(lambda: desktop.window.page.player.frame_count > 0, timeout=SLOW)


def test_it_is_told_and_the_neighbours_are_a_click_away(recorded: Desktop, qtbot: QtBot) -> None:
    open_piece(recorded, qtbot, 1)
    before, after = recorded.window.page.pieces.findChildren(QToolButton)
    assert [before.isEnabled(), after.isEnabled()] == [False, True]
    QTest.mouseClick(after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: told(recorded) == "Piece 2 of 3", timeout=SLOW)
    assert opened(recorded) == NAMES[1]
    assert before.toolTip() == NAMES[0]
    assert not recorded.window.page.player.playing, "it did not play before"
    QTest.mouseClick(before, Qt.MouseButton.LeftButton)
    assert opened(recorded) == NAMES[0]
    open_video(recorded, qtbot, "party.mp4")
    qtbot.waitUntil(lambda: told(recorded) == "", timeout=SLOW)


def test_playing_goes_on_through_all_pieces_and_ends_with_the_last(recorded: Desktop, qtbot: QtBot) -> None:
    open_piece(recorded, qtbot, 1)
    page = recorded.window.page
    seen: list[str] = []
    page.opened.connect(lambda video: seen.append(video.path.name))
    page.player.set_speed(1.5)
    page.show_time(LENGTH - 0.5, play=True)
    qtbot.waitUntil(lambda: opened(recorded) == NAMES[2] and page.player.playing, timeout=SLOW)
    assert page.player.speed == 1.5
    with qtbot.waitSignal(page.player.ended, timeout=SLOW):
        pass
    qtbot.wait(300)
    assert seen == NAMES[1:]
    assert not page.player.playing


@pytest.mark.parametrize("how", ["paused", "looped", "range"])
def test_it_stays_where_it_was_told_to(recorded: Desktop, qtbot: QtBot, how: str) -> None:
    open_piece(recorded, qtbot, 1)
    page = recorded.window.page
    if how == "paused":
        page.go_to_share(1.0)
        qtbot.waitUntil(lambda: page.player.arrived, timeout=SLOW)
    elif how == "looped":
        page.range_player.loop = True
        page.show_time(LENGTH - 0.3, play=True)
        qtbot.waitUntil(lambda: page.player.playing and page.player.time < 1.0, timeout=SLOW)
    else:
        page.marks.mark_start(LENGTH - 0.5)
        page.range_player.play()
        qtbot.waitUntil(lambda: page.player.playing, timeout=SLOW)
        qtbot.waitUntil(lambda: not page.player.playing, timeout=SLOW)
    qtbot.wait(300)
    assert opened(recorded) == NAMES[0]


def test_it_ends_where_the_next_file_is_not_there(recorded: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "videos" / NAMES[1]).unlink()
    index(recorded, qtbot, tmp_path / "videos")
    open_piece(recorded, qtbot, 1)
    page = recorded.window.page
    page.show_time(LENGTH - 0.3, play=True)
    with qtbot.waitSignal(page.player.ended, timeout=SLOW):
        pass
    assert opened(recorded) == NAMES[0]


def test_the_grid_shows_one_card_that_means_all_pieces(recorded: Desktop, qtbot: QtBot) -> None:
    library = recorded.window.library
    assert names(recorded) == [NAMES[0], "party.mp4"]
    card = library.model.items[0]
    assert card.entry.duration == 3 * LENGTH
    described = library.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "0:06\n3 pieces" in described
    library.grid.setCurrentIndex(library.model.index(0))
    assert [video.path.name for video in recorded.window.video_actions.target.videos] == NAMES
    QTest.keyClick(library.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told(recorded) == "Piece 1 of 3", timeout=SLOW)
    assert recorded.window.page.reel.duration == LENGTH
    recorded.window.show_library()
    recorded.window.actions_by_name["remove_video"].trigger()
    qtbot.waitUntil(lambda: names(recorded) == ["party.mp4"], timeout=SLOW)
    recorded.window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: names(recorded) == [NAMES[0], "party.mp4"], timeout=SLOW)


def test_a_filter_that_some_pieces_pass_shows_those(recorded: Desktop, qtbot: QtBot) -> None:
    library = recorded.window.library
    with qtbot.waitSignal(library.refreshed, timeout=SLOW):
        library.head.name_filter.setText("GH02")
    qtbot.waitUntil(lambda: names(recorded) == [NAMES[1]], timeout=SLOW)
    assert library.model.items[0].videos == (library.model.items[0].entry,)
