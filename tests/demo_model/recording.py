"""Clips of the small world as real video files."""

import os
from fractions import Fraction
from pathlib import Path

import av

from tests.demo_model.world import Clip

FINENESS = 5
"""Frames in a file for each frame of a clip: ten a second, where two are sampled."""


def write(clip: Clip, path: Path, size: int = 240) -> Path:
    """Encode a clip as H.264."""
    finer = clip.finer(FINENESS)
    with av.open(os.fspath(path), "w") as container:
        rate = Fraction(finer.rate).limit_denominator(1000)
        stream = container.add_stream("libx264", rate=rate, options={"crf": "20", "preset": "veryfast"})
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        for picture in finer.pictures(size):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path
