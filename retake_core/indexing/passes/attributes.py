"""Measuring the thumbnails of keyframes for an encoder that knows neither colours nor shapes: see `measure`."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders.attribute_words import needs_attributes
from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION, measure
from retake_core.encoders.base import Encoder
from retake_core.indexing.passes.pace import Pace
from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.indexing.passes.thumbnails import decoded
from retake_core.library.attributes import (
    keyframes_after,
    newest_keyframe,
    not_measured_in,
    store_attributes,
    unmeasured_videos,
)
from retake_core.library.database import Database
from retake_core.library.indexing import DueVideo
from retake_core.library.keyframes import thumbnails
from retake_core.library.typical import TypicalVideo
from retake_core.protocol.indexing_events import IndexingEvent, PassName

BATCH = 64  # keyframes, a third of a second
USUAL = 0.01  # seconds a keyframe


class AttributesPass:
    """Measures keyframes: the new ones as they come, those of earlier versions in a pass of their own.

    Args:
        database: the library.
        encoder: that is searched with; for one that knows these words there is nothing to do.
        cancel: stops it between two batches; what is measured stays.
    """

    name: Final = PassName.ATTRIBUTES
    after: Final = PassName.QUICK

    def __init__(self, database: Database, encoder: Encoder, cancel: CancelToken) -> None:
        self._database, self._cancel = database, cancel
        self._wanted = needs_attributes(encoder)
        self.pace = Pace(PassName.ATTRIBUTES, cancel)
        with database.reading() as connection:
            self._newest = newest_keyframe(connection)

    @property
    def pass_speed(self) -> PassSpeed | None:
        """What is known of its speed; None where there is nothing to do."""
        return PassSpeed(f"{self.name} {ATTRIBUTES}", USUAL) if self._wanted else None

    def due_work(self, connection: Connection) -> Mapping[int, float]:
        """Return how many keyframes wait, by the ids of their videos."""
        if not self._wanted:
            return {}
        return {video.video_id: video.keyframes for video in unmeasured_videos(connection, ATTRIBUTES)}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:  # noqa: ARG002
        """Return what a video will bring: nothing, as its keyframes are measured while they come."""
        return 0.0

    def measure_new(self, *, all_of_them: bool) -> None:
        """Measure keyframes that came since, a batch at most.

        Args:
            all_of_them: also where that is no whole batch.
        """
        if not self._wanted:
            return
        with self._database.reading() as connection:
            new = keyframes_after(connection, self._newest, BATCH)
        if new and (all_of_them or len(new) == BATCH):
            self._measure(new)
            self._newest = new[-1]

    def run(
        self,
        first: Collection[int] = (),
        give_way: Callable[[], bool] = lambda: False,
    ) -> Iterator[IndexingEvent]:
        """Measure what is left, and yield how far it has come.

        Args:
            first: ids of videos that come before the others.
            give_way: whether something is more urgent; what is left is for the next run.

        Raises:
            Cancelled: the next run goes on from there.
        """
        if not self._wanted:
            return
        with self._database.reading() as connection:
            videos = unmeasured_videos(connection, ATTRIBUTES)
        if not videos:
            return
        videos.sort(key=lambda due: due.video_id not in first)
        yield self.pace.start([due.keyframes for due in videos])
        for due in videos:
            under_way = self.pace.begin(due.path)
            with self._database.reading() as connection:
                waiting = not_measured_in(connection, ATTRIBUTES, due.video_id)
            for start in range(0, len(waiting), BATCH):
                if give_way():
                    return
                self._cancel.check()
                self._measure(waiting[start : start + BATCH])
                share = min((start + BATCH) / len(waiting), 1.0)
                under_way.advance(share, 0.0)  # the video itself is not looked at
                yield from self.pace.tell()
            self.pace.end(under_way)

    def _measure(self, numbers: Sequence[int]) -> None:
        with self._database.reading() as connection:
            pictures = thumbnails(connection, numbers)
        nothing = np.zeros(DIMENSION, np.float32)  # of a damaged thumbnail
        images = {number: decoded(picture) for number, picture in pictures.items()}
        found = {number: nothing if image is None else measure(image) for number, image in images.items()}
        with self._database.writing() as connection:
            store_attributes(connection, ATTRIBUTES, found)
