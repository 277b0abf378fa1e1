"""What is on screen after a click is the decoder's frame, whatever the file; frames carry their numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.clips import Clip, ffmpeg
from tests.gui.stage import SLOW, Stage, prepared


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("h264_sound.mp4", "h264"),
        ("h264.mkv", "h264"),
        ("irregular.mp4", "h264"),  # frame rate varies, and frames overlap by what the container says
        ("irregular.webm", "vp9"),
        ("cut.mp4", "h264"),  # an edit list hides what comes before the cut
        ("late_video.mp4", "h264"),
        ("turned_90.mp4", "h264"),
        ("h264.ts", "h264"),
        ("late_start.ts", "h264"),
        ("mpeg2.mpg", "mpeg2video"),
        ("av1.mp4", "av1"),
    ],
)
def test_a_click_shows_exactly_that_frame(
    name: str, codec: str, stage: Stage, clip: Callable[[str], Clip]
) -> None:
    made = clip(name)
    prepared(stage, made, codec)
    player = stage.playback.player
    count = len(made.frames)
    for i in (count // 2, 1, count - 2, count // 3):
        time, number = made.frames[i]
        with stage.qtbot.waitSignal(stage.playback.image, timeout=SLOW):
            stage.playback.show_time(time)
        assert stage.number() == number
    middle = count // 3
    for step in (1, 1, -1, -1, -1):
        middle += step
        with stage.qtbot.waitSignal(stage.playback.image, timeout=SLOW):
            player.step(step)
        assert stage.number() == made.frames[middle][1]
    assert player.time == pytest.approx(made.frames[middle][0], abs=0.002)


def test_single_frames_are_shown_while_a_copy_is_made(stage: Stage, clip: Callable[[str], Clip]) -> None:
    made = clip("av1.mkv")
    playback = stage.playback
    playback.open(stage.add(made.path, "av1"), made.frames[40][0])
    assert not playback.player.is_open
    stage.wait_for(made.frames[40][1])
    stage.qtbot.waitUntil(lambda: playback.player.is_open and playback.player.arrived, timeout=SLOW)
    assert stage.number() == made.frames[40][1]  # the copy goes on where the single frames stood


def test_what_the_player_fails_on_is_copied_in_the_end(stage: Stage, clip: Callable[[str], Clip]) -> None:
    made = clip("hevc_10bit.mp4")  # cannot be painted without a graphics card
    playback = stage.playback
    playback.open(stage.add(made.path, "hevc"), made.frames[10][0])
    stage.wait_for(made.frames[10][1])
    time, number = made.frames[60]
    playback.show_time(time)
    stage.wait_for(number)


def test_a_copy_is_given_up_and_begun_again(stage: Stage, clip: Callable[[str], Clip]) -> None:
    made = clip("mpeg2.ts")
    playback = stage.playback
    playback.open(stage.add(made.path, "mpeg2video"))
    playback.preparation.stop()
    stage.wait_for(made.frames[0][1])
    assert not playback.player.is_open
    assert playback.preparation.fraction is None
    playback.toggle()
    stage.qtbot.waitUntil(lambda: playback.player.playing, timeout=SLOW)


def test_sound_alone_says_so(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    ffmpeg("-f lavfi -i sine=duration=1 -c:a aac", path)
    stage.playback.open(stage.add(path, "aac"))
    stage.qtbot.waitUntil(lambda: bool(stage.notes), timeout=SLOW)
    assert "only sound" in stage.notes[0]


def test_j_k_and_l(stage: Stage, clip: Callable[[str], Clip]) -> None:
    made = clip("h264.mp4")
    prepared(stage, made, "h264")
    playback = stage.playback
    shuttle, player = playback.shuttle, playback.player
    shuttle.forward()
    assert player.playing
    assert (shuttle.rate, player.speed) == (1, 1)
    shuttle.forward()
    assert (shuttle.rate, player.speed) == (2, 2)
    playback.toggle()
    assert not player.playing
    assert (shuttle.rate, player.speed) == (0, 1)
    playback.show_time(2.5)
    stage.qtbot.waitUntil(lambda: player.arrived)
    shuttle.backward()
    shuttle.backward()
    assert shuttle.rate == -2
    stage.qtbot.waitUntil(lambda: player.time < 1.5, timeout=SLOW)
    shuttle.stop()
    stage.qtbot.waitUntil(lambda: player.arrived)
    assert 0 <= player.time < 1.5


def test_the_end_is_the_last_frame_and_play_begins_anew(stage: Stage, clip: Callable[[str], Clip]) -> None:
    made = clip("h264.mp4")
    prepared(stage, made, "h264")
    player = stage.playback.player
    stage.playback.show_time(100.0)
    stage.wait_for(made.frames[-1][1])
    player.step(1)
    assert player.arrived  # there is none to go to
    player.toggle()
    stage.qtbot.waitUntil(lambda: not player.playing, timeout=SLOW)
    player.toggle()
    stage.qtbot.waitUntil(lambda: 0 < player.time < 1, timeout=SLOW)
