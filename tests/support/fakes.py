"""A cheap encoder that sees colours, and made videos whose every scene is known."""

import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from retake_core.encoders.base import EncodedFrames

COLOURS = {
    "red": (220, 20, 20),
    "green": (20, 200, 20),
    "blue": (20, 20, 220),
    "white": (230, 230, 230),
    "grey": (110, 110, 110),
    "yellow": (220, 220, 20),
    "crimson": (220, 40, 30),
    "orange": (220, 90, 20),
}
TICK = Fraction(1, 10_000)
WIDTH, HEIGHT = 64, 48
LONG_AGO = 1_600_000_000  # seconds: files of this age are not taken for growing ones
_GRID = 4
_UNSEEN = (1.0, -1.0, 1.0)  # the direction of words that name no colour


class FakeEncoder:
    """Embeds a picture as its mean colour; its map is the same on a grid of 4 x 4.

    Attributes:
        frames: how many it has encoded.
        on_batch: called before every batch.
    """

    dimension = 16

    def __init__(self, name: str = "fake", on_batch: Callable[[], None] = lambda: None) -> None:
        self.id = name
        self.frames = 0
        self.on_batch = on_batch

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        self.on_batch()
        self.frames += len(images)
        embeddings = np.stack([self._vector(image.mean(axis=(0, 1))) for image in images])
        return EncodedFrames(embeddings, np.stack([_grid(image) for image in images]))

    def pool(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        return unit(np.asarray(embeddings.mean(axis=0)))

    def encode_text(self, text: str) -> NDArray[np.float32]:
        return self._vector(np.array(COLOURS.get(text, _UNSEEN)))

    def unknown_words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in text.split() if word not in COLOURS)

    def names_something(self, text: str) -> bool:
        return any(word in COLOURS for word in text.split())

    def confidence(self, cosine: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(np.clip(cosine - 0.45, 0, 1), np.float32)

    def picture_query(self, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        return embedding

    def likeness(self, embedding: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.confidence(others @ embedding)

    def _vector(self, colour: NDArray[np.float64]) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, np.float32)
        vector[:3] = colour - 0.9 * colour.mean()
        vector[3] = 1e-3
        return unit(vector)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors of length 1, [dimension] or [n, dimension]."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def _grid(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    rows = np.array_split(image.astype(np.float32), _GRID, axis=0)
    cells = [cell.mean(axis=(0, 1)) for row in rows for cell in np.array_split(row, _GRID, axis=1)]
    return np.stack([np.append(cell, np.float32(20)) for cell in cells])


Scene = tuple[float, str]
"""Seconds, and what is to be seen: a colour, or "a+b" for a square of colour b in the middle of colour a."""


def picture(look: str) -> NDArray[np.uint8]:
    """Draw a scene."""
    ground, _, square = look.partition("+")
    image = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    image[:] = COLOURS[ground]
    if square:
        image[HEIGHT // 4 : 3 * HEIGHT // 4, WIDTH // 4 : 3 * WIDTH // 4] = COLOURS[square]
    return image


def make_clip(
    path: Path,
    scenes: Sequence[Scene],
    *,
    fps: int = 4,
    codec: str = "libx264",
    group: int = 32,
    cuts: bool = True,
    start_us: int = 0,
) -> Path:
    """Encode scenes into a video.

    Args:
        path: the suffix chooses the container.
        scenes: in order.
        fps: frames per second.
        codec: FFmpeg's name of the encoder.
        group: frames from one codec key frame to the next at most.
        cuts: whether the encoder may put key frames where the picture cuts.
        start_us: microseconds by which every frame but the first is moved.
    """
    options = {} if cuts or codec != "libx264" else {"sc_threshold": "0"}
    looks = [look for seconds, look in scenes for _ in range(round(seconds * fps))]
    with av.open(os.fspath(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = group
        stream.thread_count = 1
        stream.time_base = stream.codec_context.time_base = TICK
        for number, look in enumerate(looks):
            frame = av.VideoFrame.from_ndarray(picture(look), format="rgb24")
            frame.time_base = TICK
            frame.pts = number * TICK.denominator // fps
            if number:
                frame.pts += start_us * TICK.denominator // 1_000_000
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    age(path)
    return path


def age(path: Path) -> None:
    """Make a file look as if nobody had written to it for years."""
    os.utime(path, (LONG_AGO, LONG_AGO))
