"""Cost of indexing against bare decoding and against a plain pipeline; memory, and bytes on disk."""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import torch

from retake_core.encoders import Encoder, open_encoder
from retake_core.library.catalog import videos
from retake_core.library.database import Database
from retake_core.library.indexing import Depth
from tests.benchmarks.bench_clips import (
    Clip,
    all_clips,
    demo_clip,
    full_hd_clip,
    looped,
    real_clips,
    twin,
    warm_up_clip,
)
from tests.benchmarks.measure import cheapest
from tests.benchmarks.pipelines import (
    PixelEncoder,
    decode,
    folder_of,
    index,
    index_pixels,
    library,
    plain,
    run_pass,
    start_up,
)
from tests.support.report import Report, Row, make_parser, verdict

FLOOR_SHARE = 1.1
SPEED_UP = 2.0
GROWTH = 1.1
MEGABYTES_PER_HOUR = 10.0
MB = 1e6


def main() -> None:
    """Run the benchmark."""
    parser = make_parser(__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter clips")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.index_speed")
    torch.set_num_threads(1)
    encoder = open_encoder("builtin", "cpu")
    clips = _clips(arguments.quick)
    repeats = 1 if arguments.quick else 2
    with library([warm_up_clip()]) as database:
        run_pass(database, encoder, Depth.THOROUGH)
    beside_plain, bound = _against_plain(clips, encoder)
    rows = [
        *_against_floor(clips[:1], repeats),
        *_against_floor(clips, repeats),
        *beside_plain,
        *_memory(600 if arguments.quick else 3600),
        *_disk(real_clips() if arguments.quick else all_clips(), encoder),
    ]
    notes = [
        f"1080p clip: {clips[0].name}. Of repeated measurements the one with the least CPU time counts.",
        f"Starting a decode process, {start_up().cpu:.2f} s CPU once a run, is counted.",
        bound,
    ]
    report.publish(rows, *notes)


def _clips(quick: bool) -> list[Path]:
    clip = full_hd_clip() if quick else looped(full_hd_clip(), 60)
    return [clip, twin(clip)]


def _row(what: str, measured: str, ratio: float | None, target: str, passed: bool) -> Row:
    return {"what": what, "measured": measured, "ratio": ratio, "target": target, "": verdict(passed)}


def _against_floor(clips: list[Path], repeats: int) -> list[Row]:
    """Compare decoding, choosing and storing without a network with decoding alone."""

    def ours() -> None:
        with library(clips) as database:
            run_pass(database, PixelEncoder(), Depth.THOROUGH, processes=len(clips))

    floor, cost = cheapest(repeats, partial(decode, clips), ours)
    ratio = cost.cpu / floor.cpu
    what = "one file" if len(clips) == 1 else f"{len(clips)} files in {len(clips)} processes"
    measured = f"{cost.cpu:.1f} s CPU, bare decoding {floor.cpu:.1f} s"
    return [_row(f"decode + DPSelect + store, {what}", measured, ratio, f"<= {FLOOR_SHARE}", ratio <= FLOOR_SHARE)]


def _against_plain(clips: list[Path], encoder: Encoder) -> tuple[list[Row], str]:
    """Compare all of indexing with the plain pipeline, and say how far decoding alone lets it go."""

    def plainly() -> None:
        with tempfile.TemporaryDirectory() as work:
            for clip in clips:
                plain(clip, Path(work, f"{clip.stem}.db"), encoder)

    def ours(thorough: bool) -> Callable[[], None]:
        def work() -> None:
            with tempfile.TemporaryDirectory() as work:
                index(folder_of(clips, Path(work)), Path(work, "library.db"), encoder, thorough=thorough)

        return work

    floor, baseline, default, thorough = cheapest(1, partial(decode, clips), plainly, ours(False), ours(True))
    rows = []
    for name, cost in (("quick + refining", default), ("quick + thorough", thorough)):
        for unit, spent, before in (("CPU", cost.cpu, baseline.cpu), ("wall", cost.wall, baseline.wall)):
            decoding = f" ({cost.children:.1f} s decoding)" if unit == "CPU" else ""
            measured = f"{spent:.1f} s {unit}{decoding}, plain pipeline {before:.1f} s"
            ratio = before / spent
            target = f">= {SPEED_UP:g}"
            rows.append(_row(f"builtin encoder, {name}, {unit}", measured, ratio, target, ratio >= SPEED_UP))
    bound = (
        f"Bare decoding is {floor.cpu:.1f} s of the plain pipeline's {baseline.cpu:.1f} s CPU: what decodes "
        f"everything gains {baseline.cpu / floor.cpu:.1f} times at most, with an encoder that costs nothing."
    )
    return rows, bound


def _memory(seconds: int) -> list[Row]:
    rows = []
    for suffix in (".mp4", ".ts"):
        clips = [looped(demo_clip("wannaworktogether.mp4"), length, suffix) for length in (120, seconds)]
        short, long = map(_peak, clips)
        what = f"peak memory, {seconds // 60} min against 2 min, {suffix[1:]}"
        files = [clip.stat().st_size / MB for clip in clips]
        measured = f"{long / MB:.0f} MB, {short / MB:.0f} MB; the files {files[1]:.0f} MB, {files[0]:.0f} MB"
        rows.append(_row(what, measured, long / short, f"<= {GROWTH}", long / short <= GROWTH))
    return rows


def _peak(clip: Path) -> int:
    """Return the most bytes that the processes of an indexing run held together."""
    with tempfile.TemporaryDirectory() as work:
        paths = (folder_of([clip], Path(work)), Path(work, "library.db"))
        process = multiprocessing.get_context("spawn").Process(target=index_pixels, args=paths)
        process.start()
        peak = 0
        while process.is_alive():
            peak = max(peak, _resident(psutil.Process(process.pid)))
            time.sleep(0.05)
        process.join()
        if process.exitcode:
            raise RuntimeError(f"indexing {clip.name} failed")
    return peak


def _resident(process: psutil.Process) -> int:
    total = 0
    for member in (process, *process.children(recursive=True)):
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def _disk(clips: list[Clip], encoder: Encoder) -> list[Row]:
    rows = []
    for clip in clips:
        with tempfile.TemporaryDirectory() as work:
            folder, path = folder_of([clip.path], Path(work)), Path(work, "library.db")
            with closing(Database(path)):
                pass
            empty = path.stat().st_size
            index(folder, path, encoder)
            with closing(Database(path)) as database, database.reading() as connection:
                (entry,) = videos(connection)
            assert entry.duration is not None
            size = (path.stat().st_size - empty) / MB
        per_hour = size / entry.duration * 3600
        measured = f"{per_hour:.1f} MB an hour, {entry.keyframes / entry.duration * 3600:.0f} keyframes an hour"
        target = f"<= {MEGABYTES_PER_HOUR:g} MB"
        rows.append(_row(f"on disk, {clip.name}", measured, None, target, per_hour <= MEGABYTES_PER_HOUR))
    return rows
