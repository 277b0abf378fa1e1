"""Films that belong to a photo: what phones record around the moment at which a picture is taken."""

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, select

from retake_core.library.schema import video

_STILLS = (".heic", ".heif", ".jpg", ".jpeg")
_APPLE_STILLS = (".heic", ".heif")
_MOTION = ".mp"  # what Android's cameras call the film of a motion photo
_CAMERA = re.compile(r"IMG_E?\d{4}|MVIMG_\d{8}_\d{6}\w*|PXL_\d{8}_\d{6}\w*", re.IGNORECASE)


class LiveSign(StrEnum):
    """What tells that a short video is the film of a live photo."""

    TAG = "tag"  # Apple's, in the file
    NAME = "name"  # that of a photo beside it, or a motion photo's own


def is_named_live(path: Path, beside: Collection[str]) -> bool:
    """Return whether a short video has the name of a live photo's film.

    A picture of the same name alone is no proof: programs put covers beside films. It has to be one that only
    phones take, or both have to be called as phones call theirs.

    Args:
        path: of the video.
        beside: names of the files in its folder, in lower case.
    """
    stem = path.stem.casefold()
    if path.suffix.casefold() == _MOTION:
        return True
    if any(stem + still in beside for still in _APPLE_STILLS):
        return True
    return _CAMERA.fullmatch(stem) is not None and any(stem + still in beside for still in _STILLS)


def live_films(connection: Connection) -> set[int]:
    """Return the videos that are films of live photos."""
    return set(connection.execute(select(video.c.id).where(video.c.live.is_not(None))).scalars())
