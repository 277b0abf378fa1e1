"""What this machine has for a model: a device, a precision, memory."""

import psutil
import torch

from retake_core.system.graphics_card import has_bfloat16


def default_device() -> torch.device:
    """Return the GPU, where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def multiplies_bfloat16() -> bool:
    """Return whether this computer's processor multiplies bfloat16 itself; others are faster with float32."""
    able = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in able)


def model_dtype(device: torch.device, stored: torch.dtype | None = None) -> torch.dtype:
    """Return the precision that models run in: bfloat16 on a GPU, float16 on one without it.

    On a processor it is float32, or bfloat16 where that loses nothing of the weights and is faster: a matrix of
    Qwen2-VL 2B times 512 tokens took 70 ms for 213 on one core of an AMD EPYC with AVX-512.

    Args:
        device: where they run.
        stored: the precision that a model's files hold, if that is known.
    """
    if device.type != "cuda":
        return torch.bfloat16 if stored == torch.bfloat16 and multiplies_bfloat16() else torch.float32
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


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error means that there is too little memory, of the graphics card or of the computer."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and "allocate memory" in str(error)
    )
