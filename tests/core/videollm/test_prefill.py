"""Streaming: pivots across chunks, memory that runs out, stopping, and what stays behind."""

import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, UserError
from retake_core.keyframes.dpselect import dpselect
from retake_core.media.frames import Frame
from retake_core.videollm.events import Stats
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.vision import Features, Grid, Pixels
from retake_core.videollm.kv.policy import ChunkCompressor, Policy
from retake_core.videollm.loading import load_family
from retake_core.videollm.prefill import pixel_chunks, prefill, with_pivots
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.read_ahead import ReadAhead
from tests.support import tiny


@pytest.mark.parametrize("sizes", [[16, 16, 7], [1, 1, 1, 5], [39], [2, 1, 30, 1]])
def test_pivots_of_chunks_equal_dpselect_on_the_whole(sizes: list[int]) -> None:
    total = sum(sizes)
    features = torch.randn(total, 4, 8, generator=torch.Generator().manual_seed(total)).cumsum(dim=0)
    parts = [Features(part, [0.0] * len(part), Grid(2, 2)) for part in torch.split(features, sizes)]
    pivots = torch.cat([pivots for _, pivots in with_pivots(parts)])
    assert torch.equal(pivots, dpselect(features, keep=total, patch_sync=False).pivot)
    assert 0 < int(pivots.sum()) < pivots.numel()


def test_pivots_change_what_is_kept(qwen: Family) -> None:
    with_them = tiny.read_tiny(qwen, tiny.tiny_reading(keep_ratio=0.3))
    without = tiny.read_tiny(qwen, tiny.tiny_reading(keep_ratio=0.3, policy=Policy.ATTENTION))
    assert not torch.equal(with_them.cache.layers[0].origin, without.cache.layers[0].origin)


def test_kept_shares_by_time_add_up(qwen: Family) -> None:
    memory = tiny.read_tiny(qwen, tiny.tiny_reading(keep_ratio=0.3))
    share = memory.kept_by_step()
    assert share.shape == (len(memory.times),)
    assert float(share.sum()) * memory.tokens_per_step == pytest.approx(memory.kept_tokens)


def test_squeezed_time_needs_fewer_positions(family: Family) -> None:
    reading = tiny.tiny_reading(keep_ratio=0.1, timestamps=False, frames=60)  # more steps than a step has columns
    squeezed = tiny.read_tiny(family, replace(reading, reforge=True))
    natural = tiny.read_tiny(family, replace(reading, reforge=False))
    assert squeezed.free < natural.free


class Limited:
    """Stands for a GPU that holds at most so many tokens of a chunk."""

    def __init__(self, family: Family, limit: int, layer: int) -> None:
        self.forward, self.limit, self.layer = family.forward, limit, layer

    def __call__(self, embeds: Tensor, positions: Tensor, cache: Any, observer: Any = None, **more: Any) -> Any:
        if len(embeds) > self.limit:
            observer = Failing(observer, self.layer)
        return self.forward(embeds, positions, cache, observer, **more)


class Failing:
    """Does its work in one layer, then memory runs out."""

    def __init__(self, observer: Any, layer: int) -> None:
        self.observer, self.layer = observer, layer

    def after_attention(self, layer: int, query: Tensor, key: Tensor, scale: float) -> None:
        if self.observer is not None:
            self.observer.after_attention(layer, query, key, scale)
        if layer == self.layer:
            raise torch.OutOfMemoryError


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_chunk_that_does_not_fit_is_halved(qwen: Family, monkeypatch: pytest.MonkeyPatch, layer: int) -> None:
    """After some layers were compressed already, the halves give what smaller chunks would have given."""
    settings = {"frames": 16, "policy": Policy.UNIFORM, "keep_ratio": 0.5}
    small = tiny.read_tiny(qwen, tiny.tiny_reading(chunk_frames=4, **settings))
    monkeypatch.setattr(qwen, "forward", Limited(qwen, 12 * 3, layer))
    stats = Stats()
    halved = tiny.read_tiny(qwen, tiny.tiny_reading(chunk_frames=8, **settings), stats)
    assert stats.smallest_chunk == 2
    assert halved.times == small.times
    for one, other in zip(halved.cache.layers, small.cache.layers, strict=True):
        assert torch.equal(one.origin, other.origin)
        assert torch.allclose(one.keys, other.keys, atol=1e-5)


def test_frames_whose_features_do_not_fit_are_halved(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tiny.read_tiny(qwen, tiny.tiny_reading(policy=Policy.FULL))
    encode = qwen.encode

    def limited(pixels: Pixels) -> Features:
        if len(pixels.times) > 1:
            raise torch.OutOfMemoryError
        return encode(pixels)

    monkeypatch.setattr(qwen, "encode", limited)
    halved = tiny.read_tiny(qwen, tiny.tiny_reading(policy=Policy.FULL, timestamps=False))
    assert halved.times == plain.times
    assert halved.kept_tokens == plain.kept_tokens


def test_a_single_step_that_does_not_fit_is_a_clear_error(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qwen, "forward", Limited(qwen, 10, 0))
    monkeypatch.setattr(qwen.prompt, "prefix", lambda _: [1, 2])
    with pytest.raises(UserError, match="lower the number of frames"):
        tiny.read_tiny(qwen, tiny.tiny_reading(timestamps=False))


def test_a_stop_is_seen_between_chunks_and_leaves_nothing_behind(qwen: Family) -> None:
    cancel = CancelToken()
    run = prefill(qwen, lambda: tiny.tiny_frames(20), tiny.tiny_reading(), cancel)
    next(run)
    cancel.cancel()
    with pytest.raises(Cancelled):
        tiny.drain(run)
    assert tiny.text_attention(qwen) == "sdpa"
    assert not any(thread.name == "read-ahead" for thread in threading.enumerate())


def test_a_stop_is_seen_between_layers(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel, layers = CancelToken(), []
    original = ChunkCompressor.after_attention

    def stop_after_first(self: ChunkCompressor, layer: int, *states: Any) -> None:
        original(self, layer, *states)
        layers.append(layer)
        cancel.cancel()

    monkeypatch.setattr(ChunkCompressor, "after_attention", stop_after_first)
    with pytest.raises(Cancelled):
        tiny.drain(prefill(qwen, lambda: tiny.tiny_frames(20), tiny.tiny_reading(), cancel))
    assert layers == [0]


def test_a_stop_is_seen_between_frames(qwen: Family) -> None:
    cancel = CancelToken()
    seen = []

    def frames() -> Iterator[Frame]:
        for frame in tiny.tiny_frames(10_000):
            seen.append(frame.time)
            if len(seen) == 3:
                cancel.cancel()
            yield frame

    with pytest.raises(Cancelled):
        tiny.drain(prefill(qwen, frames, tiny.tiny_reading(frames=10_000), cancel))
    assert len(seen) == 3


def test_a_reader_who_leaves_early_ends_the_thread(qwen: Family) -> None:
    run = prefill(qwen, lambda: tiny.tiny_frames(1000), tiny.tiny_reading(frames=1000), CancelToken())
    next(run)
    run.close()
    assert not any(thread.name == "read-ahead" for thread in threading.enumerate())
    assert tiny.text_attention(qwen) == "sdpa"


def test_an_error_of_the_decoder_reaches_the_caller(qwen: Family) -> None:
    def frames() -> Iterator[Frame]:
        yield from tiny.tiny_frames(9)
        raise UserError("the file ends here")

    with pytest.raises(UserError, match="the file ends here"):
        tiny.drain(prefill(qwen, frames, tiny.tiny_reading(), CancelToken()))


def test_a_video_without_frames_is_a_clear_error(qwen: Family) -> None:
    with pytest.raises(UserError, match="no frames"):
        tiny.drain(prefill(qwen, lambda: iter(()), tiny.tiny_reading(), CancelToken()))


@pytest.mark.parametrize("frames", [1, 2, 7])
def test_videos_of_few_or_odd_frames_work(family: Family, frames: int) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(frames=frames, keep_ratio=0.5))
    assert len(memory.times) == -(-frames // family.vision.frames_per_step)
    assert memory.times[-1] <= (frames - 1) / 4.0


def test_no_more_frames_are_decoded_than_planned(qwen: Family) -> None:
    seen: list[float] = []

    def frames() -> Iterator[Frame]:
        for frame in tiny.tiny_frames(100):
            seen.append(frame.time)
            yield frame

    tiny.drain(prefill(qwen, frames, tiny.tiny_reading(frames=12), CancelToken()))
    assert len(seen) == 12


def test_a_stream_that_changes_its_size_is_scaled_to_the_first(qwen: Family) -> None:
    frames = [*tiny.tiny_frames(4), *tiny.tiny_frames(4, width=64, height=64)]
    shapes = {
        p.values.shape for p in pixel_chunks(qwen.vision, frames, tiny.tiny_reading(chunk_frames=4), CancelToken())
    }
    assert len(shapes) == 1


def test_reading_ahead_stays_one_item_ahead() -> None:
    made: list[int] = []
    second, third = threading.Event(), threading.Event()

    def items() -> Generator[int, None, None]:
        for index in range(10):
            made.append(index)
            (threading.Event(), second, third)[min(index, 2)].set()
            yield index

    with ReadAhead(items) as ahead:
        assert next(ahead) == 0
        assert second.wait(60)
        assert not third.wait(0.2)  # time in which a thread without a limit would make them all
        assert list(ahead) == list(range(1, 10))
    assert made == list(range(10))


def test_the_writer_needs_no_more_than_its_budget(qwen: Family) -> None:
    """Bytes after the prefill do not depend on the length, once the keep ratio follows the budget."""
    sizes = []
    for frames in (64, 128):
        tokens = frames // 2 * 12
        reading = tiny.tiny_reading(frames=frames, keep_ratio=96 / tokens, timestamps=False, chunk_frames=32)
        memory = tiny.read_tiny(qwen, reading)
        assert memory.kept_tokens == 96
        sizes.append(memory.cache.nbytes)
    assert sizes[0] == sizes[1]


def test_an_empty_text_writes_nothing(qwen: Family) -> None:
    writer = PrefixWriter(qwen, tiny.tiny_reading(), CancelToken())
    writer.text(torch.empty(0, 32))
    assert writer.cache.lengths() == [0, 0, 0]
    assert writer.cache.nbytes == 0


@pytest.mark.parametrize("name", ["qwen2_vl", "qwen2_5_vl"])
def test_steps_between_written_times_do_not_collide(name: str, tmp_path: Path) -> None:
    """Both steps behind a time would end in one place if their keys were squeezed."""
    family = load_family(tiny.save_tiny(name, tmp_path))
    plain, squeezed, default = (
        tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5, reforge=reforge))
        for reforge in (False, True, None)
    )
    layers = [memory.cache.layers[0].keys for memory in (plain, squeezed, default)]
    assert torch.equal(layers[2], layers[0])
    assert not torch.equal(layers[2], layers[1])
    long = tiny.tiny_reading(keep_ratio=0.5, timestamps=False)
    one, other = (tiny.read_tiny(family, replace(long, reforge=reforge)) for reforge in (True, None))
    assert torch.equal(one.cache.layers[0].keys, other.cache.layers[0].keys)


def test_after_memory_ran_out_chunks_stay_as_small_as_worked(
    qwen: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each chunk that is tried in vain costs a pass."""
    write, tried = PrefixWriter.chunk, []

    def limited(self: PrefixWriter, features: Features, pivots: Tensor) -> None:
        tried.append(len(features.times))
        if len(features.times) > 1:
            raise torch.OutOfMemoryError
        write(self, features, pivots)

    monkeypatch.setattr(PrefixWriter, "chunk", limited)
    memory = tiny.read_tiny(qwen, tiny.tiny_reading(frames=24))
    assert len(memory.times) == 12
    assert tried == [4, 2, *[1] * 12]


def test_after_memory_ran_out_the_tower_sees_as_little_as_worked(
    qwen: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, tried = qwen.encode, []

    def limited(pixels: Pixels) -> Features:
        tried.append(len(pixels.times))
        if len(pixels.times) > 2:
            raise torch.OutOfMemoryError
        return encode(pixels)

    monkeypatch.setattr(qwen, "encode", limited)
    tiny.read_tiny(qwen, tiny.tiny_reading(frames=24))
    assert tried == [4, *[2] * 6]
