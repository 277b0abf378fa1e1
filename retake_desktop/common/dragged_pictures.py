"""What moments may have to look like: a picture file, or a keyframe; and how either is dropped or pasted."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from retake_desktop.common.desktop_files import dropped_paths

MOMENT = "application/x-retake-moment"
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic"})


@dataclass(frozen=True, slots=True)
class DroppedMoment:
    """A keyframe that is dragged about: its video's id, and seconds."""

    video_id: int
    time: float


DroppedPicture = DroppedMoment | Path | QImage


def put_moment(data: QMimeData, video_id: int, time: float) -> None:
    """Let what is dragged carry a keyframe."""
    data.setData(MOMENT, f"{video_id}@{time!r}".encode("ascii"))


def dropped_likeness(data: QMimeData) -> DroppedPicture | None:
    """Return the keyframe or picture that was dropped or pasted, None if it is neither."""
    if data.hasFormat(MOMENT):
        video_id, _, time = bytes(data.data(MOMENT).data()).decode("ascii").partition("@")
        return DroppedMoment(int(video_id), float(time))
    paths = dropped_paths(data.urls())
    if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES:
        return paths[0]
    if data.hasImage():
        image = data.imageData()
        return image if isinstance(image, QImage) and not image.isNull() else None
    return None


def picture_patterns() -> str:
    """Return what a file dialog shows: the names of picture files in both cases."""
    return " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(SUFFIXES))
