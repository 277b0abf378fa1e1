"""How fast the window is on a library of many videos: python -m tests.benchmarks.gui [VIDEOS].

Measures the start (from the command to the painted window and its grid), a change of theme, a step of scrolling,
from a click to the frame on screen in a clip of 720p, and the longest stretch for which the event loop did not
turn while the library was read again and again and a folder was indexed. Says how busy the computer was.
"""

import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from retake_core.data_dir import DataDir
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_desktop.app import Desktop
from retake_desktop.common.theme import theme
from retake_desktop.startup.garbage_collection import Collector
from tests.support.report import Report, Row, make_parser

STARTS = 5


def fill(data_dir: DataDir, count: int) -> None:
    """Make a library of videos that have two keyframes each."""
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.effect_noise((320, 180), 40).convert("RGB").save(picture, "JPEG", quality=75)
    thumbnail = picture.getvalue()
    data_dir.create()
    database = Database(data_dir.database)
    with database.writing() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO folder (id, path) VALUES (1, ?)", (b"/videos",))
        for i in range(1, count + 1):
            run(
                "INSERT INTO video (id, fingerprint, size, duration_us, depth) VALUES (?, ?, 1, 60000000, 2)",
                (i, str(i)),
            )
            run(
                "INSERT INTO file (folder_id, video_id, path, size, mtime_ns) VALUES (1, ?, ?, 1, 1)",
                (i, f"/videos/{i:06}.mp4".encode()),
            )
            for k in (0, 1):
                run(
                    "INSERT INTO keyframe (video_id, time_us, prominence, thumbnail) VALUES (?, ?, ?, ?)",
                    (i, k * 5_000_000, 1 - k / 2, thumbnail),
                )
    database.close()


def spin(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("videos", nargs="?", type=int, default=25_000)
    count = parser.parse_args().videos
    report = Report("tests.benchmarks.gui")
    with tempfile.TemporaryDirectory() as work:
        data_dir = DataDir(Path(work, "data"))
        fill(data_dir, count)
        painted, filled = starts(data_dir, Path(work, "bytecode"))
        app = QApplication([])
        Collector(app)
        desktop = Desktop(app, data_dir)
        window = desktop.window
        window.resize(1280, 800)
        window.show()
        spin(3000)
        themes = [busy(partial(theme.apply, app, dark)) for dark in (True, False) * 4]
        bar = window.library.grid.verticalScrollBar()
        steps = []
        for i in range(100):
            before = time.perf_counter()
            bar.setValue(i * 100)
            window.library.grid.viewport().repaint()
            steps.append((time.perf_counter() - before) * 1000)
            app.processEvents()
        reading = stall(lambda: read_again(desktop))
        folder = Path(work, "clips")
        folder.mkdir()
        make_clip(folder / "clip.mp4")
        os.utime(folder / "clip.mp4", (1_600_000_000, 1_600_000_000))
        indexing = stall(lambda: index(desktop, folder))
        clicks = click_times(desktop)
        desktop.close()
    report.publish(
        [
            line("from the command to the painted window", painted),
            line(f"from the command to the painted grid of {count:,} videos", filled),
            line("the processor's time for a change of theme", themes),
            line("a step of scrolling", steps),
            line("stall of the event loop while the library is read", [reading]),
            line("stall of the event loop while a folder is indexed", [indexing]),
            line("from a click to the exact frame of a 720p clip", clicks),
        ]
    )


def starts(data_dir: DataDir, bytecode: Path) -> tuple[list[float], list[float]]:
    """Return the milliseconds from the command to the painted window, and to its grid, of one start after another.

    Modules are compiled before, as they are when the app is installed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    command = [sys.executable, "-m", "tests.benchmarks.gui_start", str(data_dir.root)]
    times = []
    for _ in range(STARTS + 1):
        began = time.monotonic()
        told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        times.append([1000 * (float(stamp) - began) for stamp in told.split()])
    painted, filled = zip(*times[1:], strict=True)
    return list(painted), list(filled)


def busy(work: Callable[[], None]) -> float:
    """Return how many milliseconds of the processor some work takes."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def line(what: str, milliseconds: list[float]) -> Row:
    """Write a line of the table."""
    median = f"{statistics.median(milliseconds):.0f}" if len(milliseconds) > 1 else None
    return {"what": what, "median ms": median, "longest ms": f"{max(milliseconds):.0f}"}


def make_clip(path: Path) -> None:
    """Make a clip with a key frame every two seconds, as phones do or more rarely."""
    options = "-f lavfi -i testsrc2=s=1280x720:r=30:d=20 -c:v libx264 -preset veryfast -pix_fmt yuv420p -g 60"
    command = ["ffmpeg", "-v", "error", "-threads", "1", *options.split(), str(path)]
    subprocess.run(command, check=True)


def stall(work: Callable[[], None]) -> float:
    """Return the longest time in milliseconds between two turns of the event loop during some work."""
    turns: list[float] = []
    beat = QTimer()
    beat.timeout.connect(lambda: turns.append(time.perf_counter()))
    beat.start(1)
    work()
    return max((b - a) * 1000 for a, b in itertools.pairwise(turns))


def read_again(desktop: Desktop) -> None:
    for _ in range(4):
        desktop.window.library.refresh()
        spin(1500)


def index(desktop: Desktop, folder: Path) -> None:
    desktop.window.library_actions.add([folder])
    while desktop.window.activity.running:
        spin(50)


def click_times(desktop: Desktop) -> list[float]:
    """Return how many milliseconds pass from clicks on random frames until these are on screen."""
    page = desktop.window.page
    with desktop.database.reading() as connection:
        video = catalog.find_video(connection, "clip.mp4")
    desktop.window.open_video(video)
    while not (page.player.arrived and page.reel.keyframes):
        spin(20)
    spin(3000)  # the frames' times come meanwhile
    shown = QEventLoop()  # to poll instead would take a core from the decoder
    page.player.frame_shown.connect(shown.quit)
    spent = []
    for frame in random.Random(1).sample(range(590), 30):
        clicked = time.perf_counter()
        page.show_time(frame / 30)
        shown.exec()
        page.surface.repaint()
        spent.append((time.perf_counter() - clicked) * 1000)
    return spent


if __name__ == "__main__":
    main()
