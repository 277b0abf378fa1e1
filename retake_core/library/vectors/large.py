"""The index of a large library, built in the background and mapped into memory.

Inverted lists of 4-bit codes, which the processor compares many at once, yield candidates; 8-bit codes rank these.
It never changes: what is new since it was built lies in a flat index beside it, and what is gone is passed over.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.library.vectors.files import IndexFiles, Sidecar, release_pages
from retake_core.library.vectors.stored import OF_KEYFRAMES, Ids, Vectors, generation

LARGE = 200_000
"""Keyframes from which it is worth its while: exact search takes 10 ms there, and 64 ms for a million."""
OUTDATED = 0.2  # share of the library that may be new or gone before it is built anew
PROBES = 256  # lists that are searched: an eighth of a million keyframes
CANDIDATES, PER_RESULT = 4000, 6  # that are ranked: so many, and at least so many for each result
FEW = 50_000  # vectors that are quickly compared one by one
PER_LIST = 30  # vectors to train on
AGREES = 0.05  # length of what rounding may change of a vector
SUFFIX = "-large"


def lists_for(count: int) -> int:
    """Return how many lists hold so many vectors best: a power of two near twice the root."""
    return int(2 ** round(np.log2(2 * np.sqrt(count))))


@dataclass(slots=True)
class LargeIndex:
    """An opened index.

    Attributes:
        index: what FAISS read; all below belongs to it.
        refined: yields candidates and ranks them; its vectors are numbered by their place in `ids`.
        codes: what it ranks them by.
        sidecar: its description.
        ids: what it holds, in ascending order.
        left: bool [n], which of these the library still holds.
    """

    index: Any
    refined: Any
    codes: Any
    sidecar: Sidecar
    ids: Ids
    left: NDArray[np.bool_]

    @classmethod
    def open(cls, files: IndexFiles, encoder: str, dimension: int) -> "LargeIndex | None":
        """Map the file into memory; None if there is none that can be used."""
        import faiss

        # FAISS cannot map it on macOS, and on Windows no new file could take the place of a mapped one. Who wrote
        # into that would end this process, but it is the app's own, and is only replaced whole.
        mapped = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY if sys.platform == "linux" else 0
        loaded = files.load(encoder, dimension, mapped)
        if loaded is None:
            return None
        index: Any = loaded[0]
        if not isinstance(index, faiss.IndexIDMap):  # as earlier versions built it
            return None
        ids = faiss.vector_to_array(index.id_map).astype(np.int64)
        refined: Any = faiss.downcast_index(index.index)
        codes = faiss.downcast_index(refined.refine_index)
        release_pages(files.index)  # FAISS maps the 8-bit codes, and copies the lists
        return cls(index, refined, codes, loaded[1], ids, np.ones(len(ids), np.bool_))

    def search(self, query: Vectors, limit: int, among: Ids | None) -> tuple[Ids, Vectors]:
        """Return the nearest vectors: ids, padded with -1, and cosines.

        Args:
            query: float32 [dimension].
            limit: how many.
            among: int64 [m], only these ids; few are compared one by one, and of many the more lists are searched
                the fewer they are.
        """
        import faiss

        mask = self.left
        if among is not None:
            # By id; np.isin takes 5 ms more.
            inside = np.zeros(max(self.ids[-1], among.max(initial=0)) + 1, np.bool_)
            inside[among] = True
            mask = inside[self.ids] & self.left
        count = int(np.count_nonzero(mask))
        bits: Any = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits) if count < len(mask) else None  # type: ignore[call-arg]
        if count <= FEW:
            every = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            cosines, places = self.codes.search(query[None], limit, params=every)
        else:
            probes = min(PROBES * len(mask) // count, lists_for(len(mask)))
            some = faiss.SearchParametersIVF(nprobe=probes, sel=selector)  # type: ignore[call-arg]
            ranked = faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
                k_factor=max(CANDIDATES / limit, PER_RESULT), base_index_params=some
            )
            cosines, places = self.refined.search(query[None], limit, params=ranked)
        return np.where(places[0] < 0, -1, self.ids[places[0]]), cosines[0]

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Return whether these vectors are the ones that it holds under these ids, but for their rounding."""
        own = np.stack([self.codes.reconstruct(int(place)) for place in self._places(ids)])
        return bool(np.all(np.linalg.norm(own - vectors, axis=1) < AGREES))

    def _places(self, ids: Ids) -> Ids:
        """Return where these ids lie in `ids`, without those that do not."""
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.asarray(places[self.ids[places] == ids], np.int64)


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
    ids = OF_KEYFRAMES.ids(connection, encoder, 0)
    files = IndexFiles.of(directory, encoder, SUFFIX)
    if len(ids) < LARGE:
        return False
    earlier = LargeIndex.open(files, encoder, dimension)
    if earlier is not None and len(np.setxor1d(ids, earlier.ids, assume_unique=True)) <= OUTDATED * len(ids):
        return False
    lists = lists_for(len(ids))
    sample = np.sort(np.random.default_rng(0).permutation(ids)[: PER_LIST * lists])
    index = new_index(dimension, lists)
    cancel.check()
    index.train(np.concatenate([vectors for _, vectors in OF_KEYFRAMES.vectors(connection, encoder, sample)]))
    for numbers, vectors in OF_KEYFRAMES.vectors(connection, encoder, ids):
        cancel.check()
        index.add_with_ids(vectors, numbers)
    return files.publish(index, generation(connection), encoder)


def new_index(dimension: int, lists: int) -> Any:
    """Return an empty index to train and fill."""
    import faiss

    measure = faiss.METRIC_INNER_PRODUCT
    width = next(width for width in (3, 2, 1) if dimension % width == 0)  # of what becomes 4 bits
    candidates = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatIP(dimension), dimension, lists, dimension // width, 4, measure
    )
    candidates.by_residual = True
    candidates.cp.spherical, candidates.cp.max_points_per_centroid = True, PER_LIST
    for clustering in (candidates.cp, candidates.pq.cp):
        clustering.niter, clustering.min_points_per_centroid = 10, 1
    codes = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, measure)
    return faiss.IndexIDMap(faiss.IndexRefine(candidates, codes))
