"""What an answer cites, for people: videos, times, and the pictures of the keyframes in a folder."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retake_core.display import clock
from retake_core.library import catalog
from retake_core.library.catalog import KeyframeEntry, VideoEntry
from retake_core.library.database import Database
from retake_core.media.frames import SAME_TIME
from retake_core.system.files import WRITING, open_private
from retake_core.videollm.evidence import Citation, ParsedTime


@dataclass(frozen=True)
class Source:
    """A stretch of a video that an answer rests on.

    Attributes:
        video: of the library.
        citation: seconds and strength.
        keyframe: the one that stands for that time; None where there is none.
        thumbnail: file with its picture; None where none was written.
    """

    video: VideoEntry
    citation: Citation
    keyframe: KeyframeEntry | None
    thumbnail: Path | None


@dataclass(frozen=True)
class Sources:
    """What the answer rests on, strongest first, and the times that the model wrote in it."""

    sources: list[Source]
    written: list[ParsedTime]


def keyframe_before(keyframes: Sequence[KeyframeEntry], time: float) -> KeyframeEntry | None:
    """Return the keyframe that stands for a time: the last one up to it."""
    return next((keyframe for keyframe in reversed(keyframes) if keyframe.time <= time + SAME_TIME), None)


def write_thumbnails(database: Database, folder: Path, cited: Sequence[KeyframeEntry | None]) -> list[Path | None]:
    """Write the pictures of cited keyframes into a folder, in the place of those of the last answer.

    Returns:
        For each keyframe its file, or None: an answer is worth more than its pictures.
    """
    with database.reading() as connection:
        pictures = catalog.thumbnails(connection, [keyframe.id for keyframe in cited if keyframe])
    names = [
        None if keyframe is None or keyframe.id not in pictures else _name(number, keyframe, pictures[keyframe.id])
        for number, keyframe in enumerate(cited, start=1)
    ]
    fresh: Path | None = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=WRITING, dir=folder.parent))  # mode 0700
        for keyframe, name in zip(cited, names, strict=True):
            if keyframe is not None and name is not None:
                with os.fdopen(open_private(fresh / name, os.O_WRONLY), "wb") as file:
                    file.write(pictures[keyframe.id])
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError:
        return [None] * len(names)
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
    return [None if name is None else folder / name for name in names]


def _name(number: int, keyframe: KeyframeEntry, picture: bytes) -> str:
    suffix = "webp" if picture[8:12] == b"WEBP" else "jpg"
    return f"{number}-{clock(keyframe.time).replace(':', '.')}.{suffix}"
