"""The libraries on which the estimate of the time left is measured, and the runs over them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.encoders import open_encoder
from retake_core.errors import Cancelled
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.protocol.indexing_events import PassName, PassProgress
from retake_core.settings import Settings
from tests.benchmarks.bench_clips import demo_clip
from tests.support.paths import ROOT
from tests.support.report import Report, Row, make_parser, verdict

CACHE = ROOT / "build" / "benchmark-libraries"
TARGET = 0.35
POINTS = (0.25, 0.5, 0.75)
SHORTEST = 15.0  # seconds of a pass: of a shorter one nobody asks how long it takes
SECONDS = "30"  # of a clip that is repeated
STOP_AT = 0.4  # of the closer pass

KINDS = {
    "1080p": (
        "wannaworktogether.mp4",
        "scale=1920:1080,fps=25",
        ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "28"),
    ),
    "720p": ("vtest.avi", "scale=1280:720,fps=30", ("-c:v", "libx264", "-preset", "veryfast")),
    "360p": ("bigbuckbunny.mp4", "scale=640:360,fps=25", ("-c:v", "libx264", "-preset", "veryfast", "-crf", "30")),
    "hevc": ("bikes.mp4", "scale=1280:720,fps=25", ("-c:v", "libx265", "-preset", "ultrafast")),
    "mpeg4": ("vtest.avi", "scale=640:480,fps=25", ("-c:v", "mpeg4", "-q:v", "4")),
}
"""A clip of the demo library, a filter and the encoder's options, by kind."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A library: how many times a clip of a kind is repeated, file by file.

    Attributes:
        resumed: whether the run is stopped in the closer pass, and its continuation measured.
    """

    name: str
    files: tuple[tuple[str, int], ...]
    resumed: bool = False


CHOSEN_ON = (
    Sample("chosen on: sizes", (("1080p", 2), ("360p", 12), ("1080p", 1), ("360p", 6), ("720p", 4))),
    Sample("chosen on: codecs", (("mpeg4", 16), ("hevc", 6), ("720p", 6), ("hevc", 4), ("mpeg4", 8))),
)
REPORTED = (
    Sample("small and long, then large and short", (("360p", 14), ("360p", 9), ("1080p", 2), ("1080p", 2))),
    Sample("large first, small behind", (("1080p", 3), ("720p", 3), ("360p", 8), ("mpeg4", 8), ("360p", 4))),
    Sample("all codecs, much alike", (("720p", 2), ("hevc", 2), ("mpeg4", 4), ("360p", 4), ("1080p", 1)) * 2),
    Sample("many short ones, one long", (("360p", 1), ("mpeg4", 1), ("720p", 1)) * 8 + (("720p", 16),)),
    Sample("mixed, resumed after a stop", (("1080p", 4), ("360p", 16), ("hevc", 6), ("720p", 8)), resumed=True),
)


def main() -> None:
    """Run the benchmark."""
    parser = make_parser("How far the time that indexing is said to take is from what it takes.")
    parser.add_argument("--choose", action="store_true", help="on the libraries that the constants are chosen on")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.time_left")
    samples = CHOSEN_ON if arguments.choose else REPORTED
    rows: list[Row] = []
    for sample in samples:
        rows += _measure(sample)
        print(*rows, sep="\n", file=sys.stderr)
    errors = [float(row[_column(point)] or 0) for row in rows for point in POINTS]
    within = sum(abs(error) <= 100 * TARGET for error in errors)
    report.publish(
        rows,
        f"Within {TARGET:.0%}: {within} of {len(errors)} estimates ({verdict(within == len(errors))}). "
        "A positive number is a promise of too long a time.",
    )


def _column(point: float) -> str:
    return f"off at {point:.0%}, %"


def _measure(sample: Sample) -> Iterator[Row]:
    folder = _library(sample)
    with tempfile.TemporaryDirectory() as place:
        database = Database(Path(place) / "library.db")
        try:
            if sample.resumed:
                _stopped(database, folder)
            yield from _rows(sample, _told(database, folder))
        finally:
            database.close()


def _told(
    database: Database, folder: Path, token: CancelToken | None = None
) -> Iterator[tuple[float, PassProgress]]:
    settings = Settings(screen_text=False)
    run = IndexRun(database, open_encoder("builtin", "cpu"), settings, token or CancelToken())
    for event in index_folders(run, [folder]):
        if isinstance(event, PassProgress):
            yield time.monotonic(), event


def _stopped(database: Database, folder: Path) -> None:
    token = CancelToken()
    try:
        for _, event in _told(database, folder, token):
            if event.name == PassName.REFINED and event.fraction > STOP_AT:
                token.cancel()
    except Cancelled:
        pass


def _rows(sample: Sample, told: Iterator[tuple[float, PassProgress]]) -> Iterator[Row]:
    passes: dict[PassName, list[tuple[float, PassProgress]]] = {}
    for at, event in told:
        passes.setdefault(event.name, []).append((at, event))
    for name, events in passes.items():
        (began, first), (ended, _) = events[0], events[-1]
        if ended - began < SHORTEST:
            continue
        row: Row = {"library": sample.name, "pass": name, "seconds": f"{ended - began:.0f}"}
        for point in POINTS:
            reached = first.fraction + point * (1 - first.fraction)
            at, event = next(pair for pair in events if pair[1].fraction >= reached or pair is events[-1])
            rest = max(ended - at, 0.1)
            row[_column(point)] = None if event.time_left is None else f"{100 * (event.time_left / rest - 1):+.0f}"
        yield row


def _library(sample: Sample) -> Path:
    folder = CACHE / sample.name.replace(" ", "-").replace(":", "").replace(",", "")
    folder.mkdir(parents=True, exist_ok=True)
    for number, (kind, times) in enumerate(sample.files):
        path = folder / f"{number:02} {kind}.mp4"
        if not path.exists():
            # The number makes every file another one: a copy is indexed once.
            comment = ("-metadata", f"comment={number}")
            _ffmpeg("-stream_loop", str(times - 1), "-i", str(_clip(kind)), "-c", "copy", *comment, to=path)
    return folder


def _clip(kind: str) -> Path:
    path = CACHE / f"{kind}.mp4"
    if not path.exists():
        name, scale, encoder = KINDS[kind]
        source = ("-stream_loop", "-1", "-i", str(demo_clip(name)), "-t", SECONDS, "-an")
        _ffmpeg(*source, "-vf", f"{scale},setsar=1", *encoder, "-pix_fmt", "yuv420p", "-g", "50", to=path)
    return path


def _ffmpeg(*words: str, to: Path) -> None:
    part = to.with_name(f".{to.name}.part.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words, os.fspath(part)], check=True)
    age = time.time() - 3600  # no file that is still being written
    os.utime(part, (age, age))
    part.rename(to)
