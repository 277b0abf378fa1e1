"""PivotKV: which entries of a chunk the KV cache keeps, and where in time they then stand.

Pure tensor functions (arXiv 2412.20504, section 3.3); nothing here knows of a model or a cache.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

CPU_BLOCK_BYTES, GPU_BLOCK_BYTES = 2 << 20, 64 << 20
"""How large one block of attention weights may be: what stays in a processor's cache, or fills a GPU."""

PIVOT_SHARE = 0.75
"""The part of a chunk's budget that pivots may take before scores decide over the rest.

On the demo model (64 frames, keep ratio 1/4, 120 clips, each layer by itself), full cache 99.0 % right: scores
alone 98.1, half of the budget for pivots 97.9, three quarters 98.7, all of it (the paper's plain form) 96.1. What
the first two lose is counts: an event at the border of two chunks counts twice when the tokens that show its
start or end are gone. At 32 frames (100 clips) scores alone did better, 97.7 against 96.7; at 128 worse, 97.1
against 97.5.
"""

SHARING = 2.0
"""How much the layers' scores are drawn to their mean; see `share_scores`.

On the demo model (64 frames, 120 other clips, 828 questions, everything 98.7 % right) at keep ratios 1/4, 1/8 and
1/16: each layer by itself 98.3, 97.7, 97.1; sharing 2 98.6, 97.9, 96.7; sharing 4 98.6, 97.5, 96.1. Without the
values' weight, sharing 2 comes to 98.6, 97.6, 96.5. What 1/16 loses are counts.
"""


def keep_count(ratio: float, length: int) -> int:
    """Return how many of `length` visual entries a keep ratio leaves: max(1, floor(ratio * length)).

    Raises:
        ValueError: the ratio is not in (0, 1].
    """
    if not 0 < ratio <= 1:
        raise ValueError(f"keep ratio {ratio} is not in (0, 1]")
    # The tolerance takes 0.29 * 100 = 28.999999999999996 for the 29 that is meant.
    return min(length, max(1, math.floor(ratio * length + 1e-9)))


def block_bytes_on(device: torch.device) -> int:
    """Return the size of one block of attention weights on a device."""
    return CPU_BLOCK_BYTES if device.type == "cpu" else GPU_BLOCK_BYTES


def chunk_scores(query: Tensor, key: Tensor, scale: float, block_bytes: int | None = None) -> Tensor:
    """Score every key by the attention that the chunk's own queries give it (paper, equation 4).

    The softmax runs over the chunk's keys without a causal mask. Query rows are taken in blocks; a row's
    softmax is complete inside its block, so the result is that of the whole matrix.

    Args:
        query: [heads, L, dimension], rotated.
        key: [kv_heads, L, dimension], rotated; query head h reads key head h // (heads // kv_heads).
        scale: the factor of the attention's logits.
        block_bytes: memory that one block of weights may take; None fits the device.

    Returns:
        float32, [L]: the mean over heads of the summed weights. Their mean over keys is 1.
    """
    heads, length, dimension = query.shape
    block_bytes = block_bytes_on(query.device) if block_bytes is None else block_bytes
    rows = max(1, block_bytes // (4 * heads * length))
    transposed = key.float().transpose(1, 2)
    total = torch.zeros(len(key), 1, length, dtype=torch.float32, device=query.device)
    for start in range(0, length, rows):
        # Reshaping the queries to one batch per key head spares copying the keys for every query head.
        block = query[:, start : start + rows].float().mul(scale)
        weights = (block.reshape(len(key), -1, dimension) @ transposed).softmax(dim=-1)
        # A product with ones sums the rows faster than `sum` over a dimension that is not the last.
        total += weights.new_ones(len(key), 1, weights.shape[1]) @ weights
    return total.sum(dim=(0, 1)) / heads


def weigh_by_values(scores: Tensor, value: Tensor) -> Tensor:
    """Weigh attention by what it fetches: an entry adds its value, however much attention it draws, and no more.

    Args:
        scores: float32, [L].
        value: [kv_heads, L, dimension].

    Returns:
        float32, [L], of mean 1.
    """
    weighed: Tensor = scores * value.float().norm(dim=-1).mean(dim=0)
    return weighed / weighed.mean().clamp(min=torch.finfo(torch.float32).tiny)


def share_scores(scores: Tensor, ratio: float) -> Tensor:
    """Draw each layer's scores toward their mean over all layers, the more so the more entries stay.

    What one layer makes of a chunk is noisy, and what it drops on its own is lost to it whatever is asked. But
    layers that agree keep fewer different entries between them, and where few stay, that loses more than it saves.

    Args:
        scores: float32, [layers, L]; each layer's mean is 1.
        ratio: the keep ratio. The mean's weight is SHARING times as much, and at most 1: one set for all layers.

    Returns:
        float32, [layers, L].
    """
    return scores.lerp(scores.mean(dim=0), min(1.0, SHARING * ratio))


def strongest(scores: Tensor, count: int, among: Tensor) -> Tensor:
    """Return a mask, bool [L], of the `count` highest scores among some; the earliest wins a tie."""
    order = scores.masked_fill(~among, -math.inf).argsort(descending=True, stable=True)
    mask = torch.zeros_like(among)
    mask[order[: min(count, int(among.sum()))]] = True
    return mask


def select(scores: Tensor, keep: int, pivots: Tensor | None = None, pivot_share: float = PIVOT_SHARE) -> Tensor:
    """Choose the entries of one chunk that stay: pivots first, then the highest scores.

    The paper (section 3.3) keeps pivots whatever their score. Noise makes about a third of all entries
    pivots, so they are capped; those over the cap compete by score like the rest. A share of 1 is the paper's
    form: as long as there are pivots, nothing else stays.

    Args:
        scores: float32, [L].
        keep: how many stay, 1 <= keep <= L.
        pivots: bool, [L], or None.
        pivot_share: the part of `keep` that pivots may take, 0..1.

    Returns:
        int64, [keep], ascending.
    """
    everything = torch.ones(len(scores), dtype=torch.bool, device=scores.device)
    mask = torch.zeros_like(everything)
    if pivots is not None:
        mask = strongest(scores, math.ceil(pivot_share * keep - 1e-9), pivots)
    mask |= strongest(scores, keep - int(mask.sum()), everything & ~mask)
    return mask.nonzero()[:, 0]


def spread(length: int, count: int) -> Tensor:
    """Return `count` of the indices 0..length-1, evenly apart: int64, ascending, distinct."""
    return (torch.arange(count) * length + length // 2) // count


def squeeze(offset: Tensor, ratio: float) -> Tensor:
    """Map temporal offsets from a segment's start to where they stand after compression: floor(ratio * x)."""
    return (offset.double() * ratio + 1e-9).floor().long()


def frequency_axes(count: int, sections: Sequence[int] | None, interleaved: bool) -> Tensor:
    """Say which row of the positions turns each rotary frequency.

    Args:
        count: how many frequencies there are: half of the rotated dimensions.
        sections: M-RoPE's numbers of frequencies for time, height and width; None when positions are 1-D.
        interleaved: True when the axes alternate (Qwen3-VL), False when each takes one stretch (Qwen2-VL).

    Returns:
        int64, [count], of 0 (time), 1 (height), 2 (width).
    """
    axes = torch.zeros(count, dtype=torch.long)
    if sections is None:
        return axes
    if interleaved:
        for axis in (1, 2):
            axes[axis : 3 * sections[axis] : 3] = axis
        return axes
    return torch.arange(3).repeat_interleave(torch.tensor(list(sections)))


def rotate_keys(key: Tensor, delta: Tensor, frequencies: Tensor, axes: Tensor) -> Tensor:
    """Move rotated keys by `delta` positions.

    Rotating by the difference equals un-rotating and rotating again. A scale on cosine and sine (YaRN's) is
    already in the keys and must not be applied twice, so only the angles enter here.

    Args:
        key: [..., L, dimension], rotated in halves; dimensions beyond twice the frequencies pass unchanged.
        delta: int64, [rows, L]: new minus old position, one row for each axis.
        frequencies: float32, [F], radians per position.
        axes: int64, [F], from `frequency_axes`.

    Returns:
        The keys in their own dtype, computed in float32.
    """
    count = len(frequencies)
    angles = delta.to(frequencies.device)[axes.to(frequencies.device)].T.float() * frequencies.float()
    cos, sin = angles.cos(), angles.sin()
    first, second = key[..., :count].float(), key[..., count : 2 * count].float()
    turned = torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
    return torch.cat([turned.to(key.dtype), key[..., 2 * count :]], dim=-1)
