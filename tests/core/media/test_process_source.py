"""Frames from another process: the same as here, past a decoder that dies, and stopped at once."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, MediaError
from retake_core.media.decoders.choice import open_source
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.source import ProcessSource
from retake_core.media.process.tasks import Batch, DecodeTask, Task
from tests.support.in_process import ThreadDecoder, decode_in_threads

RATE = 2.0


class DyingDecoder(ThreadDecoder):
    """Dies after its first batch, unless it is PyAV's turn."""

    task: Task
    received = 0

    def submit(self, task: Task) -> None:
        self.task = task
        super().submit(task)

    def receive(self) -> object:
        message = super().receive()
        self.received += isinstance(message, Batch)
        if isinstance(self.task, DecodeTask) and self.task.decoder != "pyav" and self.received > 1:
            raise DecoderDiedError
        return message


class DeadDecoder(ThreadDecoder):
    def receive(self) -> object:
        raise DecoderDiedError


@pytest.mark.parametrize("decoder", [ThreadDecoder, DyingDecoder])
def test_the_frames_are_those_of_the_decoder(
    clips: Path, monkeypatch: pytest.MonkeyPatch, decoder: type[ThreadDecoder]
) -> None:
    decode_in_threads(monkeypatch, decoder)
    with closing(open_source(clips / "short.mp4", short_side=48)) as source:
        expected = [frame.time for frame in source.frames(RATE)]
    with closing(ProcessSource(clips / "short.mp4", 48, 1, CancelToken())) as reader:
        frames = list(reader.frames(RATE))
    assert [frame.time for frame in frames] == expected
    assert frames[0].image.shape == (48, 64, 3)


def test_what_kills_every_decoder_is_a_clear_error(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decode_in_threads(monkeypatch, DeadDecoder)
    reader = ProcessSource(clips / "short.mp4", 48, 1, CancelToken())
    with closing(reader), pytest.raises(MediaError, match="crashes or hangs"):
        list(reader.frames(RATE))


def test_a_stop_does_not_wait_for_a_silent_decoder(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = threading.Event()

    class SilentDecoder(ThreadDecoder):
        def submit(self, task: Task) -> None:  # noqa: ARG002
            silent.set()

    decode_in_threads(monkeypatch, SilentDecoder)
    cancel = CancelToken()

    def stop() -> None:
        silent.wait(60)
        cancel.cancel()

    threading.Thread(target=stop).start()
    with closing(ProcessSource(clips / "short.mp4", 48, 1, cancel)) as reader, pytest.raises(Cancelled):
        next(reader.frames(RATE))
