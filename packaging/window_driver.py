"""Uses the window as a person would, for pictures of it. Without a display it draws offscreen."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from retake_core.data_dir import DataDir
from retake_core.protocol.question_events import Cited
from retake_desktop.app import Desktop
from retake_desktop.ask.exchange import Exchange
from retake_desktop.library.model import VideoItem
from retake_desktop.search.results_model import SearchModel

PATIENCE_MS = 120_000
FRAME = 0.6  # seconds that the frame on screen may be away from the one that was clicked


def open_desktop(app: QApplication, root: Path, size: tuple[int, int]) -> Desktop:
    """Open the window on a data directory."""
    desktop = Desktop(app, DataDir(root))
    desktop.window.resize(*size)
    desktop.window.show()
    pause(100)
    return desktop


def find_video(desktop: Desktop, stem: str) -> VideoItem | None:
    """Return the library's video of a name."""
    wait(lambda: bool(desktop.window.library.model.items))
    return next((i for i in desktop.window.library.model.items if i.entry.path.stem == stem), None)


def search_for(desktop: Desktop, query: str) -> int:
    """Search the whole library, click the first moment that is found, and return how many there are."""
    window = desktop.window
    window.actions_by_name["search_library"].trigger()
    window.search.box.setText(query)
    wait(lambda: window.search.list.results.rowCount() > 1 and not window.search.run.busy)
    index = window.search.list.results.first_moment
    window.search.list.setCurrentIndex(index)
    window.search.list.clicked.emit(index)
    wait_for_frame(desktop, index.data(SearchModel.RESULT).hit.time)
    return len(window.search.hits)


def ask_about(desktop: Desktop, video: VideoItem, question: str) -> Exchange:
    """Open a video, ask a question about it, and return what came."""
    window, ask = desktop.window, desktop.window.side.ask
    window.open_video(video.entry)
    window.actions_by_name["ask"].trigger()
    ask.box.setPlainText(question)
    ask.send()
    wait(lambda: ask.asker.running is None)
    view = ask.view.views[-1]
    wait(lambda: len(view.chips) == len(view.exchange.citations))  # they are shown in turn
    return view.exchange


def click_citation(desktop: Desktop) -> Cited | None:
    """Click the first source of the last answer, and return which it is."""
    chips = desktop.window.side.ask.view.views[-1].chips
    if not chips:
        return None
    chips[0].click()
    wait_for_frame(desktop, chips[0].cited.time)
    return chips[0].cited


def wait_for_frame(desktop: Desktop, time: float) -> None:
    """Wait until the player shows the frame of a time, in seconds."""
    page = desktop.window.page
    wait(lambda: abs(page.playback.time - time) < FRAME and not page.surface.image.isNull())
    pause(400)


def save(widget: QWidget, path: Path) -> None:
    """Write a picture of a widget."""
    if not widget.grab().save(str(path)):
        raise OSError(f"{path} cannot be written.")
    print(path, flush=True)


def wait(condition: Callable[[], bool]) -> None:
    """Let the window work until a condition holds.

    Raises:
        TimeoutError: it did not come about.
    """
    waited = 0
    while not condition():
        if (waited := waited + 50) > PATIENCE_MS:
            raise TimeoutError("The window did not get there.")
        pause(50)


def pause(milliseconds: int) -> None:
    """Let the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
