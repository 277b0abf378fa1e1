"""Where a question is asked, or a search looks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What a question is about: a video, several, a folder or, without any, the library."""

    video_id: int | None = None
    video_ids: tuple[int, ...] = ()
    folder: str | None = None
