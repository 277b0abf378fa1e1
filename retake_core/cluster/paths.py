"""How one computer sees the files of another."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import cast

from retake_core.cluster.place import PATHS
from retake_core.errors import UserError
from retake_core.media.video_file import fingerprint


class PathMap:
    """Finds here what another computer names.

    Args:
        pairs: of a folder as it is called here, and as it is called there.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._pairs = sorted(pairs, key=lambda pair: len(pair[1]), reverse=True)

    @classmethod
    def parse(cls, options: Sequence[str]) -> "PathMap":
        """Read HERE=THERE, as a person writes it.

        Raises:
            UserError: one is not written so, or there is no such folder here.
        """
        pairs = []
        for option in options:
            here, _, there = option.partition("=")
            if not here or not there:
                raise UserError(
                    f"{option} is no pair of folders; write --path HERE=THERE, as /mnt/nas=/Volumes/nas"
                )
            if not Path(here).is_dir():
                raise UserError(f"The folder {here} does not exist on this computer; write --path HERE=THERE")
            pairs.append((os.fspath(Path(here).absolute()), there))
        return cls(pairs)

    @classmethod
    def of_node(cls, variables: Mapping[str, str] = os.environ) -> "PathMap":
        """Return the one that this node's processes were started with."""
        return cls([(here, there) for here, there in json.loads(variables.get(PATHS, "[]"))])

    @property
    def variable(self) -> str:
        """Itself, for the processes of a node."""
        return json.dumps(self._pairs)

    def here(self, there: PurePath) -> Path:
        """Return how a path of another computer is called here; without a pair for it, the same."""
        for ours, theirs in self._pairs:
            root = _like(there, theirs)
            if there.is_relative_to(root):
                return Path(ours, *there.relative_to(root).parts)
        return Path(*there.parts)

    def find(self, there: PurePath, content: str) -> Path | None:
        """Return a file of another computer as it is called here; None where it is not, or is another one."""
        path = self.here(there)
        try:
            return path if fingerprint(path) == content else None
        except OSError:
            return None


def as_name(path: PurePath) -> Path:
    """Return a path that any computer can unpack: one of another kind of system is only a name there."""
    return cast(Path, PurePath(path))


def _like(path: PurePath, text: str) -> PurePath:
    return PureWindowsPath(text) if isinstance(path, PureWindowsPath) else PurePosixPath(text)
