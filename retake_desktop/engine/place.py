"""Where a question is asked, or a search looks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What a question is about: a video, a folder or, without either, the library."""

    video_id: int | None = None
    folder: str | None = None
