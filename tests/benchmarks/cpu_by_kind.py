"""The seconds of CPU that this process and all that it has started take, by what they work for."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType

import psutil

HERE, THERE, RAY = "here", "there", "Ray"
"""The program with the library; what computes on nodes; Ray's own processes."""

EVERY = 1.0  # seconds, which may be lost of a process that is killed
_WORKS = ("ray::Looker", "ray::LentModel")
_RAYS = ("ray::", "gcs_server", "raylet", "node_process", "ray/dashboard", "ray/_private")


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a process has taken by now: seconds, alone and by children that it has waited for."""

    kind: str
    parent: int
    alone: float
    children: float


class CpuByKind:
    """Counts during the block, also what ends meanwhile."""

    def __enter__(self) -> "CpuByKind":
        """Begin."""
        self._first = self._last = _look()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, and sum up."""
        self._over.set()
        self._thread.join()
        time.sleep(EVERY)  # until what is ended now has ended, and been waited for
        now = _look()
        self._last = self._last | now
        self.seconds: defaultdict[str, float] = defaultdict(float)
        for pid, taken in self._last.items():
            parent = now.get(taken.parent)
            if pid not in now and parent is not None and parent.kind != RAY:
                continue  # its parent has waited for it; Ray waits for none
            first = self._first.get(pid)
            self.seconds[taken.kind] += taken.alone + taken.children
            if first is not None:
                self.seconds[taken.kind] -= first.alone + first.children

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            self._last = self._last | _look()


def _look() -> dict[int, _Taken]:
    this = psutil.Process()
    kinds, seen = {this.pid: HERE}, dict[int, _Taken]()
    for process in [this, *this.children(recursive=True)]:  # parents come before their children
        try:
            times, parent = process.cpu_times(), process.ppid()
            kind = kinds.setdefault(process.pid, _kind(" ".join(process.cmdline())) or kinds.get(parent, RAY))
        except psutil.Error:
            continue
        alone, children = times.user + times.system, times.children_user + times.children_system
        seen[process.pid] = _Taken(kind, parent, alone, children)
    return seen


def _kind(command: str) -> str:
    if command.startswith(_WORKS):
        return THERE
    return RAY if any(word in command for word in _RAYS) else ""
