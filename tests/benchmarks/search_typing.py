"""How soon results are on screen while one types, in the real window.

    python -m tests.benchmarks.search_typing [KEYFRAMES]

The library is made up: keyframes whose embeddings are those of the builtin encoder for everyday words, with noise,
in videos of fifty; every video has a title and a few spoken sentences, and every keyframe colours and shapes.
Letters come one by one, as from a person; what is measured is the time from a key to the paint of results for the
text up to it, or for a longer one if the next key was faster. With --profile, the search worker's part is run
alone and profiled.
"""

import itertools
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from retake_core.data_dir import DataDir
from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION
from retake_core.indexing.passes.names_and_subtitles import NAMES
from retake_core.library.attributes import OF_ATTRIBUTES
from retake_core.library.database import Database
from retake_core.library.indexing import bump_generation
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_desktop.app import Desktop
from retake_desktop.search.run import Findings
from retake_desktop.startup.garbage_collection import Collector
from tests.support.report import Report, make_parser

WORDS = """dog cat bicycle car beach street mountain lake boat train bus horse birthday cake candle piano guitar
    football snow tree garden flower kitchen table chair sofa computer lecture blackboard book child baby wedding
    church castle bridge market fish bird sheep cow pizza coffee bottle umbrella hat shirt shoe clock tower sunset
    river"""
THINGS = tuple(WORDS.split())
SAID = (
    "look at the {0} over there next to the {1}",
    "happy birthday to you and to the {0}",
    "we saw a {0} and a {1} on the way",
    "in this lecture we talk about the {0}",
)
QUERIES = (
    "a dog on the beach",
    "bicycle in the street",
    "happy birthday",
    "-snow red car",
    "folder:trips wedding cake",
    "a red circle",
)
PER_VIDEO = 50
KEY_MS = 140  # between two keys: a fast typist
NOISE = 0.5


def fill(data_dir: DataDir, count: int) -> None:
    """Make the library."""
    import io

    from PIL import Image

    from retake_core.encoders.builtin import BuiltinEncoder

    encoder, chance, generator = BuiltinEncoder(), random.Random(1), np.random.default_rng(1)
    words = np.stack([encoder.encode_text(word) for word in THINGS])
    picture = io.BytesIO()
    Image.effect_noise((320, 180), 40).convert("RGB").save(picture, "JPEG", quality=75)
    data_dir.create()
    database = Database(data_dir.database)
    for start in range(0, count // PER_VIDEO, 200):
        with database.writing() as connection:
            run = connection.exec_driver_sql
            run("INSERT OR IGNORE INTO folder (id, path) VALUES (1, ?)", (b"/videos",))
            for video in range(start + 1, min(start + 200, count // PER_VIDEO) + 1):
                about = [chance.randrange(len(THINGS)) for _ in range(PER_VIDEO // 10)]
                name = f"{THINGS[about[0]]} {THINGS[about[1]]} {video:05}"
                place = ("trips", "family", "lectures")[video % 3]
                run(
                    "INSERT INTO video (id, fingerprint, size, duration_us, depth) VALUES (?, ?, 1, 250000000, 2)",
                    (video, str(video)),
                )
                run(
                    "INSERT INTO file (folder_id, video_id, path, size, mtime_ns) VALUES (1, ?, ?, 1, 1)",
                    (video, f"/videos/{place}/{name}.mp4".encode()),
                )
                vectors = np.repeat(words[about], 10, axis=0)
                vectors = vectors + generator.standard_normal(vectors.shape) * NOISE / vectors.shape[1] ** 0.5
                vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
                for number, vector in enumerate(vectors):
                    keyframe = (video - 1) * PER_VIDEO + number + 1
                    run(
                        "INSERT INTO keyframe (id, video_id, time_us, prominence, thumbnail) "
                        "VALUES (?, ?, ?, ?, ?)",
                        (keyframe, video, number * 5_000_000, chance.random(), picture.getvalue()),
                    )
                    run(
                        "INSERT INTO keyframe_attributes (keyframe_id, measure, numbers) VALUES (?, ?, ?)",
                        (keyframe, ATTRIBUTES, generator.random(DIMENSION, np.float32).astype("<f2").tobytes()),
                    )
                    run(
                        "INSERT INTO embedding (keyframe_id, encoder, vector) VALUES (?, ?, ?)",
                        (keyframe, encoder.id, vector.astype("<f2").tobytes()),
                    )
                replace_texts(connection, video, NAMES, TextKind.TITLE, "1", [NewText(name)])
                said = [chance.choice(SAID).format(*chance.sample(THINGS, 2)) for _ in range(10)]
                texts = [NewText(text, 20.0 * i, 20.0 * i + 4) for i, text in enumerate(said)]
                replace_texts(connection, video, TextKind.SPOKEN.value, TextKind.SPOKEN, "1", texts)
            bump_generation(connection)
    database.close()


class Watch(QObject):
    """Notes when results for a text are painted."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self._panel = desktop.window.search
        self._shown: str | None = None
        self.painted: list[tuple[str, float]] = []
        self.answered: list[tuple[str, float, bool]] = []
        self._panel.run.found.connect(self._found)
        for widget in (self._panel.list.viewport(), self._panel.note, self._panel.start):
            widget.installEventFilter(self)

    def _found(self, findings: Findings) -> None:
        self._shown = findings.question.query
        self.answered.append((self._shown, time.perf_counter(), findings.complete))
        self._panel.list.viewport().update()
        self._panel.note.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look for paints."""
        if event.type() == QEvent.Type.Paint and self._shown is not None:
            text, self._shown = self._shown, None
            # The filter sees the event before the widget does.
            QTimer.singleShot(0, lambda: self.painted.append((text, time.perf_counter())))
        return super().eventFilter(watched, event)


def spin(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def processor_seconds() -> tuple[float, float]:
    """Return the processor's seconds of this process, and of the one that searches."""
    here = psutil.Process()
    (search,) = (child for child in here.children() if "search" in child.cmdline())
    (window, worker) = (sum(process.cpu_times()[:2]) for process in (here, search))
    return window, worker


def typed(desktop: Desktop, watch: Watch, query: str) -> Iterator[float]:
    """Type a query and yield milliseconds from each key to results."""
    box = desktop.window.search.box
    box.clear()
    spin(600)
    keys: list[tuple[str, float]] = []
    for letter in query:
        pressed = time.perf_counter()
        QTest.keyClicks(box, letter)
        keys.append((box.text(), pressed))
        spin(max(1, KEY_MS - round((time.perf_counter() - pressed) * 1000)))
    spin(1500)
    for text, pressed in keys:
        if text.strip():
            shown = [at for other, at in watch.painted if other.startswith(text) and at > pressed]
            yield (min(shown) - pressed) * 1000 if shown else float("inf")


def profiled(data_dir: DataDir) -> None:
    """Run the worker's part of the searches alone, and print where its time goes."""
    import cProfile
    import pstats

    from retake_core.encoders.builtin import BuiltinEncoder
    from retake_core.library.vectors import VectorIndex
    from retake_core.search.all_sources import MomentSearch, search_moments
    from retake_core.search.encoder_choice import Searcher
    from retake_core.search.options import SearchOptions

    database, encoder = Database(data_dir.database), BuiltinEncoder()
    vectors = VectorIndex(data_dir.vectors, encoder.id, encoder.dimension)
    attributes = VectorIndex(data_dir.vectors, ATTRIBUTES, DIMENSION, OF_ATTRIBUTES)
    searcher = Searcher(encoder, vectors, attributes=attributes)
    options = SearchOptions(limit=50)
    texts = [query[:end] for query in QUERIES for end in range(1, len(query) + 1)]
    profile = cProfile.Profile()
    with database.reading() as connection:
        search_moments(connection, searcher, "warm", options)
        searches: dict[str, Callable[[str], object]] = {
            "words alone": lambda text: MomentSearch(connection, text, options).by_words(),
            "without attributes": lambda text: search_moments(
                connection, replace(searcher, attributes=None), text, options
            ),
            "all": lambda text: search_moments(connection, searcher, text, options),
        }
        search_moments(connection, searcher, "red", options)
        for name, search in searches.items():
            spent = []
            for text in texts:
                before = time.process_time()
                search(text)
                spent.append((time.process_time() - before) * 1000)
            print(f"{name}: CPU p50 {np.median(spent):.1f} ms, p95 {np.quantile(spent, 0.95):.1f} ms")
        profile.enable()
        for text in texts:
            search_moments(connection, searcher, text, options)
        profile.disable()
    stats: Any = pstats.Stats
    stats(profile).sort_stats("cumulative").print_stats(45)
    database.close()


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("keyframes", nargs="?", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true", help="profile the search worker alone")
    parser.add_argument("--library", type=Path, help="keep the library here, and use it again")
    options = parser.parse_args()
    report = Report("tests.benchmarks.search_typing")
    with tempfile.TemporaryDirectory() as work:
        data_dir = DataDir(options.library or Path(work, "data"))
        if not data_dir.database.exists():
            fill(data_dir, options.keyframes)
        if options.profile:
            profiled(data_dir)
            return
        app = QApplication([])
        Collector(app)
        desktop = Desktop(app, data_dir)
        desktop.window.resize(1280, 800)
        desktop.window.show()
        desktop.window.search.make_ready()  # as the app does
        spin(3000)
        watch = Watch(desktop)
        began = time.perf_counter()
        desktop.window.search.focus()
        desktop.window.search.open_query("dog ")
        while not any(complete for text, _, complete in watch.answered if text == "dog "):
            spin(20)
        first = min(at for text, at, _ in watch.answered if text == "dog ") - began
        whole = time.perf_counter() - began
        before = processor_seconds()
        spent = list(itertools.chain.from_iterable(typed(desktop, watch, query) for query in QUERIES))
        window, worker = (1000 * (after - then) for then, after in zip(before, processor_seconds(), strict=True))
        within = sum(ms <= 100 for ms in spent) / len(spent)
        desktop.close()
    report.publish(
        [
            {
                "keyframes": f"{options.keyframes:,}",
                "keys": str(len(spent)),
                "p50 ms": f"{np.median(spent):.0f}",
                "p95 ms": f"{np.quantile(spent, 0.95):.0f}",
                "within 100 ms": f"{within:.0%}",
                "CPU ms of the window": f"{window / len(spent):.0f}",
                "and of the search, a key": f"{worker / len(spent):.0f}",
                "first search, by words, s": f"{first:.2f}",
                "first search, complete, s": f"{whole:.2f}",
            }
        ]
    )


if __name__ == "__main__":
    main()
