"""How fast the window is on a library of many videos: python -m tests.benchmarks.gui [VIDEOS].

Measures the start (from the first import to the first painted grid), a step of scrolling, and the longest
stretch for which the event loop did not turn while the library was read again and again.
"""

import argparse
import itertools
import os
import statistics
import tempfile
import time
from pathlib import Path

STARTED = time.perf_counter()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from retake_core.library.database import Database  # noqa: E402
from retake_core.paths import DataDir  # noqa: E402
from retake_desktop.app import Desktop  # noqa: E402
from retake_desktop.collector import Collector  # noqa: E402

IMPORTED = time.perf_counter()


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
    parser = argparse.ArgumentParser()
    parser.add_argument("videos", nargs="?", type=int, default=25_000)
    count = parser.parse_args().videos
    with tempfile.TemporaryDirectory() as work:
        data_dir = DataDir(Path(work, "data"))
        fill(data_dir, count)
        ready = time.perf_counter()
        app = QApplication([])
        Collector(app)
        desktop = Desktop(app, data_dir)
        window = desktop.window
        window.show()
        app.processEvents()
        painted = time.perf_counter() - ready
        while not window.library.model.items:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        app.processEvents()
        print(f"imports {IMPORTED - STARTED:.2f} s, window painted {painted:.2f} s later, ", end="")
        print(f"grid of {count} after {time.perf_counter() - ready:.2f} s")
        spin(1500)
        bar = window.library.grid.verticalScrollBar()
        steps = []
        for i in range(100):
            before = time.perf_counter()
            bar.setValue(i * 100)
            window.library.grid.viewport().repaint()
            steps.append((time.perf_counter() - before) * 1000)
            app.processEvents()
        print(f"scroll step: median {statistics.median(steps):.1f} ms, longest {max(steps):.1f} ms")
        turns: list[float] = []
        beat = QTimer()
        beat.timeout.connect(lambda: turns.append(time.perf_counter()))
        beat.start(1)
        for _ in range(4):
            window.library.refresh()
            spin(1500)
        gaps = [(b - a) * 1000 for a, b in itertools.pairwise(turns)]
        print(f"longest stall while reading the library: {max(gaps):.0f} ms")
        desktop.close()


if __name__ == "__main__":
    main()
