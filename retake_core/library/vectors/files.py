"""Index files: published at once or not at all, and never used when they do not match their description."""

import ctypes
import hashlib
import logging
import mmap
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from retake_core.system.files import replacing, write_durably

if TYPE_CHECKING:
    import faiss

log = logging.getLogger(__name__)
WHOLE = 64 << 20  # bytes up to which a file is read as a whole to check it
SAMPLES, SAMPLE = 256, 1 << 16  # beyond that, so many pieces of so many bytes


class Sidecar(msgspec.Struct, frozen=True):
    """What an index file must agree with to be used; a damaged FAISS file loads without complaint."""

    generation: int
    encoder: str
    dimension: int
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class IndexFiles:
    """An index and the file that describes it."""

    index: Path
    sidecar: Path

    @classmethod
    def of(cls, directory: Path, encoder: str, suffix: str = "") -> "IndexFiles":
        """Name the files of an encoder's index."""
        name = hashlib.sha256(encoder.encode()).hexdigest()[:16] + suffix
        return cls(directory / f"{name}.faiss", directory / f"{name}.json")

    def describe(self) -> Sidecar | None:
        """Return what is said of the index, or None where nothing is."""
        try:
            return msgspec.json.decode(self.sidecar.read_bytes(), type=Sidecar)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def load(self, encoder: str, dimension: int, flags: int = 0) -> "tuple[faiss.Index, Sidecar] | None":
        """Open the index if it is whole, and of this encoder."""
        import faiss

        sidecar = self.describe()
        if sidecar is None or (sidecar.encoder, sidecar.dimension) != (encoder, dimension):
            return None
        try:
            if digest(self.index) != sidecar.digest:
                return None
            index = faiss.read_index(str(self.index), flags)
        except (OSError, RuntimeError):
            return None
        return (index, sidecar) if index.ntotal == sidecar.count else None

    def publish(self, index: "faiss.Index", generation: int, encoder: str) -> bool:
        """Write an index for the next start. A failure costs a rebuild, nothing else."""
        import faiss

        try:
            with replacing(self.index) as temporary:
                faiss.write_index(index, str(temporary))
                sidecar = Sidecar(generation, encoder, index.d, index.ntotal, digest(temporary))
            write_durably(self.sidecar, msgspec.json.encode(sidecar))
        except (OSError, RuntimeError) as error:
            log.warning("the vector index could not be saved: %s", error)
            return False
        return True


def forget_others(directory: Path, *encoders: str) -> None:
    """Delete the index files of all but these encoders; those that are in use go the next time."""
    for path in directory.glob("*.json"):
        files = IndexFiles(path.with_suffix(".faiss"), path)
        sidecar = files.describe()
        if sidecar is not None and sidecar.encoder not in encoders:
            with suppress(OSError):
                files.index.unlink(missing_ok=True)
                files.sidecar.unlink(missing_ok=True)


def is_sound(path: Path) -> bool:
    """Return whether an index file is as it was written."""
    sidecar = IndexFiles(path, path.with_suffix(".json")).describe()
    try:
        return sidecar is not None and digest(path) == sidecar.digest
    except OSError:
        return False


def digest(path: Path) -> str:
    """Return a digest of a file: of all of it, or where that would take seconds, of pieces all over it."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size <= WHOLE:
            return hashlib.file_digest(file, "sha256").hexdigest()
        pieces = hashlib.sha256(size.to_bytes(8, "little"))
        for number in range(SAMPLES):
            file.seek((size - SAMPLE) * number // (SAMPLES - 1))
            pieces.update(file.read(SAMPLE))
        return pieces.hexdigest()


def release_pages(path: Path) -> None:
    """Take what was read so far of a file that is mapped read-only out of this process's memory, on Linux."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        for line in Path("/proc/self/maps").read_text(errors="replace").splitlines():
            if line.endswith(f" {path.resolve()}"):
                start, end = (int(address, 16) for address in line.split(maxsplit=1)[0].split("-"))
                libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)
