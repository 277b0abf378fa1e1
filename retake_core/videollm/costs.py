"""What a reading and an answer take: tokens, entries and bytes, counted before anything runs."""

import math
from collections.abc import Sequence
from dataclasses import replace

from retake_core.videollm.calibration import Counts
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import TextPiece
from retake_core.videollm.float16 import running_itemsize
from retake_core.videollm.kv.pivotkv import block_bytes_on, keep_count
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.kv.two_pieces import MIN_KEYS, kernel_for, transient_bytes
from retake_core.videollm.reading import (
    Reading,
)
from retake_core.videollm.shape import ModelShape

ANSWER_TOKENS = 1024
"""Entries set aside for the question and its answer."""
LINEAR_STRETCH = 64
"""Tokens that linear attention takes at once."""
KEPT_ON_PROCESSORS = 256 << 20
"""Bytes that libraries take once they run, and that the allocator keeps of freed blocks under 32 MB: in two layers
of Qwen2-VL 2B in bfloat16, 16 frames took 331 MB in the vision tower, and 221 where nothing was kept; 64 frames
took 170 MB more than all that is counted, most of it the first time only."""
MOST_WORDS = 3000
"""Tokens that what is said in videos, and stands on their screens, may take in front of a question."""


def count(family: Family, reading: Reading, times: Sequence[float], width: int, height: int) -> Counts:
    """Count the tokens and bytes of a reading.

    Args:
        family: without or with its model.
        reading: the settings.
        times: seconds of the frames that will be read; timestamps are text, and longer ones more tokens.
        width: of the video, in pixels.
        height: of the video, in pixels.
    """
    times = times[: reading.frames]
    prompt, vision = family.prompt, family.vision
    size = vision.frame_size(width, height, reading.long_side)
    grid, step = vision.grid(*size), vision.frames_per_step
    steps = vision.step_times(times)
    per_chunk = max(1, reading.chunk_frames // step)
    text = len(prompt.prefix(reading.timestamps)) + len(prompt.ending_ids(reading.timestamps))
    kept = largest = room = 0
    ratio = 1.0 if reading.policy is Policy.FULL else reading.keep_ratio
    cursor, positions = family.cursor(reading), text
    cursor = replace(cursor, free=len(prompt.prefix(reading.timestamps)))
    for start in range(0, len(steps), per_chunk):
        chunk = steps[start : start + per_chunk]
        pieces = prompt.pieces(chunk, reading.timestamps, first=start == 0, apart=step / reading.rate)
        words = sum(len(piece.ids) for piece in pieces if isinstance(piece, TextPiece))
        visual = len(chunk) * grid.size
        for piece in pieces:
            if isinstance(piece, TextPiece):
                cursor = replace(cursor, free=cursor.free + len(piece.ids))
            else:
                cursor = cursor.open_segment() if piece.opens else cursor
                cursor, run = cursor.behind(piece.steps, grid.height, grid.width)
                positions = max(positions, run)
        room = max(room, text + kept + words + visual)
        kept += keep_count(ratio, visual)
        text += words
        largest = max(largest, words + visual)
    itemsize = family.dtype.itemsize
    return Counts(
        frames=len(times),
        visual_tokens=len(steps) * grid.size,
        kept_tokens=kept,
        entries=kept + text,
        kv_bytes=family.shape.kv_bytes(kept + text, itemsize),
        chunk_tokens=largest,
        pixel_bytes=min(len(steps), per_chunk) * step * size[0] * size[1] * 3 * 4,
        room=max(room, kept + text + ANSWER_TOKENS),
        positions=max(positions, cursor.free + len(prompt.ending_ids(reading.timestamps)) + ANSWER_TOKENS),
    )


def peak_bytes(family: Family, counts: Counts, weights: int) -> int:
    """Estimate the peak of memory: weights, cache, features of two chunks, and the transients of one layer.

    Of a layer, full attention counts, or linear attention, or the MLP, whichever takes most.

    Args:
        family: without or with its model.
        counts: from `count`.
        weights: bytes of the model's weights as loaded.
    """
    shape, itemsize = family.shape, family.dtype.itemsize
    chunk, past = counts.chunk_tokens, counts.entries
    features = 2 * chunk * shape.hidden * itemsize
    running = running_itemsize(family.dtype)
    hidden = 4 * chunk * shape.hidden * running
    mlp = (3 if running == itemsize else 4) * chunk * shape.intermediate * running
    mlp += experts_bytes(shape, chunk, running)
    attention = attention_bytes(family, chunk, past)
    if shape.gated:  # of the queries, before and after they are taken apart
        attention += 2 * chunk * shape.heads * shape.head_dim * itemsize
    # One block is held while the next one and its softmax are made.
    scoring = 3 * block_bytes_on(family.device) + 2 * chunk * shape.heads * shape.head_dim * 4
    cache, logits = shape.kv_bytes(counts.room, itemsize), shape.vocabulary * 4
    cache += 2 * shape.state_bytes(itemsize)  # with the copy that is gone back to when memory runs out
    vision = family.vision.transient_bytes(chunk * family.vision.patches_per_token, running)
    passes = max(hidden + max(mlp, attention + scoring, linear_bytes(shape, chunk, itemsize)), vision)
    passes += processor_bytes(family, chunk)
    return weights + cache + 2 * counts.pixel_bytes + features + passes + logits


def processor_bytes(family: Family, tokens: int) -> int:
    """Estimate what a chunk of so many tokens takes on a processor beside what it takes on a card."""
    if family.device.type != "cpu":
        return 0
    patches = tokens * family.vision.patches_per_token
    return KEPT_ON_PROCESSORS + family.vision.activation_bytes(patches, running_itemsize(family.dtype))


def attention_bytes(family: Family, length: int, past: int) -> int:
    """Estimate what one layer's attention takes beside its states, at most, while the past grows.

    Args:
        family: without or with its model.
        length: tokens that attend.
        past: entries in front of them in the end.
    """
    shape, itemsize = family.shape, family.dtype.itemsize
    keys, pieces = past + length, 0
    if kernel_for(family.device, family.dtype, shape.head_dim, keys):
        pieces = transient_bytes(shape.heads, shape.head_dim, length, itemsize)
        keys, length = MIN_KEYS - 1, min(length, MIN_KEYS - 1)  # up to here there was a mask
    # The key heads are repeated for the masked attention.
    repeated = shape.layer_bytes(keys, itemsize) * (shape.heads // shape.kv_heads)
    # The mask, and the bias of the states' precision that the kernel makes of it.
    return max(pieces, repeated + length * keys * (1 + itemsize))


def linear_bytes(shape: ModelShape, length: int, itemsize: int) -> int:
    """Estimate what one layer of linear attention takes beside its state, where PyTorch alone computes it.

    Args:
        shape: of the model.
        length: tokens of the pass.
        itemsize: bytes of a number in the model's precision.
    """
    if shape.linear is None:
        return 0
    linear = shape.linear
    # In float32: six forms of queries and keys, four of values, and three squares of each stretch of tokens.
    numbers = linear.value_heads * (6 * linear.key_dim + 4 * linear.value_dim + 3 * LINEAR_STRETCH)
    padded = math.ceil(length / LINEAR_STRETCH) * LINEAR_STRETCH
    # The convolution's input, output and their neighbour; the gate.
    return padded * (4 * numbers + (3 * linear.channels + linear.values) * itemsize)


def experts_bytes(shape: ModelShape, length: int, itemsize: int) -> int:
    """Estimate what a mixture of experts takes beside the one that every token passes; see `linear_bytes`."""
    if shape.experts is None:
        return 0
    # Every token is there once for each of its experts: gathered, inside, and as it comes out.
    return 3 * length * shape.experts.active * (shape.hidden + shape.experts.intermediate) * itemsize


def answer_bytes(family: Family, counts: Counts, weights: int, words: int = 0) -> int:
    """Estimate the peak of memory while a question is answered from a memory; see `peak_bytes`.

    Args:
        family: without or with its model.
        counts: from `count`.
        weights: bytes of the model's weights as loaded.
        words: tokens that stand in front of the question.
    """
    shape, itemsize = family.shape, family.dtype.itemsize
    entries = counts.entries + ANSWER_TOKENS + words
    # A layer grows by an eighth at least, into new storage.
    cache = shape.kv_bytes(max(entries, counts.entries * 9 // 8), itemsize) + shape.layer_bytes(entries, itemsize)
    cache += 2 * shape.state_bytes(itemsize)  # with the copy that is gone back to
    asked = ANSWER_TOKENS + words
    attention = max(attention_bytes(family, asked, counts.entries), linear_bytes(shape, asked, itemsize))
    # Words run in one pass with the question, of which a few hundred tokens alone hardly count.
    states = words * (4 * shape.hidden + 3 * shape.intermediate) * running_itemsize(family.dtype)
    return weights + cache + attention + states + 2 * shape.vocabulary * 4


def words_room(family: Family, counts: Counts, weights: int, available: int) -> int:
    """Return how many tokens of words fit in front of a question, beside what is read; see `answer_bytes`."""
    room = max(0, min(MOST_WORDS, family.positions - counts.positions))
    while room and answer_bytes(family, counts, weights, room) > available:
        room //= 2
    return room
