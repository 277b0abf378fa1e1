"""The index of a large library: inverted lists of 8-bit vectors, built in the background and mapped into memory.

It never changes: what is new since it was built lies in a flat index beside it, and what is gone is passed over.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection

from retake_core.jobs import CancelToken
from retake_core.library.vectors.files import IndexFiles, Sidecar
from retake_core.library.vectors.stored import Ids, Vectors, generation, stored_ids, vectors_of

if TYPE_CHECKING:
    import faiss

LARGE = 200_000
"""Keyframes from which it is worth its while: exact search takes 10 ms there, and 64 ms for a million."""
OUTDATED = 0.2  # share of the library that may be new or gone before it is built anew
PROBES = 96  # lists that are searched: 5 % of a million keyframes
PER_LIST = 30  # vectors to train on
SUFFIX = "-large"


def lists_for(count: int) -> int:
    """Return how many lists hold so many vectors best: a power of two near twice the root."""
    return int(2 ** round(np.log2(2 * np.sqrt(count))))


@dataclass(slots=True)
class LargeIndex:
    """An opened index.

    Attributes:
        index: inverted lists.
        said: its description.
        ids: what it holds, in ascending order.
    """

    index: Any
    said: Sidecar
    ids: Ids

    @classmethod
    def open(cls, files: IndexFiles, encoder: str, dimension: int) -> "LargeIndex | None":
        """Map the file into memory; None if there is none that can be used."""
        import faiss

        loaded = files.load(encoder, dimension, faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        if loaded is None:
            return None
        index: Any = loaded[0]
        index.parallel_mode = 0
        lists = index.invlists
        ids = [
            faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
            for number in range(index.nlist)
            if lists.list_size(number)
        ]
        return cls(index, loaded[1], np.sort(np.concatenate(ids)) if ids else np.empty(0, np.int64))

    def search(
        self, query: Vectors, limit: int, selector: "faiss.IDSelector | None", share: float
    ) -> tuple[Ids, Vectors]:
        """Return the nearest vectors: ids and cosines, padded with -1.

        Args:
            query: float32 [dimension].
            limit: how many.
            selector: which ids count; None is all.
            share: how much of the library they are, 0..1; the fewer, the more lists must be searched.
        """
        import faiss

        probes = min(self.index.nlist, round(PROBES / max(share, 1e-9)))
        parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)  # type: ignore[call-arg]
        cosines, ids = self.index.search(query[None], limit, params=parameters)
        return ids[0], cosines[0]

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Return whether these vectors are the ones that it holds under these ids, but for their rounding."""
        import faiss

        for number, vector in zip(ids, vectors, strict=True):
            selector = faiss.IDSelectorBatch(np.array([number]))
            parameters = faiss.SearchParametersIVF(nprobe=4, sel=selector)  # type: ignore[call-arg]
            cosines, found = self.index.search(vector[None], 1, params=parameters)
            if found[0, 0] != number or abs(cosines[0, 0] - float(vector @ vector)) > 0.05:
                return False
        return True


def build_large(
    connection: Connection, directory: Path, encoder: str, dimension: int, cancel: CancelToken
) -> bool:
    """Build the index if the library is large and it is missing or outdated; it takes minutes.

    Args:
        connection: sees the library.
        directory: where index files lie.
        encoder: id of the encoder.
        dimension: of its embeddings.
        cancel: stops it; nothing is left behind.

    Returns:
        Whether there is a new one.

    Raises:
        Cancelled: the next run begins anew.
    """
    ids = stored_ids(connection, encoder)
    files = IndexFiles.of(directory, encoder, SUFFIX)
    if len(ids) < LARGE:
        return False
    known = LargeIndex.open(files, encoder, dimension)
    if known is not None and len(np.setxor1d(ids, known.ids, assume_unique=True)) <= OUTDATED * len(ids):
        return False
    lists = lists_for(len(ids))
    sample = np.sort(np.random.default_rng(0).permutation(ids)[: PER_LIST * lists])
    index = new_index(dimension, lists)
    cancel.check()
    index.train(np.concatenate([vectors for _, vectors in vectors_of(connection, encoder, sample)]))
    for numbers, vectors in vectors_of(connection, encoder, ids):
        cancel.check()
        index.add_with_ids(vectors, numbers)
    return files.publish(index, generation(connection), encoder)


def new_index(dimension: int, lists: int) -> Any:
    """Return an empty index to train and fill."""
    import faiss

    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.spherical, index.cp.niter, index.cp.max_points_per_centroid = True, 10, PER_LIST
    index.cp.min_points_per_centroid = 1
    return index
