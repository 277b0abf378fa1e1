"""Nearest keyframes by embedding: a FAISS index, which is a copy of what SQLite holds."""

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from retake_core.files import replacing, sweep, write_durably
from retake_core.library.schema import counter, embedding, keyframe, video

if TYPE_CHECKING:
    import faiss

log = logging.getLogger(__name__)


class _Sidecar(msgspec.Struct, frozen=True):
    """What an index file must agree with to be used; a damaged FAISS file loads without complaint."""

    generation: int
    encoder: str
    dimension: int
    count: int
    sha256: str


class VectorIndex:
    """Embeddings of one encoder, kept as float16 and searched exactly.

    Attributes:
        encoder: its id.
    """

    def __init__(self, directory: Path, encoder: str, dimension: int) -> None:
        """Name the index; `refresh` loads it.

        Args:
            directory: where index files lie.
            encoder: id of the encoder.
            dimension: of its embeddings.
        """
        name = hashlib.sha256(encoder.encode()).hexdigest()[:16]
        self._file = directory / f"{name}.faiss"
        self._sidecar = directory / f"{name}.json"
        self._encoder = encoder
        self._dimension = dimension
        self._generation = -1
        self._index: faiss.Index

    def refresh(self, connection: Connection) -> None:
        """Bring the index in line with the database: nothing to do, load the file, or build it anew."""
        generation = _generation(connection)
        if generation == self._generation:
            return
        if not self._load(generation):
            self._build(connection)
            self._publish(generation)
        self._generation = generation

    def search(
        self, query: NDArray[np.float32], limit: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the nearest keyframes, best first.

        Args:
            query: float32 [dimension], length 1.
            limit: how many at most.
            among: int64 [m], only keyframes of these ids.

        Returns:
            Ids, int64 [k], and cosines, float32 [k].
        """
        import faiss

        limit = min(limit, self._index.ntotal)
        if limit == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if among is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        cosines, ids = self._index.search(query[None], limit, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], cosines[0][found]

    def _build(self, connection: Connection) -> None:
        import faiss

        storage = faiss.IndexScalarQuantizer(
            self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._index = faiss.IndexIDMap2(storage)
        rows = connection.execute(
            select(embedding.c.keyframe_id, embedding.c.vector).where(embedding.c.encoder == self._encoder)
        )
        for part in rows.partitions(10_000):
            ids = np.array([row.keyframe_id for row in part], np.int64)
            vectors = np.frombuffer(b"".join(row.vector for row in part), "<f2").astype(np.float32)
            self._index.add_with_ids(vectors.reshape(len(ids), self._dimension), ids)

    def _load(self, generation: int) -> bool:
        import faiss

        try:
            sidecar = msgspec.json.decode(self._sidecar.read_bytes(), type=_Sidecar)
            expected = (generation, self._encoder, self._dimension)
            if (sidecar.generation, sidecar.encoder, sidecar.dimension) != expected:
                return False
            if _sha256(self._file) != sidecar.sha256:
                return False
            self._index = faiss.read_index(str(self._file))
        except (OSError, RuntimeError, msgspec.DecodeError):
            return False
        return bool(self._index.ntotal == sidecar.count)

    def _publish(self, generation: int) -> None:
        """Write the index for the next start. A failure costs a rebuild, nothing else."""
        import faiss

        try:
            sweep(self._file.parent)
            with replacing(self._file) as temporary:
                faiss.write_index(self._index, str(temporary))
                digest = _sha256(temporary)
            sidecar = _Sidecar(generation, self._encoder, self._dimension, self._index.ntotal, digest)
            write_durably(self._sidecar, msgspec.json.encode(sidecar))
        except (OSError, RuntimeError) as error:
            log.warning("the vector index could not be saved: %s", error)


def keyframes_in(connection: Connection, video_ids: list[int]) -> NDArray[np.int64]:
    """Return the ids of the keyframes of some videos."""
    statement = select(keyframe.c.id).join(video).where(video.c.id.in_(video_ids))
    return np.fromiter(connection.execute(statement).scalars(), np.int64)


def _generation(connection: Connection) -> int:
    statement = select(counter.c.value).where(counter.c.name == "generation")
    return int(connection.execute(statement).scalar_one())


def is_sound(path: Path) -> bool:
    """Return whether an index file is as it was written."""
    try:
        sidecar = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=_Sidecar)
        return _sha256(path) == sidecar.sha256
    except (OSError, msgspec.DecodeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
