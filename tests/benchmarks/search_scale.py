"""Vector search at the size of large libraries: latency, recall against exact search, memory, building, changes.

    python -m tests.benchmarks.search_scale 10000 100000

The vectors are synthetic, in clusters as recordings are: many frames of few scenes. Image-like queries lie among
them; text-like ones lie off to the side, as a description's vector does, with a small part along a cluster. With
RETAKE_DEMO_CLIPS the builtin encoder's vectors of real frames, with noise, are measured as well.
"""

import argparse
import gc
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.jobs import CancelToken
from retake_core.library.database import Database
from retake_core.library.vectors import VectorIndex, build_large, large
from retake_core.library.videos import bump_generation
from tests.benchmarks.measure import Row, report, surroundings

DIMENSION = 768
PER_SCENE = 40  # vectors of a cluster
SPREAD = 0.55  # length of the noise around a cluster's centre
TOP = 50
QUERIES = 200
CHANGED = 500
TIMES = ("build s", "load s", "add s", "remove s")
COLUMNS = ("vectors", "index", "p50 ms", "p95 ms", "CPU ms", "recall image", "recall text", "MB", *TIMES)
Vectors = NDArray[np.float32]
Search = Callable[[Vectors], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class World:
    """Vectors [n, dimension] of length 1, and queries of two kinds."""

    name: str
    vectors: Vectors
    image: Vectors
    text: Vectors


def unit(vectors: Vectors) -> Vectors:
    """Bring rows to length 1, in place."""
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def noise(generator: np.random.Generator, count: int, dimension: int, length: float) -> Vectors:
    drawn = generator.standard_normal((count, dimension), np.float32)
    drawn *= length / dimension**0.5
    return drawn


def clustered(count: int) -> World:
    """Make vectors of scenes that share a direction, as all pictures do for an encoder."""
    generator = np.random.default_rng(count)
    common = unit(noise(generator, 1, DIMENSION, 1.0))
    centres = unit(noise(generator, max(count // PER_SCENE, 1), DIMENSION, 1.0) + 0.7 * common)
    vectors = np.empty((count, DIMENSION), np.float32)
    for start in range(0, count, 50_000):
        part = slice(start, min(count, start + 50_000))
        scenes = generator.integers(0, len(centres), part.stop - part.start)
        vectors[part] = unit(centres[scenes] + noise(generator, len(scenes), DIMENSION, SPREAD))
    image = unit(vectors[generator.integers(0, count, QUERIES)] + noise(generator, QUERIES, DIMENSION, 0.3))
    aside = unit(noise(generator, 1, DIMENSION, 1.0))
    scenes = generator.integers(0, len(centres), QUERIES)
    text = unit(0.35 * centres[scenes] + 0.8 * aside + noise(generator, QUERIES, DIMENSION, 0.3))
    return World(f"{count:,}", vectors, image, text)


def from_clips(clips: Path, count: int) -> World:
    """Make vectors of real frames, each many times with noise; real descriptions are the text queries."""
    from retake_core.encoders.builtin import BuiltinEncoder
    from tests.benchmarks.search_quality import frames
    from tests.benchmarks.search_set import NOTHING, SHOWN

    generator = np.random.default_rng(count)
    encoder = BuiltinEncoder()
    images = [image for path in sorted(clips.iterdir()) for _, image in frames(path)]
    real = encoder.encode_frames(images).embeddings
    vectors = unit(real[generator.integers(0, len(real), count)] + noise(generator, count, real.shape[1], 0.2))
    image = unit(real[generator.integers(0, len(real), QUERIES)] + noise(generator, QUERIES, real.shape[1], 0.2))
    text = np.stack([encoder.encode_text(words) for words in (*SHOWN, *NOTHING)])
    return World(f"{count:,} real", vectors, image, text)


def worlds(size: int, clips: str | None) -> Iterator[World]:
    """Yield the vectors to measure, one after the other: both kinds may not fit into memory."""
    yield clustered(size)
    if clips:
        yield from_clips(Path(clips), size)


def store(database: Database, vectors: Vectors, first: int = 1) -> None:
    """Put vectors into a library's tables, as keyframes of one video."""

    def rows(start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        for number in range(start, stop):
            yield first + number, vectors[number].astype("<f2").tobytes()

    with database.writing() as connection:
        connection.exec_driver_sql("INSERT OR IGNORE INTO video (id, fingerprint, size) VALUES (1, 'v', 1)")
        for start in range(0, len(vectors), 20_000):
            part = list(rows(start, min(len(vectors), start + 20_000)))
            connection.exec_driver_sql(
                "INSERT INTO keyframe (id, video_id, time_us, prominence, thumbnail) VALUES (?, 1, ?, 0.5, x'00')",
                [(number, number) for number, _ in part],
            )
            connection.exec_driver_sql(
                "INSERT INTO embedding (keyframe_id, encoder, vector) VALUES (?, 'scale', ?)", part
            )
        bump_generation(connection)


def measured(search: Search, world: World, exact: dict[str, NDArray[np.int64]]) -> Row:
    """Return latency over both kinds of queries, and recall of each."""
    taken: list[float] = []
    found: Row = {}
    spent = 0.0
    for name, queries in (("image", world.image), ("text", world.text)):
        for query in queries[:20]:
            search(query)
        hits, before = 0, time.process_time()
        for query, wanted in zip(queries, exact[name], strict=True):
            began = time.perf_counter()
            ids = search(query)
            taken.append(time.perf_counter() - began)
            hits += len(np.intersect1d(ids, wanted))
        spent += time.process_time() - before
        found[f"recall {name}"] = round(hits / (len(queries) * TOP), 4)
    found["CPU ms"] = 1e3 * spent / len(taken)
    return found | {"p50 ms": 1e3 * float(np.median(taken)), "p95 ms": 1e3 * float(np.quantile(taken, 0.95))}


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def memory() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def exact_answers(world: World) -> dict[str, NDArray[np.int64]]:
    """Return the nearest by brute force; ids count from 1."""
    return {
        name: np.stack([np.argpartition(-(world.vectors @ query), TOP)[:TOP] + 1 for query in queries])
        for name, queries in (("image", world.image), ("text", world.text))
    }


def product(world: World, exact: dict[str, NDArray[np.int64]]) -> Row:
    """Measure the product's index on a library's database."""
    with tempfile.TemporaryDirectory() as work, closing(Database(Path(work, "library.db"))) as database:
        store(database, world.vectors)
        dimension, folder = world.vectors.shape[1], Path(work)

        def opened() -> VectorIndex:
            index = VectorIndex(folder, "scale", dimension)
            refreshed(index)
            return index

        def refreshed(index: VectorIndex) -> None:
            with database.reading() as connection:
                index.refresh(connection)

        def build() -> None:
            with database.reading() as connection:
                if not build_large(connection, folder, "scale", dimension, CancelToken()):
                    VectorIndex(folder, "scale", dimension).refresh(connection)

        row: Row = {"build s": seconds(build)}
        before = memory()
        index = opened()
        row |= measured(lambda query: index.search(query, TOP)[0], world, exact)
        row["MB"] = memory() - before
        row["load s"] = seconds(opened)
        store(database, world.image, first=len(world.vectors) + 1)
        row["add s"] = seconds(lambda: refreshed(index))
        with database.writing() as connection:
            _remove(connection)
        row["remove s"] = seconds(lambda: refreshed(index))
    kind = "IVF SQ8, mapped" if len(world.vectors) >= large.LARGE else "flat fp16"
    return dict.fromkeys(COLUMNS) | {"vectors": world.name, "index": f"ReTaKe ({kind})"} | row


def _remove(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM keyframe WHERE id <= ?", (CHANGED,))
    bump_generation(connection)


def plain_faiss(world: World, exact: dict[str, NDArray[np.int64]]) -> Row:
    """Measure what FAISS does without further thought: all vectors as float32, compared one by one."""
    import faiss

    before = memory()
    index: Any = faiss.IndexFlatIP(world.vectors.shape[1])
    row: Row = {"build s": seconds(lambda: index.add(world.vectors))}
    row |= measured(lambda query: index.search(query[None], TOP)[1][0] + 1, world, exact)
    row["MB"] = memory() - before
    return dict.fromkeys(COLUMNS) | {"vectors": world.name, "index": "FAISS flat"} | row


def plain_numpy(world: World, exact: dict[str, NDArray[np.int64]]) -> Row:
    """Measure one product of a matrix and a vector, and the largest of it."""

    def search(query: Vectors) -> NDArray[np.int64]:
        products = world.vectors @ query
        best = np.argpartition(-products, TOP)[:TOP]
        return best[np.argsort(-products[best])] + 1

    row = measured(search, world, exact) | {"MB": world.vectors.nbytes / 1e6}
    return dict.fromkeys(COLUMNS) | {"vectors": world.name, "index": "NumPy"} | row


def main() -> None:
    """Print one table of all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file, too")
    parser.add_argument("--large", type=int, help="build the large index from so many vectors")
    chosen = parser.parse_args()
    if chosen.large:
        large.LARGE = chosen.large
    clips = os.environ.get("RETAKE_DEMO_CLIPS")
    rows: list[Row] = []
    notes = [surroundings()]
    for size in chosen.sizes:
        for world in worlds(size, clips):
            exact = exact_answers(world)
            for measure in (product, plain_faiss, plain_numpy):
                rows.append(measure(world, exact))
                print(json.dumps(rows[-1]), flush=True)
    report(rows, notes, chosen.json)


if __name__ == "__main__":
    main()
