"""What describing will take, by what is known before a model is loaded."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.library.described import due_descriptions
from retake_core.library.indexing import DueVideo
from retake_core.library.typical import TypicalVideo
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings
from retake_core.videollm.memory.index import model_name

LONG = 1020.0
"""Seconds: of longer videos no more is read, only more sparsely."""


def work_of(duration: float) -> float:
    """Return what it takes to describe a video of so many seconds, in seconds of video."""
    return min(max(duration, 1.0), LONG)


def whole_speed(model: str) -> PassSpeed:
    """Return under which name it is remembered how long a model takes; what is usual nobody knows."""
    return PassSpeed(f"{PassName.DESCRIBE} whole {model}", 0.0)


class DescribingAhead:
    """What is left to describe, for the time that a run is said to take; see `LaterPass`.

    Args:
        settings: name the model, and the folders whose videos are described.
        also: ids of videos that a person asked for.
    """

    name: Final = PassName.DESCRIBE
    after: Final = PassName.REFINED

    def __init__(self, settings: Settings, also: Collection[int] = ()) -> None:
        self._settings, self._also = settings, also

    @property
    def folders(self) -> list[Path] | None:
        """Whose videos are described; None is all, and the switch being off is none."""
        settings = self._settings
        if settings.describe and not settings.describe_folders:
            return None
        return [Path(folder) for folder in settings.describe_folders] if settings.describe else []

    @property
    def is_wanted(self) -> bool:
        """Whether anything is to be described."""
        return self._settings.describe or bool(self._also)

    @property
    def pass_speed(self) -> PassSpeed | None:
        """Under which name its speed is remembered; None where nothing is described."""
        if not self.is_wanted or self._settings.model is None:
            return None
        return whole_speed(model_name(self._settings.model))

    def due_work(self, connection: Connection) -> Mapping[int, float]:
        """Return what it takes to describe the videos whose turn has come, by their ids."""
        if not self.is_wanted or self._settings.model is None:
            return {}
        due = due_descriptions(connection, model_name(self._settings.model), self.folders, self._also)
        return {entry.video_id: work_of(entry.duration) for entry in due}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:  # noqa: ARG002
        """Return what it will take to describe a video; whether it lies in a chosen folder shows later."""
        return work_of(video.duration) if self.is_wanted and self.folders is None else 0.0
