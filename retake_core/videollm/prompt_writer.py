"""The prompt up to the question: text and video written into one compressed cache, in order."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import TextPiece, VideoPiece
from retake_core.videollm.families.vision import Features
from retake_core.videollm.kv.attention import StopCheck
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.kv.policy import ChunkCompressor
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.reading import Reading


@dataclass(frozen=True)
class _Chunk:
    """What the model is given of a chunk, text and video in order.

    Attributes:
        embeds: [n, channels].
        run: int64, [rows, n], the positions to run with.
        end: int64, [rows, n], the positions that the keys end on.
        visual: bool, [n], which tokens are visual.
        cursor: the next free position.
    """

    embeds: Tensor
    run: Tensor
    end: Tensor
    visual: Tensor
    cursor: Cursor


class PrefixWriter:
    """Writes text and video into one cache, in order.

    Attributes:
        times: seconds of every time step so far.
        smallest_chunk: time steps of the smallest chunk so far; a chunk is halved when memory runs out.
        most_steps: time steps that there was memory for, once it ran out; 0 before.
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
        self._cursor = family.cursor(reading)
        self.cache = VideoCache(family.shape.layers, family.shape.linear_layers)
        self.cache.reserve(room)
        self.times: list[float] = []
        self.smallest_chunk = self.most_steps = 0
        self._tokens_per_step = tokens_per_step or 0

    @classmethod
    def behind(cls, family: Family, memory: Memory, reading: Reading, cancel: CancelToken) -> "PrefixWriter":
        """Return one that goes on where a memory ends, and writes into its cache."""
        writer = cls(family, reading, cancel, memory.tokens_per_step)
        writer._cursor = replace(writer._cursor, free=memory.free)
        writer.cache, writer.times = memory.cache, list(memory.times)
        return writer

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
        chunk = self._lay_out(features)
        compressor = self._compressor(features, pivots, chunk)
        extra = self._family.visual_inputs(features, chunk.visual)
        self._family.forward(chunk.embeds, chunk.run, self.cache, StopCheck(self._cancel, compressor), **extra)
        compressor.evict()
        self._cursor = chunk.cursor
        self.times += features.times

    def _lay_out(self, features: Features) -> _Chunk:
        """Join the pieces of a chunk's prompt."""
        cursor, prompt, grid = self._cursor, self._family.prompt, features.grid
        embeds: list[Tensor] = []
        runs: list[Tensor] = []
        ends: list[Tensor] = []
        visual: list[Tensor] = []
        step = 0
        reading, apart = self._reading, self._family.vision.frames_per_step / self._reading.rate
        for piece in prompt.pieces(features.times, reading.timestamps, first=not self.times, apart=apart):
            if isinstance(piece, TextPiece):
                cursor, run = cursor.text(len(piece.ids))
                end = run
                embeds.append(self._family.embed(piece.ids))
            else:
                cursor = cursor.open_segment() if piece.opens else cursor
                cursor, run, end = cursor.video(piece.steps, grid.height, grid.width)
                embeds.append(features.embeds[step : step + piece.steps].flatten(0, 1))
                step += piece.steps
            runs.append(run)
            ends.append(end)
            visual.append(torch.full((run.shape[1],), isinstance(piece, VideoPiece)))
        mask = torch.cat(visual).to(features.embeds.device)
        return _Chunk(torch.cat(embeds), torch.cat(runs, dim=1), torch.cat(ends, dim=1), mask, cursor)

    def _compressor(self, features: Features, pivots: Tensor, chunk: _Chunk) -> ChunkCompressor:
        frequencies, axes = self._family.rotary()
        steps = torch.arange(len(self.times), len(self.times) + len(features.times))
        # Of a step with more tokens than the first had, the place inside matters to nobody.
        inside = torch.arange(features.grid.size).clamp(max=self._tokens_per_step - 1)
        tokens = steps[:, None] * self._tokens_per_step + inside
        return ChunkCompressor(
            cache=self.cache,
            policy=self._reading.policy,
            keep_ratio=self._reading.keep_ratio,
            length=len(chunk.visual),
            visual=chunk.visual.nonzero()[:, 0],
            tokens=tokens.flatten(),
            steps=len(features.times),
            pivots=pivots.flatten(),
            delta=(chunk.end - chunk.run).to(chunk.visual.device) if self._cursor.squeezes else None,
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
