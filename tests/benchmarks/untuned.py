"""What each rule of eviction costs a model that no constant was chosen on, beside the demo model.

    python -m tests.benchmarks.untuned --clips 20     # a first look
    python -m tests.benchmarks.untuned

Constants are chosen on the demo model and its world alone; the second model and its world
(tests/benchmarks/second_world.py) are only ever reported. "Short of everything" is how many points of right
answers a rule costs on the same questions. A run that is stopped goes on where it was when it is given the same
file of results.
"""

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from retake_core.system.bundled import demo_model
from retake_core.videollm.kv.policy import Policy
from tests.benchmarks.outcomes import ResultFile, share
from tests.benchmarks.retake_eval import gather, run
from tests.benchmarks.second_world import MODEL
from tests.benchmarks.small_world import EVICTED, Cell, Outcome, accuracy
from tests.support.report import Report, Row, make_parser

FRAMES = 64
RATIOS = (0.5, 0.25, 0.125, 0.0625)
POLICIES = (Policy.PIVOTKV, Policy.BY_LAYER, Policy.ATTENTION, Policy.RANDOM, Policy.UNIFORM)
WAYS = (("full", 1.0), (EVICTED, 1.0), *((policy.value, ratio) for ratio, policy in product(RATIOS, POLICIES)))
MODELS = {"first": demo_model(), "second": MODEL}


def measure(results: ResultFile, clips: int, workers: int) -> dict[Cell, list[Outcome]]:
    """Answer the questions about held-out clips of both worlds in all ways."""
    outcomes: dict[Cell, list[Outcome]] = {}
    for world, model in MODELS.items():
        cells = [Cell(FRAMES, *way, world=world) for way in WAYS]
        done = run(model, cells, clips, results, workers, recorded=False)
        outcomes |= {cell: gather(done, cell, clips) for cell in cells}
    return outcomes


def rows(outcomes: dict[Cell, list[Outcome]]) -> list[Row]:
    """Write a row for each rule and keep ratio, both models beside each other."""
    table: list[Row] = []
    for policy, ratio in WAYS:
        row: Row = {"policy": policy, "keep": f"{ratio:g}"}
        for world, name in (("first", "demo model"), ("second", "untuned model")):
            full, cell = (outcomes[Cell(FRAMES, *way, world=world)] for way in (("full", 1.0), (policy, ratio)))
            row[f"{name}, right %"] = share([outcome.right for outcome in cell])
            row[f"{name}, short of everything"] = f"{100 * (accuracy(full) - accuracy(cell)):.1f}"
        table.append(row)
    return table


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--clips", type=int, default=200, help="of each world (default: 200)")
    parser.add_argument("--results", type=Path, help="file of every answer, as lines of JSON")
    parser.add_argument("--workers", type=int, default=1, help="processes of one thread each (default: 1)")
    arguments = parser.parse_args()
    report = Report("tests.benchmarks.untuned")
    with TemporaryDirectory() as folder:
        results = ResultFile(arguments.results or Path(folder) / "results.jsonl")
        outcomes = measure(results, arguments.clips, arguments.workers)
    asked = [len(outcomes[Cell(FRAMES, "full", 1.0, world=world)]) for world in MODELS]
    report.publish(
        rows(outcomes),
        f"{arguments.clips} held-out clips of {FRAMES} frames from each world: {asked[0]} questions to the demo "
        f"model, {asked[1]} to the untuned one; 95 % intervals.",
    )


if __name__ == "__main__":
    main()
