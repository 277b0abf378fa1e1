"""The directories below the library's folders, each with how many videos lie in it and below it."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retake_core.library.catalog import VideoRow

SEPARATOR = os.fsencode(os.sep)


@dataclass(frozen=True, slots=True)
class Subfolder:
    """A directory that holds videos, itself or below it."""

    path: Path
    videos: int


@dataclass(frozen=True, slots=True)
class FolderTree:
    """Directories by the one that they lie in; in the file system's own bytes, as there may be thousands."""

    inside: dict[bytes, tuple[tuple[bytes, int], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[VideoRow]) -> "FolderTree":
        """Count the videos of every directory; a video whose copies lie side by side counts once."""
        alone: Counter[bytes] = Counter()
        totals: Counter[bytes] = Counter()
        for row in rows:
            if row.copies:
                totals.update({place for path in (row.path, *row.copies) for place in _above(path)})
            else:
                alone[row.path.rpartition(SEPARATOR)[0]] += 1
        for place, count in alone.items():
            for above in (place, *_above(place)):
                totals[above] += count
        inside: dict[bytes, list[tuple[bytes, int]]] = {}
        for place, count in totals.items():
            inside.setdefault(place.rpartition(SEPARATOR)[0], []).append((place, count))
        return cls({above: tuple(sorted(places)) for above, places in inside.items()})

    def children(self, folder: Path) -> list[Subfolder]:
        """Return the directories that lie directly in a folder."""
        found = self.inside.get(os.fsencode(folder).removesuffix(SEPARATOR), ())
        return [Subfolder(Path(os.fsdecode(path)), count) for path, count in found]

    def has_children(self, folder: Path) -> bool:
        """Whether a directory with videos lies in a folder."""
        return os.fsencode(folder).removesuffix(SEPARATOR) in self.inside


def _above(path: bytes) -> Iterator[bytes]:
    """Give the directories that a path lies in, the nearest first."""
    while path := path.rpartition(SEPARATOR)[0]:
        yield path
