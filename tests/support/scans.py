"""Scans folders for tests, and counts what came of it."""

from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.indexing import scan as sync
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.folders import folders, known_files
from retake_core.media.video_file import fingerprint
from retake_core.protocol.indexing_events import Scanned


class Scans:
    """Scans folders, and counts the files whose content was read."""

    def __init__(self, database: Database, patch: pytest.MonkeyPatch) -> None:
        self.database = database
        self.read: list[str] = []
        patch.setattr(sync, "SETTLE", 0.05)
        patch.setattr(sync, "fingerprint", self._fingerprint)

    def __call__(self, folder: Path, *leave_out: str) -> Scanned:
        self.read.clear()
        *_, scanned = sync.sync_folder(self.database, folder, CancelToken(), leave_out)
        assert isinstance(scanned, Scanned)
        return scanned

    def _fingerprint(self, path: Path) -> str:
        self.read.append(path.name)
        return fingerprint(path)

    def videos(self) -> dict[int, tuple[list[str], str]]:
        """Return names and state of every video by id."""
        with self.database.reading() as connection:
            return {
                entry.id: ([path.name for path in entry.paths], entry.state)
                for entry in catalog.videos(connection)
            }

    def names(self) -> list[str]:
        with self.database.reading() as connection:
            return sorted(path.name for path in known_files(connection))


def counts(scanned: Scanned) -> dict[str, int]:
    """Return the counts that are not zero."""
    names = ("found", "new", "changed", "moved", "missing", "left_out")
    return {name: getattr(scanned, name) for name in names if getattr(scanned, name)}


def folder_paths(scan: Scans) -> list[Path]:
    with scan.database.reading() as connection:
        return [path for _, path in folders(connection)]
