"""Clips of the small world as real video files: `python -m tests.demo_model.recording FOLDER` writes a library.

Beside each file stands a JSON file of the same name with what happens in it, and questions with their answers.
"""

import argparse
import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.demo_model.world import KINDS, Clip, draw_clip, draw_question

FINENESS = 5
"""Frames in a file for each frame that a model samples."""
KEY_FRAMES = 4 * FINENESS
"""Frames from one key frame of the codec to the next: about seven seconds, as cameras do it in still scenes."""
SECONDS = (180.0, 240.0)
"""How long the recordings of a library are."""
SEED = 77


def write(clip: Clip, path: Path, size: int = 160) -> Path:
    """Encode a clip as H.264."""
    finer = clip.finer(FINENESS)
    with av.open(os.fspath(path), "w") as container:
        rate = Fraction(finer.rate).limit_denominator(1000)
        stream = container.add_stream(
            "libx264", rate=rate, options={"crf": "26", "preset": "veryfast", "g": str(KEY_FRAMES)}
        )
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        for picture in finer.pictures(size):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def describe(rng: np.random.Generator, clip: Clip) -> dict[str, Any]:
    """Return what happens in a clip, and a question of each kind that it allows."""
    happenings = [
        {
            "colour": h.colour,
            "shape": h.shape,
            "start": round(h.start / clip.rate, 2),
            "stop": round(h.stop / clip.rate, 2),
        }
        for h in clip.happenings
    ]
    asked = [question for kind in KINDS if (question := draw_question(rng, clip, kind)) is not None]
    questions: list[dict[str, Any]] = []
    for question in asked:
        about = None if question.about is None else happenings[question.about]
        right: Any = about["start"] if question.kind == "when" and about else question.answer
        questions.append({"kind": question.kind, "text": question.text, "answer": right, "about": about})
    return {"happenings": happenings, "questions": questions}


def write_library(folder: Path, clips: int, frames: int) -> list[Path]:
    """Write some clips of a few minutes and their descriptions; a model sees them whole with so many frames."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(clips):
        rng = np.random.default_rng([SEED, number])
        clip = draw_clip(rng, frames, frames / rng.uniform(*SECONDS))
        path = write(clip, folder / f"shapes-{number + 1:02}.mp4")
        path.with_suffix(".json").write_text(json.dumps(describe(rng, clip), indent=1) + "\n", "utf-8")
        paths.append(path)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--frames", type=int, default=128, help="that a model shall sample of each")
    arguments = parser.parse_args()
    for path in write_library(arguments.folder, arguments.clips, arguments.frames):
        print(path)


if __name__ == "__main__":
    main()
