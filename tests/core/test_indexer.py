"""What indexing leaves in the library, and what it does when files change, break or come back."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from retake_core import passes, video_pass
from retake_core.config import Settings
from retake_core.errors import Cancelled
from retake_core.indexer import index_folders
from retake_core.jobs import (
    CancelToken,
    Indexed,
    PassStarted,
    Progress,
    Scanned,
    VideoDeferred,
    VideoDone,
    VideoFailed,
)
from retake_core.library.database import Database
from retake_core.library.videos import Depth
from retake_core.media.decode_process import Batch, DecodeProcess, Finished, Message
from retake_core.paths import DataDir
from tests.core.fakes import FakeEncoder, age, make_clip
from tests.core.in_process import ThreadDecoder
from tests.core.shelf import contents, keyframe_ids, keyframe_times, only, run_index, video

pytestmark = pytest.mark.usefixtures("in_process")
SAMPLE = 0.5  # seconds between two sampled frames


def put(clips: Path, name: str, folder: Path) -> Path:
    """Copy a clip, with its age."""
    target = folder / name
    shutil.copy2(clips / name, target)
    return target


def is_near(times: list[float], wanted: float) -> bool:
    return any(abs(time - wanted) <= SAMPLE for time in times)


def cancel_when(condition: Callable[[], bool], token: CancelToken) -> type[FakeEncoder]:
    """Return an encoder that asks to stop when a condition holds."""

    class Stopper(FakeEncoder):
        def encode_frames(self, images):  # type: ignore[no-untyped-def]
            if condition():
                token.cancel()
            return super().encode_frames(images)

    return Stopper


def test_keyframes_lie_where_the_picture_changes(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "long.mp4", folder)
    put(clips, "mpeg4.mkv", folder)
    events = run_index(database, folder, encoder)
    assert [(event.depth, event.videos) for event in only(events, PassStarted)] == [("quick", 2), ("refined", 2)]
    assert [event.depth for event in only(events, VideoDone)] == 2 * ["quick"] + 2 * ["refined"]
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
    for event in index_folders(database, [folder], encoder, Settings(), token):
        if isinstance(event, VideoDone) and event.depth == "quick":
            quick = keyframe_times(database, "event.mp4")
    assert quick
    assert not is_near(quick, 33)
    assert is_near(keyframe_times(database, "event.mp4"), 33)
    assert encoder.frames < 120 * 2  # and need not decode all of the two minutes for it


def test_thorough_samples_everything(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "event.mp4", folder)
    run_index(database, folder, encoder)
    before = encoder.frames
    run_index(database, folder, encoder, thorough=True)
    assert encoder.frames - before == 120 / SAMPLE
    assert video(database, "event.mp4").depth == Depth.THOROUGH
    assert is_near(keyframe_times(database, "event.mp4"), 33)
    run_index(database, folder, encoder)  # a shallower run does not undo it
    assert encoder.frames - before == 120 / SAMPLE


def test_a_second_run_does_nothing(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    put(clips, "short.mp4", folder)
    run_index(database, folder, encoder)
    before, frames = contents(database), encoder.frames
    events = run_index(database, folder, encoder)
    assert [type(event) for event in events] == [Scanned, Indexed]
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


def test_a_changed_file_is_done_again(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
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
    assert [name for name in contents(database)] == ["renamed.mp4"]


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
    assert other.frames == encoder.frames
    assert contents(database) == before
    faster = FakeEncoder("other")
    run_index(database, folder, faster, settings=Settings(sampling_rate=4.0))
    assert faster.frames > other.frames


class Meddler(ThreadDecoder):
    """Does something to the file after a message of a kind, once."""

    after: type = Batch
    meddle: Callable[[], None]

    def receive(self) -> Message:
        message = super().receive()
        if isinstance(message, Meddler.after):
            Meddler.meddle()
        return message


@pytest.mark.parametrize("after", [Batch, Finished])
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
        patch.setattr(passes, "DecodeProcess", Meddler)
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
        patch.setattr(passes, "DecodeProcess", Unplugged)
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
    """Stops at every batch in turn."""
    monkeypatch.setattr(video_pass, "STORE_AFTER", 0.0)
    put(clips, "long.mp4", folder)
    whole = Database(tmp_path / "whole.db")
    once = FakeEncoder()
    run_index(whole, folder, once, thorough=thorough)
    pieces = Database(tmp_path / "pieces.db")
    stops = 0
    for _ in range(100):
        token = CancelToken()
        piece = FakeEncoder()
        encoder = cancel_when(lambda piece=piece: piece.frames > 40, token)()  # type: ignore[misc]
        encoder.pool = piece.pool  # type: ignore[method-assign]
        try:
            for event in index_folders(pieces, [folder], _counting(encoder, piece), Settings(), token, thorough=thorough):
                del event
            break
        except Cancelled:
            stops += 1
    assert stops >= 2
    assert contents(pieces) == contents(whole)
    whole.close()
    pieces.close()


def _counting(encoder: FakeEncoder, count: FakeEncoder) -> FakeEncoder:
    original = encoder.encode_frames

    def encode_frames(images):  # type: ignore[no-untyped-def]
        count.frames += len(images)
        return original(images)

    encoder.encode_frames = encode_frames  # type: ignore[method-assign]
    return encoder
