"""Take pictures of every place of the window, light and dark, from a library that is indexed.

python screenshots.py LIBRARY_DATA_DIR OUTPUT_DIR [WIDTHxHEIGHT]

Works on a copy of the library, so that nothing in it changes. Without a display it draws offscreen.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_driver import ask_about, click_citation, find_video, open_desktop, pause, save, search_for, wait

from retake_core.data_dir import DataDir
from retake_core.errors import DamagedError
from retake_core.settings import change_settings
from retake_desktop.app import Desktop
from retake_desktop.library.model import ShownVideos
from retake_desktop.startup.crash import CrashDialog
from retake_desktop.startup.rescue import RescueDialog

QUERY = "a car in the street"
NOTHING = "a submarine"
KNOWN_CLIP = "shapes-01"
QUESTIONS = ("Which shape appears first?", "Which colour appears last?")


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
    desktop = open_dressed(app, root, dark, size)
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
    frame = window.page.filmstrip.shown[len(window.page.filmstrip.shown) // 3]
    window.page.show_time(frame.time)
    pause(2500)
    save(window, output / f"player-{suffix}.png")
    for _ in range(4):
        window.actions_by_name["zoom_in"].trigger()
    pause(800)
    save(window, output / f"zoomed-{suffix}.png")

    search_for(desktop, QUERY)
    save(window, output / f"search-{suffix}.png")
    window.search.box.setText(NOTHING)
    pause(4000)
    save(window, output / f"nothing-{suffix}.png")
    window.search.box.clear()
    with_questions(desktop, output, suffix)
    with_jobs(desktop, root, output, suffix)
    with_preferences(desktop, output, suffix)
    crash = CrashDialog("Traceback (most recent call last):\n  ...\nValueError: an example", Path("retake.log"))
    rescue = RescueDialog(DamagedError(f"The library {root / 'library.db'} is damaged."), DataDir(root))
    for name, dialog in (("crash", crash), ("rescue", rescue)):
        dialog.show()
        pause(300)
        save(dialog, output / f"{name}-{suffix}.png")
        dialog.close()
    desktop.close()


def with_questions(desktop: Desktop, output: Path, suffix: str) -> None:
    """Ask about a clip that the demo model knows, where the library and its settings have both."""
    video = find_video(desktop, KNOWN_CLIP)
    if video is None or desktop.store.settings.model is None:
        return
    for question in QUESTIONS:
        ask_about(desktop, video, question)
    click_citation(desktop)
    save(desktop.window, output / f"ask-{suffix}.png")
    desktop.window.actions_by_name["search"].trigger()


def with_jobs(desktop: Desktop, root: Path, output: Path, suffix: str) -> None:
    """Index a folder with a video that cannot be read, then one video anew."""
    window, activity = desktop.window, desktop.window.activity
    window.show_library()
    camera = root.parent / f"camera-{suffix}"
    camera.mkdir()
    (camera / "holiday.mp4").write_bytes(b"no video" * 1000)
    window.library_actions.add([camera])
    wait(lambda: any(item.state is ShownVideos.FAILED for item in window.library.model.items))
    wait(lambda: not activity.running)
    longest = max(window.library.model.items, key=lambda item: item.entry.duration or 0.0)
    activity.reindex([longest.entry.id])
    wait(lambda: bool(activity.working) and activity.working[0].fraction > 0.05)
    window.actions_by_name["activity"].setChecked(True)
    pause(200)
    save(window, output / f"activity-{suffix}.png")
    window.notice.offer_undo("“Holidays” was removed from the library. Its files were not touched.", _no, _no)
    activity.stop()
    wait(lambda: not activity.running)
    pause(300)
    save(window, output / f"notice-{suffix}.png")
    window.notice.undo()


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
    desktop = open_dressed(app, root, dark, size)
    wait(lambda: desktop.window.outer.currentWidget() is desktop.window.welcome)
    pause(300)
    save(desktop.window, output / f"welcome-{suffix}.png")
    desktop.close()


def open_dressed(app: QApplication, root: Path, dark: bool, size: tuple[int, int]) -> Desktop:
    (root / "window.ini").unlink(missing_ok=True)
    root.mkdir(exist_ok=True)
    change_settings(root / "settings.toml", theme="dark" if dark else "light")
    return open_desktop(app, root, size)


def _no() -> None:
    """Commit or revert nothing: the notice is for the picture only."""


if __name__ == "__main__":
    sys.exit(main())
