"""What this computer has for models, as torch and the system see it."""

import re
import sys
from collections.abc import Sequence

import torch

from retake_core.system.nvidia import has_nvidia_card
from retake_core.system.programs import is_frozen

Capability = tuple[int, int]
"""What a card can do, as NVIDIA numbers it: of its generation, and within that."""

_BUILT = re.compile(r"(sm|compute)_(\d+)(\d)([af]?)")
_INSTALL = f"{sys.executable} -m pip install --upgrade --force-reinstall torch torchvision"
_OLDER, _OLDEST = "https://download.pytorch.org/whl/cu126", (5, 0)  # for CUDA 12.6, and what that still supports


def card_name() -> str:
    """Return the name of the graphics card that models run on, or ""."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else ""


def card_problem() -> str:
    """Say why an NVIDIA card that is there is not used, and the one command that mends it, or ""."""
    if torch.cuda.is_available():
        return next((problem for i in range(torch.cuda.device_count()) if (problem := _unsupported(i))), "")
    if not has_nvidia_card():
        return ""
    if torch.version.cuda is None and is_frozen():
        return (
            "This computer has an NVIDIA graphics card, but this package of ReTaKe runs on the processor only. "
            "Install the one for NVIDIA cards."
        )
    if torch.version.cuda is None:
        return (
            "This computer has an NVIDIA graphics card, but the PyTorch that is installed runs on the processor "
            f"only. Run: {_INSTALL}"
        )
    return (
        "This computer has an NVIDIA graphics card, but its driver is missing or too old for this PyTorch. "
        "On Debian or Ubuntu, run: sudo apt install nvidia-driver"
    )


def runs_on(capability: Capability, built_for: Sequence[str]) -> bool:
    """Return whether a card runs what a PyTorch was built for.

    Args:
        capability: of the card.
        built_for: PyTorch's list, such as "sm_75" for machine code and "compute_90" for PTX.
    """
    return any(_fits(capability, each) for each in built_for)


def _fits(capability: Capability, built: str) -> bool:
    kind, needed, suffix = _parsed(built)
    if suffix == "a":  # of one kind of card, and no later one
        return capability == needed
    if kind == "compute" and not suffix:  # the driver translates PTX for every later card
        return capability >= needed
    return capability[0] == needed[0] and capability >= needed  # machine code: later cards of the same generation


def _parsed(built: str) -> tuple[str, Capability, str]:
    match = _BUILT.fullmatch(built)
    if match is None:  # of AMD
        return "", (0, 0), ""
    return match[1], (int(match[2]), int(match[3])), match[4]


def _unsupported(index: int) -> str:
    """Say that the installed PyTorch was not built for a card, or ""."""
    built_for = torch.cuda.get_arch_list()
    capability = torch.cuda.get_device_capability(index)
    if torch.version.cuda is None or not built_for or runs_on(capability, built_for):
        return ""
    oldest = min(_parsed(each)[1] for each in built_for)
    card = f"The graphics card {torch.cuda.get_device_name(index)} (compute capability {_dotted(capability)})"
    if capability > oldest:
        return f"{card} is too new for the installed PyTorch {torch.__version__}. Run: {_INSTALL}"
    old = (
        f"{card} is too old for the installed PyTorch {torch.__version__}, which needs {_dotted(oldest)} or more."
    )
    if is_frozen():
        return f"{old} Install the package of ReTaKe for the processor."
    if capability < _OLDEST:
        return f"{old} Models cannot run on it."
    return f"{old} Run: {_INSTALL} --index-url {_OLDER}"


def _dotted(capability: Capability) -> str:
    return ".".join(map(str, capability))
