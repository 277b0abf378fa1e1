"""Exporting from the window: the dialog, the bar, and answers."""

import shutil
from pathlib import Path

import av
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.protocol.export_order import Wanted
from retake_core.protocol.search_events import FoundMoment
from retake_core.settings import change_settings
from retake_desktop.app import Desktop
from retake_desktop.export.dialog import ExportDialog, Subject
from retake_desktop.window import export_actions
from tests.gui.driving import (
    SLOW,
    MenuUser,
    Opener,
    ask,
    ask_panel,
    entry,
    open_video,
    right_click_keyframe,
    select_video,
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files that are shown in a file manager."""
    found: list[Path] = []
    monkeypatch.setattr(export_actions, "show_in_file_manager", found.append)
    return found


def dialog(desktop: Desktop) -> ExportDialog:
    (found,) = [child for child in desktop.window.findChildren(ExportDialog) if child.isVisible()]
    return found


def select(asked: ExportDialog, *wanted: str) -> None:
    offered = [tuple(asked.format.itemData(i)) for i in range(asked.format.count())]
    asked.format.setCurrentIndex(offered.index(wanted))


def choose(asked: ExportDialog, what: str, suffix: str, folder: Path, name: str = "out") -> Path:
    """Fill the dialog in, and accept it."""
    select(asked, what, suffix)
    asked.folder.setText(str(folder))
    asked.name.setText(name)
    assert asked.export.isEnabled()
    asked.accept()
    return folder / (name + suffix)


def wait_for(desktop: Desktop, qtbot: QtBot, target: Path) -> None:
    qtbot.waitUntil(lambda: not desktop.window.exports.running, timeout=SLOW)
    assert target.exists(), [(e.title, e.detail) for e in desktop.window.activity.entries]


def test_a_clip_of_a_keyframe(
    desktop: Desktop, qtbot: QtBot, menu: MenuUser, tmp_path: Path, shown: list[Path]
) -> None:
    open_video(desktop, qtbot, "many.mp4")
    window = desktop.window
    menu.choice = "export_clip"
    right_click_keyframe(desktop, 2)
    assert menu.offered["export_clip"]
    assert menu.offered["save_frame"]
    assert not menu.offered["export_results"]
    asked = dialog(desktop)
    assert [asked.format.itemData(i)[0] for i in range(asked.format.count())] == ["clip"] * 3
    asked.after.setValue(1.5)
    asked.cut.setCurrentIndex(1)
    assert (asked.order.date, asked.order.place) == (True, True)
    QTest.mouseClick(asked.place, Qt.MouseButton.LeftButton, pos=QPoint(8, asked.place.height() // 2))
    assert (asked.order.date, asked.order.place) == (True, False)
    target = choose(asked, "clip", ".mp4", tmp_path)
    wait_for(desktop, qtbot, target)
    keyframes = [keyframe.time for keyframe in window.page.reel.keyframes]
    start = window.page.filmstrip.shown[2].time
    following = next(time for time in keyframes if time > start)
    with av.open(str(target)) as container:
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(min(following - start, 10) + 1.5, abs=0.3)
    assert "out.mp4 was written" in window.notice.text.text()
    window.notice.button.click()
    assert shown == [target]
    assert window.activity.entries[0].file == str(target)
    right_click_keyframe(desktop, 2)
    again = dialog(desktop)
    assert again.folder.text() == str(tmp_path)
    assert (again.after.value(), again.cut.currentData()) == (1.5, True)
    assert (again.date.isChecked(), again.place.isChecked()) == (True, False)
    again.format.setCurrentIndex(0)
    assert again.place.isVisible()
    again.reject()


def test_results_videos_failures_and_stops(desktop: Desktop, qtbot: QtBot, menu: MenuUser, tmp_path: Path) -> None:
    panel, actions = desktop.window.search, desktop.window.actions_by_name
    ids = [entry(desktop, name).id for name in ("many.mp4", "short.mp4")]
    panel.hits = tuple(
        FoundMoment(video_id=i, keyframe_id=1, time=5.0, start=4.0, end=8.0, score=1.0) for i in ids
    )
    panel.searched.emit(panel.hits)
    actions["export_results"].trigger()
    wait_for(desktop, qtbot, choose(dialog(desktop), "timeline", ".edl", tmp_path))
    edl = (tmp_path / "out.edl").read_text()
    assert edl.count("* FROM CLIP NAME") == 2
    grid = desktop.window.library.grid
    select_video(desktop, "short.mp4")
    menu.choice = "export"
    grid.customContextMenuRequested.emit(grid.visualRect(grid.currentIndex()).center())
    kinds = {dialog(desktop).format.itemData(i)[0] for i in range(dialog(desktop).format.count())}
    assert kinds == {"sheet", "chapters", "timeline", "transcript"}
    wait_for(desktop, qtbot, choose(dialog(desktop), "sheet", ".pdf", tmp_path))
    open_video(desktop, qtbot, "short.mp4")
    desktop.window.actions_by_name["export"].trigger()
    target = choose(dialog(desktop), "transcript", ".srt", tmp_path)
    qtbot.waitUntil(lambda: not desktop.window.exports.running, timeout=SLOW)
    assert "no subtitles" in desktop.window.notice.text.text()
    assert desktop.window.activity.entries[0].failed
    assert not target.exists()
    out = tmp_path / "out"
    out.mkdir()
    video = entry(desktop, "many.mp4")
    moments = tuple(Wanted(video.id, 0.0, 0.0, 80.0) for _ in range(200))
    subject = Subject("all", "all", ("clip",), moments)
    exports = desktop.window.exports
    order = subject.order("clip", out / "all.mp4", replace=False, exact=True, handles=(0.0, 0.0))
    exports.start(order)
    qtbot.waitUntil(lambda: any(export.fraction > 0 for export in exports.running.values()), timeout=SLOW)
    exports.stop_all()
    qtbot.waitUntil(lambda: not exports.running, timeout=SLOW)
    assert desktop.window.activity.entries[0].title == "Export stopped"
    qtbot.waitUntil(lambda: list(out.iterdir()) == [], timeout=SLOW)


def test_the_dialog_says_what_is_wrong(desktop: Desktop, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    subject = Subject("a moment", "a/b: c", ("clip", "frame"), (Wanted(1, 1.0, 1.0, 2.0),))
    asked = ExportDialog(desktop.window, subject, settings)
    asked.show()
    asked.folder.setText(str(tmp_path))
    assert asked.name.text() == "a-b- c"
    assert asked.export.isEnabled()
    assert asked.target == tmp_path / "a-b- c.mp4"
    asked.target.write_bytes(b"x")
    asked.name.setText("")
    assert "name" in asked.problem.text()
    asked.name.setText("a-b- c")
    assert "already exists" in asked.problem.text()
    assert not asked.export.isEnabled()
    asked.replace.setChecked(True)
    assert asked.export.isEnabled()
    assert asked.order.replace
    asked.name.setText("../../etc")
    assert not asked.export.isEnabled()
    asked.name.setText("fine")
    asked.folder.setText(str(tmp_path / "nowhere"))
    assert "does not exist" in asked.problem.text()
    asked.folder.setText(str(tmp_path))
    assert asked.cut.isVisible()
    select(asked, "frame", ".png")
    assert not asked.cut.isVisible()
    assert asked.order.before == 0.0
    asked.reject()


def test_an_answer(
    desktop: Desktop, qtbot: QtBot, menu: MenuUser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETAKE_TEST_SCRIPT", "1")
    open_video(desktop, qtbot, "short.mp4")
    actions = desktop.window.actions_by_name
    assert not actions["export_answer"].isEnabled()
    ask(desktop, qtbot)
    (view,) = ask_panel(desktop).view.views
    qtbot.waitUntil(lambda: bool(view.chips), timeout=SLOW)  # they are shown in turn
    chip = view.chips[0]
    menu.offered.clear()
    chip.menu_wanted.emit(QPoint(5, 5))
    qtbot.waitUntil(lambda: bool(menu.offered), timeout=SLOW)
    assert menu.offered["export_clip"]
    qtbot.waitUntil(actions["export_answer"].isEnabled, timeout=SLOW)
    actions["export_answer"].trigger()
    target = choose(dialog(desktop), "page", ".html", tmp_path)
    wait_for(desktop, qtbot, target)
    text = target.read_text()
    assert "It is &lt;b&gt;green&lt;/b&gt; at 0:12" in text
    assert "data:image/" in text


def test_the_page_of_an_answer_speaks_as_the_window_does(
    open_desktop: Opener, indexed: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETAKE_TEST_SCRIPT", "1")
    shutil.copytree(indexed, tmp_path / "data")
    change_settings(tmp_path / "data" / "settings.toml", language="zh_CN")
    desktop = open_desktop(tmp_path / "data")
    open_video(desktop, qtbot, "short.mp4")
    ask(desktop, qtbot)
    action = desktop.window.actions_by_name["export_answer"]
    qtbot.waitUntil(action.isEnabled, timeout=SLOW)
    action.trigger()
    target = choose(dialog(desktop), "page", ".html", tmp_path)
    wait_for(desktop, qtbot, target)
    text = target.read_text("utf-8")
    assert '<html lang="zh-CN">' in text
    assert "<h2>回答的依据</h2>" in text
    assert "What it rests on" not in text
