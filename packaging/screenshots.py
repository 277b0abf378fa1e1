"""Take pictures of every place of the window, light and dark, from a library that is indexed.

python screenshots.py LIBRARY_DATA_DIR OUTPUT_DIR [WIDTHxHEIGHT]

Works on a copy of the library, so that nothing in it changes. Without a display it draws offscreen.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from retake_core.config import change_settings
from retake_core.paths import DataDir
from retake_desktop.activity import Entry
from retake_desktop.app import Desktop
from retake_desktop.crash import CrashDialog

PATIENCE_MS = 120_000
QUERY = "a bicycle in the street"
NOTHING = "a submarine"
KNOWN_CLIP = "shapes-01"
QUESTIONS = ("Which shape appears first?", "When did the green cross appear?")


def main() -> int:
    parser = argparse.ArgumentParser(description="Take pictures of every place of the window.")
    parser.add_argument("library", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("size", nargs="?", default="1280x800")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    width, height = (int(number) for number in options.size.split("x"))
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as work:
        shutil.copytree(options.library, Path(work, "full"), ignore=shutil.ignore_patterns("window.ini", "*.lock"))
        for dark in (True, False):
            suffix = f"{'dark' if dark else 'light'}-{width}"
            with_library(app, Path(work, "full"), dark, (width, height), options.output, suffix)
            with_nothing(app, Path(work, "empty"), dark, (width, height), options.output, suffix)
    return 0


def with_library(
    app: QApplication, root: Path, dark: bool, size: tuple[int, int], output: Path, suffix: str
) -> None:
    desktop = open_desktop(app, root, dark, size)
    window = desktop.window
    wait(lambda: bool(window.library.model.items))
    pause(1500)
    window.library.grid.setCurrentIndex(window.library.model.index(0))
    save(window, output / f"library-{suffix}.png")
    box = window.library.grid.visualRect(window.library.model.index(1))
    for x in range(20, box.width() * 2 // 3, 6):
        QTest.mouseMove(window.library.grid.viewport(), box.topLeft() + QPoint(x, 60))
        pause(10)
    pause(600)
    save(window, output / f"scrub-{suffix}.png")

    richest = max(window.library.model.items, key=lambda item: item.entry.keyframes)
    window.open_video(richest.entry)
    wait(lambda: len(window.page.reel.keyframes) > 0)
    frame = window.page.filmstrip.shown[len(window.page.filmstrip.shown) * 2 // 3]
    window.page.show_time(frame.time)
    pause(2500)
    save(window, output / f"player-{suffix}.png")
    for _ in range(4):
        window.actions_by_name["zoom_in"].trigger()
    pause(800)
    save(window, output / f"zoomed-{suffix}.png")

    window.search.box.setText(QUERY)
    wait(lambda: len(window.search.hits) > 0)
    pause(800)
    window.search.list.clicked.emit(window.search.model.index(1))
    window.search.list.setCurrentIndex(window.search.model.index(1))
    pause(2500)
    save(window, output / f"search-{suffix}.png")
    window.search.box.setText(NOTHING)
    pause(4000)
    with_questions(desktop, output, suffix)
    window.show_library()
    activity = window.activity
    activity.entries[:0] = [
        Entry("holiday.mts", "Its video stream cannot be decoded.", failed=True),
        Entry("Indexing finished", "5:38 of video in 0:21, 16x realtime"),
    ]
    activity._index_id, activity.fraction = -1, 0.42
    activity.status = "Looking closer: 3 of 7 videos  ·  12.4x realtime  ·  0:18 left"
    activity.changed.emit()
    window.actions_by_name["activity"].setChecked(True)
    window.notice.offer_undo("“Holidays” was removed from the library. Its files were not touched.", _no, _no)
    pause(500)
    save(window, output / f"activity-{suffix}.png")
    activity._index_id = 0
    with_preferences(desktop, output, suffix)
    dialog = CrashDialog("Traceback (most recent call last):\n  ...\nValueError: an example", Path("retake.log"))
    dialog.show()
    pause(300)
    save(dialog, output / f"crash-{suffix}.png")
    dialog.close()
    desktop.close()


def with_questions(desktop: Desktop, output: Path, suffix: str) -> None:
    """Ask about a clip that the demo model knows, where the library and its settings have both."""
    window, ask = desktop.window, desktop.window.side.ask
    clip = next((item for item in window.library.model.items if item.entry.path.stem == KNOWN_CLIP), None)
    if clip is None or desktop.store.settings.model is None:
        return
    window.open_video(clip.entry)
    window.actions_by_name["ask"].trigger()
    for question in QUESTIONS:
        ask.box.setPlainText(question)
        ask.send()
        wait(lambda: ask.asker.running is None)
    pause(800)
    for chip in ask.view.views[-1].chips[:1]:
        chip.click()
    pause(1500)
    save(window, output / f"ask-{suffix}.png")
    window.actions_by_name["search"].trigger()


def with_preferences(desktop: Desktop, output: Path, suffix: str) -> None:
    preferences = desktop.preferences
    measured: list[object] = []
    desktop.models.measured.connect(measured.append)
    for name in preferences.pages:
        preferences.open_page(name)
        if name == "models":
            wait(lambda: bool(measured))
        pause(700)
        save(preferences, output / f"preferences-{name}-{suffix}.png")
    preferences.close()


def with_nothing(
    app: QApplication, root: Path, dark: bool, size: tuple[int, int], output: Path, suffix: str
) -> None:
    desktop = open_desktop(app, root, dark, size)
    wait(lambda: desktop.window.outer.currentWidget() is desktop.window.welcome)
    pause(300)
    save(desktop.window, output / f"welcome-{suffix}.png")
    desktop.close()


def open_desktop(app: QApplication, root: Path, dark: bool, size: tuple[int, int]) -> Desktop:
    (root / "window.ini").unlink(missing_ok=True)
    root.mkdir(exist_ok=True)
    change_settings(root / "settings.toml", theme="dark" if dark else "light")
    desktop = Desktop(app, DataDir(root))
    desktop.window.resize(*size)
    desktop.window.show()
    pause(100)
    return desktop


def save(widget: QWidget, path: Path) -> None:
    widget.grab().save(str(path))
    print(path)


def wait(condition: Callable[[], bool]) -> None:
    waited = 0
    while not condition():
        if (waited := waited + 50) > PATIENCE_MS:
            raise TimeoutError("The window did not get there.")
        pause(50)


def pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _no() -> None:
    """Commit or revert nothing: the notice is for the picture only."""


if __name__ == "__main__":
    sys.exit(main())
