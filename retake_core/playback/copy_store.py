"""Playable copies on disk: found again, bounded in size, the least recently used ones given up first."""

import os
import time
from array import array
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.media.process.tasks import TellFraction
from retake_core.playback.copy import MICROSECONDS, frame_times, make_copy, plays
from retake_core.protocol.requests import Unplayable
from retake_core.system.files import WRITING, sync, write_durably

VERSION = 2  # raise it when other files are copied, or otherwise
DEFAULT_QUOTA = 8_000_000_000  # bytes
_PART = ".part"


class _CopyNote(msgspec.Struct, frozen=True):
    """What is known of a video, written last: where it stands, the other files are whole.

    Attributes:
        version: of this module.
        made: whether there is a copy to be played, and how it came to be.
        short_side: pixels that were asked for.
        shift: seconds by which the copy's frames come earlier.
        sound: the track of the original that the copy has, as it was asked for.
    """

    version: int
    made: Literal["", "copied", "encoded"]
    short_side: int
    shift: float
    sound: int | None = None


@dataclass(frozen=True, slots=True)
class Playable:
    """What to play for a video.

    Attributes:
        frames: a file of 64-bit integers: microseconds at which the frames of the original are shown.
        copy: the file to play; None is the original.
        shift: seconds by which the copy's frames come earlier.
    """

    frames: Path
    copy: Path | None
    shift: float


class CopyStore:
    """The copies of one library, by content fingerprint.

    Args:
        directory: made on first use, for its owner only.
        quota: bytes that all copies may take together.
    """

    def __init__(self, directory: Path, quota: int = DEFAULT_QUOTA) -> None:
        self._directory = directory
        self._quota = quota

    def find(
        self, fingerprint: str, short_side: int, failed: Unplayable = "", sound: int | None = None
    ) -> Playable | None:
        """Return what is there for a video that a player has not failed on yet, and note that it was used."""
        note = self._note(fingerprint)
        if note is None or (note.made == "encoded" and note.short_side < short_side):
            return None
        if note.made and note.sound != sound:
            return None
        if (failed == "original" and not note.made) or (failed == "copy" and note.made != "encoded"):
            return None
        copy = self._file(fingerprint, ".mp4") if note.made else None
        frames = self._file(fingerprint, ".frames")
        if not frames.exists() or (copy is not None and not copy.exists()):
            return None
        # Not the file system's own clock: it stands still for milliseconds.
        os.utime(self._file(fingerprint, ".json"), ns=(time.time_ns(), time.time_ns()))
        return Playable(frames, copy, note.shift)

    def prepare(
        self,
        fingerprint: str,
        path: Path,
        short_side: int,
        cancel: CancelToken,
        tell: TellFraction,
        failed: Unplayable = "",
        sound: int | None = None,
    ) -> Playable:
        """Return what to play for a video, making it if need be.

        Args:
            fingerprint: of the video's content.
            path: the video.
            short_side: pixels of the copy's shorter side; smaller videos are not enlarged.
            cancel: looked at between frames.
            tell: hears how far the copy has come, 0..1.
            failed: what the player could not show.
            sound: the track that is to be heard, counted from 1; None is the one that seems best.

        Raises:
            MediaError: it cannot be read, or no copy of it can be made or has room.
            Cancelled: a stop was asked for; nothing half done stays.
        """
        with self._working():
            if (found := self.find(fingerprint, short_side, failed, sound)) is not None:
                return found
            if not failed and plays(path):
                note = _CopyNote(VERSION, "", short_side, 0.0)
                self._publish(fingerprint, frame_times(path), note)
            else:
                self._copy(fingerprint, path, short_side, cancel, tell, encode=failed == "copy", sound=sound)
            self._evict(fingerprint)
        playable = self.find(fingerprint, short_side, sound=sound)
        assert playable is not None
        return playable

    def keep_only(self, fingerprints: Collection[str]) -> None:
        """Forget the videos that are not among these."""
        for stem in {path.stem for path in self._files()} - set(fingerprints):
            self._remove(stem)

    def drop_unfinished(self, fingerprint: str) -> None:
        """Remove what a process that was killed has left of a copy."""
        self._file(fingerprint, _PART).unlink(missing_ok=True)

    def _copy(
        self,
        fingerprint: str,
        path: Path,
        short_side: int,
        cancel: CancelToken,
        tell: TellFraction,
        *,
        encode: bool,
        sound: int | None,
    ) -> None:
        part = self._file(fingerprint, _PART)

        def step(fraction: float) -> None:
            if part.stat().st_size > self._quota:
                raise MediaError("A copy of it that can be played would need more room than such copies may take.")
            tell(fraction)

        new = make_copy(path, part, short_side, cancel, step, encode=encode, sound=sound)
        sync(part)
        self._remove(fingerprint, but=_PART)
        part.replace(self._file(fingerprint, ".mp4"))
        how: Literal["copied", "encoded"] = "encoded" if new.encoded else "copied"
        note = _CopyNote(VERSION, how, short_side, new.shift / MICROSECONDS, sound)
        self._publish(fingerprint, new.times, note)

    def _note(self, fingerprint: str) -> _CopyNote | None:
        try:
            note = msgspec.json.decode(self._file(fingerprint, ".json").read_bytes(), type=_CopyNote)
        except (OSError, msgspec.MsgspecError):
            return None
        return note if note.version == VERSION else None

    def _publish(self, fingerprint: str, times: "array[int]", note: _CopyNote) -> None:
        for ending, content in ((".frames", times.tobytes()), (".json", msgspec.json.encode(note))):
            write_durably(self._file(fingerprint, ending), content)

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Let one process at a time make copies; what a killed one left behind is removed."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._directory / "lock", mode=0o600):
            for path in self._files():
                if path.suffix == _PART or path.name.startswith(WRITING):
                    path.unlink(missing_ok=True)
            yield

    def _evict(self, newest: str) -> None:
        sizes: dict[str, int] = {}
        used: dict[str, float] = {}
        for path in self._files():
            status = path.stat()
            sizes[path.stem] = sizes.get(path.stem, 0) + status.st_size
            if path.suffix == ".json":
                used[path.stem] = status.st_mtime
        used[newest] = time.time()
        for stem in sorted(sizes, key=lambda stem: used.get(stem, 0.0)):
            if sum(sizes.values()) <= self._quota or stem == newest:
                break
            self._remove(stem)
            del sizes[stem]

    def _remove(self, fingerprint: str, but: str = "") -> None:
        for ending in (".json", ".frames", ".mp4", _PART):  # the note first: without it the rest is nothing
            if ending != but:
                self._file(fingerprint, ending).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        return [path for path in self._directory.iterdir() if path.name != "lock"]

    def _file(self, fingerprint: str, ending: str) -> Path:
        return self._directory / (fingerprint + ending)
