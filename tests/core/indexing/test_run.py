"""What indexing leaves in the library, and what it does when files change, break or come back."""

import itertools
import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled
from retake_core.indexing.passes import keyframes, lanes, one_video, repeats
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.indexing.scan import sync_folder
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, fail_video, retry_failed
from retake_core.media.process import decode_process
from retake_core.media.process.tasks import Batch, DecodeTask, KeyFrameTask, Send, Task, TaskDone
from retake_core.protocol.indexing_events import (
    Indexed,
    PassProgress,
    PassStarted,
    Scanned,
    Scanning,
    VideoDeferred,
    VideoDone,
    VideoFailed,
)
from retake_core.settings import Settings
from retake_core.system.throttle import TELL_EVERY
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.in_process import ThreadDecoder
from tests.support.shelf import Shelf, contents, keyframe_ids, keyframe_times, only, run_index, video

pytestmark = pytest.mark.usefixtures("in_process")
SAMPLE = 0.5  # seconds between two sampled frames


@pytest.fixture(autouse=True)
def every_frame_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pictures that repeat be encoded, too: what is encoded tells what was decoded."""
    monkeypatch.setattr(repeats, "SAME", 0.0)


def put(clips: Path, name: str, folder: Path) -> Path:
    """Copy a clip, with its age."""
    target = folder / name
    shutil.copy2(clips / name, target)
    return target


def is_near(times: list[float], wanted: float) -> bool:
    return any(abs(time - wanted) <= SAMPLE for time in times)


def test_keyframes_lie_where_the_picture_changes(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "long.mp4", folder)
    put(clips, "mpeg4.mkv", folder)
    events = run_index(database, folder, encoder)
    assert [(event.name, event.videos) for event in only(events, PassStarted)] == [("quick", 2), ("refined", 2)]
    assert [event.name for event in only(events, VideoDone)] == 2 * ["quick"] + 2 * ["refined"]
    for name, cuts in (("long.mp4", (0, 50, 95, 135)), ("mpeg4.mkv", (0, 30))):
        times = keyframe_times(database, name)
        assert all(is_near(times, cut) for cut in cuts), times
        assert len(times) <= len(cuts) + 3  # and one for every half minute without a cut
    entry = video(database, "long.mp4")
    assert (entry.state, entry.width, entry.height, entry.codec) == ("refined", 64, 48, "h264")
    assert entry.duration == pytest.approx(180, abs=0.3)


def test_the_refining_pass_finds_a_brief_event_that_the_quick_pass_misses(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "event.mp4", folder)
    token = CancelToken()
    quick: list[float] = []
    for event in index_folders(IndexRun(database, encoder, Settings(), token), [folder]):
        if isinstance(event, VideoDone) and event.name == "quick":
            quick = keyframe_times(database, "event.mp4")
    assert quick
    assert not is_near(quick, 33)
    assert is_near(keyframe_times(database, "event.mp4"), 33)
    assert encoder.frames < 120 * 2  # and need not decode all of the two minutes for it


def test_thorough_samples_everything(database: Database, folder: Path, clips: Path, encoder: FakeEncoder) -> None:
    put(clips, "event.mp4", folder)
    run_index(database, folder, encoder)
    before = encoder.frames
    run_index(database, folder, encoder, thorough=True)
    assert encoder.frames - before == 120 / SAMPLE
    assert video(database, "event.mp4").depth == Depth.THOROUGH
    assert is_near(keyframe_times(database, "event.mp4"), 33)
    run_index(database, folder, encoder)  # a shallower run does not undo it
    assert encoder.frames - before == 120 / SAMPLE


def test_a_second_run_does_nothing(database: Database, folder: Path, clips: Path, encoder: FakeEncoder) -> None:
    put(clips, "short.mp4", folder)
    run_index(database, folder, encoder)
    before, frames = contents(database), encoder.frames
    events = run_index(database, folder, encoder)
    assert [type(event) for event in events if not isinstance(event, Scanning)] == [Scanned, Indexed]
    assert encoder.frames == frames
    assert contents(database) == before


def test_the_summary_counts_a_video_once(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "short.mp4", folder)
    put(clips, "mpeg4.mkv", folder)
    (folder / "broken.mp4").write_bytes(b"\0" * 1000)
    age(folder / "broken.mp4")
    (result,) = only(run_index(database, folder, encoder), Indexed)
    assert (result.videos, result.failed) == (2, 1)


def test_a_changed_file_is_done_again(database: Database, folder: Path, clips: Path, encoder: FakeEncoder) -> None:
    target = put(clips, "short.mp4", folder)
    run_index(database, folder, encoder)
    shutil.copy2(clips / "mpeg4.mkv", target)
    (scan,) = only(run_index(database, folder, encoder), Scanned)
    assert (scan.new, scan.changed) == (0, 1)
    assert is_near(keyframe_times(database, "short.mp4"), 30)
    assert len(contents(database)) == 1


def test_a_moved_file_keeps_its_keyframes(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    target = put(clips, "short.mp4", folder)
    run_index(database, folder, encoder)
    ids, frames = keyframe_ids(database, "short.mp4"), encoder.frames
    (folder / "elsewhere").mkdir()
    target.rename(folder / "elsewhere" / "renamed.mp4")
    run_index(database, folder, encoder)
    assert keyframe_ids(database, "renamed.mp4") == ids
    assert encoder.frames == frames
    assert list(contents(database)) == ["renamed.mp4"]


def test_broken_files_do_not_stop_the_others(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    good = put(clips, "short.mp4", folder)
    broken = {
        "empty.mp4": b"",
        "text.mp4": b"this is not a video\n" * 100,
        "head.mp4": good.read_bytes()[:700],
        "noise.mkv": bytes(range(256)) * 40,
    }
    for name, data in broken.items():
        (folder / name).write_bytes(data)
        age(folder / name)
    events = run_index(database, folder, encoder)
    assert {Path(event.path).name for event in only(events, VideoFailed)} == set(broken)
    for event in only(events, VideoFailed):
        assert event.reason.endswith(".")
        assert "\n" not in event.reason
        entry = video(database, Path(event.path).name)
        assert (entry.state, entry.error, entry.keyframes) == ("failed", event.reason, 0)
    assert video(database, "short.mp4").state == "refined"
    assert not only(run_index(database, folder, encoder), VideoFailed)  # not tried again for nothing


def test_another_encoder_or_sampling_makes_all_anew(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "short.mp4", folder)
    run_index(database, folder, encoder)
    before = contents(database)
    other = FakeEncoder("other")
    run_index(database, folder, other)
    assert 30 / SAMPLE <= other.frames <= encoder.frames
    assert contents(database) == before
    faster = FakeEncoder("other")
    run_index(database, folder, faster, settings=Settings(sampling_rate=4.0))
    assert faster.frames > other.frames


class Meddler(ThreadDecoder):
    """Does something to the file after a message of a kind, once."""

    after: type = Batch
    meddle: Callable[[], None]

    def receive(self) -> object:
        message = super().receive()
        if isinstance(message, Meddler.after):
            Meddler.meddle()
        return message


@pytest.mark.parametrize("after", [Batch, TaskDone])
def test_a_file_that_is_replaced_while_it_is_read_is_left_for_the_next_run(
    database: Database,
    folder: Path,
    clips: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    after: type,
) -> None:
    target = put(clips, "short.mp4", folder)

    def replace() -> None:
        shutil.copy2(clips / "mpeg4.mkv", target)
        os.utime(target, (time.time() - 60, time.time() - 60))

    with monkeypatch.context() as patch:
        patch.setattr(Meddler, "after", after)
        patch.setattr(Meddler, "meddle", staticmethod(replace), raising=False)
        patch.setattr(lanes, "DecodeProcess", Meddler)
        events = run_index(database, folder, encoder)
    assert [event.path for event in only(events, VideoDeferred)]
    assert not only(events, VideoDone)
    assert not only(events, VideoFailed)
    assert keyframe_times(database, "short.mp4") == []
    run_index(database, folder, encoder)
    assert is_near(keyframe_times(database, "short.mp4"), 30)


def test_a_file_that_vanishes_before_it_is_opened_has_not_failed(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = put(clips, "short.mp4", folder)

    class Unplugged(ThreadDecoder):
        def submit(self, task):  # type: ignore[no-untyped-def]
            target.unlink(missing_ok=True)
            super().submit(task)

    with monkeypatch.context() as patch:
        patch.setattr(lanes, "DecodeProcess", Unplugged)
        events = run_index(database, folder, encoder)
    assert only(events, VideoDeferred)
    assert not only(events, VideoFailed)
    put(clips, "short.mp4", folder)  # its drive is back
    run_index(database, folder, encoder)
    assert video(database, "short.mp4").state == "refined"


@pytest.mark.parametrize("thorough", [False, True])
def test_a_cancelled_run_goes_on_to_the_same_library(
    tmp_path: Path, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch, thorough: bool
) -> None:
    monkeypatch.setattr(one_video, "STORE_AFTER", 0.0)
    put(clips, "long.mp4", folder)
    # Containers round times: this frame is meant for 60.0 s, and belongs to the sample of that time.
    make_clip(folder / "early.mp4", [(70, "red"), (80, "blue")], start_us=-500)
    assert contents_in_pieces(tmp_path, folder, thorough=thorough) == contents_at_once(
        tmp_path, folder, thorough=thorough
    )


def contents_at_once(tmp_path: Path, folder: Path, *, thorough: bool) -> Shelf:
    with closing(Database(tmp_path / "whole.db")) as database:
        run_index(database, folder, FakeEncoder(), thorough=thorough)
        return contents(database)


def cancel_after(batches: int, token: CancelToken) -> Callable[[], None]:
    left = iter(range(batches))
    return lambda: None if next(left, None) is not None else token.cancel()


def contents_in_pieces(tmp_path: Path, folder: Path, *, thorough: bool) -> Shelf:
    """Index, and ask to stop after every few batches."""
    with closing(Database(tmp_path / "pieces.db")) as database:
        for stops in range(100):
            token = CancelToken()
            encoder = FakeEncoder(on_batch=cancel_after(25 if thorough else 5, token))
            try:
                run_index(database, folder, encoder, cancel=token, thorough=thorough)
            except Cancelled:
                continue
            assert stops > 1
            return contents(database)
    raise AssertionError("it never came to an end")


def test_a_cancelled_run_says_so_and_nothing_else(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "short.mp4", folder)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        run_index(database, folder, encoder, cancel=token)
    assert encoder.frames == 0


def test_a_video_whose_drive_is_gone_is_offline(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "short.mp4", folder)
    run_index(database, folder, encoder)
    folder.rename(folder.with_name("unplugged"))
    run_index(database, folder, encoder)
    assert video(database, "short.mp4").state == "offline"
    assert is_near(keyframe_times(database, "short.mp4"), 10)
    folder.with_name("unplugged").rename(folder)
    frames = encoder.frames
    run_index(database, folder, encoder)
    assert video(database, "short.mp4").state == "refined"
    assert encoder.frames == frames


def test_progress_moves_forward_and_is_not_told_too_often(
    database: Database, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("short.mp4", "long.mp4", "mpeg4.mkv"):
        put(clips, name, folder)
    clock = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: next(clock) * 0.01)  # a tick for every look
    events = run_index(database, folder, FakeEncoder())
    assert isinstance(events[-1], Indexed)
    for depth in ("quick", "refined"):
        told = [event for event in only(events, PassProgress) if event.name == depth]
        fractions = [event.fraction for event in told]
        assert fractions == sorted(fractions)
        assert 0 <= fractions[0] <= fractions[-1] <= 1
        assert all(event.time_left is None or event.time_left >= 0 for event in told)
        assert all(0 <= event.done <= event.videos <= 3 for event in told)
    assert len(only(events, PassProgress)) <= next(clock) * 0.01 / TELL_EVERY


def test_a_pause_of_the_reader_is_not_taken_for_a_decoder_that_hangs(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("short.mp4", "mpeg4.mkv"):
        put(clips, name, folder)
    go, spoke = threading.Event(), threading.Event()
    run_task = decode_process.run_task

    def wait_for_the_pause(task: Task, send: Send) -> None:
        if isinstance(task, KeyFrameTask | DecodeTask) and task.path.name == "short.mp4":
            go.wait(60)
        run_task(task, send)  # a few small frames: the pipe holds them all
        spoke.set()

    monkeypatch.setattr(decode_process, "run_task", wait_for_the_pause)
    ahead, real = 0.0, time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + ahead)
    monkeypatch.setattr(keyframes, "retry_with", None)  # nothing is to be retried
    for event in index_folders(IndexRun(database, encoder, Settings(), CancelToken()), [folder]):
        if isinstance(event, VideoDone) and not go.is_set():
            spoke.clear()
            go.set()
            spoke.wait(60)
            ahead = 10_000.0
    assert video(database, "short.mp4").state == "refined"


def test_chosen_videos_go_through_all_passes_first(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    for name in ("long.mp4", "short.mp4"):
        put(clips, name, folder)
    list(sync_folder(database, folder, CancelToken()))
    chosen = video(database, "short.mp4").id
    events = list(index_folders(IndexRun(database, encoder, Settings(), CancelToken(), first=[chosen]), []))
    done = [(Path(event.path).name, event.name) for event in only(events, VideoDone)]
    assert done[:2] == [("short.mp4", "quick"), ("short.mp4", "refined")]
    assert [name for name, _ in done[2:]] == ["long.mp4"] * 2


def test_progress_tells_of_each_video_under_way(database: Database, clips: Path, encoder: FakeEncoder) -> None:
    told = [w for event in only(run_index(database, clips, encoder), PassProgress) for w in event.working]
    assert {Path(w.path).name for w in told} >= {"long.mp4", "event.mp4"}
    assert all(0 <= w.fraction <= 1 and w.speed >= 0 for w in told)


def test_a_failed_video_is_tried_again_on_request(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    run_index(database, folder, encoder)
    number = video(database, "short.mp4").id
    with database.writing() as connection:
        fail_video(connection, number, "The decoder crashed on it.")
    assert only(run_index(database, folder, encoder), VideoDone) == []
    with database.writing() as connection:
        assert retry_failed(connection, [number + 1]) == 0
        assert retry_failed(connection) == 1
    run_index(database, folder, encoder)
    assert video(database, "short.mp4").state == "refined"
