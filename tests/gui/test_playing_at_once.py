"""What can be played is played at once; exactness, and where it is needed a copy, come while it plays."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from retake_core.playback.copy import frame_times
from retake_desktop.player import preparation
from tests.contract.clips import Clip, ffmpeg
from tests.gui.stage import SLOW, Stage


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Keep from the window when a video's frames are shown, until this is set."""
    event, read = Event(), preparation._times

    def wait(path: Path) -> object:
        event.wait(SLOW / 1000)
        return read(path)

    monkeypatch.setattr(preparation, "_times", wait)
    yield event
    event.set()


def all_known(stage: Stage, known: Event) -> None:
    with stage.qtbot.waitSignal(stage.playback.preparation.ready, timeout=SLOW):
        known.set()
    stage.qtbot.waitUntil(lambda: stage.playback.player.is_open and stage.playback.player.arrived, timeout=SLOW)


def copies(stage: Stage) -> list[Path]:
    return sorted(stage.data_dir.proxies.glob("*.mp4"))


def late(made: Clip, path: Path) -> Path:
    """Return a Matroska file of the packets of a clip, whose picture begins 46 ms after its sound."""
    ffmpeg(f"-itsoffset 0.046 -i {made.path} -i {made.path} -map 0:v -map 1:a -c copy", path)
    return path


@pytest.mark.parametrize("play", [False, True])
def test_a_picture_that_begins_late_is_shown_at_once(
    play: bool,
    stage: Stage,
    clip: Callable[[str], Clip],
    tmp_path: Path,
    known: Event,
) -> None:
    made = clip("h264_sound.mp4")
    video = stage.add(late(made, tmp_path / f"late{play}.mkv"), "h264")
    before = copies(stage)
    playback = stage.playback
    missed: list[float] = []
    playback.player.frame_missed.connect(missed.append)
    playback.open(video, play=play)
    stage.qtbot.waitUntil(lambda: bool(stage.shown) and playback.player.arrived, timeout=SLOW)
    assert stage.number() <= made.frames[10][1]
    assert playback.player.playing == play
    playback.pause()
    all_known(stage, known)
    playback.show_time(frame_times(video.path)[20] / 1e6)
    stage.wait_for(made.frames[20][1])
    assert missed == []
    assert copies(stage) == before
    playback.player.frame_missed.disconnect(missed.append)


def test_a_frame_that_was_asked_for_early_is_shown_exactly_in_the_end(
    stage: Stage, clip: Callable[[str], Clip], tmp_path: Path, known: Event
) -> None:
    made = clip("h264_sound.mp4")
    playback = stage.playback
    playback.open(stage.add(late(made, tmp_path / "late.mkv"), "h264"))
    stage.qtbot.waitUntil(lambda: bool(stage.shown), timeout=SLOW)
    all_known(stage, known)
    assert stage.number() == made.frames[0][1]


def test_what_cannot_be_searched_plays_while_its_copy_is_made(
    stage: Stage, clip: Callable[[str], Clip], known: Event
) -> None:
    made = clip("h264.ts")
    playback, player = stage.playback, stage.playback.player
    player.set_speed(0.25)  # it must not end before its copy is there
    playback.open(stage.add(made.path, "h264"))
    stage.qtbot.waitUntil(lambda: not playback.preparation.busy, timeout=SLOW)
    stage.wait_for(made.frames[0][1])
    playback.toggle()
    stage.qtbot.waitUntil(lambda: player.playing and player.arrived, timeout=SLOW)
    before = playback.time
    assert before < 1
    seen = len(stage.shown)
    all_known(stage, known)
    assert player.playing  # it goes on, and where it was
    assert len(stage.shown) > seen
    assert before <= playback.time <= before + 5
    time, number = made.frames[len(made.frames) // 2]
    playback.show_time(time)
    stage.wait_for(number)
    player.set_speed(1.0)


def test_a_click_shows_its_frame_also_while_the_copy_is_made(
    stage: Stage, clip: Callable[[str], Clip], known: Event
) -> None:
    made = clip("h264.ts")
    playback = stage.playback
    playback.open(stage.add(made.path, "h264"), play=True)
    stage.qtbot.waitUntil(lambda: bool(stage.shown) and playback.player.playing, timeout=SLOW)
    time, number = made.frames[len(made.frames) // 3]
    playback.show_time(time)
    stage.wait_for(number)
    assert not playback.player.is_open
    all_known(stage, known)
    assert not playback.player.playing
    assert stage.number() == number


def test_what_the_player_fails_on_plays_on_from_its_copy(stage: Stage, clip: Callable[[str], Clip]) -> None:
    made = clip("hevc_10bit.mp4")  # cannot be painted without a graphics card
    playback = stage.playback
    playback.open(stage.add(made.path, "hevc"), play=True)
    stage.qtbot.waitUntil(lambda: bool(stage.shown) and stage.number() > made.frames[3][1], timeout=SLOW)
