"""What the window's player needs of a video: its frame times, a copy that can be played, single frames."""

import contextlib
import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.library.catalog import VideoEntry, video_by_id
from retake_core.library.database import Database
from retake_core.library.folders import fingerprints
from retake_core.protocol import answers, indexing_events, requests

if TYPE_CHECKING:
    from retake_core.media.process.lasting_decoder import LastingDecoder

NICENESS = 10  # what is being played now and indexing come first
STILL_SIDE = 1080  # pixels of the shorter side of a still


def prepare(
    database: Database,
    data_dir: DataDir,
    decoder: "LastingDecoder",
    request: requests.Prepare,
    token: CancelToken,
    send: Callable[[answers.Reply], None],
) -> answers.CopyReady:
    """Answer a request, telling of the progress at most ten times a second.

    Raises:
        UserError: the video is gone, cannot be read, or cannot be copied.
        Cancelled: a stop was asked for.
    """
    from retake_core.playback.copy_store import CopyStore
    from retake_core.playback.copy_task import PlayableTask

    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS - os.nice(0))
    entry = _entry(database, request.video_id)
    _forget_proxies(database, data_dir)
    store = CopyStore(data_dir.proxies)
    playable = store.find(entry.fingerprint, request.short_side, encoded=request.failed)
    task = PlayableTask(store, entry.fingerprint, entry.path, request.short_side, request.failed)
    try:
        if playable is None:
            playable = decoder.run(
                task,
                token,
                lambda part: send(answers.JobEvent(id=request.id, event=indexing_events.CopyProgress(part))),
            )
    finally:
        if playable is None:
            store.drop_unfinished(entry.fingerprint)
    assert playable is not None
    return answers.CopyReady(
        id=request.id,
        frames=os.fspath(playable.frames),
        copy=None if playable.copy is None else os.fspath(playable.copy),
        shift=playable.shift,
    )


def still(
    database: Database, decoder: "LastingDecoder", request: requests.Still, token: CancelToken
) -> answers.StillReady:
    """Answer a request.

    Raises:
        UserError: the video is gone, or nothing of it can be decoded in time.
        Cancelled: a stop was asked for.
    """
    from PIL import Image

    frame = decoder.frame_at(_entry(database, request.video_id).path, request.time, STILL_SIDE, token)
    buffer = io.BytesIO()
    Image.fromarray(frame.image).save(buffer, "JPEG", quality=90)
    return answers.StillReady(id=request.id, time=frame.time, jpeg=buffer.getvalue())


def _entry(database: Database, video_id: int) -> VideoEntry:
    with database.reading() as connection:
        return video_by_id(connection, video_id)


def _forget_proxies(database: Database, data_dir: DataDir) -> None:
    """Remove the copies of videos that the library no longer has."""
    from retake_core.playback.copy_store import CopyStore

    with database.reading() as connection:
        known = fingerprints(connection)
    CopyStore(data_dir.proxies).keep_only(known.values())
