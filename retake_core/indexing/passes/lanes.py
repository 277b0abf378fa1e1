"""Where videos are looked at: side by side, in lanes. Here, a lane is a decoder and this process's encoder."""

from collections.abc import Collection, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Protocol

from retake_core.encoders.base import Encoder
from retake_core.indexing.passes.look import DecodedBy, Order, Step, VideoLook
from retake_core.library.indexing import Depth
from retake_core.media.decoders.registry import SAFE
from retake_core.media.hardware.news import HardwareNews
from retake_core.media.hardware.sessions import NO_HARDWARE, HardwareSessions, Session
from retake_core.media.process.decode_process import HUNG, DecodeProcess, DecoderDiedError
from retake_core.media.process.memory_limit import fair_share
from retake_core.media.process.spare import leave_process, spare_process

_POLL = 0.1  # seconds to wait for a word of the decoders


class LaneLostError(Exception):
    """The lane is gone, or is none for this video; that is no fault of the video."""


class Lane(Protocol):
    """One video that is being looked at.

    Attributes:
        where: the name of the computer that does so; "" for this one.
    """

    where: str

    def receive(self) -> Step:
        """Return the next step, once the lane is ready; after the last one, `release` it.

        Raises:
            DecoderDiedError: there will be none, and the video may be why. `kill` it.
            LaneLostError: there will be none, and another lane has to take the video. `kill` it.
        """
        ...

    def release(self) -> None:
        """Let the next video have its place."""
        ...

    def kill(self) -> None:
        """End it at once, whatever it does."""
        ...


class Lanes(Protocol):
    """What looks at videos."""

    @property
    def count(self) -> int:
        """How many videos it looks at at once."""
        ...

    @property
    def is_free(self) -> bool:
        """Whether it can begin with some video now."""
        ...

    def has_room(self, video_id: int) -> bool:
        """Return, while it is free, whether it can begin with a video now, or say why it never can."""
        ...

    def refusal(self, video_id: int) -> str | None:
        """Return why a video cannot be looked at in this run: one sentence, as a remark."""
        ...

    def begin(self, order: Order) -> Lane:
        """Begin to look at a video for which there is room.

        Raises:
            DecoderDiedError: see `Lane.receive`.
            LaneLostError: see `Lane.receive`.
        """
        ...

    def ready(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """Wait a moment, and return those that have a step, or have ended, or hang.

        Raises:
            UserError: none of it is left.
        """
        ...

    def leave_devices(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """Free this computer's graphics card, and return the lanes that have to be killed for that."""
        ...

    def remarks(self) -> Iterator[str]:
        """Yield what the user should know of it and was not told yet, each in one sentence."""
        ...

    def rest(self) -> None:
        """End what waits for work: the pass is over."""
        ...


def session_for(order: Order, hardware: HardwareSessions) -> Session:
    """Return what a video may have of the graphics card: what ended a process before gets nothing."""
    by_processor = order.depth == Depth.QUICK or order.job.decoder == SAFE
    return (NO_HARDWARE if by_processor else hardware).begin(order.pixels)


class LocalLane:
    """A decoder's process; what it sends is encoded here."""

    where = ""

    def __init__(self, lanes: "LocalLanes", process: DecodeProcess, session: Session, look: VideoLook) -> None:
        self.process, self.session = process, session
        self._lanes, self._look = lanes, look
        process.submit(look.task(session.order))

    def receive(self) -> Step:
        """See `Lane`."""
        try:
            if self.process.is_hung:
                raise DecoderDiedError(HUNG)
            message = self.process.receive()
        except DecoderDiedError:
            self.session.died()
            raise
        if isinstance(message, HardwareNews):
            self.session.hear(message)
            return DecodedBy(self.session.device)
        return self._look.take(message)

    def release(self) -> None:
        """See `Lane`."""
        self.session.end()
        self._lanes.leave(self.process, alive=True)

    def kill(self) -> None:
        """See `Lane`."""
        self.session.end()
        self._lanes.leave(self.process, alive=False)


class LocalLanes:
    """Looks at videos on this computer.

    Args:
        encoder: for the frames.
        count: how many videos are decoded at once.
        log: gets what the decoders print.
        hardware: the graphics devices that may decode.
    """

    def __init__(
        self, encoder: Encoder, count: int, log: Path | None = None, hardware: HardwareSessions = NO_HARDWARE
    ) -> None:
        self.count = count
        self._encoder, self._log, self._hardware = encoder, log, hardware
        self._idle: list[DecodeProcess] = []
        self._busy = 0

    @property
    def is_free(self) -> bool:
        """See `Lanes`."""
        return self._busy < self.count

    def has_room(self, video_id: int) -> bool:  # noqa: ARG002
        """See `Lanes`."""
        return True

    def refusal(self, video_id: int) -> str | None:  # noqa: ARG002
        """See `Lanes`."""
        return None

    def begin(self, order: Order) -> Lane:
        """See `Lanes`."""
        memory = fair_share(self.count)
        process = self._idle.pop() if self._idle else spare_process(self._log, memory)
        process = process or DecodeProcess(self._log, memory)
        session = session_for(order, self._hardware)
        try:
            lane = LocalLane(self, process, session, VideoLook(self._encoder, order))
        except DecoderDiedError:
            session.end()
            process.kill()
            raise
        self._busy += 1
        return lane

    def ready(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """See `Lanes`."""
        ours = [lane for lane in lanes if isinstance(lane, LocalLane)]
        spoken = wait([lane.process.connection for lane in ours], timeout=_POLL)
        return [lane for lane in ours if lane.process.connection in spoken or lane.process.is_hung]

    def leave_devices(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """See `Lanes`."""
        if self._hardware.used:
            self._end_idle()
        return [lane for lane in lanes if isinstance(lane, LocalLane) and lane.session.is_open]

    def remarks(self) -> Iterator[str]:
        """See `Lanes`."""
        return iter(())

    def leave(self, process: DecodeProcess, *, alive: bool) -> None:
        """Take back the process of a lane."""
        self._busy -= 1
        if alive:
            self._idle.append(process)
        else:
            process.kill()

    def rest(self) -> None:
        """See `Lanes`."""
        if self._idle and not self._hardware.used:
            leave_process(self._idle.pop())
        self._end_idle()

    def _end_idle(self) -> None:
        """End the processes that wait for work: each may hold a device open for its next file."""
        for process in self._idle:
            process.kill()
        self._idle = []
