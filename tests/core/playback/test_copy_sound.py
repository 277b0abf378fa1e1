"""A copy to play has the sound track that a person chose, and is made again when another one was chosen."""

import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.playback.copy_store import CopyStore, Playable
from tests.support.recordings import make_two_languages


def loudness(path: Path) -> float:
    with av.open(str(path)) as container:
        (stream,) = container.streams.audio
        return float(np.mean([np.abs(frame.to_ndarray()).mean() for frame in container.decode(stream)]))


@pytest.fixture(params=["encoded", "copied"])
def film(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a film whose second track is four times as loud."""
    made = make_two_languages(tmp_path / "film.mkv")
    if request.param == "copied":
        form = ["-map", "0", "-c:a", "aac", "-c:v", "libx264", "-pix_fmt", "yuv420p", str(tmp_path / "film.ts")]
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(made), *form], check=True)
        return tmp_path / "film.ts"
    return made


def test_the_chosen_track_is_in_it(tmp_path: Path, film: Path) -> None:
    store = CopyStore(tmp_path / "proxies")

    def prepare(sound: int | None) -> Playable:
        return store.prepare("film", film, 480, CancelToken(), lambda _: None, sound=sound)

    def heard(sound: int | None) -> float:
        copy = prepare(sound).copy
        assert copy is not None
        return loudness(copy)

    usual = heard(None)
    assert store.find("film", 480) is not None
    assert store.find("film", 480, sound=2) is None
    first, second = heard(1), heard(2)
    assert second > 2.5 * first
    assert store.find("film", 480, sound=2) is not None
    assert store.find("film", 480) is None
    assert heard(9) == pytest.approx(usual, rel=0.01), "a track that is gone is no reason to play nothing"
