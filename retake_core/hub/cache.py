"""The Hugging Face hub's cache on this computer: which models lie in it, and what downloads have yet to bring."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from retake_core.system.files import write_durably

PARTIAL = ".part"
NOTE = "retake-download.json"
FOLDER = "models--"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a model on the hub.

    Attributes:
        path: in the model's folder.
        size: bytes.
        digest: its SHA-256, or git's SHA-1 of it; also its name among the blobs.
    """

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model's place in the cache, whether it is there or not."""

    id: str

    @property
    def root(self) -> Path:
        """The folder of all that is there of it."""
        return cache_dir() / (FOLDER + self.id.replace("/", "--"))

    @property
    def blobs(self) -> Path:
        """Contents of files, named by their digest."""
        return self.root / "blobs"

    @property
    def revision(self) -> str | None:
        """The commit that is here as "main"."""
        try:
            return (self.root / "refs" / "main").read_text("ascii").strip() or None
        except (OSError, ValueError):
            return None

    @property
    def folder(self) -> Path | None:
        """The model's folder as "main", complete or not."""
        revision = self.revision
        folder = self.root / "snapshots" / (revision or "")
        return folder if revision and folder.is_dir() else None

    def set_revision(self, revision: str) -> None:
        """Make a commit the one that "main" means here."""
        _write(self.root / "refs" / "main", revision)

    def unfinished(self) -> list[RemoteFile]:
        """Return all files of a download that has not come to its end; empty when there is none."""
        try:
            files = json.loads((self.root / NOTE).read_text("utf-8"))
            return [RemoteFile(str(f["path"]), int(f["size"]), str(f["digest"])) for f in files]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def note(self, files: Sequence[RemoteFile]) -> None:
        """Write down what a download is to bring, until it has."""
        _write(self.root / NOTE, json.dumps([asdict(file) for file in files]))

    def forget_note(self) -> None:
        """Let the download count as complete."""
        (self.root / NOTE).unlink(missing_ok=True)

    def bytes_here(self, file: RemoteFile) -> int:
        """Return how many bytes of a file are here, part of a download or whole."""
        for path in (self.blobs / file.digest, self.blobs / (file.digest + PARTIAL)):
            try:
                return path.stat().st_size
            except OSError:
                continue
        return 0

    def size(self) -> int:
        """Return the bytes that the model takes; files that stand there twice count once."""
        return sum(
            path.stat().st_size for path in self.root.rglob("*") if path.is_file() and not path.is_symlink()
        )


def cache_dir() -> Path:
    """Return the cache's folder; HF_HUB_CACHE and HF_HOME move it."""
    from huggingface_hub import constants  # the window starts without it

    return Path(constants.HF_HUB_CACHE)


def cached_models() -> list[str]:
    """Return the ids of the models in the cache, complete or not."""
    folders = cache_dir().glob(f"{FOLDER}*")
    return sorted(folder.name.removeprefix(FOLDER).replace("--", "/") for folder in folders)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, text.encode())
