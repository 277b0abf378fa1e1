"""Time and memory of PivotKV on a random-weight Qwen2-VL; prints tables.

The peak is how far reading the video went beyond reading a single chunk.

Every case runs in a process of its own, so that its peak memory is its own. Example:

    python -m tests.benchmarks.pivotkv --frames 64 256 1024 --hidden 1280 --layers 8
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration, Qwen2VLVideoProcessor

from retake_core.cancel import CancelToken
from retake_core.media.frames import Frame
from retake_core.videollm.costs import count, peak_bytes
from retake_core.videollm.events import Stats
from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.kv import pivotkv
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading, keep_ratio_for
from tests.support.paths import ROOT
from tests.support.report import Report, Row, make_parser
from tests.support.tiny import SPECIAL, drain, tiny_tokenizer

RATE = 2.0


class Processor:
    """The parts of a processor that a prefill uses."""

    chat_template = None

    def __init__(self) -> None:
        self.tokenizer = tiny_tokenizer()
        self.video_processor = Qwen2VLVideoProcessor(cap_pixels_per_frame=False)


def open_model(hidden: int, layers: int) -> Qwen2VL:
    """Make a Qwen2-VL of random weights; heads of 64 dimensions, four query heads to a key head."""
    heads = hidden // 64
    processor = Processor()
    token: Any = processor.tokenizer.convert_tokens_to_ids
    text = {
        "hidden_size": hidden,
        "intermediate_size": 4 * hidden,
        "num_attention_heads": heads,
        "num_key_value_heads": heads // 4,
        "num_hidden_layers": layers,
        "vocab_size": 256 + len(SPECIAL),
        "max_position_embeddings": 32768,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [8, 12, 12]},
        "bos_token_id": None,
        "eos_token_id": None,
    }
    vision = {"depth": 2, "embed_dim": 160, "hidden_size": hidden, "num_heads": 2}
    config = Qwen2VLConfig(
        text_config=text,
        vision_config=vision,
        video_token_id=token("<|video_pad|>"),
        image_token_id=token("<|image_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
    )
    torch.manual_seed(0)
    model: Any = Qwen2VLForConditionalGeneration(config)
    return Qwen2VL(model.config, processor, model.eval())


def frames(number: int, width: int, height: int) -> Iterator[Frame]:
    """Yield noise that changes slowly."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    for index in range(number):
        image = np.roll(image, 1, axis=1)
        yield Frame(index / RATE, np.ascontiguousarray(image))


class Scoring:
    """Stands in for the scoring, and adds up its time."""

    def __init__(self, block_bytes: int | None) -> None:
        self._score = partial(pivotkv.chunk_scores, block_bytes=block_bytes)
        self.seconds = 0.0

    def __call__(self, query: torch.Tensor, key: torch.Tensor, scale: float) -> torch.Tensor:
        begin = time.perf_counter()
        scores = self._score(query, key, scale)
        self.seconds += time.perf_counter() - begin
        return scores


def peak() -> int:
    """Return this process's largest resident size so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def first_token(family: Qwen2VL, memory: Memory) -> float:
    """Return the seconds to an answer's first token."""
    begin = time.perf_counter()
    ids = family.prompt.question("What?")
    list(answer_ids(family, memory, ids, GenerationLimits(max_tokens=1), CancelToken()))
    return time.perf_counter() - begin


def run_case(case: dict[str, Any]) -> dict[str, float]:
    """Run one case and return its numbers."""
    family = open_model(case["hidden"], case["layers"])
    scoring = Scoring(1 << 60 if case["materialised"] else None)
    pivotkv.chunk_scores = scoring  # type: ignore[assignment]
    reading = Reading(
        rate=RATE,
        frames=case["frames"],
        keep_ratio=case["keep_ratio"],
        policy=Policy(case["policy"]),
        chunk_frames=case["chunk_frames"],
    )
    width, height = case["width"], case["height"]
    warm = replace(reading, frames=case["chunk_frames"])
    drain(prefill(family, partial(frames, warm.frames, width, height), warm, CancelToken(), shape=(width, height)))
    source = partial(frames, reading.frames, width, height)
    scoring.seconds, before, stats = 0.0, peak(), Stats()
    begin = time.perf_counter()
    memory = drain(prefill(family, source, reading, CancelToken(), stats, (width, height)))
    result = {
        "seconds": time.perf_counter() - begin,
        "prefill": stats.seconds["prefill"],
        "scoring": scoring.seconds,
        "tokens": memory.visual_tokens,
        "kept": memory.kept_tokens,
        "kv_bytes": memory.cache.nbytes,
        "added_peak": peak() - before,
    }
    counts = count(family, reading, [index / RATE for index in range(reading.frames)], width, height)
    result["planned_kv_bytes"] = counts.kv_bytes
    result["planned_peak"] = peak_bytes(family, counts, 0)
    result["first_answer"] = result["seconds"] + first_token(family, memory)
    result.update(_again(family, memory, reading))
    return result


def _again(family: Qwen2VL, memory: Memory, reading: Reading) -> dict[str, float]:
    key = MemoryKey("video", "model", "1", "torch.float32", reading)
    with tempfile.TemporaryDirectory() as folder:
        store = MemoryStore(Path(folder))
        store.save(key, memory)
        path = Path(folder) / key.filename()
        begin = time.perf_counter()
        size = len(path.read_bytes())
        raw = time.perf_counter() - begin
        begin = time.perf_counter()
        loaded = store.load(key, family.device)
        load = time.perf_counter() - begin
        assert loaded is not None
        return {"file": size, "raw": raw, "load": load, "second_answer": load + first_token(family, loaded)}


def isolated(case: dict[str, Any]) -> dict[str, float]:
    """Run a case in a new process."""
    command = [sys.executable, "-m", "tests.benchmarks.pivotkv", "--case", json.dumps(case)]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    result: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return result


def compare(common: dict[str, Any], number: int, ratio: float) -> Iterator[tuple[Row, Row]]:
    """Measure each way of keeping; yield what reading so many frames costs, and what asking then does."""
    for name, policy, kept, materialised in (
        ("full", "full", 1.0, False),
        ("pivotkv", "pivotkv", ratio, False),
        ("materialised", "pivotkv", ratio, True),
    ):
        settings = {"frames": number, "policy": policy, "keep_ratio": kept, "materialised": materialised}
        r = isolated({**common, **settings})
        assert r["kv_bytes"] == r["planned_kv_bytes"]
        reading: Row = {
            "frames": str(number),
            "policy": name,
            "tokens": f"{r['tokens']:.0f}",
            "kept": f"{r['kept']:.0f}",
            "read s": f"{r['seconds']:.1f}",
            "prefill s": f"{r['prefill']:.1f}",
            "scoring": f"{r['scoring'] / r['prefill']:.1%}",
            "KV MB": f"{r['kv_bytes'] / 1e6:.1f}",
            "peak +MB": f"{r['added_peak'] / 1e6:.0f}",
        }
        asking: Row = {
            "frames": str(number),
            "policy": name,
            "first answer s": f"{r['first_answer']:.2f}",
            "second s": f"{r['second_answer']:.3f}",
            "sooner": f"{r['first_answer'] / r['second_answer']:.0f}x",
            "file MB": f"{r['file'] / 1e6:.1f}",
            "load MB/s": f"{r['file'] / r['load'] / 1e6:.0f}",
            "raw MB/s": f"{r['file'] / r['raw'] / 1e6:.0f}",
        }
        print(f"done: {number} frames, {name}", file=sys.stderr)
        yield reading, asking


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--frames", type=int, nargs="+", default=[64, 256, 1024])
    parser.add_argument("--keep-ratio", type=float, default=0.25)
    parser.add_argument("--budget", type=int, help="visual entries for each layer, in place of the keep ratio")
    parser.add_argument("--chunk-frames", type=int, default=32)
    parser.add_argument("--hidden", type=int, default=1280)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--width", type=int, default=224)
    parser.add_argument("--height", type=int, default=126)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = vars(parser.parse_args())
    if arguments["case"]:
        print(json.dumps(run_case(json.loads(arguments["case"]))))
        return
    report = Report("tests.benchmarks.pivotkv")
    common = {name: arguments[name] for name in ("hidden", "layers", "width", "height", "chunk_frames")}
    family = open_model(common["hidden"], common["layers"])
    numbers = sum(parameter.numel() for parameter in family.model.parameters())
    rows: list[tuple[Row, Row]] = []
    for number in arguments["frames"]:
        ratio = arguments["keep_ratio"]
        if arguments["budget"]:
            times = [index / RATE for index in range(number)]
            plain = count(family, Reading(RATE, number), times, common["width"], common["height"])
            ratio = keep_ratio_for(arguments["budget"], plain.visual_tokens)
        rows += compare(common, number, ratio)
    reading, asking = zip(*rows, strict=True)
    report.publish(
        f"{numbers / 1e6:.0f}M parameters, float32, {torch.get_num_threads()} threads.", reading, asking
    )


if __name__ == "__main__":
    main()
