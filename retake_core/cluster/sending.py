"""Frames for a computer that answers about a video that it does not see: decoded here, sent as they come."""

import io
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from types import TracebackType
from typing import Any

import ray
from numpy import uint8
from numpy.typing import NDArray
from PIL import Image
from ray.exceptions import RayError

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import wait_for
from retake_core.cluster.feed import FramesWanted, SentFrame
from retake_core.errors import Cancelled, UserError, one_line
from retake_core.media.frames import Frame
from retake_core.media.hardware.sessions import HardwareSessions
from retake_core.questions.asked_video import AskedVideo

log = logging.getLogger(__name__)

BATCH = 8  # frames that travel together
QUALITY = 90


class FrameSender:
    """Sends frames, in a thread of its own, during the block.

    Args:
        video: of this computer.
        wanted: which of its frames.
        hardware: may decode them.
        give: sends an item, and promises to tell whether more are wanted; see `FramesWanted`.
    """

    def __init__(
        self,
        video: AskedVideo,
        wanted: FramesWanted,
        hardware: HardwareSessions,
        give: Callable[[Any], "ray.ObjectRef[Any]"],
    ) -> None:
        self._video, self._wanted, self._hardware, self._give = video, wanted, hardware, give
        self._sent: ray.ObjectRef[Any] | None = None
        self._token = CancelToken()
        self._thread = threading.Thread(target=self._run, name="frames", daemon=True)

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, wherever it is."""
        self._token.cancel()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._send()
        except Cancelled:
            pass
        except RayError as error:
            log.info("frames are wanted no longer: %s", error)  # who listens to the answer learns why
        except Exception as error:  # a defect of ours, for which the other side would wait for ever
            log.exception("frames cannot be sent")
            self._give(f"Its frames cannot be sent: {one_line(error)}.")

    def _send(self) -> None:
        wanted = self._wanted
        try:
            with closing(self._video.open(wanted.short_side, self._token, self._hardware)) as reader:
                for batch in _batches(reader.frames(wanted.rate, wanted.spans)):
                    if not self._give_next([SentFrame(frame.time, packed(frame.image)) for frame in batch]):
                        return
        except UserError as error:
            self._give_next(str(error))
        else:
            self._give_next(None)

    def _give_next(self, item: Any) -> bool:
        """Send an item when the last one has been taken: what is on its way together may arrive in any order."""
        if self._sent is not None and not wait_for(self._sent, self._token):
            return False
        self._sent = self._give(item)
        return True


def packed(image: NDArray[uint8]) -> bytes:
    """Return an image as JPEG.

    Args:
        image: RGB, uint8 [height, width, 3].
    """
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _batches(frames: Iterator[Frame]) -> Iterator[list[Frame]]:
    while batch := list(islice(frames, BATCH)):
        yield batch
