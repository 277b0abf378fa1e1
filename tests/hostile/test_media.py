"""Damaged and monstrous media: every file comes to an end, no memory is filled, no defect is hidden."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from retake_core.indexing.passes import keyframes
from retake_core.library.database import Database
from retake_core.media.process.decode_process import DecodeProcess, DecoderDiedError
from retake_core.media.process.memory_limit import OUT_OF_MEMORY, end_above, fair_share, limit_memory
from retake_core.media.process.tasks import Batch, DecodeTask, TaskDone, TaskFailed
from retake_core.protocol.indexing_events import VideoDone, VideoFailed
from tests.hostile.bombs import BOMBS
from tests.hostile.fuzz import run
from tests.support.fakes import FakeEncoder, age
from tests.support.shelf import only, run_index, video

MEMORY = 2**30
RIBBONS = ("one-high.mkv", "one-wide.mkv")
HARMLESS = ("long.mp4", "slow-clock.mp4", "no-clock.mp4", "late.mkv")
REFUSED = ("declared.y4m", "huge.gif", "samples.mp4", "entries.mp4")
FILES = int(os.environ.get("RETAKE_FUZZ", "48"))


@pytest.mark.slow
@pytest.mark.timeout(300 + 5 * FILES)
def test_damaged_files_come_to_an_end() -> None:
    counts = run(FILES)
    assert counts.files == FILES
    assert counts.decoded + counts.partly + counts.refused == FILES
    assert (counts.unanswered, counts.lost, counts.errors) == (0, 0, 0)
    assert counts.decoded > FILES / 4
    assert all(sentence.endswith(".") for sentence in counts.sentences)


@pytest.fixture
def decoder() -> Iterator[DecodeProcess]:
    process = DecodeProcess(memory=MEMORY)
    yield process
    process.kill()


@pytest.mark.parametrize("name", HARMLESS + REFUSED)
def test_a_bomb_fills_no_memory(name: str, tmp_path: Path, database: Database) -> None:
    folder = tmp_path / "bombs"
    folder.mkdir()
    BOMBS[name](folder / name)
    age(folder / name)
    events = run_index(database, folder, FakeEncoder(), thorough=True)
    if name in REFUSED:
        (failed,) = only(events, VideoFailed)
        assert failed.reason.endswith(".")
    else:
        assert only(events, VideoDone)
        assert video(database, name).keyframes


def outcome(process: DecodeProcess, path: Path) -> TaskFailed | TaskDone:
    process.submit(DecodeTask(path, 2.0, None, "pyav", 60.0, 1))
    while not isinstance(message := process.receive(), TaskFailed | TaskDone):
        assert not isinstance(message, Batch) or message.images[0].nbytes < 10**7
    return message


@pytest.mark.parametrize("name", RIBBONS)
def test_a_ribbon_is_decoded_small(name: str, tmp_path: Path, decoder: DecodeProcess) -> None:
    BOMBS[name](tmp_path / name)
    assert isinstance(outcome(decoder, tmp_path / name), TaskDone)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux refuses memory")
def test_more_memory_than_its_share_costs_the_process(tmp_path: Path, decoder: DecodeProcess) -> None:
    BOMBS["entries.mp4"](tmp_path / "entries.mp4")
    with pytest.raises(DecoderDiedError, match="more memory"):
        outcome(decoder, tmp_path / "entries.mp4")


def test_where_the_system_does_not_refuse_memory_the_process_is_ended() -> None:
    child = os.fork()
    if not child:
        end_above(2**20)  # less than Python itself takes
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == OUT_OF_MEMORY


def test_shares_leave_half_of_the_memory() -> None:
    physical = psutil.virtual_memory().total
    for processes in (1, 2, 8):
        assert fair_share(processes) == pytest.approx(min(max(physical / 2 / processes, 2**30), 2**32), rel=0.01)
    assert keyframes.MAX_FAILURES == 2
    child = os.fork()
    if not child:
        limit_memory(2**28)
        try:
            bytearray(2**29)
        except MemoryError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
