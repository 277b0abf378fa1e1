"""Downloads that resume where they stopped, and that are checked to the last byte.

The hub's own library drops what it has of a file when it is stopped, and compares no checksums over plain HTTP. So
the contents come through here; the library then lays them out in its cache, where other programs find them too.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx2
import msgspec
from filelock import FileLock, Timeout
from huggingface_hub import get_session, hf_hub_url, snapshot_download
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from retake_core.cancel import CancelToken
from retake_core.display import data_size
from retake_core.errors import UserError
from retake_core.hub.cache import PARTIAL, CachedModel, RemoteFile, cache_dir
from retake_core.hub.local_models import SPEECH_WEIGHTS
from retake_core.hub.model_folder import CONFIG, CONFIGS
from retake_core.hub.pinned import parts_of
from retake_core.hub.remote import endpoint_of, list_files, plain_errors, use_network
from retake_core.models.check import check_config, check_folder
from retake_core.protocol.model_messages import DownloadProgress
from retake_core.settings import Settings
from retake_core.system.files import free_bytes, sync
from retake_core.system.throttle import Throttle

MARGIN = 500_000_000
"""Bytes of disk that stay free."""
SPEED_OVER = 5.0
"""Seconds over which the speed is measured."""
BLOCK = 1 << 22
"""Bytes that are read at once to be checked."""
TRIES = 5
"""How often in a row a connection may bring nothing."""
PAUSE = 1.0
"""Seconds before a broken connection is made again."""
TIMEOUT = 30.0
"""Seconds in which the server has to say something."""

TellProgress = Callable[[DownloadProgress], None]


def download_model(model_id: str, settings: Settings, cancel: CancelToken, tell: TellProgress) -> Path:
    """Download a model, or what is missing of it.

    Args:
        model_id: on the hub.
        settings: mirror, proxy, and whether downloads are allowed.
        cancel: stops it; what is here stays, and the next call resumes there.
        tell: called with the progress.

    Returns:
        The model's folder; of one that lies in several, the last.

    Raises:
        UserError: it cannot be had; one sentence says why.
        Cancelled: it was stopped.
    """
    use_network(settings)

    def tell_of_all(progress: DownloadProgress) -> None:
        tell(msgspec.structs.replace(progress, model=model_id))

    *others, last = parts_of(model_id)
    for part in others:
        _bring(part, settings, cancel, tell_of_all)
    return _bring(last, settings, cancel, tell_of_all)


def _bring(model_id: str, settings: Settings, cancel: CancelToken, tell: TellProgress) -> Path:
    """Download what a repository holds."""
    cached = CachedModel(model_id)
    revision, files = list_files(model_id, settings)
    cached.blobs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(cached.root / "retake-download.lock", timeout=0):
            return _download(cached, revision, files, settings, cancel, tell)
    except Timeout as error:
        raise UserError(f"{model_id} is being downloaded already.") from error
    except OSError as error:
        raise UserError(
            f"The download cannot be written to {cache_dir()} ({error.strerror or error}). Make room there, or "
            "set HF_HOME to another disk; what was downloaded so far is kept."
        ) from error


def _download(
    cached: CachedModel,
    revision: str,
    files: Sequence[RemoteFile],
    settings: Settings,
    cancel: CancelToken,
    tell: TellProgress,
) -> Path:
    cached.note(files)
    tally = _DownloadTally(cached, files, tell)
    _check_room(tally)
    endpoint = endpoint_of(settings)
    config = next((name for name in CONFIGS if any(file.path == name for file in files)), CONFIG)
    for file in sorted(files, key=lambda file: file.path != config):
        url = hf_hub_url(cached.id, file.path, revision=revision, endpoint=endpoint)
        with plain_errors(cached.id, endpoint):
            _fetch(cached, file, url, cancel, tally)
        # The config.json of a speech model names no architecture.
        if file.path == config and all(other.path != SPEECH_WEIGHTS for other in files):
            _check_architecture(cached, file)
    with plain_errors(cached.id, endpoint):
        folder = Path(
            snapshot_download(
                cached.id, revision=revision, endpoint=endpoint, allow_patterns=[file.path for file in files]
            )
        )
    check_folder(folder)
    cached.set_revision(revision)
    cached.forget_note()
    return folder


def _check_architecture(cached: CachedModel, config: RemoteFile) -> None:
    try:
        check_config(cached.blobs / config.digest, cached.id)
    except UserError:
        cached.forget_note()  # there is nothing to resume
        raise


@dataclass
class _DownloadTally:
    """Counts the bytes that are here, and tells the caller of them now and then."""

    cached: CachedModel
    files: Sequence[RemoteFile]
    tell: TellProgress

    def __post_init__(self) -> None:
        self.total = sum(file.size for file in self.files)
        self.done = sum(min(self.cached.bytes_here(file), file.size) for file in self.files)
        self._throttle = Throttle()
        self._samples = [(time.monotonic(), self.done)]

    def add(self, count: int, *, checking: bool = False) -> None:
        """Count bytes that came, or that were lost."""
        self.done += count
        if not self._throttle.ready() and self.done < self.total:
            return
        now = time.monotonic()
        recent = [(then, done) for then, done in self._samples if now - then < SPEED_OVER]
        self._samples = recent or [(now, self.done)]
        then, done = self._samples[0]
        self._samples.append((now, self.done))
        speed = max(0.0, (self.done - done) / (now - then)) if now - then > 0.5 else 0.0
        self.tell(
            DownloadProgress(
                model=self.cached.id, checking=checking, done=self.done, total=self.total, speed=speed
            )
        )


def _check_room(tally: _DownloadTally) -> None:
    needed = tally.total - tally.done
    free = free_bytes(tally.cached.blobs)
    if needed + MARGIN > free:
        raise UserError(
            f"{tally.cached.id} needs {data_size(needed)} more, and {data_size(free)} are free in "
            f"{cache_dir()}. Make room there, or set HF_HOME to another disk."
        )


def _fetch(cached: CachedModel, file: RemoteFile, url: str, cancel: CancelToken, tally: _DownloadTally) -> None:
    """Bring one file among the blobs, checked; a second time when it arrived damaged."""
    blob = cached.blobs / file.digest
    if blob.exists():
        return
    part = cached.blobs / (file.digest + PARTIAL)
    for _ in range(2):
        _append(part, file, url, cancel, tally)
        if _digest(part, file, cancel, tally) == file.digest:
            sync(part)
            part.replace(blob)
            return
        tally.add(-part.stat().st_size)
        part.unlink()
    raise UserError(f"{file.path} of {cached.id} arrived damaged twice; try again later, or use another mirror.")


def _append(part: Path, file: RemoteFile, url: str, cancel: CancelToken, tally: _DownloadTally) -> None:
    """Bring what is missing of a file; a connection that breaks is made again, as long as something comes."""
    tries = TRIES
    with part.open("ab") as stream:
        while tries and stream.tell() < file.size:
            before = stream.tell()
            try:
                _receive(stream, url, cancel, tally)
            except httpx2.TransportError as error:
                if tries == 1 or isinstance(error, httpx2.ProxyError):
                    raise
                cancel.sleep(PAUSE)
            tries = TRIES if stream.tell() > before else tries - 1


def _receive(stream: BinaryIO, url: str, cancel: CancelToken, tally: _DownloadTally) -> None:
    start = stream.tell()
    # Without compression on the way, so that bytes on the disk are bytes of the file.
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=True) as response:
        hf_raise_for_status(response)
        if start and response.status_code != httpx2.codes.PARTIAL_CONTENT:  # the server cannot resume
            stream.truncate(0)
            stream.seek(0)
            tally.add(-start)
        for data in response.iter_bytes():
            cancel.check()
            stream.write(data)
            tally.add(len(data))


def _digest(path: Path, file: RemoteFile, cancel: CancelToken, tally: _DownloadTally) -> str:
    """Return a file's checksum of the kind that the hub gives: SHA-256, or git's own."""
    whole = hashlib.sha256() if len(file.digest) == 64 else hashlib.sha1(f"blob {file.size}\0".encode())  # noqa: S324
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            cancel.check()
            whole.update(block)
            tally.add(0, checking=True)
    return whole.hexdigest()
