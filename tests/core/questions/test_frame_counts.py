"""A plan reads no more frames than there are, of a film as of clips."""

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.library.database import Database
from retake_core.questions.asked_video import AskedVideo
from retake_core.videollm.answer import VideoSource
from retake_core.videollm.clips import AskedClip, AskedClips
from retake_core.videollm.planner import Recording
from tests.support.fakes import FakeEncoder, age
from tests.support.shelf import run_index, video

pytestmark = pytest.mark.usefixtures("in_process")


def make_film(path: Path, frames: int, rate: str) -> None:
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=64x48:r={rate}", "-frames:v", str(frames)]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *picture, "-c:v", "mpeg4", str(path)], check=True)
    age(path)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
@pytest.mark.parametrize(("frames", "rate"), [(10, "5/4"), (10, "25"), (3, "1/4"), (1, "1/8"), (1, "25")])
def test_tiny_films(database: Database, folder: Path, suffix: str, frames: int, rate: str) -> None:
    path = folder / f"tiny{suffix}"
    make_film(path, frames, rate)
    run_index(database, folder, FakeEncoder())
    entry = video(database, path.name)
    with database.reading() as connection:
        asked = AskedVideo.of(connection, entry)
    sampled, planned = asked.material.sample(1024)
    with closing(asked.open(32, CancelToken())) as reader:
        read = len(list(reader.frames(sampled, [(0.0, asked.material.duration + 1)])))
    assert 1 <= planned <= frames
    assert planned >= read, "nor does the limit cut off what can be read"


@pytest.mark.parametrize(
    ("duration", "rate", "planned"),
    [(8.0, 1.25, 10), (0.4, 25.0, 1), (40.0, 0.1, 4), (0.0, 25.0, 1), (60.0, 0.0, 120), (60.0, 25.0, 120)],
)
def test_films(duration: float, rate: float, planned: int) -> None:
    assert Recording(duration, 32, 24, rate).sample(1024)[1] == planned


def test_clips_of_one_film_share_its_frames() -> None:
    def clip(name: str, start: float, end: float, count: int | None) -> AskedClip:
        return AskedClip(VideoSource(name, lambda: pytest.fail("not read")), name, start, end, 32, 24, count)

    slow = clip("slow", 0, 4, 5), clip("slow", 10, 14, 5)
    assert AskedClips(slow).sample(1024) == (2.0, 5)
    unknown = clip("unknown", 0, 4, None), clip("unknown", 10, 14, None)
    assert AskedClips((*slow, *unknown)).sample(1024) == (2.0, 5 + 16)
