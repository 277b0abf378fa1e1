"""A decoder's process goes from one who has done with it to the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.media.process import memory_limit
from retake_core.media.process.decode_process import DecodeProcess
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.memory_limit import fair_share
from retake_core.media.process.spare import keeping_spare, leave_process, spare_process
from retake_core.media.process.tasks import TextsTask
from tests.support.in_process import ThreadDecoder

MEMORY = fair_share(1)


@contextmanager
def decoder() -> Iterator[DecodeProcess]:
    process = ThreadDecoder(memory=MEMORY)
    try:
        yield process
    finally:
        process.kill()


def test_it_is_kept_for_the_next() -> None:
    with keeping_spare(), decoder() as process:
        leave_process(process)
        assert spare_process(None, MEMORY) is process
        assert spare_process(None, MEMORY) is None


def test_it_ends_with_the_block_and_without_one() -> None:
    with decoder() as process:
        leave_process(process)
        assert not process.is_alive
    with decoder() as process:
        with keeping_spare():
            leave_process(process)
            assert process.is_alive
        assert not process.is_alive
        assert spare_process(None, MEMORY) is None


def test_one_is_enough() -> None:
    with keeping_spare(), decoder() as first, decoder() as second:
        leave_process(first)
        leave_process(second)
        assert first.is_alive
        assert not second.is_alive


def test_one_that_died_or_prints_elsewhere_is_ended() -> None:
    with keeping_spare(), decoder() as process:
        process.kill()
        leave_process(process)
        assert spare_process(None, MEMORY) is None
    with keeping_spare(), decoder() as process:
        leave_process(process)
        assert spare_process(Path("log"), MEMORY) is None
        assert not process.is_alive


@pytest.mark.skipif(not memory_limit.CAN_CHANGE, reason="only Linux takes another bound")
def test_it_gets_the_bound_of_who_takes_it(tmp_path: Path) -> None:
    with keeping_spare():
        process = DecodeProcess(memory=MEMORY)
        leave_process(process)
        assert spare_process(None, MEMORY // 2) is process
        try:
            process.submit(TextsTask(tmp_path / "none.mp4"))  # it has read the bound when it answers
            process.receive()
            limits = Path("/proc", str(process._process.pid), "limits").read_text()
            (line,) = (line for line in limits.splitlines() if line.startswith("Max data size"))
            assert line.split()[3] == str(MEMORY // 2)
        finally:
            process.kill()


def test_one_whose_file_cannot_be_read_waits_for_the_next(tmp_path: Path) -> None:
    with keeping_spare():
        lasting = LastingDecoder()
        with pytest.raises(MediaError):
            lasting.run(TextsTask(tmp_path / "none.mp4"), CancelToken())
        lasting.leave()  # it has said so itself, and waits
        process = spare_process(None, MEMORY)
        assert process is not None
        assert process.is_alive
        process.kill()
        lasting.close()
        assert spare_process(None, MEMORY) is None
