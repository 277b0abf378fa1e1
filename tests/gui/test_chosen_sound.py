"""The window plays the sound track that was chosen by hand: of the file itself, and of a copy for it."""

import subprocess
from pathlib import Path

from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from tests.core.playback.test_copy_sound import loudness
from tests.gui.driving import SLOW, entry, index, open_video
from tests.support.fakes import age
from tests.support.recordings import make_two_languages


def make_film(folder: Path, name: str) -> None:
    folder.mkdir()
    made = make_two_languages(folder.parent / "film.mkv")
    kind = ["-c:v", "libx264", "-pix_fmt", "yuv420p"] if name.endswith(".mp4") else ["-c:v", "copy"]
    command = ["ffmpeg", "-v", "error", "-i", str(made), "-map", "0", "-c:a", "copy", *kind]
    subprocess.run([*command, str(folder / name)], check=True)
    age(folder / name)


def choose(desktop: Desktop, qtbot: QtBot, name: str, track: int | None) -> None:
    desktop.window.activity.choose_sound_track(entry(desktop, name).id, track)
    qtbot.waitUntil(lambda: entry(desktop, name).sound_track == track, timeout=SLOW)


def test_of_the_file_itself(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    make_film(tmp_path / "videos", "film.mp4")
    index(empty, qtbot, tmp_path / "videos")
    open_video(empty, qtbot, "film.mp4")
    player = empty.window.page.player
    qtbot.waitUntil(lambda: len(player.sound_tracks) == 2, timeout=SLOW)
    assert player.sound_track == 0
    choose(empty, qtbot, "film.mp4", 2)
    qtbot.waitUntil(lambda: player.sound_track == 1, timeout=SLOW)
    empty.window.show_library()
    empty.window.page.playback.close()
    empty.window.page.video = None
    open_video(empty, qtbot, "film.mp4")
    qtbot.waitUntil(lambda: player.sound_track == 1, timeout=SLOW)
    choose(empty, qtbot, "film.mp4", None)
    qtbot.waitUntil(lambda: player.sound_track == 0, timeout=SLOW)


def test_of_a_copy(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    make_film(tmp_path / "videos", "film.mkv")
    index(empty, qtbot, tmp_path / "videos")
    open_video(empty, qtbot, "film.mkv")
    player = empty.window.page.player
    qtbot.waitUntil(lambda: player.frame_count > 0, timeout=SLOW)
    (copy,) = empty.window.desk.data_dir.proxies.glob("*.mp4")
    usual = loudness(copy)
    with qtbot.waitSignal(empty.window.page.playback.preparation.ready, timeout=SLOW):
        choose(empty, qtbot, "film.mkv", 2)
    assert loudness(copy) > 2.5 * usual
    qtbot.waitUntil(lambda: player.is_open and player.frame_count > 0 and player.arrived, timeout=SLOW)
    assert len(player.sound_tracks) == 1
