"""A second small world, and a model of it that no constant was chosen on.

    python -m tests.benchmarks.second_world FOLDER     # train it: twenty minutes of one core's time

What happens is there for one to three frames, a time step has four tokens, no times are written between the
frames, and the model has other sizes than the demo model. Its only use is to report what rules of eviction cost a
model that they were not chosen on: see tests/benchmarks/untuned.py, and `retake_eval --world second`.

The model in tests/benchmarks/second-model is seed 0, as this file trains it.
"""

from dataclasses import replace
from pathlib import Path

from tests.demo_model.model import Setup, Sizes
from tests.demo_model.train import LONG, SHORT, VISION, main
from tests.demo_model.world import KINDS, World

SECOND = World(
    kinds=tuple(kind for kind in KINDS if kind != "when"),
    shortest=1,
    longest=3,
    radius=(0.24, 0.34),
    covered=0.08,
    timestamps=False,
)
SETUP = Setup(SECOND, Sizes(patch=10, side=2, hidden=128, intermediate=320, layers=6, heads=4, kv_heads=2))
MODEL = Path(__file__).parent / "second-model"

MORE = (*SECOND.kinds, "shape", "colour", "count")
STAGES = (
    replace(VISION, steps=900, tokens=1536),
    replace(SHORT, steps=260, tokens=1024, kinds=MORE),
    replace(LONG, steps=700, tokens=2048, kinds=MORE),
)

if __name__ == "__main__":
    main(__doc__, SETUP, STAGES)
