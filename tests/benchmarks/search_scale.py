"""Vector search at the size of large libraries: latency, recall against exact search, memory, building, changes.

    python -m tests.benchmarks.search_scale 10000 100000 1000000

`--worst` adds vectors without any order, which no index can sort into lists. With RETAKE_DEMO_CLIPS the builtin
encoder's vectors of real frames, with noise, are measured as well. Every line is measured in a process of its own;
"MB" is what it grows by from opening the index to the last search, files that it mapped included.
"""

import gc
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.library.database import Database
from retake_core.library.indexing import bump_generation
from retake_core.library.vectors import LARGE, VectorIndex, build_large, embeddings_of
from retake_core.search.by_keyframe import CANDIDATES
from tests.benchmarks.worlds import TOP, Half, Ids, Vectors, World, clustered, from_clips, unordered
from tests.support.report import Report, Row, make_parser

CHANGED = 500
WARM = 20  # queries before the clock runs
FEW = 50  # queries where every one takes a quarter of a second
ENCODER = "scale"
TIMES = ("build s", "load s", "add s", "remove s")
ALIKE = "recall alike"
COLUMNS = ("vectors", "index", "p50 ms", "p95 ms", "CPU ms", "recall image", "recall text", ALIKE, "MB", *TIMES)
Search = Callable[[Vectors], Ids]


def worlds(sizes: list[int], folder: Path, clips: str | None, *, worst: bool) -> Iterator[World]:
    """Yield the vectors to measure, one after the other in the same file."""
    file = folder / "vectors.npy"
    for size in sizes:
        yield clustered(size, file)
        if worst:
            yield unordered(size, file)
        if clips:
            yield from_clips(Path(clips), size, file)


def store(database: Database, vectors: Half, first: int = 1) -> None:
    """Put vectors into a library's tables, as keyframes of one video."""
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT OR IGNORE INTO video (id, fingerprint, size) VALUES (1, 'v', 1)")
        for start in range(0, len(vectors), 20_000):
            part = np.ascontiguousarray(vectors[start : start + 20_000], "<f2")
            ids = range(first + start, first + start + len(part))
            connection.exec_driver_sql(
                "INSERT INTO keyframe (id, video_id, time_us, prominence, thumbnail) VALUES (?, 1, ?, 0.5, x'00')",
                [(number, number) for number in ids],
            )
            connection.exec_driver_sql(
                "INSERT INTO embedding (keyframe_id, encoder, vector) VALUES (?, ?, ?)",
                [(number, ENCODER, vector.tobytes()) for number, vector in zip(ids, part, strict=True)],
            )
        bump_generation(connection)


def measured(search: Search, world: World, asked: int | None = None) -> Row:
    """Return latency over both kinds of queries, so many of each, and recall."""
    taken: list[float] = []
    found: Row = {}
    spent = 0.0
    for kind, every in world.queries.items():
        queries = every[:asked]
        for query in queries[:WARM]:
            search(query)
        hits, before = 0, time.process_time()
        for query, nearest in zip(queries, world.exact[kind], strict=False):
            began = time.perf_counter()
            ids = search(query)
            taken.append(time.perf_counter() - began)
            hits += len(np.intersect1d(ids, nearest))
        spent += time.process_time() - before
        found[f"recall {kind}"] = round(hits / (len(queries) * TOP), 4)
    found["CPU ms"] = 1e3 * spent / len(taken)
    return found | {"p50 ms": 1e3 * float(np.median(taken)), "p95 ms": 1e3 * float(np.quantile(taken, 0.95))}


def recall_alike(index: VectorIndex, connection: Connection, world: World) -> float:
    """Return the recall of search for keyframes like another, which compares what it finds by stored vectors."""
    hits = 0
    for query, nearest in zip(world.queries["image"], world.exact["image"], strict=True):
        ids, _ = index.search(query, CANDIDATES)
        found = embeddings_of(connection, ENCODER, ids.tolist())
        best = np.argsort(-(np.stack(list(found.values())) @ query))[:TOP]
        hits += len(np.intersect1d(np.array(list(found))[best], nearest))
    return round(hits / (len(world.queries["image"]) * TOP), 4)


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def memory() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def refreshed(index: VectorIndex, database: Database) -> None:
    with database.reading() as connection:
        index.refresh(connection)


def opened(world: World, database: Database) -> VectorIndex:
    index = VectorIndex(world.file.parent, ENCODER, world.vectors().shape[1])
    refreshed(index, database)
    return index


def build(world: World) -> Row:
    """Fill a library's database, and build the product's index of it."""
    for file in [*world.file.parent.glob("*.faiss"), *world.file.parent.glob("*.json")]:
        file.unlink()
    with closing(Database(world.file.with_name("library.db"))) as database:
        store(database, world.vectors())

        def work() -> None:
            with database.reading() as connection:
                built = build_large(
                    connection, world.file.parent, ENCODER, world.vectors().shape[1], CancelToken()
                )
            if not built:
                opened(world, database)

        return {"build s": seconds(work)}


def product(world: World) -> Row:
    """Measure the product's index on a library's database."""
    with closing(Database(world.file.with_name("library.db"))) as database:
        before = memory()
        began = time.perf_counter()
        index = opened(world, database)
        row: Row = {"load s": time.perf_counter() - began}
        row |= measured(lambda query: index.search(query, TOP)[0], world)
        row["MB"] = memory() - before
        with database.reading() as connection:
            row[ALIKE] = recall_alike(index, connection, world)
        count = len(world.vectors())
        store(database, world.vectors()[:CHANGED], first=count + 1)
        row["add s"] = seconds(lambda: refreshed(index, database))
        with database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM keyframe WHERE id <= ?", (CHANGED,))
            bump_generation(connection)
        row["remove s"] = seconds(lambda: refreshed(index, database))
    return {"index": f"ReTaKe ({'IVF PQ4 + SQ8, mapped' if count >= LARGE else 'flat fp16'})"} | row


def plain_faiss(world: World) -> Row:
    """Measure what FAISS does without further thought: all vectors as float32, compared one by one."""
    import faiss

    before = memory()
    index: Any = faiss.IndexFlatIP(world.vectors().shape[1])

    def fill() -> None:
        for part in world.parts():
            index.add(part)

    row: Row = {"index": "FAISS flat", "build s": seconds(fill)}
    row |= measured(lambda query: index.search(query[None], TOP)[1][0] + 1, world, FEW)
    return row | {"MB": memory() - before}


def plain_numpy(world: World) -> Row:
    """Measure one product of a matrix and a vector, and the largest of it."""
    before = memory()
    vectors = np.empty(world.vectors().shape, np.float32)
    start = 0
    for part in world.parts():
        vectors[start : start + len(part)] = part
        start += len(part)

    def search(query: Vectors) -> Ids:
        products = vectors @ query
        best = np.argpartition(-products, TOP)[:TOP]
        return best[np.argsort(-products[best])] + 1

    return {"index": "NumPy"} | measured(search, world, FEW) | {"MB": memory() - before}


def apart(work: Callable[[World], Row], world: World) -> Row:
    """Do it in a new process, whose memory holds nothing else."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (world,))


def main() -> None:
    """Print one table of all sizes."""
    parser = make_parser(__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--worst", action="store_true", help="also vectors without any order")
    options = parser.parse_args()
    report = Report("tests.benchmarks.search_scale")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as work:
        for world in worlds(options.sizes, Path(work), os.environ.get("RETAKE_DEMO_CLIPS"), worst=options.worst):
            built = apart(build, world)
            for measure in (product, plain_faiss, plain_numpy):
                row = dict.fromkeys(COLUMNS) | {"vectors": world.name} | apart(measure, world)
                rows.append(row | built if measure is product else row)
                print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
            for file in Path(work).glob("library.db*"):
                file.unlink()
    report.publish(rows)


if __name__ == "__main__":
    main()
