"""Choosing what the refining pass decodes, from what the quick pass saw.

The quick pass knows the codec's key frames, and from demuxing the size of every packet. A span from one key frame
to the next deserves full decoding when something in it cannot be told from its ends:

- its ends differ, and the encoder put the key frame there because it was due, not because the picture cut;
- its ends differ, and one packet is larger than those around it: a cut that got no key frame of its own;
- one packet is far larger, whatever the ends show: a slide that changes beside a camera picture that moves;
- its packets are larger than those of other spans at the same distance from their key frame: a brief event in
  a still scene, which moves the size of a few packets by a fifth;
- it is too long to trust;
- key frames in it were passed over, since all moves;
- it lasts no longer than a second because the camera writes key frames so often, and what it shows moves: key
  frames are no more than every other sample then, and between moving ones each sample differs from the last.

Of the other spans whose ends differ, the beginning is decoded: encoders put a key frame where a cut or a fade
begins, and the picture that stays comes a moment later.

None of this holds in a long stretch whose packets say that nothing was drawn anew: encoders then write next to
nothing, all of one size.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retake_core.media.decoders.key_frames import PacketIndex
from retake_core.media.video_info import Span

CHANGED = 0.1  # distance between neighbouring key frames
SURPRISE = 4.0  # standard deviations of a half second's bytes
JUMP = 2.0  # times the larger packets within a second
REDRAWN = 3.0  # times that, where much is drawn at once though the ends hardly differ
LONGEST = 12.0  # seconds that may go by without a look
SHORTEST = 1.2  # seconds between two looks that need none in between, unless what they show moves
SETTLING = 2.0  # seconds behind a key frame in which a cut or a fade comes to its end
ONE_STEP = 0.55  # seconds between two key frames with no sample in between
STILL = 60.0  # seconds in which nothing is drawn anew, that need no look
_AROUND = 2  # spans before and behind one that tell whether a camera moves in it
KEY_FRAME_ONLY = 0.01  # seconds: a span that holds one frame
OVERLAP = 0.5  # seconds
_BIN = 0.5  # seconds over which bytes are added up
_SETTLED = 0.3  # seconds behind a key frame: what follows it at once is large whatever happens
_EMPTY = 64  # bytes of a packet that says that everything stays, with its headers...
_EMPTY_SHARE = 1 / 1500  # ...and bytes for each pixel: older codecs say it of every block of 16 x 16

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RefinePlan:
    """What to decode.

    Attributes:
        spans: seconds.
        promise: how much change a second of decoding may find; 0.0 when the quick pass saw all there is.
    """

    spans: list[Span]
    promise: float

    @property
    def needed(self) -> bool:
        """Whether there is more to see than the key frames."""
        return any(end - start > KEY_FRAME_ONLY * 2 for start, end in self.spans)


def choose_spans(
    times: Floats, change: Floats, packets: PacketIndex, duration: float, pixels: int = 0
) -> RefinePlan:
    """Return the spans to decode fully, or from their start on; of the others, the key frame at their start.

    Args:
        times: [K], seconds, of the codec key frames that the quick pass sampled.
        change: [K], the distance of each to the one before.
        packets: of the whole video.
        duration: seconds.
        pixels: of a picture; 0 while unknown.
    """
    ends = np.append(times[1:], max(duration, times[-1]) + 1)
    lengths = ends - times
    change_within = np.append(change[1:], 0.0)
    between = _packets_between_keys(times, packets)
    due = lengths > 0.93 * np.quantile(lengths, 0.9)
    jumps = _jumps(between, len(times))
    deep = (change_within > CHANGED) & (due | (jumps > JUMP))
    deep |= jumps > REDRAWN
    deep |= _surprise(between, times) > SURPRISE
    deep |= lengths > LONGEST
    deep |= _hold(times, packets.moving)
    deep &= lengths > SHORTEST
    deep |= (_highest_around(change_within) > CHANGED) & due & (lengths <= SHORTEST) & (lengths > ONE_STEP)
    deep &= ~_long_runs(_are_still(between, times, pixels) & (change_within <= CHANGED), lengths)
    begun = ~deep & (change_within > CHANGED) & (lengths > ONE_STEP)
    seconds = np.where(deep, lengths, np.where(begun, np.minimum(lengths, SETTLING), 0.0))
    looked_at = deep | begun
    promise = float(change_within[looked_at].sum() / seconds.sum()) if looked_at.any() else 0.0
    # A frame just before the end may have the last sampling cell: what the end shows is in the next.
    stops = times + np.where(deep, lengths + OVERLAP, np.where(begun, seconds, KEY_FRAME_ONLY))
    return RefinePlan(_merge(times, stops), promise)


def _hold(starts: Floats, moments: Floats) -> NDArray[np.bool_]:
    """Return which of the spans that begin at `starts` hold a moment."""
    spans = np.searchsorted(starts, moments, side="right") - 1
    return np.bincount(spans[spans >= 0], minlength=len(starts)) > 0


def _merge(starts: Floats, stops: Floats) -> list[Span]:
    spans: list[Span] = []
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if spans and spans[-1][1] >= start:
            spans[-1] = (spans[-1][0], max(spans[-1][1], stop))
        else:
            spans.append((start, stop))
    return spans


def _highest_around(change: Floats) -> Floats:
    """Return of each span the most that changes in it and those around: a hand turns back, and goes on."""
    padded = np.pad(change, _AROUND)
    highest: Floats = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1).max(axis=1)
    return highest


@dataclass(frozen=True, slots=True)
class _Packets:
    """Packets between the key frames, by presentation time: seconds, bytes, and the span that each lies in."""

    times: Floats
    sizes: Floats
    span: NDArray[np.int64]


def _packets_between_keys(starts: Floats, packets: PacketIndex) -> _Packets:
    used = np.isfinite(packets.times) & ~packets.keys & (packets.times >= starts[0])
    times, sizes = packets.times[used], packets.sizes[used].astype(np.float64)
    order = np.argsort(times, kind="stable")
    times, sizes = times[order], sizes[order]
    return _Packets(times, sizes, np.searchsorted(starts, times, side="right") - 1)


def _jumps(packets: _Packets, spans: int) -> Floats:
    """Return for each span how far its most outstanding packet exceeds the larger ones within a second."""
    result = np.zeros(spans)
    borders = np.searchsorted(packets.span, np.arange(spans + 1))
    for span in range(spans):
        times = packets.times[borders[span] : borders[span + 1]]
        sizes = packets.sizes[borders[span] : borders[span + 1]]
        for largest in np.argsort(-sizes)[:5]:
            if times[largest] - times[0] < _SETTLED:
                continue
            first, last = np.searchsorted(times, times[largest] + np.array([-1.0, 1.0]))
            around = np.delete(sizes[first:last], largest - first)
            if len(around) > 3:
                result[span] = max(result[span], sizes[largest] / (np.quantile(around, 0.9) + 1))
    return result


def _are_still(packets: _Packets, starts: Floats, pixels: int) -> NDArray[np.bool_]:
    """Return of which spans the packets say that every picture is the one before."""
    result = np.zeros(len(starts), np.bool_)
    if not pixels:
        return result
    settled = packets.times - starts[packets.span] >= _SETTLED
    spans, sizes = packets.span[settled], packets.sizes[settled]
    borders = np.searchsorted(spans, np.arange(len(starts) + 1))
    for span, (first, last) in enumerate(itertools.pairwise(borders)):
        inside = sizes[first:last]
        if len(inside):
            most = min(_EMPTY + _EMPTY_SHARE * pixels, _EMPTY + 2 * float(np.median(inside)))
            result[span] = inside.max() <= most
    return result


def _long_runs(still: NDArray[np.bool_], lengths: Floats) -> NDArray[np.bool_]:
    """Leave of the still spans those that together with their neighbours last for STILL seconds."""
    run = np.cumsum(np.diff(still, prepend=False))  # odd in runs of still spans
    together = np.bincount(run, lengths)[run]
    left: NDArray[np.bool_] = still & (together >= STILL)
    return left


def _surprise(packets: _Packets, starts: Floats) -> Floats:
    """Return for each span how much its fullest half second stands out, in standard deviations.

    Encoders spend more right behind a key frame, so a half second is compared with those of other spans at
    the same distance from their key frame. All statistics are medians: events must not raise the bar.
    """
    offset = np.floor((packets.times - starts[packets.span]) / _BIN).astype(np.int64)
    # A file with one key frame would make this table as long as the video: such spans are taken anyway.
    near = offset < round(LONGEST / _BIN)
    if not near.any():
        return np.zeros(len(starts))
    shape = (len(starts), int(offset[near].max()) + 1)
    size, count = np.zeros(shape), np.zeros(shape)
    np.add.at(size, (packets.span[near], offset[near]), packets.sizes[near])
    np.add.at(count, (packets.span[near], offset[near]), 1)
    full = count >= 0.8 * np.median(count[count > 0])  # the last half second is often cut short
    level = np.where(full, np.log1p(size), np.nan)
    usual = np.full(shape[1], np.nanmedian(level))
    common = full.sum(axis=0) >= 4
    usual[common] = np.nanmedian(level[:, common], axis=0)
    excess = level - usual
    excess -= np.nanmedian(excess)
    deviation = 1.48 * float(np.nanmedian(np.abs(excess))) + 1e-3
    result: Floats = np.where(full, excess, 0.0).max(axis=1) / deviation
    return result
