"""Stands in for a cluster that is looked at: a file tells what is seen, or why nothing is."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from retake_core.cancel import CancelToken
from retake_core.cluster import service
from retake_core.cluster.place import ClusterPlace
from retake_core.errors import UserError
from retake_core.protocol.cluster_events import ComputersSeen, ComputerStatus

LOOK_EVERY = 0.05  # seconds


def write(file: Path, seen: Sequence[ComputerStatus] | str) -> None:
    """Let be seen from now on: computers, or trouble."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(msgspec.to_builtins(seen)))
    fresh.replace(file)


def install(file: Path) -> None:
    """Have the worker read the file instead of looking at a cluster; it notes the address beside it."""

    def watch(
        _place: ClusterPlace,
        at: str,
        _folders: Sequence[str],
        cancel: CancelToken,
        tell: Callable[[ComputersSeen], None],
    ) -> None:
        log = file.with_suffix(".log")
        with log.open("a") as opened:
            opened.write(f"{at}\n")
        try:
            while True:
                seen = json.loads(file.read_text())
                if isinstance(seen, str):
                    raise UserError(seen)
                if seen:
                    tell(ComputersSeen(msgspec.convert(seen, tuple[ComputerStatus, ...])))
                cancel.sleep(LOOK_EVERY)
        finally:
            with log.open("a") as opened:
                opened.write("end\n")

    setattr(service, "watch", watch)  # noqa: B010 - mypy: a function is not assigned to
