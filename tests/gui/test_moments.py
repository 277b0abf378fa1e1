"""Menus of videos and moments, links to a moment, and moments that look alike."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_desktop.app import Desktop
from retake_desktop.startup import single_instance
from retake_desktop.startup.single_instance import SingleInstance
from retake_desktop.window.links import Link, find_linked, link_to, parse_link
from retake_desktop.window.video_actions import Target
from tests.gui.driving import (
    SLOW,
    MenuUser,
    assert_shows,
    choose_shelf,
    entry,
    open_video,
    right_click_keyframe,
    search,
)


def test_the_grids_menu(desktop: Desktop, menu: MenuUser) -> None:
    grid, model = desktop.window.library.grid, desktop.window.library.model
    for name, retry in (("broken.mp4", True), ("short.mp4", False)):
        index = model.index(model.row_of(entry(desktop, name).id))
        grid.setCurrentIndex(index)
        grid.customContextMenuRequested.emit(grid.visualRect(index).center())
        assert menu.offered["retry"] is retry
        assert menu.offered["remove_video"]
        assert menu.offered["open"]


def test_several_paths_are_copied(desktop: Desktop) -> None:
    desktop.window.library.grid.selectAll()
    desktop.window.actions_by_name["copy_path"].trigger()
    assert len(QGuiApplication.clipboard().text().split("\n")) == 4


def test_a_keyframes_menu_copies_its_link_and_its_frame(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    open_video(desktop, qtbot, "many.mp4")
    page = desktop.window.page
    keyframe = page.filmstrip.shown[2]
    menu.choice = "copy_link"
    right_click_keyframe(desktop, 2)
    link = parse_link(QGuiApplication.clipboard().text())
    assert link.time == pytest.approx(keyframe.time, abs=0.001)
    assert find_linked(link, [entry(desktop, "short.mp4"), entry(desktop, "many.mp4")]) == entry(
        desktop, "many.mp4"
    )
    menu.choice = "copy_frame"
    QGuiApplication.clipboard().clear()
    right_click_keyframe(desktop, 2)
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=SLOW)
    assert_shows(desktop, entry(desktop, "many.mp4").path, keyframe.time)


def test_the_folders_menu(desktop: Desktop, menu: MenuUser) -> None:
    folders = desktop.window.folders
    choose_shelf(desktop, 1)
    folders.tree.customContextMenuRequested.emit(QPoint(5, 5))
    assert menu.offered == {"show_in_folder": True, "update": True, "remove_folder": True}


def test_what_looks_like_a_keyframe(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    open_video(desktop, qtbot, "short.mp4")
    panel = desktop.window.search
    menu.choice = "similar"
    with qtbot.waitSignal(panel.searched, timeout=SLOW):
        right_click_keyframe(desktop, 0)
    qtbot.waitUntil(lambda: bool(panel.hits), timeout=SLOW)
    assert panel.chip.isVisible()
    assert panel.chip.text.text() == "Similar to 0:00 in short"
    qtbot.waitUntil(lambda: not panel.chip.thumbnail.pixmap().isNull(), timeout=SLOW)
    short = entry(desktop, "short.mp4")
    assert all(hit.video_id != short.id for hit in panel.hits)
    reds = [hit for hit in panel.hits if not hit.weaker]
    assert reds  # the other clips begin with the same colour
    row = next(i for i, r in enumerate(panel.list.results.rows) if r.hit == panel.hits[0])
    menu.choice = ""
    panel.list.customContextMenuRequested.emit(panel.list.visualRect(panel.list.results.index(row)).center())
    assert menu.offered["similar"]
    assert menu.offered["copy_link"]
    QTest.keyClick(panel.box, Qt.Key.Key_Escape)
    assert not panel.chip.isVisible()
    assert panel.hits == ()
    search(desktop, qtbot, "green")
    assert panel.hits


def test_words_narrow_the_search_for_a_moment(desktop: Desktop, qtbot: QtBot) -> None:
    panel = desktop.window.search
    with qtbot.waitSignal(panel.searched, timeout=SLOW):
        panel.show_similar(entry(desktop, "short.mp4"), 0.0)
    assert panel.hits
    panel.box.setText("green")
    qtbot.waitUntil(lambda: "looks like this matches “green”" in panel.note.text(), timeout=SLOW)
    assert panel.chip.isVisible()
    panel.chip.leave()
    qtbot.waitUntil(lambda: bool(panel.hits), timeout=SLOW)


@pytest.mark.parametrize("name", ["party.mp4", "a b#c?d&e=f%41.mp4", "caf\udce9\n.mp4", "🎬.mkv"])
def test_links_name_any_file(desktop: Desktop, name: str) -> None:
    video = replace(entry(desktop, "short.mp4"), paths=(Path("/videos") / name,))
    text = link_to(video, 83.5)
    text.encode("ascii")
    assert parse_link(text) == Link(Path("/videos") / name, 83.5, video.fingerprint)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("/videos/a.mp4", Link(Path("/videos/a.mp4"))),
        ("/videos/a.mp4#t=1:05", Link(Path("/videos/a.mp4"), 65.0)),
        ("/videos/a#1.mp4", Link(Path("/videos/a#1.mp4"))),
        ("file:///videos/a%20b.mp4#t=7", Link(Path("/videos/a b.mp4"), 7.0)),
    ],
)
def test_paths_and_urls_are_links_too(text: str, link: Link) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize("text", ["retake:", "retake://#t=1", "/a.mp4#t=x", "retake:///a.mp4#t=-1", "/a#t=inf"])
def test_what_is_no_link(text: str) -> None:
    with pytest.raises(UserError, match="no link"):
        parse_link(text)


def test_a_link_opens_its_moment_also_after_a_move(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    video = entry(desktop, "many.mp4")
    text = link_to(video, 40.0).replace("many.mp4", "elsewhere.mp4")
    window.links.open(text)
    qtbot.waitUntil(lambda: window.page.video is not None and window.page.video.id == video.id, timeout=SLOW)
    assert window.page.player.time == pytest.approx(40.0)
    window.links.open("/nowhere/b.mp4#t=3")
    qtbot.waitUntil(lambda: "not in the library" in window.notice.text.text(), timeout=SLOW)
    window.links.open("retake:")
    assert "no link" in window.notice.text.text()


def test_a_second_start_hands_its_link_over(qtbot: QtBot, tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path / "library")
    data_dir.create()
    first, second, other = SingleInstance(data_dir), SingleInstance(data_dir), SingleInstance(DataDir(tmp_path))
    assert first.take()
    assert other.take()
    got: list[str] = []
    first.handed_over.connect(got.append)
    script = (
        "import pathlib, sys; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]); "
        "from retake_core.data_dir import DataDir; "
        "from retake_desktop.startup.single_instance import SingleInstance; "
        "print(SingleInstance(DataDir(pathlib.Path(sys.argv[1]))).take(sys.argv[2]))"
    )
    link = "/videos/caf\udce9.mp4#t=3"
    command = [sys.executable, "-c", script, str(data_dir.root), link]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        qtbot.waitUntil(lambda: started.poll() is not None, timeout=SLOW)
        assert started.stdout is not None
        assert started.stdout.read() == "False\n"
    assert got == [link]
    first.close()
    assert second.take()
    second.close()
    other.close()


def test_a_window_that_does_not_answer_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "PATIENCE_MS", 100)
    data_dir = DataDir(tmp_path)
    first, second = SingleInstance(data_dir), SingleInstance(data_dir)
    assert first.take()
    with pytest.raises(UserError, match="does not answer"):
        second.take()
    first.close()


def test_the_target_of_a_menu_is_what_was_clicked(desktop: Desktop, menu: MenuUser) -> None:
    actions = desktop.window.video_actions
    target = Target((entry(desktop, "short.mp4"),), 12.0)
    menu.choice = "open"
    actions.show_menu(QPoint(0, 0), ("open",), target)
    assert desktop.window.page.video == target.video
    assert actions.target.video == target.video
    assert desktop.window.page.player.time == pytest.approx(12.0)
