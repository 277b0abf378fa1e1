"""A library with a clip that the demo model knows, for tests that need true answers."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.settings import change_settings
from retake_core.system.bundled import demo_model
from tests.demo_model.recording import SEED, describe, write
from tests.demo_model.world import draw_clip
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.shelf import run_index

MODEL = demo_model()
FRAMES = 64


def make_shapes(root: Path) -> Path:
    """Make videos and an indexed library of them, with the demo model in its settings; return `root`."""
    videos = root / "videos"
    rng = np.random.default_rng([SEED, 0])
    clip = draw_clip(rng, FRAMES, 2.0)
    videos.mkdir()
    age(write(clip, videos / "shapes-01.mp4"))
    (videos / "shapes-01.json").write_text(json.dumps(describe(rng, clip)), "utf-8")
    make_clip(videos / "colours.mp4", [(6, "red"), (6, "green"), (6, "blue")])
    data = DataDir(root / "data")
    data.create()
    database = Database(data.database)
    run_index(database, videos, FakeEncoder())
    database.close()
    change_settings(data.settings, model=str(MODEL))
    return root


def asked_of(root: Path, kind: str) -> dict[str, Any]:
    """Return the question of a kind about the clip: its text, its answer and what it is about."""
    questions = json.loads((root / "videos" / "shapes-01.json").read_text("utf-8"))["questions"]
    found: dict[str, Any] = next(question for question in questions if question["kind"] == kind)
    return found
