"""What describing will take, told before it begins."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from retake_core.describing.describer import Describer, ExpectedReading
from retake_core.library.catalog import VideoEntry, videos_by_id
from retake_core.library.database import Database
from retake_core.library.settled import SettledVideo
from retake_core.protocol.indexing_events import DescribingPlanned
from retake_core.questions.answerer import AnswererLostError, ModelFacts
from retake_core.videollm.planner import Recording
from retake_core.videollm.reading import MAX_RATE

SAMPLE = 100
"""Videos whose plans tell what all of them take: to plan tens of thousands takes minutes."""
READING = 0.7
"""The part of the work that is reading, while nothing was described here by the model."""


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do to describe a video: seconds, or what is in proportion to them.

    Attributes:
        reading: it.
        writing: what is told of it.
    """

    reading: float
    writing: float

    @property
    def whole(self) -> float:
        """All of it."""
        return self.reading + self.writing


@dataclass(frozen=True)
class Expected:
    """What describing will take.

    Attributes:
        planned: all of it, as it is told.
        works: of each video; seconds where `planned` has some.
    """

    planned: DescribingPlanned
    works: list[Work]


def estimate(
    database: Database,
    describer: Describer,
    model: ModelFacts,
    due: Sequence[SettledVideo],
    writing: float | None,
    desks: int = 1,
) -> Expected:
    """Return how many videos there are, and about how long they and how much disk their memories take.

    Memories that are there already, and what the limit of their disk space leaves no room for, are not looked at.

    Args:
        database: the library.
        describer: plans the reading of each.
        model: that it has opened.
        due: the videos.
        writing: seconds that it takes to write one description; None while that is not known.
        desks: how many videos are described side by side, each about as fast.
    """
    plans = _plans(database, describer, due)
    seconds = [(duration, each.seconds) for duration, each in plans if each.seconds is not None]
    is_known = bool(plans) and len(seconds) == len(plans)
    durations = [entry.duration for entry in due]
    if is_known:
        reading = np.interp(durations, [known for known, _ in seconds], [taken for _, taken in seconds])
    else:
        most = model.frames / MAX_RATE  # longer ones are read as sparsely as it takes
        reading = np.clip(durations, 1.0, most)
    if writing is None or not is_known:
        writing = float(reading.mean()) * (1 - READING) / READING
    works = [Work(each, writing) for each in reading.tolist()]
    planned = DescribingPlanned(
        model=model.name,
        videos=len(due),
        seconds=sum(work.whole for work in works) / desks if is_known else None,
        size=round(len(due) / max(1, len(plans)) * sum(each.size for _, each in plans)),
    )
    return Expected(planned, works)


def _plans(
    database: Database, describer: Describer, due: Sequence[SettledVideo]
) -> list[tuple[float, ExpectedReading]]:
    """Return the durations of some of the videos, the shortest first, and what reading them takes."""
    chosen = sorted(due, key=lambda entry: entry.duration)[:: max(1, len(due) // SAMPLE)]
    with database.reading() as connection:
        entries = videos_by_id(connection, [each.video_id for each in chosen])
    known = [(entries[each.video_id], each) for each in chosen if each.video_id in entries]
    recordings = [recording for entry, each in known if (recording := _recording(entry, each)) is not None]
    with suppress(AnswererLostError):  # it is told when the first video is to be described
        expected = describer.expect(recordings)
        return [
            (recording.duration, each)
            for recording, each in zip(recordings, expected, strict=True)
            if each is not None
        ]
    return []


def _recording(entry: VideoEntry, due: SettledVideo) -> Recording | None:
    if not (due.duration and entry.width and entry.height):
        return None
    return Recording(due.duration, entry.width, entry.height, entry.frame_rate, indexed=True)
