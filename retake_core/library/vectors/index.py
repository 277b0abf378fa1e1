"""What search asks: exact while that is fast, and with a large index for what it holds beyond that."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from retake_core.library.vectors.files import IndexFiles
from retake_core.library.vectors.large import SUFFIX, LargeIndex
from retake_core.library.vectors.stored import OF_KEYFRAMES, Ids, Stored, Vectors
from retake_core.system.processor import usable_cores

UNPUBLISHED = 0.05  # share of the flat index that may be newer than its file: it is quickly read again
AT_LEAST = 1000
SHARED = 20_000  # vectors from which two threads compare them: so many take one a millisecond
PROBED = 32  # vectors that are compared with the database before a file of another time is used
NOTHING: Ids = np.empty(0, np.int64)


class VectorIndex:
    """Embeddings of one encoder. A flat index of float16 holds all that the large one does not."""

    def __init__(self, directory: Path, encoder: str, dimension: int, stored: Stored = OF_KEYFRAMES) -> None:
        """Name the index; `refresh` loads it.

        Args:
            directory: where index files lie.
            encoder: id of the encoder.
            dimension: of its embeddings.
            stored: what the database holds of them.
        """
        self._stored = stored
        self._files = IndexFiles.of(directory, encoder)
        self._large_files = IndexFiles.of(directory, encoder, SUFFIX)
        self._encoder = encoder
        self._dimension = dimension
        self._generation = -1
        self._published = False
        self._changed = 0  # since then
        self._flat: Any = None
        self._flat_ids = NOTHING
        self._ids = NOTHING  # of all embeddings, in ascending order
        self._large: LargeIndex | None = None
        self._second = ThreadPoolExecutor(1, "vectors")  # its thread begins with the first large search

    def __len__(self) -> int:
        """Return how many embeddings there are."""
        return len(self._ids)

    def refresh(self, connection: Connection) -> None:
        """Bring the index in line with the database: load the files, add what is new, or build it anew."""
        now = self._stored.generation(connection)
        if now == self._generation:
            return
        reopened = self._reopen_large(connection, now)
        if self._flat is None or reopened or not self._extend(connection):
            self._compare(connection, now)
        due = not self._published or self._changed > max(AT_LEAST, UNPUBLISHED * len(self._flat_ids))
        if due and self._files.publish(self._flat, now, self._encoder):
            self._published, self._changed = True, 0
        self._generation = now

    def _extend(self, connection: Connection) -> bool:
        """Add what is new, and return True; or False if anything else has changed.

        Ids are never used again, so that their number and sum tell.
        """
        new = self._stored.ids(connection, self._encoder, int(self._ids[-1]) if len(self._ids) else 0)
        ids = np.concatenate([self._ids, new])
        if self._stored.summary(connection, self._encoder) != (len(ids), int(ids.sum())):
            return False
        self._add(connection, new)
        self._ids, self._flat_ids = ids, np.concatenate([self._flat_ids, new])
        return True

    def _compare(self, connection: Connection, now: int) -> None:
        """Bring the index in line with all that the database holds."""
        self._ids = self._stored.ids(connection, self._encoder, 0)
        large_ids = NOTHING if self._large is None else self._large.ids
        if self._large is not None:
            self._large.left = np.isin(large_ids, self._ids, assume_unique=True)
        flat_ids = np.setdiff1d(self._ids, large_ids, assume_unique=True)
        if self._flat is None and not self._load(connection, now, flat_ids):
            self._empty()
        self._remove(np.setdiff1d(self._flat_ids, flat_ids, assume_unique=True))
        self._add(connection, np.setdiff1d(flat_ids, self._flat_ids, assume_unique=True))
        self._flat_ids = flat_ids

    def search(self, query: Vectors, limit: int, among: Ids | None = None) -> tuple[Ids, Vectors]:
        """Return the nearest, best first.

        Args:
            query: float32 [dimension], length 1.
            limit: how many at most.
            among: int64 [m], only these ids.

        Returns:
            Ids, int64 [k], and cosines, float32 [k].
        """
        parts: list[tuple[Ids, Vectors]] = []
        if (count := min(limit, self._flat.ntotal)) > 0:
            parts += self._search_flat(query, count, among)
        if self._large is not None and limit > 0:
            parts.append(self._large.search(query, limit, among))
        if not parts:
            return NOTHING, np.empty(0, np.float32)
        ids = np.concatenate([part for part, _ in parts])
        cosines = np.concatenate([part for _, part in parts])
        order = np.lexsort((ids, -cosines))  # what is equally near, in order of the ids
        order = order[ids[order] >= 0][:limit]
        return ids[order], cosines[order]

    def _search_flat(self, query: Vectors, count: int, among: Ids | None) -> list[tuple[Ids, Vectors]]:
        """Compare every vector of the flat index; of many, a share by each of two threads.

        Args:
            query: float32 [dimension].
            count: how many to return at most.
            among: int64 [m], only these ids.

        Returns:
            For each share, in order of the ids: ids, padded with -1, and cosines, best first.
        """
        import faiss

        first, middle, last = (int(self._flat_ids[at]) for at in (0, len(self._flat_ids) // 2, -1))
        allowed: Any = None
        if among is not None:
            mask = np.zeros(last + 1, np.bool_)  # by id: a set of them takes twice as long to look into
            mask[among[among <= last]] = True
            bits: Any = np.packbits(mask, bitorder="little")
            allowed = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]

        def share(inside: Any) -> tuple[Ids, Vectors]:
            parameters = None if inside is None else faiss.SearchParameters(sel=inside)  # type: ignore[call-arg]
            cosines, ids = self._flat.search(query[None], count, params=parameters)
            return ids[0], cosines[0]

        if len(self._flat_ids) < SHARED or usable_cores() < 2:
            return [share(allowed)]
        halves: list[Any] = [faiss.IDSelectorRange(first, middle), faiss.IDSelectorRange(middle, last + 1)]
        if allowed is not None:
            halves = [faiss.IDSelectorAnd(half, allowed) for half in halves]
        upper = self._second.submit(share, halves[1])  # FAISS lets go of Python's lock
        return [share(halves[0]), upper.result()]

    def _reopen_large(self, connection: Connection, now: int) -> bool:
        """Take the large index that lies there now if it is another; the worker that indexes may have built it."""
        sidecar = self._large_files.describe()
        if sidecar is None or (self._large is not None and self._large.sidecar == sidecar):
            return False
        large = LargeIndex.open(self._large_files, self._encoder, self._dimension)
        if large is not None and sidecar.generation != now:
            for numbers, vectors in self._stored.vectors(connection, self._encoder, _some(large.ids)):
                if not large.agrees(numbers, vectors):
                    return False
        self._large = large
        return True

    def _load(self, connection: Connection, now: int, ids: Ids) -> bool:
        """Read the file of the flat index; one of another time must agree with the database where they meet."""
        import faiss

        loaded = self._files.load(self._encoder, self._dimension)
        if loaded is None:
            return False
        index: Any = loaded[0]
        loaded_ids = faiss.vector_to_array(index.id_map).astype(np.int64)
        if loaded[1].generation != now:
            common = np.intersect1d(loaded_ids, ids, assume_unique=True)
            for numbers, vectors in self._stored.vectors(connection, self._encoder, _some(common)):
                same = np.stack([index.reconstruct(int(number)) for number in numbers])
                if not np.allclose(same, vectors, atol=1e-6):
                    return False
        self._flat, self._flat_ids = index, np.sort(loaded_ids)
        self._published, self._changed = True, 0
        return True

    def _empty(self) -> None:
        import faiss

        storage = faiss.IndexScalarQuantizer(
            self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._flat, self._flat_ids = faiss.IndexIDMap2(storage), NOTHING
        self._published = False

    def _remove(self, ids: Ids) -> None:
        """Drop embeddings from the flat index."""
        import faiss

        if len(ids) > len(self._flat_ids) // 2:
            self._empty()
        elif len(ids):
            self._flat.remove_ids(faiss.IDSelectorBatch(ids))
            self._flat_ids = np.setdiff1d(self._flat_ids, ids, assume_unique=True)
            self._changed += len(ids)

    def _add(self, connection: Connection, new: Ids) -> None:
        """Add embeddings to the flat index."""
        for numbers, vectors in self._stored.vectors(connection, self._encoder, new):
            self._flat.add_with_ids(vectors, numbers)
        self._changed += len(new)


def _some(ids: Ids) -> Ids:
    """Return ids to probe: the newest, which another history of the library would have used again, and others."""
    if len(ids) <= PROBED:
        return ids
    spread = np.linspace(0, len(ids) - 1, PROBED // 2).astype(np.int64)
    return np.union1d(ids[spread], ids[-PROBED // 2 :])
