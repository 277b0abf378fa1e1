"""What describing will take, told before it begins."""

from collections.abc import Sequence

from retake_core.describing.one_video import Descriptions
from retake_core.errors import UserError
from retake_core.library.catalog import VideoEntry, videos_by_id
from retake_core.library.database import Database
from retake_core.library.settled import SettledVideo
from retake_core.protocol.indexing_events import DescribingPlanned
from retake_core.videollm.planner import Recording

SAMPLE = 100
"""Videos whose plans tell what all of them take: to plan tens of thousands takes minutes."""


def estimate(database: Database, descriptions: Descriptions, due: Sequence[SettledVideo]) -> DescribingPlanned:
    """Return how many videos there are, and about how long they and how much disk their memories take.

    Memories that are there already, and what the limit of their disk space leaves no room for, are not looked at.
    """
    chosen = sorted(due, key=lambda entry: entry.duration)[:: max(1, len(due) // SAMPLE)]
    with database.reading() as connection:
        entries = videos_by_id(connection, [each.video_id for each in chosen])
    takes: list[tuple[float | None, int]] = []
    for each in chosen:
        if (entry := entries.get(each.video_id)) is not None and (
            recording := _recording(entry, each)
        ) is not None:
            try:
                takes.append(descriptions.estimate(recording))
            except UserError:
                continue  # it will be told of that video
    scale = len(due) / max(1, len(takes))
    seconds = [taken for taken, _ in takes if taken is not None]
    return DescribingPlanned(
        model=descriptions.model.id.name,
        videos=len(due),
        seconds=scale * sum(seconds) if takes and len(seconds) == len(takes) else None,
        size=round(scale * sum(size for _, size in takes)),
    )


def _recording(entry: VideoEntry, due: SettledVideo) -> Recording | None:
    if not (due.duration and entry.width and entry.height):
        return None
    return Recording(due.duration, entry.width, entry.height, entry.frame_rate, indexed=True)
