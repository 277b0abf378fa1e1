"""Loading a language model in 4 bit, for graphics cards that the whole of it does not fit.

What sees, what reads and what writes words stays as it is: a vision tower in 4 bit is reported to take one thing
for another, and its share of the memory is small.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import torch

from retake_core.videollm.machine import model_dtype
from retake_core.videollm.shape import ModelShape

INSTALL = "pip install 'retake-desktop[small-gpu]'"
BLOCK, OUTER = 64, 256
BYTES = 1 / 2 + 1 / BLOCK + 4 / (BLOCK * OUTER)
"""Of a number: half a byte, a scale of 8 bits for 64 numbers, and one of 32 bits for 256 of those."""
HEAD = "lm_head"
HALF = torch.bfloat16


def layer_parameters(shape: ModelShape) -> int:
    """Return how many numbers the matrices of all layers hold, which are what becomes 4 bit.

    The experts of a mixture are no such matrices, and stay whole.
    """
    queries = shape.heads * (3 if shape.gated else 2)
    attention = shape.hidden * shape.head_dim * (queries + 2 * shape.kv_heads)
    mlp = 3 * shape.hidden * shape.intermediate
    if shape.experts is not None:
        mlp += shape.hidden  # the gate of the expert that every token passes
    linear = 0
    if shape.linear is not None:
        inside = shape.linear.channels + 2 * shape.linear.values + 2 * shape.linear.value_heads
        linear = len(shape.linear.layers) * shape.hidden * inside
    return shape.attention_layers * attention + linear + shape.layers * mlp


def four_bit_bytes(shape: ModelShape, parameters: int) -> int:
    """Return the bytes that a model takes in 4 bit.

    Args:
        shape: of its language model.
        parameters: of all of it.
    """
    inside = layer_parameters(shape)
    unpacked = shape.hidden * shape.intermediate * HALF.itemsize  # a matrix while it is multiplied with
    return int(inside * BYTES) + (parameters - inside) * HALF.itemsize + unpacked


def four_bit_problem() -> str:
    """Return why nothing can be loaded in 4 bit here, one sentence, or ""."""
    if not torch.cuda.is_available():
        return "4 bit needs an NVIDIA graphics card that PyTorch can use."
    if any(find_spec(package) is None for package in ("bitsandbytes", "accelerate")):
        return f"4 bit needs one more package; install it with: {INSTALL}"
    return ""


def four_bit_options(device: torch.device, eyes: Sequence[str]) -> dict[str, Any]:
    """Return what makes transformers load a model in 4 bit.

    Args:
        device: where the model goes.
        eyes: names of the modules that see.
    """
    from transformers import BitsAndBytesConfig

    half = model_dtype(device) if device.type == "cuda" else HALF
    config = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=half,
        llm_int8_skip_modules=[HEAD, *eyes],
    )
    return {"quantization_config": config, "device_map": {"": device}, "dtype": half}
