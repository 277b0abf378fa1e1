"""A disk that forgets: what a directory may look like after a power failure at any moment of a write."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

Names = dict[str, int]  # file name -> inode
Contents = dict[int, bytes]  # inode -> what is certain to be on the disk


@dataclass
class ForgetfulDisk:
    """Follows fsync and rename in one directory.

    What was not synced is uncertain: after a failure a file may hold all, half or nothing of what was written, and
    a rename may have happened or not.

    Attributes:
        directory: that is watched; its files now are safe.
        steps: what was done, in order: "sync NAME", "sync directory", "rename NAME".
    """

    directory: Path
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._safe_names = self._names()
        self._safe_contents = {path.stat().st_ino: path.read_bytes() for path in self._files()}
        self._pictures: list[tuple[Names, Names, Contents, Contents]] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record what is synced and renamed during the block."""
        real_sync, real_replace = os.fsync, os.replace

        def fsync(handle: int) -> None:
            self._picture()
            real_sync(handle)
            self._synced(os.fstat(handle).st_ino)
            self._picture()

        def replace(source: Path, target: Path) -> None:
            self._picture()
            real_replace(source, target)
            self.steps.append(f"rename {Path(target).name}")
            self._picture()

        with patch.object(os, "fsync", fsync), patch.object(os, "replace", replace):
            yield
        self._picture()

    def aftermaths(self) -> Iterator[dict[str, bytes]]:
        """Yield what the directory may hold after a failure at any of the recorded moments: content by name."""
        seen: list[dict[str, bytes]] = []
        for picture in self._pictures:
            for state in _states(*picture):
                if state not in seen:
                    seen.append(state)
                    yield state

    def aftermaths_of_the_end(self) -> Iterator[dict[str, bytes]]:
        """Yield what the directory may hold after a failure once the writer has returned."""
        yield from _states(*self._pictures[-1])

    def _files(self) -> list[Path]:
        return [path for path in self.directory.iterdir() if path.is_file()]

    def _names(self) -> Names:
        return {path.name: path.stat().st_ino for path in self._files()}

    def _synced(self, inode: int) -> None:
        if inode == self.directory.stat().st_ino:
            self.steps.append("sync directory")
            self._safe_names = self._names()
        for path in self._files():
            if path.stat().st_ino == inode:
                self.steps.append(f"sync {path.name}")
                self._safe_contents[inode] = path.read_bytes()

    def _picture(self) -> None:
        written = {path.stat().st_ino: path.read_bytes() for path in self._files()}
        self._pictures.append((dict(self._safe_names), self._names(), dict(self._safe_contents), written))


def _states(safe_names: Names, names: Names, safe: Contents, written: Contents) -> Iterator[dict[str, bytes]]:
    half: Callable[[bytes], bytes] = lambda content: content[: len(content) // 2]  # noqa: E731
    for chosen in (safe_names, names):
        for loss in (bytes, half, lambda _: b""):
            yield {
                name: safe[inode] if inode in safe else loss(written[inode])
                for name, inode in chosen.items()
                if inode in safe or inode in written
            }


def rebuild(directory: Path, state: dict[str, bytes]) -> None:
    """Make a directory hold exactly this."""
    for path in directory.iterdir():
        path.unlink()
    for name, content in state.items():
        (directory / name).write_bytes(content)
