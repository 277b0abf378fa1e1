"""One pass over one video: frames in, keyframes stored."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.encoders.base import Encoder
from retake_core.errors import MediaError
from retake_core.indexing.passes.cost import share_done
from retake_core.indexing.refine import choose_spans
from retake_core.keyframes.limits import Limits
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, Job, NewKeyframe, finish_job, set_info, set_plan, store_keyframes
from retake_core.media.decoders.key_frames import PacketIndex
from retake_core.media.frames import spans_behind
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.media.video_file import check_unchanged
from retake_core.media.video_info import Span, VideoInfo

if TYPE_CHECKING:
    from retake_core.keyframes.stream import Keyframe

STORE_AFTER = 2.0  # seconds of work that a crash may cost
STORE_KEYFRAMES = 100
BLANK = 4.0  # standard deviation of each colour (0..255) under which there is nothing to see
SNOW = 40.0  # standard deviation (0..255) of what differs from one pixel to the next; grain and leaves have 15
ROUGH = (
    0.6  # share of that in all that differs: leaves have 0.1, a grainy wall 0.7, a receiver without a signal 0.8
)


@dataclass(frozen=True, slots=True)
class _EncodedFrame:
    image: NDArray[np.uint8]
    embedding: NDArray[np.float32]


class VideoPass:
    """Takes the decoder's batches of one video and stores the keyframes, window by window."""

    def __init__(
        self, database: Database, encoder: Encoder, limits: Limits, recipe: str, depth: Depth, job: Job
    ) -> None:
        """Go on from where the job was interrupted; a quick pass is short and starts afresh."""
        from retake_core.keyframes.stream import KeyframeStream  # with torch, which most runs never need

        self.job = job
        self.keyframes = 0
        self.position = self._started_at = 0.0 if depth == Depth.QUICK else job.resume
        self._database = database
        self._encoder = encoder
        self._recipe = recipe
        self._depth = depth
        state = job.state if self._started_at else None
        self._stream: KeyframeStream[_EncodedFrame] = KeyframeStream(limits, state)
        self._stored_to = self._started_at
        self._decided: list[NewKeyframe] = []
        self._decided_to, self._state = self._stored_to, state
        self._has_frames = False
        self._stored_at = time.monotonic()
        self._series: list[tuple[float, float]] = []  # time and distance of each codec key frame
        self._duration = job.duration
        self._pixels = 0

    @property
    def progressed(self) -> float:
        """Seconds of video that this pass has looked at, not counting an earlier, interrupted one."""
        return self.position - self._started_at

    @property
    def fraction(self) -> float:
        """How much of the video is done, 0..1; 0 while its duration is unknown."""
        return share_done(self.job.spans, self.position, self._duration)

    def remaining_spans(self, rate: float) -> list[Span] | None:
        """Return what is still to decode at so many samples a second, None for all of it."""
        # Not from where the last window ended: the cell of its last frame may reach beyond.
        last = self._stream.last_time
        return self.job.spans if last is None else spans_behind(self.job.spans, last, rate)

    def opened(self, info: VideoInfo) -> None:
        """Take note of what the file says of itself."""
        self._duration = info.duration
        self._pixels = info.width * info.height
        with self._database.writing() as connection:
            set_info(connection, self.job.video_id, info)

    def add(self, times: list[float], images: Sequence[NDArray[np.uint8]]) -> None:
        """Take the next frames: seconds, and RGB pictures.

        Raises:
            FileChangedError: see `store`.
        """
        encoded = self._encoder.encode_frames(images)
        pictures = [_EncodedFrame(*pair) for pair in zip(images, encoded.embeddings, strict=True)]
        for window in self._stream.push(times, encoded.maps, pictures):
            # At once, so that the pictures of a long wait do not pile up.
            self._decided += [self._encoded(keyframe) for keyframe in window.keyframes]
            self._decided_to, self._state = window.end, window.state
        if self._depth == Depth.QUICK:
            self._series += zip(times, self._stream.last_distances, strict=True)
        self.position, self._has_frames = times[-1], True
        if len(self._decided) >= STORE_KEYFRAMES or time.monotonic() - self._stored_at > STORE_AFTER:
            self.store()

    def store(self) -> None:
        """Write the windows that are decided.

        Raises:
            FileChangedError: they may show what the file holds now. Another copy of the video would go on from
                them, if this process ended here.
        """
        self._stored_at = time.monotonic()
        if self._decided_to == self._stored_to:
            return
        check_unchanged(self.job.file)
        with self._database.writing() as connection:
            self._replace(connection, self._decided, self._decided_to, self._state)
        self._stored_to, self._decided = self._decided_to, []

    def finish(self, packets: PacketIndex | None) -> None:
        """Write the rest, and mark the pass as complete.

        Args:
            packets: what a quick pass learned of the file's packets; the refining pass is planned from it.

        Raises:
            MediaError: there was no frame.
            FileChangedError: see `store`.
        """
        check_unchanged(self.job.file)
        if packets is not None and not self._series:
            raise MediaError("It has no picture that can be decoded.")
        self.store()
        last = [self._encoded(keyframe) for keyframe in self._stream.finish()]
        video_id, depth, end = self.job.video_id, self._depth, self.position
        if packets is not None and not self._duration:  # broken off: it goes on after its last key frame
            end = float(np.fmax.reduce(packets.times, initial=end))
        with self._database.writing() as connection:
            if self._has_frames:
                self._replace(connection, last, end=None, state=None)
            if packets is not None:
                times, change = np.array(self._series).T
                duration = max(self._duration, end)
                plan = choose_spans(times, change, packets, duration, self._pixels)
                set_plan(connection, video_id, plan.spans if plan.needed else [], plan.promise)
                depth = depth if plan.needed else Depth.REFINED
            finish_job(connection, video_id, depth, self._recipe, end)

    def _replace(
        self, connection: Connection, new: list[NewKeyframe], end: float | None, state: bytes | None
    ) -> None:
        video_id, encoder = self.job.video_id, self._encoder.id
        store_keyframes(connection, video_id, encoder, new, start=self._stored_to, end=end, state=state)
        self.keyframes += len(new)

    def _encoded(self, keyframe: "Keyframe[_EncodedFrame]") -> NewKeyframe:
        # Small things come and go between two keyframes: search must see every frame that was looked at.
        embedding = self._encoder.pool(np.stack([picture.embedding for picture in keyframe.stands_for]))
        image = keyframe.payload.image
        # Many films open on black: no picture to stand for them, however much it differs from nothing.
        prominence = keyframe.prominence if shows_something(image) else 0.0
        return NewKeyframe(keyframe.time, prominence, encode_thumbnail(image), embedding)


def shows_something(image: NDArray[np.uint8]) -> bool:
    """Tell whether a picture, RGB [height, width, 3], is neither of a single colour nor nothing but snow."""
    if image.std(axis=(0, 1)).max() < BLANK:
        return False
    rows = image[::4, :, 1].astype(np.float32)  # one in four tells as much
    noise = float(np.diff(rows, axis=1).std()) / np.sqrt(2)
    return not (noise > SNOW and noise**2 > ROUGH * float(rows.var()))
