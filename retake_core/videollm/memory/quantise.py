"""Keys and values in 8 or 4 bit, as memories lie on the disk.

Keys are quantised by channel, as some channels are far larger than all others in every token; values by token, as
what one token says must not blur another (Liu et al., KIVI, arXiv 2402.02750).
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

MemoryPrecision = Literal["full", "8bit", "4bit"]
BITS: dict[MemoryPrecision, int] = {"8bit": 8, "4bit": 4}
GROUP = 64
"""Numbers that share a lowest value and a step: tokens of a key's channel, channels of a token's value."""
KEYS_AXIS, VALUES_AXIS = 0, 2


@dataclass(frozen=True)
class Quantised:
    """Numbers on even steps.

    Attributes:
        codes: uint8, flat: a number each in 8 bit, two in 4 bit, the first in the lower half.
        grid: bfloat16, [2, groups, ...]: the lowest value and the step of every group; groups come first, and the
            other axes follow as they were.
    """

    codes: Tensor
    grid: Tensor


def quantise(states: Tensor, axis: int, bits: int) -> Quantised:
    """Quantise along an axis. No number is off by more than half of its group's step.

    Args:
        states: any precision, finite.
        axis: along which groups of 64 lie.
        bits: 8 or 4.
    """
    rows = states.float().movedim(axis, 0)
    length, groups = len(rows), -(-len(rows) // GROUP)
    padded = torch.cat([rows, rows[-1:].expand(groups * GROUP - length, *rows.shape[1:])])
    grouped = padded.reshape(groups, GROUP, *rows.shape[1:])
    top = 2**bits - 1
    # Rounded outwards, so that the even steps reach from the lowest number to the highest.
    low = _round(grouped.amin(dim=1), -torch.inf)
    step = _round((grouped.amax(dim=1) - low.float()) / top, torch.inf)
    steps = step.float().clamp(min=torch.finfo(torch.float32).tiny)
    codes = ((grouped - low.float()[:, None]) / steps[:, None]).round_().clamp_(0, top).to(torch.uint8)
    flat = codes.reshape(-1, *rows.shape[1:])[:length].reshape(-1)
    return Quantised(flat if bits == 8 else _pack(flat), torch.stack([low, step]))


def dequantise(quantised: Quantised, length: int, axis: int, bits: int, dtype: torch.dtype) -> Tensor:
    """Return the numbers that were quantised, contiguous.

    Args:
        quantised: from `quantise`.
        length: how long the axis is.
        axis: along which groups lie.
        bits: 8 or 4.
        dtype: of what is returned.

    Raises:
        ValueError: codes and grid do not fit one another.
    """
    codes, grid = quantised.codes, quantised.grid
    low, step = grid.float()
    others = low.shape[1:]
    count = length * others.numel()
    good = (codes.dtype, grid.dtype) == (torch.uint8, torch.bfloat16)
    if not good or len(low) != -(-length // GROUP) or codes.shape != (-(-count * bits // 8),):
        raise ValueError("codes and grid do not fit one another")
    flat = codes if bits == 8 else _unpack(codes, count)
    group = torch.arange(length) // GROUP
    rows = flat.reshape(length, *others).float().mul_(step[group]).add_(low[group]).to(dtype)
    return rows.movedim(0, axis).contiguous()


def stored_bytes(entries: int, kv_heads: int, head_dim: int, itemsize: int, precision: MemoryPrecision) -> int:
    """Return the bytes that keys and values of one layer take on the disk.

    Args:
        entries: of the layer.
        kv_heads: of the model.
        head_dim: of the model.
        itemsize: bytes of a number in the model's own precision.
        precision: in which they are stored.
    """
    numbers = entries * kv_heads * head_dim
    if precision == "full":
        return 2 * numbers * itemsize
    codes = -(-numbers * BITS[precision] // 8)
    key_groups = -(-entries // GROUP) * kv_heads * head_dim
    value_groups = entries * kv_heads * -(-head_dim // GROUP)
    return 2 * codes + (key_groups + value_groups) * 2 * torch.bfloat16.itemsize


def _round(numbers: Tensor, towards: float) -> Tensor:
    """Round float32 to bfloat16 in one direction."""
    near = numbers.bfloat16()
    beyond = near.float() > numbers if towards < 0 else near.float() < numbers
    return torch.where(beyond, torch.nextafter(near, torch.full_like(near, towards)), near)


def _pack(codes: Tensor) -> Tensor:
    even = torch.nn.functional.pad(codes, (0, len(codes) % 2))
    return even[0::2] | even[1::2] << 4


def _unpack(packed: Tensor, count: int) -> Tensor:
    return torch.stack([packed & 15, packed >> 4], dim=1).reshape(-1)[:count]
