"""The state of a layer of linear attention: of one size however long the past is, and never compressed."""

from dataclasses import dataclass

import torch
from torch import Tensor
from transformers.cache_utils import LinearAttentionLayer


@dataclass(frozen=True)
class LinearState:
    """What such a layer knows of all tokens so far.

    Attributes:
        conv: [1, channels, kernel], the last inputs of its convolution, in the model's precision.
        recurrent: [1, heads, key dimension, value dimension], float32.
    """

    conv: Tensor
    recurrent: Tensor

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.conv.nbytes + self.recurrent.nbytes

    def clone(self) -> "LinearState":
        """Return a copy that nothing changes."""
        return LinearState(self.conv.clone(), self.recurrent.clone())

    def to(self, device: torch.device) -> "LinearState":
        """Return it on a device."""
        return LinearState(self.conv.to(device), self.recurrent.to(device))


class LinearLayer(LinearAttentionLayer):
    """Holds a state, which every pass overwrites: what is to be gone back to must be copied before."""

    @property
    def state(self) -> LinearState | None:
        """The state as it is held, None before the first token."""
        conv, recurrent = self.conv_states[0], self.recurrent_states[0]
        if not self.has_previous_state[0] or conv is None or recurrent is None:
            return None
        return LinearState(conv, recurrent)

    def fill(self, state: LinearState) -> None:
        """Hold a state; its own tensors are used."""
        self.device, self.dtype = state.conv.device, state.conv.dtype  # type: ignore[assignment]
        self.conv_kernel_size[0] = state.conv.shape[-1]
        self.conv_states[0], self.recurrent_states[0] = state.conv, state.recurrent
        for flags in (
            self.is_conv_states_initialized,
            self.is_recurrent_states_initialized,
            self.has_previous_state,
        ):
            flags[0] = True

    def restore(self, state: LinearState | None) -> None:
        """Go back to a copy of an earlier state of this layer; None is before the first token."""
        if state is None:
            self.has_previous_state[0] = False
            return
        held = self.state
        assert held is not None, "no later state to go back from"
        held.conv.copy_(state.conv)
        held.recurrent.copy_(state.recurrent)

    @torch.inference_mode(False)  # so that the states may be written to within and without
    def lazy_initialization(
        self,
        conv_states: Tensor | None = None,
        recurrent_states: Tensor | None = None,
        state_idx: int = 0,
        conv_kernel_size: int | None = None,
    ) -> None:
        """Make room for the first state; transformers' own way loads PyTorch's compiler, which takes seconds."""
        if conv_states is not None:
            self.device, self.dtype = conv_states.device, conv_states.dtype  # type: ignore[assignment]
            kernel = conv_states.shape[-1] if conv_kernel_size is None else conv_kernel_size
            self.conv_kernel_size[state_idx] = kernel
            self.conv_states[state_idx] = conv_states.new_zeros(*conv_states.shape[:-1], kernel)
            self.is_conv_states_initialized[state_idx] = True
        if recurrent_states is not None:
            self.recurrent_states[state_idx] = torch.zeros_like(recurrent_states)
            self.is_recurrent_states_initialized[state_idx] = True
