"""Looking at one video: from a decoder's batches to decided keyframes; it stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageStat import Stat

from retake_core.encoders.base import Encoder
from retake_core.errors import MediaError
from retake_core.indexing.passes.repeats import encode_once
from retake_core.indexing.refine import RefinePlan, choose_spans
from retake_core.keyframes.limits import Limits
from retake_core.keyframes.stream import Keyframe, KeyframeStream
from retake_core.library.indexing import Depth, Job, NewKeyframe
from retake_core.media.decoders.key_frames import PacketIndex
from retake_core.media.decoders.registry import AUTO, SAFE
from retake_core.media.frames import spans_behind
from retake_core.media.hardware.news import HardwareOrder
from retake_core.media.process.tasks import Batch, DecodeTask, KeyFrameTask, Opened, Task, TaskDone, TaskFailed
from retake_core.media.thumbnails import encode_thumbnail

BLANK = 4.0  # standard deviation of each colour (0..255) under which there is nothing to see
SNOW = 40.0  # standard deviation (0..255) of what differs from one pixel to the next; grain and leaves have 15
ROUGH = (
    0.6  # share of that in all that differs: leaves have 0.1, a grainy wall 0.7, a receiver without a signal 0.8
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be looked at, and how: all that one pass over one video needs but the encoder.

    Attributes:
        job: the video, and where an earlier run was interrupted.
        depth: of the pass.
        rate: samples per second.
        limits: how many keyframes there may be.
        threads: of the decoder.
        pixels: of a frame, 0 while unknown.
    """

    job: Job
    depth: Depth
    rate: float
    limits: Limits
    threads: int = 1
    pixels: int = 0

    @property
    def start(self) -> float:
        """Seconds from which on the video is looked at: a quick pass is short and starts afresh."""
        return 0.0 if self.depth == Depth.QUICK else self.job.resume


@dataclass(frozen=True, slots=True)
class Decided:
    """Keyframes that are decided up to `end` seconds, and the keyframe stream's state there."""

    keyframes: list[NewKeyframe]
    end: float
    state: bytes


@dataclass(frozen=True, slots=True)
class Looked:
    """The video was looked at up to `position` seconds; what that decided, if it did."""

    position: float
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """All of it was looked at.

    Attributes:
        keyframes: those of the last window; None where there was no frame.
        plan: what a quick pass leaves to the refining one.
        end: seconds, of a file that tells no duration.
    """

    keyframes: list[NewKeyframe] | None
    plan: RefinePlan | None
    end: float


@dataclass(frozen=True, slots=True)
class DecodedBy:
    """What decodes from here on: a graphics device by its name, or "" for the processor."""

    device: str


Step = DecodedBy | Opened | Looked | LookedThrough | TaskFailed
"""What comes of looking, in this order but for the first, which comes at any time; the last two are ends."""


@dataclass(frozen=True, slots=True)
class _EncodedFrame:
    image: NDArray[np.uint8]
    embedding: NDArray[np.float32]


class VideoLook:
    """Makes steps of what a decoder sends.

    Args:
        encoder: for the frames.
        order: what to look at; it goes on from where the job was interrupted.
    """

    def __init__(self, encoder: Encoder, order: Order) -> None:
        self._encoder = encoder
        self._order = order
        state = order.job.state if order.start else None
        self._stream: KeyframeStream[_EncodedFrame] = KeyframeStream(order.limits, state)
        self._position = order.start
        self._has_frames = False
        self._series: list[tuple[float, float]] = []  # time and distance of each codec key frame
        self._duration = order.job.duration
        self._pixels = 0

    def task(self, hardware: HardwareOrder | None = None) -> Task:
        """Return what a decoder is to do for it, on which devices."""
        order, path = self._order, self._order.job.file.path
        if order.depth == Depth.QUICK:
            return KeyFrameTask(path, order.rate, order.limits.window, order.threads)
        return DecodeTask(
            path=path,
            rate=order.rate,
            spans=self._remaining_spans(),
            decoder=SAFE if order.job.decoder == SAFE else AUTO,
            window=order.limits.window,
            threads=order.threads,
            hardware=hardware,
        )

    def take(self, message: object) -> Step:
        """Return what comes of a decoder's message."""
        match message:
            case Opened(info):
                self._duration, self._pixels = info.duration, info.width * info.height
                return message
            case Batch(times, images):
                return self._add(times, images)
            case TaskDone(packets):
                try:
                    return self._finish(packets)
                except MediaError as error:
                    return TaskFailed(str(error))
            case TaskFailed():
                return message
        raise TypeError(message)

    def _remaining_spans(self) -> list[tuple[float, float]] | None:
        """Return what is still to decode, None for all of it."""
        # Not from where the last window ended: the cell of its last frame may reach beyond.
        last, spans = self._stream.last_time, self._order.job.spans
        return spans if last is None else spans_behind(spans, last, self._order.rate)

    def _add(self, times: list[float], images: Sequence[NDArray[np.uint8]]) -> Looked:
        """Take the next frames: seconds, and RGB pictures."""
        encoded = encode_once(self._encoder, images)
        pictures = [_EncodedFrame(*pair) for pair in zip(images, encoded.embeddings, strict=True)]
        decided: Decided | None = None
        for window in self._stream.push(times, encoded.maps, pictures):
            # At once, so that the pictures of a long wait do not pile up.
            before = decided.keyframes if decided is not None else []
            new = [self._encoded(keyframe) for keyframe in window.keyframes]
            decided = Decided(before + new, window.end, window.state)
        if self._order.depth == Depth.QUICK:
            self._series += zip(times, self._stream.last_distances, strict=True)
        self._position, self._has_frames = times[-1], True
        return Looked(self._position, decided)

    def _finish(self, packets: PacketIndex | None) -> LookedThrough:
        """Decide the rest.

        Args:
            packets: what a quick pass learned of the file's packets; the refining pass is planned from it.

        Raises:
            MediaError: there was no frame.
        """
        if packets is not None and not self._series:
            raise MediaError("It has no picture that can be decoded.")
        last = [self._encoded(keyframe) for keyframe in self._stream.finish()]
        end, plan = self._position, None
        if packets is not None:
            if not self._duration:  # broken off: it goes on after its last key frame
                end = float(np.fmax.reduce(packets.times, initial=end))
            times, change = np.array(self._series).T
            plan = choose_spans(times, change, packets, max(self._duration, end), self._pixels)
        return LookedThrough(last if self._has_frames else None, plan, end)

    def _encoded(self, keyframe: Keyframe[_EncodedFrame]) -> NewKeyframe:
        # Small things come and go between two keyframes: search must see every frame that was looked at.
        embedding = self._encoder.pool(np.stack([picture.embedding for picture in keyframe.stands_for]))
        image = keyframe.payload.image
        # Many films open on black: no picture to stand for them, however much it differs from nothing.
        prominence = keyframe.prominence if shows_something(image) else 0.0
        return NewKeyframe(keyframe.time, prominence, encode_thumbnail(image), embedding)


def shows_something(image: NDArray[np.uint8]) -> bool:
    """Tell whether a picture, RGB [height, width, 3], is neither of a single colour nor nothing but snow."""
    if max(Stat(Image.fromarray(image)).stddev) < BLANK:  # by a histogram, in a tenth of NumPy's time
        return False
    rows = image[::4, :, 1].astype(np.float32)  # one in four tells as much
    noise = float(np.diff(rows, axis=1).std()) / np.sqrt(2)
    return not (noise > SNOW and noise**2 > ROUGH * float(rows.var()))
