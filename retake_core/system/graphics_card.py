"""What the graphics card of this computer can do."""


def has_bfloat16() -> bool:
    """Return whether the card that PyTorch uses has bfloat16 of its own.

    PyTorch counts cards that only emulate it, many times slower, unless it is told not to.
    """
    import torch  # here, as commands that need no model load this package too

    return bool(torch.cuda.is_bf16_supported(including_emulation=False))
