"""Stills and copies come from a process of their own: a file that hangs it costs that request only."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from retake_core import protocol
from retake_core.errors import Cancelled, MediaError
from retake_core.jobs import CancelToken
from retake_core.library.database import Database
from retake_core.media import decode_process
from retake_core.media.patience import Limit
from retake_core.media.process_source import LastingDecoder
from retake_core.paths import DataDir
from retake_core.playback import prepare, still
from tests.core.fakes import FakeEncoder
from tests.core.shelf import run_index, video

BRIEF = Limit(60, 0.5)


@pytest.fixture
def decoder() -> Iterator[LastingDecoder]:
    with closing(LastingDecoder()) as lasting:
        yield lasting


@pytest.mark.usefixtures("in_process")
def test_a_file_that_hangs_costs_its_own_requests_only(
    database: Database,
    data_dir: DataDir,
    folder: Path,
    clips: Path,
    decoder: LastingDecoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pipe that nobody writes into: who opens it waits for ever."""
    for name in ("long.mp4", "short.mp4"):
        shutil.copy2(clips / name, folder)
    run_index(database, folder, FakeEncoder())
    hanging, sound = (video(database, name).id for name in ("long.mp4", "short.mp4"))
    (folder / "long.mp4").unlink()
    os.mkfifo(folder / "long.mp4")

    def take(video_id: int) -> protocol.Picture:
        return still(database, decoder, protocol.Still(id=1, video_id=video_id, time=15.1), CancelToken())

    def copy(video_id: int, token: CancelToken) -> protocol.Prepared:
        request = protocol.Prepare(id=1, video_id=video_id, short_side=48, failed=True)
        return prepare(database, data_dir, decoder, request, token, lambda _: None)

    with monkeypatch.context() as patch:
        patch.setattr(decode_process, "STILL_LIMIT", BRIEF)
        patch.setattr(decode_process, "STEP_LIMIT", {"pyav": BRIEF})
        with pytest.raises(MediaError, match="stopped answering"):
            take(hanging)
        with pytest.raises(MediaError, match="stopped answering"):
            copy(hanging, CancelToken())
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        copy(sound, stopped)
    assert not list(data_dir.proxies.glob("*.part"))
    picture = take(sound)
    assert picture.time == 15.0
    assert Image.open(io.BytesIO(picture.jpeg)).size == (64, 48)
    made = copy(sound, CancelToken()).copy
    assert made is not None
    assert Path(made).stat().st_size > 0
