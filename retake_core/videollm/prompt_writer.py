"""The prompt up to the question: text and video written into one compressed cache, in order."""

import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.videollm.families.base import Family, Features, Text
from retake_core.videollm.kv.attention import StopCheck
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.kv.policy import ChunkCompressor, Policy
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.reading import Reading


class PrefixWriter:
    """Writes text and video into one cache, in order.

    Attributes:
        times: seconds of every time step so far.
        smallest_chunk: time steps of the smallest chunk that was written because memory ran out, or of the
            largest that was written.
    """

    def __init__(
        self,
        family: Family,
        reading: Reading,
        cancel: CancelToken,
        tokens_per_step: int | None = None,
        room: int = 0,
    ) -> None:
        """Start an empty prompt.

        Args:
            family: with its model loaded.
            reading: the settings.
            cancel: looked at in every layer.
            tokens_per_step: of the largest time step, where they differ; None takes it from the first chunk.
            room: entries that the cache will hold at most, where that is known.
        """
        self._family, self._reading, self._cancel = family, reading, cancel
        reforge = family.reforge if reading.reforge is None else reading.reforge
        compresses = reading.policy is not Policy.FULL
        interval = family.interval(family.frames_per_step / reading.rate)
        self._cursor = Cursor(
            family.position_rows, reading.keep_ratio if reforge and compresses else 1.0, interval
        )
        self.cache = VideoCache(family.shape.layers)
        self.cache.reserve(room)
        self.times: list[float] = []
        self.smallest_chunk = 0
        self._tokens_per_step = tokens_per_step or 0
        self._squeezes = reforge and compresses

    def text(self, embeds: Tensor) -> None:
        """Write protected tokens, [n, channels]."""
        if len(embeds):
            self._cursor, positions = self._cursor.text(len(embeds))
            self._family.forward(embeds, positions, self.cache)

    def chunk(self, features: Features, pivots: Tensor) -> None:
        """Write and compress one chunk.

        Args:
            features: the chunk's visual tokens.
            pivots: bool, [steps, tokens].
        """
        self._tokens_per_step = self._tokens_per_step or features.grid.size
        cursor = self._cursor
        embeds: list[Tensor] = []
        runs: list[Tensor] = []
        ends: list[Tensor] = []
        visual: list[Tensor] = []
        step = 0
        pieces = self._family.pieces(features.times, self._reading.timestamps, first=not self.times)
        for piece in pieces:
            if isinstance(piece, Text):
                cursor, run = cursor.text(len(piece.ids))
                end = run
                embeds.append(self._family.embed(piece.ids))
            else:
                cursor = cursor.open_segment() if piece.opens else cursor
                cursor, run, end = cursor.video(piece.steps, features.grid.height, features.grid.width)
                embeds.append(features.embeds[step : step + piece.steps].flatten(0, 1))
                step += piece.steps
            runs.append(run)
            ends.append(end)
            visual.append(torch.full((run.shape[1],), not isinstance(piece, Text)))
        mask = torch.cat(visual).to(features.embeds.device)
        run, end = torch.cat(runs, dim=1), torch.cat(ends, dim=1)
        compressor = self._compressor(features, pivots, mask, end - run if self._squeezes else None)
        extra = self._family.visual_inputs(features, mask)
        check = StopCheck(self._cancel, compressor)
        self._family.forward(torch.cat(embeds), run, self.cache, check, **extra)
        self._cursor = cursor
        self.times += features.times

    def _compressor(
        self, features: Features, pivots: Tensor, mask: Tensor, delta: Tensor | None
    ) -> ChunkCompressor:
        frequencies, axes = self._family.rotary()
        steps = torch.arange(len(self.times), len(self.times) + len(features.times))
        tokens = steps[:, None] * self._tokens_per_step + torch.arange(features.grid.size)
        return ChunkCompressor(
            cache=self.cache,
            policy=self._reading.policy,
            keep_ratio=self._reading.keep_ratio,
            visual=mask.nonzero()[:, 0],
            tokens=tokens.flatten(),
            steps=len(features.times),
            pivots=pivots.flatten(),
            delta=None if delta is None else delta.to(mask.device),
            frequencies=frequencies,
            axes=axes,
            pivot_share=self._reading.pivot_share,
        )

    def memory(self) -> Memory:
        """Return what was written, with an empty baseline."""
        return Memory(
            cache=self.cache,
            free=self._cursor.free,
            times=self.times,
            tokens_per_step=self._tokens_per_step,
            keep_ratio=self._reading.keep_ratio,
            baseline=torch.zeros(len(self.times)),
        )
