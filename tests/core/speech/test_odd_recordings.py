"""A real, tiny Whisper model listens where what lies in a recording or beside it does not say what is said."""

import shutil
from pathlib import Path

import pytest

from retake_core.library.catalog import find_video
from retake_core.library.database import Database
from retake_core.library.texts import TextKind, find_texts, sought_words
from retake_core.library.transcript import spoken
from retake_core.settings import Settings
from tests.contract.clips import ffmpeg
from tests.support.fakes import FakeEncoder, age
from tests.support.recordings import make_recording, model_folder
from tests.support.shelf import run_index

pytestmark = pytest.mark.usefixtures("in_process")
SENTENCES = ("The committee will discuss the budget on Monday morning.", "After lunch we visit the lighthouse.")
READINGS = "[iso: 100] [shutter: 1/320.0] [fnum: 2.8] [latitude: 47.{0:05}] [longitude: 8.{0:05}]"
SIGN = "1\n00:00:01,000 --> 00:00:02,000\nBienvenue a Paris\n"
SILENCE = "-f lavfi -i anullsrc=r=44100:cl=stereo:d=7"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """Return a recording, and when its second sentence begins."""
    path = tmp_path_factory.mktemp("talk") / "talk.mp4"
    return path, make_recording(path, SENTENCES)[1]


def with_telemetry(talk: Path, folder: Path) -> Path:
    cues = (
        f"{n + 1}\n00:00:{n // 30:02},{n % 30 * 33:03} --> 00:00:{n // 30:02},{n % 30 * 33 + 33:03}\n"
        f'<font size="28">FrameCnt: {n}, DiffTime: 33ms\n2024-05-11 10:12:00.000\n{READINGS.format(n)} </font>\n\n'
        for n in range(180)
    )
    (folder / "DJI_0001.SRT").write_text("".join(cues))
    shutil.copy2(talk, folder / "DJI_0001.MP4")
    return folder / "DJI_0001.MP4"


def with_a_forced_sign(talk: Path, folder: Path) -> Path:
    (folder.parent / "sign.srt").write_text(SIGN)
    options = "-map 0 -map 1 -c copy -c:s srt -disposition:s:0 forced"
    ffmpeg(f"-i IN -i {folder.parent}/sign.srt {options}", folder / "film.mkv", talk)
    return folder / "film.mkv"


def behind_a_silent_track(talk: Path, folder: Path) -> Path:
    ffmpeg(f"-i IN {SILENCE} -map 0:v -map 1:a -map 0:a -c:v copy -c:a aac", folder / "game.mkv", talk)
    return folder / "game.mkv"


def test_what_is_said_is_heard(
    talk: tuple[Path, float], database: Database, folder: Path, encoder: FakeEncoder
) -> None:
    paths = [make(talk[0], folder) for make in (with_telemetry, with_a_forced_sign, behind_a_silent_track)]
    for path in paths:
        age(path)
    run_index(database, folder, encoder, settings=Settings(speech=str(model_folder()), screen_text=False))
    with database.reading() as connection:
        lines = {path.name: spoken(connection, find_video(connection, path.name).id) for path in paths}
        readings = find_texts(connection, [tuple(sought_words(connection, "ISO"))], every=True)
        welcome = tuple(sought_words(connection, "bienvenue"))
        signs = find_texts(connection, [welcome], every=True, kinds=[TextKind.SPOKEN])
        film = find_video(connection, "film.mkv").id
    for name, found in lines.items():
        (heard,) = (line for line in found if "lighthouse" in line.content.lower())
        assert (heard.start or 0) - 1 <= talk[1] < (heard.end or 0), name
        assert not any("shutter" in line.content for line in found), name
    assert not readings
    assert [sign.video_id for sign in signs] == [film], "what is written is found as well"
