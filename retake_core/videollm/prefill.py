"""Reading a video: frames in, compressed KV cache out, chunk by chunk.

No more than two chunks of pixels and two of features exist at any time, however long the video is.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing

import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.keyframes.dpselect import distances, peaks
from retake_core.media.frames import Frame
from retake_core.videollm.events import ReadProgress, Stats
from retake_core.videollm.evidence import BaselineCollector
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.vision import Features, Pixels, Vision
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.planner import Recording
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.read_ahead import ReadAhead
from retake_core.videollm.reading import Reading

NEUTRAL_PROMPT = "Describe the video."


class GraphicsMemoryError(UserError):
    """Even one time step does not fit beside what is kept: a smaller plan may."""


def prefill(
    family: Family,
    frames: Callable[[], Iterable[Frame]],
    reading: Reading,
    cancel: CancelToken,
    stats: Stats | None = None,
    shape: tuple[int, int] | None = None,
) -> Generator[ReadProgress, None, Memory]:
    """Read a video, telling the progress; the generator's value is the memory.

    Args:
        family: with its model loaded.
        frames: opens the frames, in order of time; called in the thread that decodes.
        reading: the settings.
        cancel: looked at for every frame, and in every layer of every chunk.
        stats: receives the seconds of each phase.
        shape: width and height of the video, as plans know them; None goes by the first frame.

    Raises:
        UserError: the video has no frames.
        GraphicsMemoryError: not even one time step fits.
        Cancelled: the user asked to stop.
    """
    stats = stats or Stats()
    room = 0 if shape is None else Recording(reading.frames / reading.rate, *shape).count(family, reading).room
    writer = PrefixWriter(family, reading, cancel, room=room)
    with watched(family.model):
        writer.text(family.embed(family.prompt.prefix(reading.timestamps)))
        yield from read_frames(family, writer, frames, reading, cancel, stats, shape)
        return finish(family, writer, reading, stats)


def read_frames(
    family: Family,
    writer: PrefixWriter,
    frames: Callable[[], Iterable[Frame]],
    reading: Reading,
    cancel: CancelToken,
    stats: Stats,
    shape: tuple[int, int] | None = None,
) -> Iterator[ReadProgress]:
    """Write one stretch of video behind what was written before, under `watched`; see `prefill`."""
    with ReadAhead(lambda: _closed_pixel_chunks(family.vision, frames, reading, cancel, shape)) as pixels:
        yield from write_features(
            family, writer, _encoded(family, _timed(pixels, stats), stats), reading, cancel, stats
        )


def write_features(
    family: Family,
    writer: PrefixWriter,
    chunks: Iterable[Features],
    reading: Reading,
    cancel: CancelToken,
    stats: Stats,
) -> Iterator[ReadProgress]:
    """Write what the vision tower saw, chunk by chunk, under `watched`; see `prefill`."""
    for features, pivots in with_pivots(chunks):
        cancel.check()
        with stats.timed("prefill"):
            _write(writer, features, pivots)
        yield ReadProgress(min(len(writer.times) * family.vision.frames_per_step, reading.frames), reading.frames)


def finish(family: Family, writer: PrefixWriter, reading: Reading, stats: Stats) -> Memory:
    """Close the prompt up to the question, and measure its baseline, under `watched`.

    Raises:
        UserError: there were no frames.
    """
    if not writer.times:
        raise UserError("The video has no frames that can be read.")
    writer.text(family.ending(reading.timestamps))
    memory = writer.memory()
    with stats.timed("prefill"):
        memory = memory.with_baseline(measure_baseline(family, memory))
    stats.smallest_chunk = writer.smallest_chunk
    return memory


def _closed_pixel_chunks(
    vision: Vision,
    frames: Callable[[], Iterable[Frame]],
    reading: Reading,
    cancel: CancelToken,
    shape: tuple[int, int] | None,
) -> Generator[Pixels, None, None]:
    """Close the decoder with the last chunk, or with the error that ends them."""
    with ExitStack() as stack:
        source = frames()
        if isinstance(source, Generator):
            stack.enter_context(closing(source))
        yield from pixel_chunks(vision, source, reading, cancel, shape)


def pixel_chunks(
    vision: Vision,
    frames: Iterable[Frame],
    reading: Reading,
    cancel: CancelToken,
    shape: tuple[int, int] | None = None,
) -> Iterator[Pixels]:
    """Scale and preprocess frames, a chunk at a time."""
    step = vision.frames_per_step
    chunk = max(step, reading.chunk_frames // step * step)
    images: list[Tensor] = []
    times: list[float] = []
    size = None if shape is None else vision.frame_size(*shape, reading.long_side)
    for count, frame in enumerate(frames, start=1):
        cancel.check()
        height, width = frame.image.shape[:2]
        # The first frame decides; a stream that changes its size later is scaled to it.
        size = size or vision.frame_size(width, height, reading.long_side)
        images.append(vision.scale(frame.image, size))
        times.append(frame.time)
        if len(images) == chunk or count == reading.frames:
            yield vision.preprocess(images, times)
            images, times = [], []
        if count == reading.frames:
            return
    if images:
        yield vision.preprocess(images, times)


def _timed(pixels: Iterator[Pixels], stats: Stats) -> Iterator[Pixels]:
    while True:
        with stats.timed("decode"):
            chunk = next(pixels, None)
        if chunk is None:
            return
        yield chunk


def _encoded(family: Family, chunks: Iterable[Pixels], stats: Stats) -> Iterator[Features]:
    most: int | None = None  # time steps that the tower had memory for, once it had too little
    for chunk in chunks:
        waiting = [chunk]
        while waiting:
            pixels = waiting.pop()
            features = None
            if most is not None and len(pixels.times) > most:
                waiting += reversed(pixels.split())
                continue
            try:
                with stats.timed("vision"):
                    features = family.encode(pixels)
            except torch.OutOfMemoryError as error:
                _free_or_give_up(len(pixels.times), error)
            if features is None:
                most = (len(pixels.times) + 1) // 2
                _empty_gpu_cache()
                waiting += reversed(pixels.split())
            else:
                yield features


def with_pivots(chunks: Iterable[Features]) -> Iterator[tuple[Features, Tensor]]:
    """Add to every chunk which of its tokens are DPSelect peaks: bool, [steps, tokens].

    A peak is the largest of three distances, so a chunk needs the two steps before it and the one after.
    """
    before: Tensor | None = None
    source = iter(chunks)
    current = next(source, None)
    while current is not None:
        following = next(source, None)
        after = None if following is None else following.embeds[:1]
        steps = [part for part in (before, current.embeds, after) if part is not None]
        skip = 0 if before is None else len(before)
        is_peak = peaks(distances(torch.cat(steps)))
        yield current, is_peak[skip : skip + len(current.times)]
        before = torch.cat(steps[:-1] if after is not None else steps)[-2:]
        current = following


def _write(writer: PrefixWriter, features: Features, pivots: Tensor) -> None:
    """Write a chunk; when memory runs out, write its halves, and no larger part from then on."""
    steps = len(features.times)
    if writer.most_steps and steps > writer.most_steps:
        _write_halves(writer, features, pivots)
        return
    before = writer.cache.mark()
    try:
        writer.chunk(features, pivots)
    except torch.OutOfMemoryError as error:
        _free_or_give_up(steps, error)
    else:
        writer.smallest_chunk = min(writer.smallest_chunk or steps, steps)
        return
    # Some layers have the chunk already, others do not. Only outside of the handler is the failed pass's
    # memory free.
    writer.cache.rewind(before)
    _empty_gpu_cache()
    writer.most_steps = (steps + 1) // 2
    _write_halves(writer, features, pivots)


def _write_halves(writer: PrefixWriter, features: Features, pivots: Tensor) -> None:
    steps = len(features.times)
    half = (steps + 1) // 2
    _write(writer, features.part(0, half), pivots[:half])
    _write(writer, features.part(half, steps), pivots[half:])


def _free_or_give_up(steps: int, error: BaseException) -> None:
    if steps == 1:
        raise GraphicsMemoryError(
            "The graphics memory is too small for this plan: lower the number of frames, or the keep ratio."
        ) from error


def _empty_gpu_cache() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def measure_baseline(family: Family, memory: Memory) -> Tensor:
    """Measure the attention that each time step draws from all tokens of a neutral prompt: float32, [steps].

    Runs under `watched`, and leaves the memory as it was.
    """
    collector = BaselineCollector(memory.cache, len(memory.times), memory.tokens_per_step)
    before = memory.cache.mark()
    embeds = family.embed(family.prompt.question(NEUTRAL_PROMPT))
    _, positions = Cursor(family.prompt.position_rows, free=memory.free).text(len(embeds))
    try:
        family.forward(embeds, positions, memory.cache, collector)
    finally:
        memory.cache.rewind(before)
    return collector.per_step()
