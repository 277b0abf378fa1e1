"""Cost and recall of the quick, the refined and the thorough pass on clips of every kind."""

import sys
from dataclasses import dataclass

import msgspec
import numpy as np
import torch
from sqlalchemy import select

from retake_core.encoders import Encoder, open_encoder
from retake_core.indexing.refine import KEY_FRAME_ONLY
from retake_core.library.catalog import videos
from retake_core.library.database import Database
from retake_core.library.indexing import Depth
from retake_core.library.keyframes import KeyframeEntry, keyframes
from retake_core.library.schema import video
from retake_core.media.decoders.key_frames import KeyFrameScan
from retake_core.media.video_info import Span
from tests.benchmarks.bench_clips import Clip, Event, all_clips, real_clips, warm_up_clip
from tests.benchmarks.measure import Cost, cost_of
from tests.benchmarks.pipelines import SETTINGS, library, run_pass, start_up
from tests.support.report import Report, Row, make_parser, verdict

QUICK_SHARE = 0.08
REFINED_SHARE = 0.5
RECALL = 0.95
NEAR = 1.0  # seconds
PROMINENT = 0.05


@dataclass(frozen=True, slots=True)
class _Pass:
    """What a pass cost, and the keyframes that the library then had."""

    cost: Cost
    keyframes: list[KeyframeEntry]


def main() -> None:
    """Run the benchmark."""
    parser = make_parser(__doc__)
    parser.add_argument("--quick", action="store_true", help="only the real clips")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.index_passes")
    torch.set_num_threads(1)
    encoder = open_encoder("builtin", "cpu")
    with library([warm_up_clip()]) as database:
        for depth in (Depth.QUICK, Depth.REFINED, Depth.THOROUGH):
            run_pass(database, encoder, depth)
    start = min((start_up() for _ in range(3)), key=lambda cost: cost.cpu)
    rows: list[Row] = []
    notes = [f"Starting a decode process, {start.cpu:.2f} s once a run, is not counted."]
    for clip in real_clips() if arguments.quick else all_clips():
        print(f"{clip.name} ...", file=sys.stderr)
        row, reasons = _measure(clip, encoder, start)
        rows.append(row)
        notes += reasons
    report.publish(rows, *notes)


def _measure(clip: Clip, encoder: Encoder, start: Cost) -> tuple[Row, list[str]]:
    with library([clip.path]) as database:
        thorough = _run(database, encoder, Depth.THOROUGH, start)
        duration = _duration(database)
    with library([clip.path]) as database:
        quick = _run(database, encoder, Depth.QUICK, start)
        refined = _run(database, encoder, Depth.REFINED, start)
        spans = _spans(database)
    top = _top(thorough.keyframes, duration)
    whole = thorough.cost.cpu
    quick_share, refined_share = quick.cost.cpu / whole, (quick.cost.cpu + refined.cost.cpu) / whole
    missed = _not_near(top, refined.keyframes)
    events = [event for event in clip.events if not _is_found(event, refined.keyframes)]
    fast = not clip.full_hd or quick_share <= QUICK_SHARE
    cheap = not clip.full_hd or refined_share <= REFINED_SHARE
    complete = not events and _recall(missed, top) >= RECALL
    row: Row = {
        "clip": clip.name,
        "length s": duration,
        "thorough CPU s": whole,
        "of it decoding": thorough.cost.children / whole,
        "quick": quick_share,
        f"<= {QUICK_SHARE}": verdict(fast) if clip.full_hd else "",
        "refining alone": refined.cost.cpu / whole,
        "quick + refining": refined_share,
        f"<= {REFINED_SHARE}": verdict(cheap) if clip.full_hd else "",
        "quick recall": _recall(_not_near(top, quick.keyframes), top),
        "refined recall": _recall(missed, top),
        "events": f"{len(clip.events) - len(events)} of {len(clip.events)}" if clip.events else "",
        f">= {RECALL}, all events": verdict(complete),
    }
    reasons = []
    if not (fast and cheap):
        reasons.append(f"{clip.name}: {_why_dear(clip, duration, thorough, quick, spans)}")
    if not complete:
        reasons.append(f"{clip.name}: {_why_incomplete(missed, events, spans)}")
    return row, reasons


def _run(database: Database, encoder: Encoder, depth: Depth, start: Cost) -> _Pass:
    cost = cost_of(lambda: run_pass(database, encoder, depth))
    if cost.children:  # none is started when nothing is due
        cost -= start
    with database.reading() as connection:
        (entry,) = videos(connection)
        return _Pass(cost, keyframes(connection, entry.id))


def _duration(database: Database) -> float:
    with database.reading() as connection:
        (entry,) = videos(connection)
    assert entry.duration is not None
    return entry.duration


def _spans(database: Database) -> list[Span]:
    with database.reading() as connection:
        data = connection.execute(select(video.c.spans)).scalar_one()
    return msgspec.json.decode(data, type=list[Span])


def _top(frames: list[KeyframeEntry], duration: float) -> list[KeyframeEntry]:
    """Return the keyframes that a person would miss."""
    prominent = [frame for frame in frames if frame.prominence > PROMINENT]
    prominent.sort(key=lambda frame: -frame.prominence)
    return sorted(prominent[: max(5, round(duration / 10))], key=lambda frame: frame.time)


def _not_near(expected: list[KeyframeEntry], found: list[KeyframeEntry]) -> list[KeyframeEntry]:
    times = np.array([frame.time for frame in found])
    return [frame for frame in expected if np.abs(times - frame.time).min() > NEAR]


def _recall(missed: list[KeyframeEntry], expected: list[KeyframeEntry]) -> float:
    return 1 - len(missed) / len(expected)


def _is_found(event: Event, found: list[KeyframeEntry]) -> bool:
    return any(event[0] - NEAR <= frame.time <= event[1] + NEAR for frame in found)


def _why_dear(clip: Clip, duration: float, thorough: _Pass, quick: _Pass, spans: list[Span]) -> str:
    """Say what makes the passes cost what they do."""
    scan = KeyFrameScan(clip.path)
    looked_at = sum(1 for _ in scan.frames(SETTINGS.sampling_rate))
    keys = scan.packets.keys
    each = quick.cost.cpu / looked_at / (thorough.cost.cpu / len(keys))
    samples = duration * SETTINGS.sampling_rate
    bytes_of_keys = scan.packets.sizes[keys].sum() / scan.packets.sizes.sum()
    lengths = [min(end, duration) - start for start, end in spans]
    full = [length for length in lengths if length > KEY_FRAME_ONLY * 1.5]
    return (
        f"a codec key frame every {duration / keys.sum():.1f} s, {bytes_of_keys:.2f} of all bytes; the quick pass "
        f"decodes 1 frame in {len(keys) / looked_at:.0f}, at {each:.1f} times an average frame's share of the "
        f"thorough pass, and encodes {looked_at / samples:.2f} of its samples. Refining decodes "
        f"{sum(full) / duration:.2f} of the video, {len(full)} spans in which something changes, and "
        f"{len(spans) - len(full)} key frames once more."
    )


def _why_incomplete(missed: list[KeyframeEntry], events: list[Event], spans: list[Span]) -> str:
    """Say which keyframes are missing, and whether the refining pass saw them."""
    times = ", ".join(f"{frame.time:.1f} s ({frame.prominence:.2f})" for frame in missed)
    seen = sum(any(start - NEAR <= frame.time < end + NEAR for start, end in spans) for frame in missed)
    return (
        f"refining misses the keyframes at {times or 'no time'} (prominence); of these {len(missed)} it looked at "
        f"{seen}, or at a frame within {NEAR:g} s, and did not choose it. Events missed: {len(events)}."
    )
