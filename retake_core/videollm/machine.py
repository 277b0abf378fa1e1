"""What this machine has for a model: a device, a precision, memory."""

import psutil
import torch

from retake_core.system.graphics_card import has_bfloat16


def default_device() -> torch.device:
    """Return the GPU, where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def model_dtype(device: torch.device) -> torch.dtype:
    """Return the precision that models run in: float32 on a CPU; bfloat16 on a GPU, float16 on one without it."""
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if has_bfloat16() else torch.float16


def available_bytes() -> int:
    """Return how much memory models may take here: the GPU's free memory, or the computer's."""
    if torch.cuda.is_available():
        free, _ = torch.cuda.mem_get_info()
        return int(free) + torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
    return int(psutil.virtual_memory().available)


def total_bytes() -> int:
    """Return the memory that models share with what else runs: the GPU's, or the computer's."""
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[1])
    return int(psutil.virtual_memory().total)
