"""DPSelect: which frames to keep, from how much each differs from the one before.

Pure tensor maths (arXiv 2412.20504, section 3.2). `dpselect` is the published batch form, which the VideoLLM
uses on its visual tokens. The library index uses the same distances and peaks under limits on how many
keyframes a stretch of video may have: `select_keyframes` for a whole series, `KeyframeStream` for one that
is still being decoded. Both give the same keyframes.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

PEAK_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Selection:
    """What `dpselect` kept.

    Attributes:
        index: int64, [k] with `patch_sync`, else [k, N]: the kept time steps of each position, ascending.
        kept: [k, N, C], the kept features.
        pivot: bool, [k, N], whether what was kept is a peak.
    """

    index: Tensor
    kept: Tensor
    pivot: Tensor


def distances(features: Tensor, previous: Tensor | None = None) -> Tensor:
    """Return how much every position differs from the time step before it.

    Args:
        features: [T, N, C].
        previous: [N, C], the time step before the first, when the series goes on from an earlier part.

    Returns:
        float32, [T, N]: one minus the cosine; 1 for the first step of a series. Always computed in float32:
        in bfloat16 a slow scene's differences drown in rounding.
    """
    features = features.float()
    before = features[:1] if previous is None else previous.float()[None].to(features.device)
    shifted = torch.cat([before, features[:-1]])
    d = 1 - F.cosine_similarity(shifted, features, dim=-1)
    if previous is None and len(d):
        d[0] = 1.0
    return d


def peaks(d: Tensor) -> Tensor:
    """Return which steps of d, [T] or [T, N], are the largest of their window of three; the first wins a tie."""
    series = d[:, None] if d.ndim == 1 else d
    padding = PEAK_WINDOW // 2
    _, winner = F.max_pool1d(series.T[None], PEAK_WINDOW, stride=1, padding=padding, return_indices=True)
    own = torch.arange(len(series), device=d.device)
    return (winner[0] == own).T.reshape(d.shape)


def dpselect(features: Tensor, keep: int, patch_sync: bool) -> Selection:
    """Keep the `keep` time steps that differ most from the one before, peaks first.

    Args:
        features: [T, N, C]: T time steps of N positions of C channels, T >= 1.
        keep: how many steps to keep; what lies outside 1..T is moved to the nearer end.
        patch_sync: True keeps the same steps at all positions, by the mean of their distances; False decides
            for every position by itself.

    Returns:
        The selection, ascending in time.
    """
    steps, positions, channels = features.shape
    keep = min(max(1, keep), steps)
    d = distances(features)
    if patch_sync:
        d = d.mean(dim=1, keepdim=True)
    is_peak = peaks(d)
    index = (d + 2 * is_peak).topk(keep, dim=0).indices.sort(dim=0).values
    pivot = is_peak.gather(0, index).expand(keep, positions)
    everywhere = index.expand(keep, positions)
    kept = features.gather(0, everywhere[..., None].expand(keep, positions, channels))
    return Selection(index[:, 0] if patch_sync else index, kept, pivot)
