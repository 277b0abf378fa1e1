"""Every page as a screen reader finds it: names, roles and states, in both languages."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from retake_core.settings import change_settings
from retake_desktop.app import Desktop
from retake_desktop.common.engine_sentences import translated
from tests.gui.accessibility import faults, tree
from tests.gui.driving import SLOW, Opener, ask, ask_panel, entry, open_video, search, select_video
from tests.gui.test_transcript import LINES, say

Page = Callable[[Desktop, QtBot], QWidget]
DATA = ("short", "broken", "recordings", *(words for _, words in LINES))  # names and words of the user


def act(desktop: Desktop, name: str) -> QWidget:
    desktop.window.actions_by_name[name].trigger()
    return desktop.window


def library(desktop: Desktop, _qtbot: QtBot) -> QWidget:
    desktop.window.library.grid.selectAll()
    return desktop.window


def information(desktop: Desktop, qtbot: QtBot) -> QWidget:
    select_video(desktop, "short.mp4")
    act(desktop, "information")
    panel = desktop.window.information.panel
    qtbot.waitUntil(lambda: len(panel.view.rows) > 5, timeout=SLOW)
    return panel


def player(desktop: Desktop, qtbot: QtBot) -> QWidget:
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    page.marks.mark_start(7.0)
    return desktop.window


def results(desktop: Desktop, qtbot: QtBot) -> QWidget:
    search(desktop, qtbot, "red folder:recordings ")
    qtbot.waitUntil(lambda: bool(desktop.window.search.list.results.rows), timeout=SLOW)
    return desktop.window


def trouble(desktop: Desktop, qtbot: QtBot) -> QWidget:
    desktop.window.open_video(entry(desktop, "broken.mp4"))
    qtbot.waitUntil(lambda: bool(desktop.window.page.surface.note), timeout=SLOW)
    (picture,) = [node for node in tree(desktop.window) if node.widget is desktop.window.page.surface]
    assert picture.description == translated("It is not a video, or it is too damaged to open.")
    return desktop.window


def nothing_found(desktop: Desktop, qtbot: QtBot) -> QWidget:
    search(desktop, qtbot, "tag:nothing")
    return desktop.window


def answers(desktop: Desktop, qtbot: QtBot) -> QWidget:
    open_video(desktop, qtbot, "short.mp4")
    ask(desktop, qtbot)
    ask(desktop, qtbot, "And then?")
    view = ask_panel(desktop).view
    qtbot.waitUntil(lambda: len(view.views) == 2 and all(len(v.chips) == 2 for v in view.views), timeout=SLOW)
    return desktop.window


def earlier_questions(desktop: Desktop, qtbot: QtBot) -> QWidget:
    open_video(desktop, qtbot, "short.mp4")
    act(desktop, "ask")
    act(desktop, "conversation_history")
    qtbot.waitUntil(lambda: bool(ask_panel(desktop).history.model.rows), timeout=SLOW)
    return desktop.window


def question(desktop: Desktop, _qtbot: QtBot) -> QWidget:
    act(desktop, "ask")
    ask_panel(desktop).plan.open_popover()
    return ask_panel(desktop).plan.popover


def transcript(desktop: Desktop, qtbot: QtBot) -> QWidget:
    say(desktop.window.desk.data_dir.root)
    open_video(desktop, qtbot, "short.mp4")
    act(desktop, "transcript")
    qtbot.waitUntil(lambda: len(desktop.window.side.transcript.model.lines) == 3, timeout=SLOW)
    return desktop.window


def no_transcript(desktop: Desktop, qtbot: QtBot) -> QWidget:
    open_video(desktop, qtbot, "short.mp4")
    return act(desktop, "transcript")


def dialog(name: str) -> Page:
    def show(desktop: Desktop, qtbot: QtBot) -> QWidget:
        player(desktop, qtbot)
        act(desktop, name)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=SLOW)
        shown = QApplication.activeModalWidget()
        assert shown is not None
        return shown

    return show


def activity(desktop: Desktop, qtbot: QtBot) -> QWidget:
    act(desktop, "update")
    qtbot.waitUntil(lambda: not desktop.window.activity.running, timeout=SLOW)
    return act(desktop, "activity")


def nothing_of_that_name(desktop: Desktop, qtbot: QtBot) -> QWidget:
    view = desktop.window.library
    view.head.name_filter.setText("nothing")
    qtbot.waitUntil(lambda: not view.contents.shown, timeout=SLOW)
    return desktop.window


def preferences(name: str) -> Page:
    def show(desktop: Desktop, _qtbot: QtBot) -> QWidget:
        desktop.preferences.open_page(name)
        return desktop.preferences

    return show


PAGES: dict[str, Page] = {
    "library": library,
    "information": information,
    "trouble": trouble,
    "player": player,
    "results": results,
    "nothing found": nothing_found,
    "no transcript": no_transcript,
    "transcript": transcript,
    "question": question,
    "answers": answers,
    "earlier questions": earlier_questions,
    "activity": activity,
    "export": dialog("export_clip"),
    "note": dialog("note"),
    "tags": dialog("tags"),
    "time": dialog("go_to_time"),
    "keys": dialog("keys"),
    "preferences, folders": preferences("folders"),
    "preferences, indexing": preferences("indexing"),
    "preferences, background": preferences("background"),
    "preferences, computers": preferences("computers"),
    "preferences, models": preferences("models"),
    "preferences, describing": preferences("describing"),
    "preferences, people": preferences("people"),
    "preferences, memories": preferences("memories"),
    "preferences, appearance": preferences("appearance"),
    "preferences, shortcuts": preferences("shortcuts"),
    "preferences, backup": preferences("backup"),
    "preferences, data": preferences("data"),
    "nothing of that name": nothing_of_that_name,
}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_is_read_aloud_well(
    open_desktop: Opener,
    indexed: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setenv("RETAKE_TEST_SCRIPT", "1")
    shutil.copytree(indexed, tmp_path / "data")
    change_settings(tmp_path / "data" / "settings.toml", language=language)
    desktop = open_desktop(tmp_path / "data")
    assert {f"preferences, {name}" for name in desktop.preferences.pages} <= PAGES.keys()
    found: list[str] = []
    for page, show in PAGES.items():
        root = show(desktop, qtbot)
        nodes = tree(root)
        assert any(node.focusable for node in nodes), page
        folders = [node.name for node in nodes if Path(node.name).is_absolute()]
        found += [f"{page}: {fault}" for fault in faults(nodes, (*folders, *DATA), chinese=language == "zh_CN")]
        if root is not desktop.window:
            root.close()
        desktop.window.show_library()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_welcome_page_is_read_aloud_well(open_desktop: Opener, tmp_path: Path, language: str) -> None:
    (tmp_path / "data").mkdir()
    change_settings(tmp_path / "data" / "settings.toml", language=language)
    window = open_desktop(tmp_path / "data").window
    nodes = tree(window)
    assert {node.widget for node in nodes} >= {window.welcome.button, window.welcome.skip}
    found = faults(nodes, chinese=language == "zh_CN")
    assert not found, "\n".join(found)
