"""What is known of the graphics devices of this computer, from one run to the next."""

import json
import logging
import os
import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from retake_core.media.hardware.news import Verdict
from retake_core.system.files import write_durably

log = logging.getLogger(__name__)

_NVIDIA_ON_LINUX = Path("/sys/module/nvidia/version")


class Verdicts:
    """Remembers which kinds of streams each device decodes rightly, under one driver and one PyAV.

    Two processes that write at once may lose what one of them found out; it is found out again.

    Args:
        path: of a file that may not be there yet; None remembers nothing beyond this process.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, dict[str, Verdict]] = _stored(path) if path is not None else {}

    def of(self, device: str) -> Mapping[str, Verdict]:
        """Return what is known of a device, by kinds of streams."""
        return self._known.get(_name_with_versions(device), {})

    def keep(self, device: str, kind: str, verdict: Verdict) -> None:
        """Remember a verdict, with those that other processes have written by now."""
        if self._path is not None:
            for name, verdicts in _stored(self._path).items():
                self._known[name] = self._known.get(name, {}) | verdicts
        self._known.setdefault(_name_with_versions(device), {})[kind] = verdict
        if self._path is None:
            return
        plain = {
            name: {kind: [each.right, each.why] for kind, each in verdicts.items()}
            for name, verdicts in self._known.items()
        }
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self._path, json.dumps(plain, indent=1).encode())
        except OSError as error:  # the next run tries the device anew
            log.warning("what the graphics card decodes cannot be remembered: %s", error)


def _stored(path: Path) -> dict[str, dict[str, Verdict]]:
    try:
        stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {
            str(name): {str(kind): Verdict(bool(right), str(why)) for kind, (right, why) in verdicts.items()}
            for name, verdicts in stored.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):  # nothing is known then
        return {}


def _name_with_versions(device: str) -> str:
    """Return a device's name with the versions that decide what it does."""
    return f"{device}, driver {_driver(device)}, PyAV {version('av')}"


def _driver(device: str) -> str:
    if device == "cuda":
        with suppress(OSError):
            if sys.platform == "win32":
                library = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "nvcuda.dll")
                return str(library.stat().st_mtime_ns)
            return _NVIDIA_ON_LINUX.read_text("ascii").strip()
    return platform.version()  # the others come with the system
