"""What search asks: exact while that is fast, and with a large index for what it holds beyond that."""

from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from retake_core.library.vectors.files import IndexFiles
from retake_core.library.vectors.large import SUFFIX, LargeIndex
from retake_core.library.vectors.stored import Ids, Vectors, generation, stored_ids, summary, vectors_of

UNPUBLISHED = 0.05  # share of the flat index that may be newer than its file: it is quickly read again
AT_LEAST = 1000
PROBED = 32  # vectors that are compared with the database before a file of another time is used
NOTHING: Ids = np.empty(0, np.int64)


class VectorIndex:
    """Embeddings of one encoder. A flat index of float16 holds all that the large one does not."""

    def __init__(self, directory: Path, encoder: str, dimension: int) -> None:
        """Name the index; `refresh` loads it.

        Args:
            directory: where index files lie.
            encoder: id of the encoder.
            dimension: of its embeddings.
        """
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
        self._removed = NOTHING  # of the large index

    def refresh(self, connection: Connection) -> None:
        """Bring the index in line with the database: load the files, add what is new, or build it anew."""
        now = generation(connection)
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
        new = stored_ids(connection, self._encoder, after=int(self._ids[-1]) if len(self._ids) else 0)
        ids = np.concatenate([self._ids, new])
        if summary(connection, self._encoder) != (len(ids), int(ids.sum())):
            return False
        self._add(connection, new)
        self._ids, self._flat_ids = ids, np.concatenate([self._flat_ids, new])
        return True

    def _compare(self, connection: Connection, now: int) -> None:
        """Bring the index in line with all that the database holds."""
        self._ids = stored_ids(connection, self._encoder)
        held = NOTHING if self._large is None else self._large.ids
        self._removed = np.setdiff1d(held, self._ids, assume_unique=True)
        wanted = np.setdiff1d(self._ids, held, assume_unique=True)
        if self._flat is None and not self._load(connection, now, wanted):
            self._empty()
        self._remove(np.setdiff1d(self._flat_ids, wanted, assume_unique=True))
        self._add(connection, np.setdiff1d(wanted, self._flat_ids, assume_unique=True))
        self._flat_ids = wanted

    def search(self, query: Vectors, limit: int, among: Ids | None = None) -> tuple[Ids, Vectors]:
        """Return the nearest keyframes, best first.

        Args:
            query: float32 [dimension], length 1.
            limit: how many at most.
            among: int64 [m], only keyframes of these ids.

        Returns:
            Ids, int64 [k], and cosines, float32 [k].
        """
        import faiss

        found: list[tuple[Ids, Vectors]] = []
        allowed = None if among is None else faiss.IDSelectorBatch(among)
        if (count := min(limit, self._flat.ntotal)) > 0:
            parameters = None if allowed is None else faiss.SearchParameters(sel=allowed)  # type: ignore[call-arg]
            cosines, ids = self._flat.search(query[None], count, params=parameters)
            found.append((ids[0], cosines[0]))
        if self._large is not None and limit > 0:
            gone = faiss.IDSelectorBatch(self._removed)
            left = faiss.IDSelectorNot(gone)
            both = left if allowed is None else faiss.IDSelectorAnd(left, allowed)
            share = 1.0 if among is None else len(among) / max(len(self._large.ids), 1)
            selector = allowed if not len(self._removed) else both
            found.append(self._large.search(query, limit, selector, min(share, 1.0)))
        if not found:
            return NOTHING, np.empty(0, np.float32)
        ids = np.concatenate([part for part, _ in found])
        cosines = np.concatenate([part for _, part in found])
        order = np.argsort(-cosines, kind="stable")
        order = order[ids[order] >= 0][:limit]
        return ids[order], cosines[order]

    def _reopen_large(self, connection: Connection, now: int) -> bool:
        """Take the large index that lies there now if it is another; the worker that indexes may have built it."""
        said = self._large_files.describe()
        if said is None or (self._large is not None and self._large.said == said):
            return False
        opened = LargeIndex.open(self._large_files, self._encoder, self._dimension)
        if opened is not None and said.generation != now:
            for numbers, vectors in vectors_of(connection, self._encoder, _some(opened.ids)):
                if not opened.agrees(numbers, vectors):
                    return False
        self._large = opened
        return True

    def _load(self, connection: Connection, now: int, wanted: Ids) -> bool:
        """Read the file of the flat index; one of another time must agree with the database where they meet."""
        import faiss

        loaded = self._files.load(self._encoder, self._dimension)
        if loaded is None:
            return False
        index: Any = loaded[0]
        held = faiss.vector_to_array(index.id_map).astype(np.int64)
        if loaded[1].generation != now:
            common = np.intersect1d(held, wanted, assume_unique=True)
            for numbers, vectors in vectors_of(connection, self._encoder, _some(common)):
                same = np.stack([index.reconstruct(int(number)) for number in numbers])
                if not np.allclose(same, vectors, atol=1e-6):
                    return False
        self._flat, self._flat_ids = index, np.sort(held)
        self._published, self._changed = True, 0
        return True

    def _empty(self) -> None:
        import faiss

        storage = faiss.IndexScalarQuantizer(
            self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._flat, self._flat_ids = faiss.IndexIDMap2(storage), NOTHING
        self._published = False

    def _remove(self, gone: Ids) -> None:
        """Drop what is gone from the flat index."""
        import faiss

        if len(gone) > len(self._flat_ids) // 2:
            self._empty()
        elif len(gone):
            self._flat.remove_ids(faiss.IDSelectorBatch(gone))
            self._flat_ids = np.setdiff1d(self._flat_ids, gone, assume_unique=True)
            self._changed += len(gone)

    def _add(self, connection: Connection, new: Ids) -> None:
        """Add embeddings to the flat index."""
        for numbers, vectors in vectors_of(connection, self._encoder, new):
            self._flat.add_with_ids(vectors, numbers)
        self._changed += len(new)


def _some(ids: Ids) -> Ids:
    """Return ids to probe: the newest, which another history of the library would have used again, and others."""
    if len(ids) <= PROBED:
        return ids
    spread = np.linspace(0, len(ids) - 1, PROBED // 2).astype(np.int64)
    return np.union1d(ids[spread], ids[-PROBED // 2 :])
