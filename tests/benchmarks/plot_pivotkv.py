"""Draw what `retake_eval` measured: `python -m tests.benchmarks.plot_pivotkv RESULTS.jsonl resources/pivotkv.svg`.

Needs matplotlib: `pip install .[benchmarks]`.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from tests.benchmarks.outcomes import ResultFile, wilson
from tests.benchmarks.retake_eval import load
from tests.benchmarks.small_world import EVICTED, Cell, Outcome

Measured = dict[Cell, list[Outcome]]
INK, FAINT = "#2b2b2b", "#8a8a8a"
POLICIES = {
    "pivotkv": ("PivotKV", "#0b6e4f", "o"),
    "attention": ("attention scores alone", "#e08e0b", "s"),
    "random": ("at random", "#7a5195", "^"),
    "uniform": ("uniform frames", "#c8553d", "D"),
}


def gather(path: Path) -> Measured:
    """Return all outcomes of each way of reading."""
    measured: Measured = defaultdict(list)
    for (cell, _), outcomes in load(ResultFile(path)).items():
        measured[cell] += outcomes
    return dict(measured)


def draw_length(axes: Axes, measured: Measured, frames: int) -> None:
    """Draw the accuracies at one length of clips over the keep ratio."""
    ratios = sorted({cell.keep_ratio for cell in measured if cell.frames == frames}, reverse=True)
    places = {ratio: place for place, ratio in enumerate(ratios)}
    for policy, (name, colour, marker) in POLICIES.items():
        points = [(1.0, measured[Cell(frames, "full", 1.0)])]
        points += [
            (r, measured[Cell(frames, policy, r)]) for r in ratios[1:] if Cell(frames, policy, r) in measured
        ]
        right = [100 * sum(o.right for o in outcomes) / len(outcomes) for _, outcomes in points]
        bounds = [wilson(sum(o.right for o in outcomes), len(outcomes)) for _, outcomes in points]
        low = [value - 100 * bound[0] for value, bound in zip(right, bounds, strict=True)]
        high = [100 * bound[1] - value for value, bound in zip(right, bounds, strict=True)]
        axes.errorbar(
            [places[ratio] for ratio, _ in points], right, [low, high], label=name, color=colour, marker=marker,
            markersize=5, linewidth=1.8, elinewidth=1, capsize=2, zorder=3 if policy == "pivotkv" else 2,
        )  # fmt: skip
    evicted = measured[Cell(frames, EVICTED, 1.0)]
    floor = 100 * sum(outcome.right for outcome in evicted) / len(evicted)
    axes.axhline(floor, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(
        len(ratios) - 1, floor + 1.5, "everything but the events", color=FAINT, fontsize=8, ha="right", va="bottom"
    )
    axes.set_title(f"{frames} frames", fontsize=10, color=INK, loc="left")
    axes.set_xticks(range(len(ratios)), ["1" if ratio == 1 else f"1/{round(1 / ratio)}" for ratio in ratios])
    axes.set_ylim(0, 103)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8.5, colors=INK)


def draw(measured: Measured, path: Path) -> None:
    """Draw all lengths side by side."""
    mpl.rcParams |= {"font.family": "DejaVu Sans", "svg.hashsalt": "pivotkv", "axes.edgecolor": FAINT}
    lengths = sorted({cell.frames for cell in measured})
    figure, row = pyplot.subplots(1, len(lengths), figsize=(9, 3.5), sharey=True, squeeze=False)
    for axes, frames in zip(row[0], lengths, strict=True):
        draw_length(axes, measured, frames)
    row[0][0].set_ylabel("right answers, %", fontsize=9, color=INK)
    figure.supxlabel("part of the visual tokens that stays in the cache", fontsize=9, color=INK, y=0.115)
    handles, names = row[0][0].get_legend_handles_labels()
    figure.legend(handles, names, loc="lower center", ncols=len(names), frameon=False, fontsize=9)
    figure.tight_layout(rect=(0, 0.11, 1, 1))
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="of retake_eval")
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    draw(gather(arguments.results), arguments.picture)


if __name__ == "__main__":
    main()
