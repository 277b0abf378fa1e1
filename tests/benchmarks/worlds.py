"""Vectors to measure search with, as large libraries hold them, and queries with their exact answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DIMENSION = 768
SCENES, FRAMES = 10, 40  # of a recording, and of a scene
APART, SPREAD = 0.6, 0.55  # length of the noise around a recording's centre, and around a scene's
DECAY, BEND = 1.5, 10.0  # variance falls as (rank + BEND) ** -DECAY, as that of sentences does in MiniLM
TOP = 50
QUERIES = 200
AT_ONCE = 50_000
Vectors = NDArray[np.float32]
Half = NDArray[np.float16]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class World:
    """Vectors of length 1 in a file, float16 [n, dimension], as a library stores them, and queries of two kinds.

    Attributes:
        name: of the line in the table.
        file: a NumPy file.
        queries: float32 [QUERIES, dimension] by kind.
        exact: the nearest by brute force, by kind; ids count from 1.
    """

    name: str
    file: Path
    queries: dict[str, Vectors]
    exact: dict[str, Ids]

    def vectors(self) -> Half:
        """Map the file."""
        mapped: Half = np.load(self.file, mmap_mode="r")
        return mapped

    def parts(self) -> Iterator[Vectors]:
        """Yield the vectors as float32, some at a time."""
        vectors = self.vectors()
        for start in range(0, len(vectors), AT_ONCE):
            yield vectors[start : start + AT_ONCE].astype(np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Bring rows to length 1, in place."""
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def noise(
    generator: np.random.Generator, count: int, dimension: int, length: float, scale: Vectors | float = 1.0
) -> Vectors:
    """Draw vectors of about this length; the scale of each direction has a mean square of 1."""
    drawn = generator.standard_normal((count, dimension), np.float32)
    drawn *= np.float32(length / dimension**0.5) * scale
    return drawn


def falling() -> Vectors:
    """Return how much directions count when their variance falls with their rank."""
    scale = (np.arange(DIMENSION, dtype=np.float32) + BEND) ** (-DECAY / 2)
    return np.asarray(scale / np.sqrt(np.square(scale).mean()), np.float32)


def clustered(count: int, file: Path) -> World:
    """Make recordings of a few scenes of many frames; all share a direction, as pictures do for an encoder."""
    generator = np.random.default_rng(count)
    scale = falling()
    common = unit(noise(generator, 1, DIMENSION, 1.0))
    recordings = max(count // (SCENES * FRAMES), 1)
    centres = unit(noise(generator, recordings, DIMENSION, 1.0, scale) + 0.7 * common)
    scenes = noise(generator, recordings * SCENES, DIMENSION, APART, scale)
    scenes = unit(scenes + np.repeat(centres, SCENES, axis=0))
    return filled(f"{count:,}", generator, count, file, scenes, scale)


def unordered(count: int, file: Path) -> World:
    """Make scenes none of which is nearer to another, in as many dimensions as there are: the worst case."""
    generator = np.random.default_rng(count)
    common = unit(noise(generator, 1, DIMENSION, 1.0))
    centres = unit(noise(generator, max(count // FRAMES, 1), DIMENSION, 1.0) + 0.7 * common)
    return filled(f"{count:,} unordered", generator, count, file, centres, 1.0)


def filled(
    name: str, generator: np.random.Generator, count: int, file: Path, centres: Vectors, scale: Vectors | float
) -> World:
    """Draw frames of scenes. Image-like queries lie among them, text-like ones off to the side of all of them."""

    def drawn() -> Iterator[Vectors]:
        for start in range(0, count, AT_ONCE):
            scenes = generator.integers(0, len(centres), min(AT_ONCE, count - start))
            yield unit(centres[scenes] + noise(generator, len(scenes), DIMENSION, SPREAD, scale))

    write(file, count, drawn())
    near = np.load(file, mmap_mode="r")[np.sort(generator.integers(0, count, QUERIES))].astype(np.float32)
    image = unit(near + noise(generator, QUERIES, DIMENSION, 0.3, scale))
    aside = unit(noise(generator, 1, DIMENSION, 1.0))
    scenes = generator.integers(0, len(centres), QUERIES)
    text = unit(0.35 * centres[scenes] + 0.8 * aside + noise(generator, QUERIES, DIMENSION, 0.3))
    return answered(name, file, {"image": image, "text": text})


def from_clips(clips: Path, count: int, file: Path) -> World:
    """Make vectors of real frames, each many times with noise; real descriptions are the text queries."""
    from retake_core.encoders.builtin import BuiltinEncoder
    from tests.benchmarks.search_held_out import NOTHING, SHOWN
    from tests.benchmarks.search_quality import frames

    generator = np.random.default_rng(count)
    encoder = BuiltinEncoder()
    images = [image for path in sorted(clips.iterdir()) for _, image in frames(path)]
    real = encoder.encode_frames(images).embeddings
    dimension = real.shape[1]

    def drawn() -> Iterator[Vectors]:
        for start in range(0, count, AT_ONCE):
            chosen = real[generator.integers(0, len(real), min(AT_ONCE, count - start))]
            yield unit(chosen + noise(generator, len(chosen), dimension, 0.2))

    write(file, count, drawn())
    image = unit(real[generator.integers(0, len(real), QUERIES)] + noise(generator, QUERIES, dimension, 0.2))
    text = np.stack([encoder.encode_text(words) for words in (*SHOWN, *NOTHING["pictures"])])
    return answered(f"{count:,} real", file, {"image": image, "text": text})


def write(file: Path, count: int, parts: Iterator[Vectors]) -> None:
    """Write vectors to a file as float16."""
    target: Half | None = None
    start = 0
    for part in parts:
        if target is None:
            target = np.lib.format.open_memmap(file, "w+", np.float16, (count, part.shape[1]))
        target[start : start + len(part)] = part
        start += len(part)


def answered(name: str, file: Path, queries: dict[str, Vectors]) -> World:
    """Find the nearest of every query by brute force."""
    world = World(name, file, queries, {})
    asked = np.concatenate(list(queries.values()))
    ids = np.empty((len(asked), 0), np.int64)
    cosines = np.empty((len(asked), 0), np.float32)
    start = 1
    for part in world.parts():
        cosines = np.concatenate([cosines, asked @ part.T], axis=1)
        ids = np.concatenate(
            [ids, np.broadcast_to(np.arange(start, start + len(part)), (len(asked), len(part)))], 1
        )
        best = np.argpartition(-cosines, TOP, axis=1)[:, :TOP]
        ids, cosines = np.take_along_axis(ids, best, 1), np.take_along_axis(cosines, best, 1)
        start += len(part)
    at = 0
    for kind, part in queries.items():
        world.exact[kind] = ids[at : at + len(part)]
        at += len(part)
    return world
