"""The sound of files: the same numbers from wherever it is read, at the container's own times."""

import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.sound import RATE, read_sound
from tests.support.recordings import Noise, make_recording

BEEP = (6.0, 6.5)  # seconds


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "beep.mp4"
    make_recording(path, [Noise(BEEP[0]), Noise(BEEP[1] - BEEP[0], 0.3), Noise(5.5)])
    return path


def converted(source: Path, name: str, *options: str) -> Path:
    target = source.with_name(name)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), *options, str(target)], check=True)
    return target


def samples(path: Path, start: float, length: float) -> tuple[float, NDArray[np.float32]]:
    parts = list(read_sound(path, start, length))
    for one, next_one in itertools.pairwise(parts):
        assert next_one.time == pytest.approx(one.time + len(one.samples) / RATE, abs=1e-6)
    return parts[0].time, np.concatenate([part.samples for part in parts])


def loud(start: float, found: NDArray[np.float32]) -> tuple[float, float]:
    """Return when the first and the last loud sample are heard."""
    (places,) = np.nonzero(np.abs(found) > 0.1)
    return start + places[0] / RATE, start + places[-1] / RATE


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mkv", ("-c", "copy")),
        ("a.ts", ("-c", "copy")),
        ("a.avi", ("-c:v", "copy", "-c:a", "mp3")),
        ("a.mpg", ("-c:v", "mpeg1video", "-r", "25", "-c:a", "mp2")),
        ("surround.mov", ("-c:v", "copy", "-c:a", "aac", "-ac", "6", "-ar", "48000")),
        ("late.mkv", ("-c", "copy", "-output_ts_offset", "100")),
    ],
)
def test_it_is_heard_when_the_container_says(recording: Path, name: str, options: tuple[str, ...]) -> None:
    path = converted(recording, name, *options)
    for start in (0.0, 4.5):
        began, found = samples(path, start, 20.0)
        assert began == pytest.approx(start, abs=0.1)
        assert loud(began, found) == pytest.approx(BEEP, abs=0.1)
        assert began + len(found) / RATE == pytest.approx(12.0, abs=0.15)


def test_the_same_question_has_the_same_answer_and_no_more_than_was_asked_for(recording: Path) -> None:
    _, first = samples(recording, 5.2, 1.7)
    assert len(first) == round(1.7 * RATE)
    samples(recording, 0.0, 3.0)
    assert np.array_equal(samples(recording, 5.2, 1.7)[1], first)


def test_a_gap_is_silence_and_where_nothing_is_recorded_is_passed_over(recording: Path) -> None:
    path = converted(recording, "gap.mkv", "-af", "aselect='not(between(t,2,5))'", "-c:v", "copy", "-c:a", "flac")
    began, found = samples(path, 0.0, 20.0)
    assert loud(began, found) == pytest.approx(BEEP, abs=0.1)
    assert np.abs(found[round(2.2 * RATE) : round(4.8 * RATE)]).max() == 0
    assert samples(path, 3.0, 20.0)[0] == pytest.approx(5.0, abs=0.1)


def test_damage_is_left_out(recording: Path) -> None:
    path = converted(recording, "torn.ts", "-c", "copy")
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    began, found = samples(path, 0.0, 20.0)
    assert loud(began, found) == pytest.approx(BEEP, abs=0.1)


def test_no_sound_is_nothing_and_no_video_an_error(recording: Path) -> None:
    assert list(read_sound(converted(recording, "mute.mp4", "-c:v", "copy", "-an"), 0.0, 10.0)) == []
    assert list(read_sound(recording, 100.0, 10.0)) == []
    broken = recording.with_name("broken.mp4")
    broken.write_bytes(b"no video" * 100)
    with pytest.raises(MediaError):
        list(read_sound(broken, 0.0, 1.0))
