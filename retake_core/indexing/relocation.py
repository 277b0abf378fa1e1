"""Finding a folder again whose drive came back under another mount point."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from retake_core.library.folders import KnownFile
from retake_core.media.video_file import fingerprint

SAMPLE = 5  # files that are compared


def mount_points() -> list[Path]:
    """Return where drives are mounted now; network drives, which may not answer, are left out."""
    return [Path(partition.mountpoint) for partition in psutil.disk_partitions()]


def find_again(folder: Path, files: Sequence[KnownFile], fingerprints: dict[int, str]) -> Path | None:
    """Return where a folder that is gone lies now, or None.

    Args:
        folder: the path that it had; or that of a single file.
        files: that were in it.
        fingerprints: of the videos, by id.
    """
    step = max(1, len(files) // SAMPLE)
    sample = [
        (entry.file.path.relative_to(folder), entry.file.size, fingerprints[entry.video_id])
        for entry in files[::step][:SAMPLE]
    ]
    if not sample:
        return None
    for place in _candidates(folder):
        matches = sum(_is(place / name, size, content) for name, size, content in sample)
        if matches > len(sample) / 2:
            return place
    return None


def _candidates(folder: Path) -> Iterator[Path]:
    parts = folder.parts[1:]
    for mount in mount_points():
        for start in range(len(parts) + 1):  # the last one is the drive as a whole
            place = mount.joinpath(*parts[start:])
            if place != folder and os.path.exists(place):  # noqa: PTH110 - exists() raises on odd errors
                yield place


def _is(path: Path, size: int, content: str) -> bool:
    try:
        return path.stat().st_size == size and fingerprint(path) == content
    except OSError:
        return False
