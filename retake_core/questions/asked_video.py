"""A video of the library as a question needs it: its file, its keyframes, its frames at the right size."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library.catalog import VideoEntry
from retake_core.library.embeddings import encoder_of_most
from retake_core.library.folders import known_files
from retake_core.library.keyframes import KeyframeEntry, keyframes
from retake_core.library.vectors import embeddings_of
from retake_core.media.frames import FrameReader
from retake_core.media.hardware.sessions import NO_HARDWARE, HardwareSessions
from retake_core.media.process.source import ProcessSource
from retake_core.media.video_file import look_at
from retake_core.videollm.answer import VideoSource
from retake_core.videollm.families.base import Family
from retake_core.videollm.guide import Guide
from retake_core.videollm.planner import Recording
from retake_core.videollm.reading import Reading

DECODER_THREADS = 2


@dataclass(frozen=True)
class AskedVideo:
    """A video that is asked about.

    Attributes:
        entry: of the library.
        keyframes: in order of time.
        file: where it can be read now; None while its drive is away, which only matters without a memory.
        material: its length and size.
        guide: the keyframes that an encoder has seen, and what it made of them.
    """

    entry: VideoEntry
    keyframes: list[KeyframeEntry]
    file: Path | None
    material: Recording
    guide: Guide

    @classmethod
    def of(cls, connection: Connection, entry: VideoEntry) -> "AskedVideo":
        """Prepare a video for questions.

        Raises:
            UserError: it is not indexed, or its file is no longer the one that was indexed.
        """
        if entry.error is not None:
            raise UserError(f"{readable(entry.path.name)} cannot be read: {entry.error}")
        frames = keyframes(connection, entry.id)
        duration = max(entry.duration or 0.0, frames[-1].time if frames else 0.0)
        if not (duration or frames) or entry.width is None or entry.height is None:
            raise UserError(f"{readable(entry.path.name)} is not indexed yet; run: retake index")
        guide = _guide(connection, entry.id, frames)
        material = Recording(duration, entry.width, entry.height, entry.frame_rate, indexed=bool(guide.times))
        return cls(entry, frames, _file(connection, entry), material, guide)

    @property
    def name(self) -> str:
        """Its file name."""
        return self.entry.path.name

    def source(
        self, family: Family, reading: Reading, cancel: CancelToken, hardware: HardwareSessions = NO_HARDWARE
    ) -> VideoSource:
        """Return what the engine reads, at no more pixels than the model takes."""
        return VideoSource(
            self.entry.fingerprint,
            partial(self.open, self.material.short_side(family, reading), cancel, hardware),
            [keyframe.time for keyframe in self.keyframes],
            (self.material.width, self.material.height),
            self.guide.spans,
        )

    def part(self, source: VideoSource, start: float, end: float) -> VideoSource:
        """Return a source whose citations stay inside a stretch."""
        return replace(source, keyframes=[time for time in source.keyframes if start <= time <= end])

    def open(self, short_side: int, cancel: CancelToken, hardware: HardwareSessions = NO_HARDWARE) -> FrameReader:
        """Open its frames, whose shorter side has at most so many pixels.

        Raises:
            UserError: the file is away.
        """
        if self.file is None:
            raise UserError(
                f"{readable(self.entry.path)} is not there now; connect its drive, or run: retake index"
            )
        return ProcessSource(self.file, short_side, DECODER_THREADS, cancel, hardware)


def _guide(connection: Connection, video_id: int, frames: list[KeyframeEntry]) -> Guide:
    """Return the keyframes of a video that the encoder with most of them has embedded."""
    ids = [frame.id for frame in frames]
    encoder = encoder_of_most(connection, video_id)
    vectors = {} if encoder is None else embeddings_of(connection, encoder, ids)
    seen = [frame for frame in frames if frame.id in vectors]
    return Guide(tuple(frame.time for frame in seen), tuple(vectors[frame.id] for frame in seen))


def _file(connection: Connection, entry: VideoEntry) -> Path | None:
    """Return a file of a video that is there and as it was indexed; None if none is there."""
    files = known_files(connection, entry.id)
    changed = False
    for path in entry.paths:
        try:
            now = look_at(path)
        except OSError:
            continue
        if now == files[path].file:
            return path
        changed = True
    if changed:
        raise UserError(f"{readable(entry.path.name)} has changed since it was indexed; run: retake index")
    return None
