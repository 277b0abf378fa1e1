"""A video of another computer's library, on the one that answers."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retake_core.cancel import CancelToken
from retake_core.cluster.feed import Feed, FramesWanted, Owner, SentFrame, SpansWanted
from retake_core.cluster.paths import PathMap, as_name
from retake_core.errors import MediaError
from retake_core.media.frames import Frame, FrameReader
from retake_core.media.hardware.sessions import NO_HARDWARE, HardwareSessions
from retake_core.media.video_info import Span
from retake_core.questions.asked_video import AskedVideo
from retake_core.videollm.guide import Guide

MOST_SIDE = 448
"""Pixels of the shorter side of a frame that is sent, at most: a network is slower than a disk."""


@dataclass(frozen=True)
class FarVideo(AskedVideo):
    """A video that is read here where this computer sees its file; else its frames are sent.

    Attributes:
        owner: has it in its library.
        seen: whether its file is seen here.
    """

    owner: Owner
    seen: bool

    def open(self, short_side: int, cancel: CancelToken, hardware: HardwareSessions = NO_HARDWARE) -> FrameReader:
        """See `AskedVideo`."""
        if self.seen or self.file is None:
            return super().open(short_side, cancel, hardware)
        return SentFrames(self.entry.fingerprint, min(short_side, MOST_SIDE), self.owner)


def look_for(video: AskedVideo, paths: PathMap, owner: Owner) -> FarVideo:
    """Return a video as this computer sees it; see `for_others`."""
    content = video.entry.fingerprint
    found = (paths.find(path, content) for path in video.entry.paths)
    here = next((path for path in found if path is not None), None)
    return FarVideo(
        entry=video.entry,
        keyframes=video.keyframes,
        file=here or video.file,
        material=video.material,
        guide=FarGuide(fingerprint=content, owner=owner),
        owner=owner,
        seen=here is not None,
    )


@dataclass(frozen=True, kw_only=True)
class FarGuide(Guide):
    """Asks the computer with the library which frames to read: what an encoder has seen stays there."""

    fingerprint: str
    owner: Owner

    def spans(self, rate: float) -> Sequence[Span]:
        """See `Guide`."""
        spans: Sequence[Span] = next(iter(self.owner.want(SpansWanted(self.fingerprint, rate))))
        return spans


class SentFrames:
    """Frames that the computer with the library decodes and sends; a `FrameReader`."""

    def __init__(self, fingerprint: str, short_side: int, owner: Owner) -> None:
        self._fingerprint, self._short_side, self._owner = fingerprint, short_side, owner
        self._feed: Feed | None = None

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield frames as they come; see `FrameReader`.

        Raises:
            MediaError: nothing could be decoded there.
        """
        self._feed = self._owner.want(FramesWanted(self._fingerprint, rate, spans, self._short_side))
        for batch in self._feed:
            if batch is None:
                return
            if isinstance(batch, str):
                raise MediaError(batch)
            for sent in batch:
                yield Frame(sent.time, _unpacked(sent))

    def close(self) -> None:
        """Want no more of them."""
        if self._feed is not None:
            self._feed.close()


def _unpacked(sent: SentFrame) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(sent.picture)) as picture:
        return np.array(picture.convert("RGB"))


def for_others(video: AskedVideo) -> AskedVideo:
    """Return a video that any computer can unpack."""
    paths = tuple(map(as_name, video.entry.paths))
    file = None if video.file is None else as_name(video.file)
    return replace(video, entry=replace(video.entry, paths=paths), file=file, guide=Guide())
