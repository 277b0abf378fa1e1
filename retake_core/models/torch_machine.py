"""What this computer has for models, as torch and the system see it."""

import itertools
import shutil
import sys
from pathlib import Path

import torch

from retake_core.system.programs import is_frozen

NVIDIA = "0x10de"
DISPLAY_CLASS = "0x03"


def card_name() -> str:
    """Return the name of the graphics card that models run on, or ""."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else ""


def card_problem() -> str:
    """Say why an NVIDIA card that is there is not used, and the one command that mends it, or ""."""
    if torch.cuda.is_available() or not has_nvidia_card():
        return ""
    if torch.version.cuda is None and is_frozen():
        return (
            "This computer has an NVIDIA graphics card, but this package of ReTaKe runs on the processor only. "
            "Install the one for NVIDIA cards."
        )
    if torch.version.cuda is None:
        install = f"{sys.executable} -m pip install --upgrade --force-reinstall torch torchvision"
        return (
            "This computer has an NVIDIA graphics card, but the PyTorch that is installed runs on the processor "
            f"only. Run: {install}"
        )
    return (
        "This computer has an NVIDIA graphics card, but its driver is missing or too old for this PyTorch. "
        "On Debian or Ubuntu, run: sudo apt install nvidia-driver"
    )


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
