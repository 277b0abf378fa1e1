"""What is known of the graphics devices of this computer, from one run to the next."""

import os
import platform
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from retake_core.system.verdicts import StoredVerdicts

_NVIDIA_ON_LINUX = Path("/sys/module/nvidia/version")


class Verdicts(StoredVerdicts):
    """Remembers which kinds of streams each device decodes rightly, under one driver and one PyAV."""

    about = "what the graphics card decodes"

    def with_versions(self, name: str) -> str:
        """Return a device's name with the versions that decide what it does."""
        return f"{name}, driver {_driver(name)}, PyAV {version('av')}"


def _driver(device: str) -> str:
    if device == "cuda":
        with suppress(OSError):
            if sys.platform == "win32":
                library = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "nvcuda.dll")
                return str(library.stat().st_mtime_ns)
            return _NVIDIA_ON_LINUX.read_text("ascii").strip()
    return platform.version()  # the others come with the system
