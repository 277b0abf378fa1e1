"""Where PivotKV and evidence see a model's attention, through transformers' own interfaces.

A model runs under `watched(model)`; every forward pass inside may then bring an `observer`, which is called
in every layer right after the attention. Nothing of transformers is patched, and nothing stays on the model.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from retake_core.cancel import CancelToken
from retake_core.videollm.kv.two_pieces import attend, kernel_for

ATTENTION = "retake_watched_sdpa"


class AttentionObserver(Protocol):
    """Something that looks at, or works on, each layer after its attention."""

    def after_attention(self, layer: int, query: Tensor, key: Tensor, scale: float) -> None:
        """Take one layer's states.

        Args:
            layer: the layer's index.
            query: [1, heads, n, dimension], rotated: of this pass's tokens.
            key: [1, kv_heads, past + n, dimension], rotated.
            scale: the factor of the attention's logits.
        """
        ...


class StopCheck:
    """Lets a stop take effect within one layer, and otherwise calls the observer that it holds."""

    def __init__(self, cancel: CancelToken, observer: AttentionObserver | None = None) -> None:
        self._cancel, self._observer = cancel, observer

    def after_attention(self, layer: int, query: Tensor, key: Tensor, scale: float) -> None:
        """Look at the token; see `AttentionObserver`."""
        self._cancel.check()
        if self._observer is not None:
            self._observer.after_attention(layer, query, key, scale)


def watched_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float,
    observer: AttentionObserver | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Attend causally, behind a long past in two pieces, then show the observer what was seen."""
    queries, keys = query.shape[2], key.shape[2]
    kernel = None
    if 1 < queries < keys and (attention_mask is None or attention_mask.shape[-1] != keys):
        kernel = kernel_for(query.device, query.dtype, query.shape[3], keys)
        if kernel is None:  # aligned bottom-right: layers differ in length
            attention_mask = query.new_ones(queries, keys, dtype=torch.bool).tril(keys - queries)[None, None]
    if kernel is not None:
        output = attend(query, key, value, scaling, kernel).transpose(1, 2).contiguous()
    else:
        output, _ = sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **kwargs)
    if observer is not None:
        layer = module.layer_idx
        assert isinstance(layer, int)
        observer.after_attention(layer, query, key, scaling)
    return output, None


def window_mask(*, local_size: int | None = None, **shape: Any) -> Tensor | None:
    """Return a mask for layers that see a window only; `watched_attention` knows what the others need."""
    mask: Tensor | None = None if local_size is None else sdpa_mask(local_size=local_size, **shape)
    return mask


AttentionInterface.register(ATTENTION, watched_attention)
AttentionMaskInterface.register(ATTENTION, window_mask)


@contextmanager
def watched(model: PreTrainedModel) -> Iterator[None]:
    """Let the language part of a model run under `watched_attention`, and give it back as it was."""
    before = model.config.get_text_config()._attn_implementation
    if before == ATTENTION:
        yield
        return
    model.set_attn_implementation({"text_config": ATTENTION})
    try:
        yield
    finally:
        model.set_attn_implementation({"text_config": before})
