"""What the window's player needs to know of a video, and the copies that it plays instead of one."""

import contextlib
import os
from collections.abc import Callable
from time import monotonic

from retake_core import jobs, protocol
from retake_core.errors import UserError
from retake_core.jobs import CancelToken
from retake_core.library.catalog import videos
from retake_core.library.database import Database
from retake_core.paths import DataDir

TELL_EVERY = 0.1  # seconds
NICENESS = 10  # what is being played now and indexing come first


def prepare(
    database: Database,
    data_dir: DataDir,
    request: protocol.Prepare,
    token: CancelToken,
    send: Callable[[protocol.Answer], None],
) -> protocol.Prepared:
    """Answer a request, telling of the progress at most ten times a second.

    Raises:
        UserError: the video is gone, cannot be read, or cannot be copied.
        Cancelled: a stop was asked for.
    """
    from retake_core.media.proxy_store import ProxyStore

    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS - os.nice(0))
    with database.reading() as connection:
        entries = videos(connection, request.video_id)
    if not entries:
        raise UserError("The video is no longer in the library.")
    told = -TELL_EVERY

    def tell(fraction: float) -> None:
        nonlocal told
        if monotonic() - told >= TELL_EVERY:
            told = monotonic()
            send(protocol.Told(id=request.id, event=jobs.Copying(fraction)))

    forget_proxies(database, data_dir)
    (entry,) = entries
    store = ProxyStore(data_dir.proxies)
    playable = store.prepare(entry.fingerprint, entry.path, request.short_side, token, tell, failed=request.failed)
    return protocol.Prepared(
        id=request.id,
        frames=os.fspath(playable.frames),
        copy=None if playable.copy is None else os.fspath(playable.copy),
        shift=playable.shift,
    )


def forget_proxies(database: Database, data_dir: DataDir) -> None:
    """Remove the copies of videos that the library no longer has."""
    from retake_core.media.proxy_store import ProxyStore

    with database.reading() as connection:
        fingerprints = {entry.fingerprint for entry in videos(connection)}
    ProxyStore(data_dir.proxies).keep_only(fingerprints)
