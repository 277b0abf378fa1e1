"""What goes wrong while recordings are described: it costs the video at hand at most, and is told."""

import errno
from pathlib import Path

import pytest
import torch

from retake_core.data_dir import DataDir
from retake_core.describing import describer, describing_pass
from retake_core.errors import StorageError, UserError
from retake_core.library.database import Database
from retake_core.library.described import (
    not_described,
    retry_descriptions,
)
from retake_core.protocol.indexing_events import (
    DescribingFailed,
    Remarked,
    VideoDeferred,
    VideoDescribed,
)
from retake_core.questions.answerer import AnswererLostError
from retake_core.videollm.memory.index import MemoryIndex
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.model import VideoLLM
from tests.support.describing import Run, Script, names
from tests.support.shelf import only, video


@pytest.mark.parametrize("answer", ["", "I see red.\n"])
def test_nothing_said_is_told_and_tried_again_when_asked(
    run: Run, script: Script, database: Database, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.answer = answer
    monkeypatch.setattr("tests.support.describing.asked_times", lambda _: [])
    events = run()
    assert sorted(names(events, DescribingFailed)) == ["long.mp4", "short.mp4"]
    with database.reading() as connection:
        assert set(not_described(connection).values()) == {describing_pass.NOTHING_SAID}
    script.answer = "Title: Now\nSummary: It speaks.\n"
    assert not only(run(), VideoDescribed), "not before it is asked for"
    with database.writing() as connection:
        assert retry_descriptions(connection, [video(database, "short.mp4").id]) == 1
    assert names(run(), VideoDescribed) == ["short.mp4"]
    with database.writing() as connection:
        assert retry_descriptions(connection) == 1
    assert names(run(), VideoDescribed) == ["long.mp4"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UserError("It cannot be read."), "It cannot be read."),
        (torch.OutOfMemoryError("CUDA out of memory"), describer.OUT_OF_MEMORY),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), describer.OUT_OF_MEMORY),
    ],
)
def test_one_that_fails_does_not_stop_the_others(run: Run, script: Script, error: Exception, reason: str) -> None:
    def fail() -> None:
        if len(script.described) == 1:
            raise error

    script.during = fail
    events = run()
    (failed,) = only(events, DescribingFailed)
    assert failed.reason == reason
    assert len(only(events, VideoDescribed)) == 1


def test_a_model_that_cannot_be_loaded_ends_it(
    run: Run, script: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: VideoLLM) -> None:
        raise UserError("The weights are damaged.")

    monkeypatch.setattr(VideoLLM, "load", broken)
    assert [event.text for event in only(run(), Remarked)] == ["The weights are damaged."]
    assert not script.described
    assert "is not" in only(run(model=tmp_path / "gone"), Remarked)[0].text
    assert "No model" in only(run(model=None), Remarked)[0].text


def test_a_video_that_changes_meanwhile_is_left_for_the_next_run(
    run: Run, script: Script, folder: Path, data_dir: DataDir
) -> None:
    def change() -> None:
        if len(script.described) == 1:
            with (folder / "long.mp4").open("ab") as file, (folder / "short.mp4").open("ab") as other:
                file.write(b"more")
                other.write(b"more")

    script.during = change
    events = run()
    assert sorted(names(events, VideoDeferred)) == ["long.mp4", "short.mp4"]
    assert not only(events, VideoDescribed)
    assert not MemoryIndex(data_dir.memories).list(), "they would be of what the files hold now"


@pytest.mark.parametrize("change", ["more", "gone"])
def test_what_goes_wrong_because_a_video_changes_is_no_fault_of_it(
    run: Run, script: Script, folder: Path, database: Database, change: str
) -> None:
    """A drive that is unplugged, a file that is written anew: the next run takes the video without a retry."""

    def fail() -> None:
        if len(script.described) == 1:
            for name in ("long.mp4", "short.mp4"):
                if change == "gone":
                    (folder / name).rename(folder.parent / name)
                else:
                    with (folder / name).open("ab") as file:
                        file.write(b"more")
            raise UserError("It cannot be read.")

    script.during = fail
    events = run()
    assert sorted(names(events, VideoDeferred)) == ["long.mp4", "short.mp4"]
    assert not only(events, DescribingFailed)
    with database.reading() as connection:
        assert not not_described(connection)


def test_a_library_that_cannot_be_written_is_no_fault_of_a_video(
    run: Run, script: Script, database: Database
) -> None:
    def fail() -> None:
        raise StorageError("The disk is full.")

    script.during = fail
    with pytest.raises(StorageError):
        run()
    with database.reading() as connection:
        assert not not_described(connection)
    script.during = lambda: None
    assert len(only(run(), VideoDescribed)) == 2


def test_no_room_for_memories_is_told_once_and_costs_no_description(
    run: Run, script: Script, monkeypatch: pytest.MonkeyPatch, data_dir: DataDir
) -> None:
    def full(*_: object) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(MemoryStore, "save", full)
    events = run()
    assert script.answer
    assert len(only(events, VideoDescribed)) == 2
    (remark,) = only(events, Remarked)
    assert remark.text == "The memory of this video could not be saved: No space left on device."
    assert Path(remark.path).name in ("long.mp4", "short.mp4")
    assert not MemoryIndex(data_dir.memories).list()


def test_a_video_whose_computer_stops_twice_is_left_to_the_person(
    run: Run, script: Script, database: Database
) -> None:
    """It may be why; the others are described."""
    losses: list[str] = []

    def lose() -> None:
        if script.described[-1] == script.described[0]:
            losses.append(script.described[-1])
            raise AnswererLostError("workstation")

    script.during = lose
    events = run()
    assert len(losses) == describing_pass.MOST_LOSSES
    (failed,) = only(events, DescribingFailed)
    assert failed.reason == describing_pass.LOST
    assert len(only(events, VideoDescribed)) == 1
    assert len(only(events, Remarked)) == describing_pass.MOST_LOSSES
    with database.reading() as connection:
        assert list(not_described(connection).values()) == [describing_pass.LOST]
