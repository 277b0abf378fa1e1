"""Where the app keeps its files: in one directory that only its owner may look into."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from retake_core.errors import UserError

MOVED_TO = "moved-to"
"""In a data directory that was left: the path of the one that is used in its stead."""
MOVED_FROM = "moved-from"
"""In the new one: the path of the one that was left."""
_MOST_MOVES = 16


def default_data_dir() -> Path:
    """Return the platform's directory for this app's data."""
    return Path(platformdirs.user_data_dir("retake-desktop", appauthor=False))


def current_place(root: Path) -> Path:
    """Return where the library of a data directory lies now, which may have been moved.

    Raises:
        UserError: it was moved to a place that is not there.
    """
    place = root
    for _ in range(_MOST_MOVES):
        try:
            place, old = Path(os.fsdecode((place / MOVED_TO).read_bytes())), place
        except OSError:
            return place
        if not place.is_dir():
            raise UserError(
                f"The library was moved to {place}, which is not there now: connect its disk. "
                f"To use what is left in {old}, delete the file {old / MOVED_TO}."
            )
    raise UserError(f"The file {place / MOVED_TO} leads round in a circle; delete it.")


@dataclass(frozen=True, slots=True)
class DataDir:
    """The data directory and the places in it."""

    root: Path

    @property
    def database(self) -> Path:
        """The library's SQLite file."""
        return self.root / "library.db"

    @property
    def settings(self) -> Path:
        """The user's settings."""
        return self.root / "settings.toml"

    @property
    def vectors(self) -> Path:
        """FAISS files, which can be rebuilt from the database at any time."""
        return self.root / "vectors"

    @property
    def memories(self) -> Path:
        """What VideoLLMs remember of videos."""
        return self.root / "memories"

    @property
    def speeds(self) -> Path:
        """How fast each VideoLLM is on this computer, and indexing here and on clusters."""
        return self.root / "speeds"

    @property
    def indexing_speeds(self) -> Path:
        """How fast the passes of indexing are on this computer."""
        return self.speeds / "indexing.json"

    @property
    def decoding_verdicts(self) -> Path:
        """What the graphics devices of this computer decode rightly."""
        return self.speeds / "decoding.json"

    @property
    def precision_verdicts(self) -> Path:
        """Which encoders look at pictures in a lower precision on this computer's processor."""
        return self.speeds / "precision.json"

    @property
    def citations(self) -> Path:
        """The pictures that the last answer cites."""
        return self.root / "citations"

    @property
    def cluster(self) -> Path:
        """The token and the certificates of a cluster of computers."""
        return self.root / "cluster"

    @property
    def set_aside(self) -> Path:
        """Damaged files, kept when others took their place."""
        return self.root / "set-aside"

    def migration_backups(self) -> list[Path]:
        """Return the copies that were made of the library before newer versions of the app changed it."""
        return sorted(self.root.glob(f"{self.database.stem}-before-version-*{self.database.suffix}"))

    @property
    def copies(self) -> Path:
        """Copies of the library that are made by themselves."""
        return self.root / "copies"

    @property
    def proxies(self) -> Path:
        """Copies of videos that the window's player cannot show exactly, and the times of all videos' frames."""
        return self.root / "proxies"

    @property
    def dragged(self) -> Path:
        """Clips of moments that were dragged out of the window, for a day."""
        return self.root / "dragged"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write to the library."""
        return self.root / "library.lock"

    @property
    def log(self) -> Path:
        """The newest log file."""
        return self.root / "retake.log"

    def create(self) -> None:
        """Make the directory, for its owner only.

        Raises:
            UserError: it cannot be made or written to.
        """
        try:
            for directory in (self.root, self.vectors):
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"{self.root} cannot hold the library ({error.strerror}); choose another place with --data-dir."
            ) from error
        if not os.access(self.root, os.W_OK):
            raise UserError(f"{self.root} cannot be written to; choose another place with --data-dir.")
