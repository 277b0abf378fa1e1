"""Finding faces in single frames of a video file, in the process that decodes it."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retake_core.media.boxes import Box
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.frames import Frame, first_of_each
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import Send
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.people.model import Face, FaceModel, FaceModelError
from retake_core.people.registry import InstalledFaces

NICENESS = 10  # whatever else the computer does comes first
SHORT_SIDE = 480  # pixels of the pictures that are looked at
_MARGIN = 0.3  # of a face's size, around it in its picture
_PICTURE_SIDE = 96  # pixels


@dataclass(frozen=True, slots=True)
class FacesTask:
    """Find the faces in the frames at some times: sends `FacesSeen` for each, or `CannotSee`.

    Attributes:
        path: the file.
        times: in order: seconds.
        within: seconds from each time on, in which the first frame is taken.
        model: that finds them.
        threads: how many threads may look.
    """

    path: Path
    times: tuple[float, ...]
    within: float
    model: InstalledFaces
    threads: int

    @property
    def limit(self) -> Limit:
        """What each step of it may take: some pictures, or decoding to the next."""
        return Limit(120, 1200)

    def run(self, send: Send) -> None:
        """Look.

        Raises:
            MediaError: nothing could be decoded.
        """
        with contextlib.suppress(AttributeError, OSError):
            os.nice(NICENESS - os.nice(0))
        try:
            model = _opened(self.model, self.threads)
        except FaceModelError as error:
            send(CannotSee(str(error)))
            return
        source = PyAVSource(self.path, SHORT_SIDE)  # it leaves out what lies between the times
        try:
            frames = source.frames(1 / self.within, [(time, time + self.within) for time in self.times])
            for batch in _batches(first_of_each(frames, self.times, self.within), self.threads):
                _send_faces(model, batch, send)
        finally:
            source.close()


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face in a frame.

    Attributes:
        box: where it is.
        vector: float16 [dimension].
        picture: of the face, encoded; None where another one stands for it.
    """

    box: Box
    vector: NDArray[np.float16]
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class FacesSeen:
    """The faces in a frame: the time that was asked for, and the frame's own, in seconds."""

    asked: float
    time: float
    faces: tuple[SeenFace, ...]


@dataclass(frozen=True, slots=True)
class CannotSee:
    """No faces can be found in any file, with the reason for the user."""

    reason: str


@lru_cache(1)
def _opened(model: InstalledFaces, threads: int) -> FaceModel:
    return model.open(threads)


def _batches(frames: Iterator[tuple[float, Frame]], size: int) -> Iterator[list[tuple[float, Frame]]]:
    while batch := list(islice(frames, size)):
        yield batch


def _send_faces(model: FaceModel, batch: list[tuple[float, Frame]], send: Send) -> None:
    found = model.faces([frame.image for _, frame in batch])
    for (asked, frame), faces in zip(batch, found, strict=True):
        seen = (SeenFace(face.box, face.vector.astype(np.float16), _picture(frame.image, face)) for face in faces)
        send(FacesSeen(asked, frame.time, tuple(seen)))


def _picture(image: NDArray[np.uint8], face: Face) -> bytes:
    """Return the encoded picture of a face with some of what is around it."""
    height, width = image.shape[:2]
    left, top, right, bottom = face.box
    across, down = _MARGIN * (right - left), _MARGIN * (bottom - top)
    rows = slice(max(0, int((top - down) * height)), min(height, int((bottom + down) * height) + 1))
    columns = slice(max(0, int((left - across) * width)), min(width, int((right + across) * width) + 1))
    return encode_thumbnail(np.ascontiguousarray(image[rows, columns]), _PICTURE_SIDE)
