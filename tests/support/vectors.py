"""Videos with made-up embeddings."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, store_keyframes
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
