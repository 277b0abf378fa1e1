"""Stills and copies come from a process of their own: a file that hangs it costs that request only."""

import io
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, MediaError
from retake_core.library.database import Database
from retake_core.media.process import tasks
from retake_core.media.process.decode_process import DecodeProcess
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import Task
from retake_core.playback import copy_task
from retake_core.playback.service import PlaybackService
from retake_core.protocol import answers, requests
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.shelf import run_index, video

BRIEF = Limit(60, 0.2)


class Hanging(DecodeProcess):
    """The process itself is real; it stops when it gets a task, and says nothing."""

    def submit(self, task: Task) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        super().submit(task)


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
    shutil.copy2(clips / "short.mp4", folder)
    run_index(database, folder, FakeEncoder())
    video_id = video(database, "short.mp4").id

    service = PlaybackService(database, data_dir, decoder)

    def take() -> answers.StillReady:
        return service.still(requests.Still(id=1, video_id=video_id, time=15.1), CancelToken())

    def copy(token: CancelToken) -> answers.CopyReady:
        request = requests.Prepare(id=1, video_id=video_id, short_side=48, failed="copy")
        return service.prepare(request, token, lambda _: None)

    with monkeypatch.context() as patch:
        decode_in_threads(patch, Hanging)
        patch.setattr(tasks, "STILL_LIMIT", BRIEF)
        patch.setattr(copy_task, "STEP_LIMIT", BRIEF)
        with pytest.raises(MediaError, match="stopped answering"):
            take()
        with pytest.raises(MediaError, match="stopped answering"):
            copy(CancelToken())
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        copy(stopped)
    assert not list(data_dir.proxies.glob("*.part"))
    picture = take()
    assert picture.time == 15.0
    assert Image.open(io.BytesIO(picture.jpeg)).size == (64, 48)
    made = copy(CancelToken()).copy
    assert made is not None
    assert Path(made).stat().st_size > 0
