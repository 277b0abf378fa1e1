"""float16 without overflow, for cards that have no bfloat16 (Turing and older).

Models are trained in bfloat16, whose range is that of float32; single activations leave float16's, which ends at
65,504. So the weights, the states of attention and the cache are float16, and what grows from layer to layer is
float32: the sums that layers add to, their norms, and the inside of their MLPs. A mixture's experts are float32
altogether.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

NORMS = frozenset({
    "input_layernorm", "post_attention_layernorm", "norm", "norm1", "norm2", "ln_q", "layer_norm1", "layer_norm2",
    "post_layernorm",
})  # fmt: skip
"""Norms that read the sum of all layers; they compute in float32, and what they give is small again."""
STARTS = frozenset({"patch_embed", "embeddings"})
"""Where a vision tower's sum begins."""
LAST = frozenset({"down_proj", "fc2", "linear_fc2"})
"""The last matrix of an MLP."""
MLPS = frozenset({"mlp", "shared_expert"})
LINEAR = "linear_attn"
"""Linear attention, whose own norm reads no sum, and computes in float32 by itself."""
LONGEST = 1024.0
"""Length that a row may have in front of a matrix: no product overflows while rows of weights are under 60."""


class ScaledLinear(nn.Module):
    """A float16 matrix that takes and gives float32: rows that are too long are scaled down, and back again."""

    def __init__(self, linear: nn.Module) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, states: Tensor) -> Tensor:
        """Multiply [..., in] to float32, [..., out]."""
        states = states.float()
        factor = (states.norm(dim=-1, keepdim=True) / LONGEST).clamp(min=1)
        scaled, bias = (states / factor).half(), self.linear.bias
        product: Tensor
        if bias is None:  # the module's own way, which may be that of 4 bit
            product = self.linear(scaled)
            return product.float() * factor
        weight = self.linear.weight
        assert isinstance(weight, Tensor)
        assert isinstance(bias, Tensor)
        product = functional.linear(scaled, weight).float() * factor + bias.float()
        return product


def keep_in_range(model: nn.Module) -> None:
    """Let a model of float16 weights compute in float32 what float16 has no numbers for."""
    for name, module in list(model.named_modules()):
        above, _, leaf = name.rpartition(".")
        if leaf in NORMS and not above.endswith(LINEAR):
            module.float().register_forward_hook(_narrowed)
        elif leaf in STARTS or leaf == "gate_proj":
            module.register_forward_hook(_widened)
        elif leaf == "multi_modal_projector":  # reads a vision tower's sum without a norm
            module.register_forward_pre_hook(lambda _, inputs: tuple(each.half() for each in inputs))
        elif leaf == "rotary_emb":
            module.register_forward_hook(lambda _, __, turns: tuple(each.half() for each in turns))
        elif leaf == "experts":  # one tensor of all, which nothing can scale by the row
            module.float().register_forward_pre_hook(_widened_experts)
        elif leaf == "language_model":
            module.register_forward_pre_hook(_widened_embeds, with_kwargs=True)
        elif leaf in LAST and above.rpartition(".")[2] in MLPS:
            setattr(model.get_submodule(above), leaf, ScaledLinear(module))


def _narrowed(_: nn.Module, __: Any, output: Tensor) -> Tensor:
    return output.half()


def _widened(_: nn.Module, __: Any, output: Tensor) -> Tensor:
    return output.float()


def _widened_experts(_: nn.Module, inputs: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    states, chosen, shares = inputs
    return states.float(), chosen, shares.float()


def _widened_embeds(_: nn.Module, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    embeds = kwargs.get("inputs_embeds")
    return args, kwargs if embeds is None else kwargs | {"inputs_embeds": embeds.float()}


def running_itemsize(dtype: torch.dtype) -> int:
    """Return the bytes of a number of the sums and the MLPs in a model of that precision."""
    return 4 if dtype == torch.float16 else dtype.itemsize
