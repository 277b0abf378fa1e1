"""How much of what a VideoLLM knows of a video each rule of eviction keeps, measured on clips of the small world.

    python -m tests.benchmarks.retake_eval retake_core/demo-model --clips 20     # a first look
    python -m tests.benchmarks.retake_eval retake_core/demo-model --frames 32 64 128 --results build/eval.jsonl
    python -m tests.benchmarks.retake_eval tests/benchmarks/second-model --world second
    python -m tests.benchmarks.retake_eval retake_core/demo-model --frames 32 --small 0.5 --sides 48 96 --full

For each length, policy and keep ratio: the accuracy over all questions and by kind, each with its 95 % interval;
how often the strongest citation lies in the happening that was asked about, and within two seconds of it; and how
often it would without the baseline. A time is right within two seconds. "event evicted" is the full cache without
the entries of all happenings: what is still right there, the model did not need to see.

With `--small` the shapes are smaller than the model was trained on, and with `--sides` it sees frames of other
sizes: shapes of half the size are in 96 pixels what the usual ones are in its own 48.

The clips are drawn from seeds that training never uses. All is read and answered through the product's own code.
A run that is stopped goes on where it was when it is given the same file of results.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from retake_core.videollm.families.base import Family
from retake_core.videollm.kv.pivotkv import PIVOT_SHARE
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.loading import load_family
from retake_core.videollm.memory.quantise import MemoryPrecision
from tests.benchmarks.outcomes import ResultFile, share
from tests.benchmarks.small_world import EVICTED, WORLDS, Cell, Outcome, run_clip
from tests.demo_model.world import KINDS
from tests.support.report import Report, Row, make_parser

Done = dict[tuple[Cell, int], list[Outcome]]
Task = tuple[Path, int, list[Cell], bool]


def list_cells(
    frames: Sequence[int],
    ratios: Sequence[float],
    policies: Sequence[str],
    precisions: Sequence[MemoryPrecision] = ("full",),
    sides: Sequence[int] = (0,),
    *,
    full: bool = False,
    **more: Any,
) -> Iterator[Cell]:
    """List the ways of reading; where everything is kept, all policies are the same.

    Args:
        frames: lengths of clips.
        ratios: of what stays.
        policies: which entries stay.
        precisions: of memories.
        sides: pixels of frames; see `Cell`.
        full: whether nothing is evicted in any.
        more: other fields of all cells.
    """
    for length, side in product(frames, sides):
        more["long_side"] = side
        if full:
            yield from (Cell(length, Policy.FULL.value, 1.0, memory=memory, **more) for memory in precisions)
            continue
        yield from (Cell(length, Policy.FULL.value, 1.0, memory=memory, **more) for memory in precisions)
        yield Cell(length, EVICTED, 1.0, **more)
        for ratio, policy, memory in product(ratios, policies, precisions):
            yield Cell(length, policy, ratio, memory=memory, **more)


@cache
def one_family(model: Path) -> Family:
    torch.set_num_threads(1)
    return load_family(model)


def run_task(task: Task) -> dict[Cell, list[Outcome]]:
    """Be one worker's next piece of work: one clip."""
    model, number, cells, recorded = task
    return run_clip(one_family(model), number, cells, recorded)


def load(results: ResultFile) -> Done:
    """Return what is known: the outcomes of each way of reading each clip."""
    return {
        (Cell(**result["cell"]), result["clip"]): [Outcome(**outcome) for outcome in result["outcomes"]]
        for result in results
    }


def run(model: Path, cells: Sequence[Cell], clips: int, results: ResultFile, workers: int, recorded: bool) -> Done:
    """Answer what is not known yet; the clips that all cells share are drawn and seen once."""
    done = load(results)
    tasks: list[Task] = []
    for frames in dict.fromkeys(cell.frames for cell in cells):
        for number in range(clips):
            left = [cell for cell in cells if cell.frames == frames and (cell, number) not in done]
            if left:
                tasks.append((model, number, left, recorded))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for task, answered in zip(tasks, pool.map(run_task, tasks), strict=True):
            for cell, outcomes in answered.items():
                done[cell, task[1]] = outcomes
                lines = [asdict(outcome) for outcome in outcomes]
                results.add({"cell": asdict(cell), "clip": task[1], "outcomes": lines})
    return done


def gather(done: Done, cell: Cell, clips: int) -> list[Outcome]:
    """Return all outcomes of a way of reading."""
    return [outcome for number in range(clips) for outcome in done[cell, number]]


def row(cell: Cell, outcomes: Sequence[Outcome]) -> Row:
    """Write a cell as a row of the table."""
    by_kind = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome.right)
    return {
        "frames": str(cell.frames),
        "policy": cell.policy,
        "keep": f"{cell.keep_ratio:g}",
        "memory": cell.memory,
        "pixels": str(cell.long_side or "own"),
        "size": f"{cell.small:g}",
        "right %": share([outcome.right for outcome in outcomes]),
        **{kind: share(by_kind[kind]) for kind in KINDS},
        "cited %": share([outcome.cited for outcome in outcomes if outcome.cited is not None]),
        "within 2 s %": share([outcome.near for outcome in outcomes if outcome.near is not None]),
        "cited without baseline %": share([outcome.plain for outcome in outcomes if outcome.plain is not None]),
    }


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--clips", type=int, default=200, help="of each length (default: 200)")
    parser.add_argument("--frames", type=int, nargs="+", default=[64], help="lengths of clips (default: 64)")
    parser.add_argument("--ratios", type=float, nargs="+", default=[0.5, 0.25, 0.125])
    policies = [policy.value for policy in Policy if policy is not Policy.FULL]
    parser.add_argument("--policies", nargs="+", choices=policies, default=policies)
    parser.add_argument(
        "--longest", type=int, help="frames of the longest happening (default: as the world has it)"
    )
    parser.add_argument("--world", choices=WORLDS, default="first", help="that the model was trained for")
    parser.add_argument(
        "--sink", type=float, default=0.0, help="make an uneventful entry draw this much attention"
    )
    parser.add_argument(
        "--pivot-share", type=float, default=PIVOT_SHARE, help="part of the budget for pivots; the paper's form: 1"
    )
    parser.add_argument(
        "--memory", nargs="+", choices=("full", "8bit", "4bit"), default=["full"], help="precisions of memories"
    )
    parser.add_argument(
        "--sides", type=int, nargs="+", default=[0], help="pixels of frames, 0 for the model's own (default: 0)"
    )
    parser.add_argument("--small", type=float, default=1.0, help="size of the shapes, of their usual one")
    parser.add_argument("--full", action="store_true", help="evict nothing")
    parser.add_argument("--recorded", action="store_true", help="encode the clips as H.264 and decode them")
    parser.add_argument("--results", type=Path, help="file of every answer, as lines of JSON")
    parser.add_argument("--workers", type=int, default=1, help="processes of one thread each (default: 1)")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.retake_eval")
    cells = list(
        list_cells(
            arguments.frames,
            arguments.ratios,
            arguments.policies,
            arguments.memory,
            arguments.sides,
            full=arguments.full,
            small=arguments.small,
            sink=arguments.sink,
            longest=arguments.longest,
            world=arguments.world,
            pivot_share=arguments.pivot_share,
        )
    )
    with TemporaryDirectory() as folder:
        results = ResultFile(arguments.results or Path(folder) / "results.jsonl")
        done = run(arguments.model, cells, arguments.clips, results, arguments.workers, arguments.recorded)
    rows = [row(cell, gather(done, cell, arguments.clips)) for cell in cells]
    report.publish(rows, f"{arguments.clips} held-out clips for each row; 95 % intervals.")


if __name__ == "__main__":
    main()
