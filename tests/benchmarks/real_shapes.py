"""What reading and asking cost in the published shapes: the peak beside the plan's, seconds, tokens a second.

    python -m tests.benchmarks.real_shapes                              # every VideoLLM that fits
    python -m tests.benchmarks.real_shapes --models Qwen/Qwen2-VL-2B-Instruct --frames 64

Weights are random, so that nothing has to be downloaded: what is measured does not depend on what they say. Each
model runs in a process of its own, on the graphics card where there is one. A plan is right when the peak is never
above it, and at most 15 % below.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from retake_core.cancel import CancelToken
from retake_core.media.frames import Frame
from retake_core.models.fitting import published_dtype
from retake_core.videollm.events import Stats
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.machine import available_bytes, default_device, model_dtype
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.planner import USABLE, Recording, make_plan
from retake_core.videollm.prefill import prefill
from tests.benchmarks.published_shapes import VIDEOLLMS, open_family
from tests.support.paths import ROOT
from tests.support.report import Report, Row, make_parser, verdict
from tests.support.tiny import drain

RATE = 2.0
WIDTH, HEIGHT = 448, 252
ANSWER = 32
LOOSEST = 0.85
"""The least part of a plan that a reading takes, where the plan is right."""


class Peak:
    """How much memory this process takes at most from now on, in bytes over what it takes now."""

    def __init__(self, device: torch.device) -> None:
        self._cuda = device.type == "cuda"
        if self._cuda:
            torch.cuda.reset_peak_memory_stats()
        else:
            Path("/proc/self/clear_refs").write_text("5")  # the high-water mark falls to what there is
        self._before = self._now("VmRSS")

    @property
    def bytes(self) -> int:
        """The peak so far."""
        return self._now("VmHWM") - self._before

    def _now(self, line: str) -> int:
        if self._cuda:
            return torch.cuda.memory_allocated() if line == "VmRSS" else torch.cuda.max_memory_allocated()
        found = re.search(rf"^{line}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
        assert found
        return int(found[1]) * 1024


def noise(count: int, width: int, height: int) -> Iterator[Frame]:
    """Yield frames of noise that changes slowly."""
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    for index in range(count):
        image = np.roll(image, 1, axis=1)
        yield Frame(index / RATE, np.ascontiguousarray(image))


def measure(family: Family, weights: int, frames: int, width: int = WIDTH, height: int = HEIGHT) -> dict[str, Any]:
    """Plan a reading, read, and ask twice.

    Args:
        family: with its model.
        weights: bytes of the model.
        frames: of the video.
        width: of a frame in pixels.
        height: of a frame in pixels.

    Returns:
        Seconds by phase, bytes, and tokens a second.
    """
    recording = Recording(frames / RATE, width, height, RATE)
    plan = make_plan(family, recording, 1 << 60, weights, frames=frames)
    peak, stats = Peak(family.device), Stats()
    source = partial(noise, plan.reading.frames, width, height)
    memory = drain(prefill(family, source, plan.reading, CancelToken(), stats, (width, height)))
    first = ask(family, memory)
    used = weights + peak.bytes
    second = ask(family, memory)
    return {
        "frames": plan.counts.frames,
        "tokens": plan.counts.visual_tokens,
        "planned": plan.peak_bytes,
        "peak": used,
        "seconds": {phase: stats.seconds.get(phase, 0.0) for phase in ("vision", "prefill")},
        "first_token": first[0],
        "second_question": second[0],
        "tokens_a_second": second[1],
    }


def ask(family: Family, memory: Memory) -> tuple[float, float]:
    """Return the seconds to an answer's first token, and how many come in a second after it."""
    limits = GenerationLimits(max_tokens=ANSWER)
    begin = time.perf_counter()
    tokens = answer_ids(family, memory, family.prompt.question("What happens?"), limits, CancelToken())
    next(tokens)
    first = time.perf_counter() - begin
    begin = time.perf_counter()
    rest = sum(1 for _ in islice(tokens, ANSWER))
    return first, rest / (time.perf_counter() - begin)


def row(name: str, result: dict[str, Any]) -> Row:
    """Write a model as a row of the table."""
    share = result["peak"] / result["planned"]
    return {
        "model": VIDEOLLMS[name].title,
        "precision": str(precision(name)).removeprefix("torch."),
        "frames": str(result["frames"]),
        "tokens": f"{result['tokens']:,}",
        "planned GB": f"{result['planned'] / 1e9:.2f}",
        "peak GB": f"{result['peak'] / 1e9:.2f}",
        "of the plan": f"{share:.1%} {verdict(LOOSEST <= share <= 1)}",
        "vision s": f"{result['seconds']['vision']:.1f}",
        "prefill s": f"{result['seconds']['prefill']:.1f}",
        "first token s": f"{result['first_token']:.2f}",
        "second question s": f"{result['second_question']:.2f}",
        "tokens a second": f"{result['tokens_a_second']:.1f}",
    }


def run_case(name: str, frames: int) -> dict[str, Any]:
    """Measure one model in this process."""
    family = open_family(VIDEOLLMS[name], default_device())
    weights = sum(parameter.nbytes for parameter in family.model.parameters())
    return measure(family, weights, frames)


def those_that_fit(available: int) -> list[str]:
    """Return the ids of the VideoLLMs whose weights leave a tenth of a memory."""
    sizes = {name: model.parameters * precision(name).itemsize for name, model in VIDEOLLMS.items()}
    return [name for name, size in sizes.items() if size <= USABLE * available]


def precision(name: str) -> torch.dtype:
    """Return the precision that a model runs in here."""
    decoder = VIDEOLLMS[name].decoder
    assert decoder is not None
    return model_dtype(default_device(), published_dtype(decoder))


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--models", nargs="+", choices=VIDEOLLMS, help="ids (default: all that fit)")
    parser.add_argument("--frames", type=int, default=64)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(run_case(arguments.case, arguments.frames)))
        return
    report, rows = Report("tests.benchmarks.real_shapes"), []
    names = arguments.models or those_that_fit(available_bytes())
    if not names:
        raise SystemExit("No model of the catalogue fits the memory that is free.")
    for name in names:
        command = [sys.executable, "-m", "tests.benchmarks.real_shapes", "--case", name]
        command += ["--frames", str(arguments.frames)]
        run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
        rows.append(row(name, json.loads(run.stdout.splitlines()[-1])))
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else "the processor"
    report.publish(f"Random weights in the published shapes, on {where}.", rows)


if __name__ == "__main__":
    main()
