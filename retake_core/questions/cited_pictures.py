"""The pictures of what an answer cites, as files for those who have no window."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from retake_core.display import clock
from retake_core.library.keyframes import thumbnails
from retake_core.protocol.question_events import Cited
from retake_core.system.files import WRITING, open_private


def write_pictures(connection: Connection, folder: Path, citations: Sequence[Cited]) -> list[Path | None]:
    """Write the pictures of cited keyframes into a folder, in the place of those of the last answer.

    Returns:
        For each citation its file, or None: an answer is worth more than its pictures.
    """
    pictures = thumbnails(connection, [c.keyframe_id for c in citations if c.keyframe_id is not None])
    names = [
        _name(number, cited.time, pictures[cited.keyframe_id]) if cited.keyframe_id in pictures else None
        for number, cited in enumerate(citations, start=1)
    ]
    fresh: Path | None = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=WRITING, dir=folder.parent))  # mode 0700
        for cited, name in zip(citations, names, strict=True):
            if cited.keyframe_id is not None and name is not None:
                with os.fdopen(open_private(fresh / name, os.O_WRONLY), "wb") as file:
                    file.write(pictures[cited.keyframe_id])
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError:
        return [None] * len(names)
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
    return [None if name is None else folder / name for name in names]


def _name(number: int, seconds: float, picture: bytes) -> str:
    suffix = "webp" if picture[8:12] == b"WEBP" else "jpg"
    return f"{number}-{clock(seconds).replace(':', '.')}.{suffix}"
