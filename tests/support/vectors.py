"""Videos with made-up embeddings, the index of these, and what may happen to its files."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, store_keyframes
from retake_core.library.keyframes import keyframe_ids
from retake_core.library.vectors import VectorIndex, stored
from retake_core.media.video_file import FoundFile
from tests.support.fakes import unit

Vectors = NDArray[np.float32]

DIMENSION = 32


def some(count: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32))


def add_video(database: Database, name: str, vectors: Vectors, encoder: str = "one") -> int:
    """Store a video with a keyframe a second, and return its id."""
    with database.writing() as connection:
        folder = add_folder(connection, Path("/videos"))
        put_file(connection, folder, FoundFile(Path("/videos", name), 1, 1), name)
        (video_id,) = connection.exec_driver_sql("SELECT id FROM video WHERE fingerprint = ?", (name,)).one()
        begin_job(connection, video_id, Depth.QUICK, "recipe")
        new = [NewKeyframe(float(time), 1.0, b"", vector) for time, vector in enumerate(vectors)]
        store_keyframes(connection, video_id, encoder, new, start=0.0, end=None, state=None)
    return int(video_id)


def open_index(
    database: Database, data_dir: DataDir, encoder: str = "one", held: stored.Stored = stored.OF_KEYFRAMES
) -> VectorIndex:
    opened = VectorIndex(data_dir.vectors, encoder, DIMENSION, held)
    with database.reading() as connection:
        opened.refresh(connection)
    return opened


def ids_of(database: Database, *videos: int) -> NDArray[np.int64]:
    with database.reading() as connection:
        return np.sort(np.array(keyframe_ids(connection, videos), np.int64))


def flip_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 4
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "flipped bit": flip_bit,
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "gone": Path.unlink,
    "text": lambda path: path.write_text("nothing"),
    "bytes": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "list": lambda path: path.write_text("[]"),
}
