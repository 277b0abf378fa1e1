"""How well keyframes that look alike are told from those that do not: by the encoder's likeness, and by a cosine.

    RETAKE_DEMO_CLIPS=build/demo-library python -m tests.benchmarks.search_alike

Frames of real clips, and each as a person has it who saved and sent it, which is alike; frames of other clips are
not.
"""

import os
from pathlib import Path

import numpy as np

from retake_core.encoders import open_encoder
from retake_core.search.fusion import CUT_OFF
from tests.benchmarks.search_quality import frames, photographed
from tests.support.report import Report, Row, make_parser

COSINE = 0.5


def measured(clips: list[Path]) -> list[Row]:
    """Return how much of what is alike is found, and how much else."""
    encoder = open_encoder("builtin")
    shown = [(path, image) for path in clips for _, image in frames(path)]
    vectors = encoder.encode_frames([image for _, image in shown]).embeddings
    altered = encoder.encode_frames([photographed(image) for _, image in shown]).embeddings
    of = [path for path, _ in shown]
    found: dict[str, list[bool]] = {"likeness": [], "cosine": []}
    wrong: dict[str, list[float]] = {"likeness": [], "cosine": []}
    for number, origin in enumerate(vectors):
        others = np.concatenate([altered[number][None], vectors[[path != of[number] for path in of]]])
        for kind, alike in (
            ("likeness", encoder.likeness(origin, others) >= CUT_OFF),
            ("cosine", others @ origin >= COSINE),
        ):
            found[kind].append(bool(alike[0]))
            wrong[kind].append(float(alike[1:].mean()))
    return [
        {
            "judged by": kind,
            "frames": str(len(found[kind])),
            "alike, found": f"{np.mean(found[kind]):.3f}",
            "not alike, found": f"{np.mean(wrong[kind]):.4f}",
        }
        for kind in found
    ]


def main() -> None:
    """Print one table."""
    make_parser(__doc__).parse_args()
    report = Report("tests.benchmarks.search_alike")
    report.publish(measured(sorted(Path(os.environ["RETAKE_DEMO_CLIPS"]).iterdir())))


if __name__ == "__main__":
    main()
