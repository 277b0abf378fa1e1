"""A decoder's process that serves one task after another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.media.decoders.registry import IN_TURN
from retake_core.media.frames import Frame
from retake_core.media.process.decode_process import HUNG, DecodeProcess, DecoderDiedError
from retake_core.media.process.memory_limit import fair_share
from retake_core.media.process.spare import leave_process, spare_process
from retake_core.media.process.tasks import StillTask, Task, TaskDone, TaskFailed, TaskProgress, TellFraction

POLL = 0.1  # seconds


def messages(process: DecodeProcess, task: Task, cancel: CancelToken) -> Iterator[object]:
    """Give a process a task and yield what the task sends; `TaskDone` is the last.

    Raises:
        MediaError: the file cannot be decoded.
        DecoderDiedError: the process has died, or hangs. Kill it.
        Cancelled: a stop was asked for. Kill it.
    """
    process.submit(task)
    message: object = None
    while not isinstance(message, TaskDone):
        cancel.check()  # also where one message follows the other
        while not process.connection.poll(POLL):
            cancel.check()
            if process.is_hung:
                raise DecoderDiedError(HUNG)
        message = process.receive()
        if isinstance(message, TaskFailed):
            raise MediaError(message.reason)
        yield message


class LastingDecoder:
    """A decoding process that stays from one task to the next, and is replaced when a file has ended it.

    Args:
        log: gets what the decoders print.
        memory: bytes that it may take; None is what a lone one may.
    """

    def __init__(self, log: Path | None = None, memory: int | None = None) -> None:
        self._log, self._memory = log, memory or fair_share(1)
        self._process: DecodeProcess | None = None

    def messages(self, task: Task, cancel: CancelToken) -> Iterator[object]:
        """Yield what a task brings; see `messages`. What dies, hangs or is not wanted any more is ended."""
        if self._process is not None and not self._process.is_alive:
            self.close()
        if self._process is None:
            self._process = spare_process(self._log, self._memory) or DecodeProcess(self._log, self._memory)
        try:
            yield from messages(self._process, task, cancel)
        except MediaError:
            raise  # it has said so itself, and waits for the next
        except BaseException:
            self.close()
            raise

    def run(self, task: Task, cancel: CancelToken, tell: TellFraction | None = None) -> Any:
        """Have a task done and return its result; `tell` hears how far it has come.

        Raises:
            MediaError: it cannot be done, or the process died of it.
            Cancelled: a stop was asked for.
        """
        try:
            for message in self.messages(task, cancel):
                match message:
                    case TaskProgress(fraction) if tell is not None:
                        tell(fraction)
                    case TaskDone(result):
                        return result
        except DecoderDiedError as error:
            raise MediaError(str(error)) from error
        raise AssertionError

    def frame_at(self, path: Path, time: float, short_side: int, cancel: CancelToken) -> Frame:
        """Return the frame that is on screen at a time; what ends one decoder is tried with the other.

        Raises:
            MediaError: nothing of it can be decoded in time.
            Cancelled: a stop was asked for.
        """
        reason = ""
        for decoder in IN_TURN:
            try:
                (done,) = self.messages(StillTask(path, time, short_side, decoder), cancel)
            except DecoderDiedError as error:
                reason = str(error)
            else:
                assert isinstance(done, TaskDone)
                frame: Frame = done.result
                return frame
        raise MediaError(reason)

    def leave(self) -> None:
        """Let others have the process, which waits for a task; see `spare`."""
        if self._process is not None:
            leave_process(self._process)
            self._process = None

    def close(self) -> None:
        """End the process at once, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process = None
