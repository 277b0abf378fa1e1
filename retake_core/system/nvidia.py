"""Whether this computer has a graphics card of NVIDIA's, without loading torch."""

import itertools
import shutil
from pathlib import Path

NVIDIA = "0x10de"
DISPLAY_CLASS = "0x03"


def has_nvidia_card(root: Path = Path("/")) -> bool:
    """Return whether there is an NVIDIA graphics card: on the bus, known to its driver, or given to a container.

    Args:
        root: of the file system.
    """
    for device in root.glob("sys/bus/pci/devices/*"):
        try:
            vendor, kind = ((device / name).read_text("ascii").strip() for name in ("vendor", "class"))
        except (OSError, ValueError):
            continue
        if vendor == NVIDIA and kind.startswith(DISPLAY_CLASS):
            return True
    cards = itertools.chain(root.glob("proc/driver/nvidia/gpus/*"), root.glob("dev/nvidia[0-9]*"))
    return any(cards) or shutil.which("nvidia-smi") is not None
