"""Exact attention of a chunk behind a long past, without a mask and without repeated heads.

The softmax over [past, chunk] is two attentions joined by the logarithms of their sums of exponentials: the past
without a mask, which lets the query heads of one key head lie side by side as rows, and the chunk causal.
"""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

MIN_KEYS = 4096
"""Entries, the chunk's own among them, from which two kernels cost less than one with a mask in any precision."""

Kernel = Callable[[Tensor, Tensor, Tensor, bool, float], tuple[Tensor, Tensor]]
"""Attends with query [1, heads, n, dimension] to key and value [1, heads, m, dimension], causally (n == m) or to
everything, under a factor of the logits. Returns the outcome, [1, heads, n, dimension], and the natural logarithm
of each row's sum of exponentials, [1, heads, >= n]: some kernels pad its rows."""


def on_processor(query: Tensor, key: Tensor, value: Tensor, causal: bool, scale: float) -> tuple[Tensor, Tensor]:
    """Run PyTorch's kernel for processors; see `Kernel`."""
    output, sums = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        query, key, value, 0.0, causal, scale=scale
    )
    return output, sums


def flash(query: Tensor, key: Tensor, value: Tensor, causal: bool, scale: float) -> tuple[Tensor, Tensor]:
    """Run FlashAttention, for half precision on cards from compute capability 8.0 on; see `Kernel`."""
    output, sums, *_ = torch.ops.aten._scaled_dot_product_flash_attention(
        query, key, value, 0.0, causal, False, scale=scale
    )
    return output, sums


def memory_efficient(
    query: Tensor, key: Tensor, value: Tensor, causal: bool, scale: float
) -> tuple[Tensor, Tensor]:
    """Run the kernel for older cards, and for float32; see `Kernel`."""
    output, sums, *_ = torch.ops.aten._scaled_dot_product_efficient_attention(
        query, key, value, None, True, 0.0, causal, scale=scale
    )
    return output, sums


@lru_cache
def kernel_on(device: torch.device, dtype: torch.dtype, dimension: int) -> Kernel | None:
    """Return what attends in two pieces on a device, or None where nothing tells its sums.

    Args:
        device: of the states.
        dtype: of the states.
        dimension: of a head.
    """
    if device.type == "cpu":
        return on_processor
    if device.type != "cuda" or torch.version.hip is not None or dimension % 8:  # they would have to be padded
        return None
    state = torch.empty(1, 1, 8, dimension, dtype=dtype, device=device)
    params = torch.backends.cuda.SDPAParams(state, state, state, None, 0.0, False, False)
    if torch.backends.cuda.can_use_flash_attention(params):
        return flash
    return memory_efficient if torch.backends.cuda.can_use_efficient_attention(params) else None


def kernel_for(device: torch.device, dtype: torch.dtype, dimension: int, keys: int) -> Kernel | None:
    """Return what attends to so many entries in two pieces, or None where one piece with a mask is better."""
    return kernel_on(device, dtype, dimension) if keys >= MIN_KEYS else None


def attend(query: Tensor, key: Tensor, value: Tensor, scale: float, kernel: Kernel) -> Tensor:
    """Attend to a past and, causally, to the chunk behind it.

    Args:
        query: [1, heads, n, dimension], of the chunk.
        key: [1, kv_heads, past + n, dimension], past > 0; query head h reads key head h // (heads // kv_heads).
        value: as `key`.
        scale: the factor of the logits.
        kernel: from `kernel_for`.

    Returns:
        [1, heads, n, dimension], in the dtype of the query.
    """
    _, heads, length, dimension = query.shape
    kv_heads, past = key.shape[1], key.shape[2] - length
    rows = query.reshape(1, kv_heads, heads // kv_heads * length, dimension)
    behind, behind_sums = kernel(rows, key[:, :, :past], value[:, :, :past], False, scale)
    behind_sums = behind_sums[..., : rows.shape[2]].reshape(1, heads, length)
    own_key, own_value = (
        states[:, :, past:].repeat_interleave(heads // kv_heads, dim=1) for states in (key, value)
    )
    own, own_sums = kernel(query, own_key, own_value, True, scale)
    # exp(behind_sums) / (exp(behind_sums) + exp(own_sums)), which cannot overflow so.
    share = torch.sigmoid(behind_sums.float() - own_sums[..., :length].float())[..., None]
    return own.float().lerp(behind.reshape(query.shape).float(), share).to(query.dtype)


def transient_bytes(heads: int, dimension: int, length: int, itemsize: int) -> int:
    """Return the bytes that `attend` takes beside its arguments for a chunk of `length` tokens."""
    states = length * heads * dimension
    # The query's rows, the two outputs and the chunk's repeated keys and values; then three of them in float32.
    return states * (5 * itemsize + 3 * 4)
