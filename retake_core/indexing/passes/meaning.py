"""Embedding what is said and written, so that search finds it in other words, too."""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Final

import numpy as np
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders.sentences import SentenceModel
from retake_core.errors import UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.indexing.passes.thumbnails import half_of
from retake_core.library.database import Database
from retake_core.library.indexing import DueVideo
from retake_core.library.passages import (
    UnreadVideo,
    begin_passages,
    has_unread,
    store_passages,
    unread_texts,
    unread_videos,
)
from retake_core.library.typical import TypicalVideo
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, Remarked

USUAL = 0.005
"""Seconds that a text takes on a computer that is neither fast nor slow."""


class MeaningPass:
    """Embeds the passages of texts that are new. Without a model, texts are found by their words alone.

    Args:
        database: the library.
        model: that embeds them; what another one made goes. None leaves all as it is.
        cancel: stops it within a second; what is embedded stays.
        cores: that may be used.
    """

    name: Final = PassName.MEANING
    after: Final = PassName.QUICK

    def __init__(self, database: Database, model: SentenceModel | None, cancel: CancelToken, cores: int) -> None:
        self._database, self._model, self._cancel, self._cores = database, model, cancel, cores
        self.pace = Pace(PassName.MEANING, cancel)

    @property
    def pass_speed(self) -> PassSpeed | None:
        """What is known of its speed; None without a model."""
        return None if self._model is None else PassSpeed(f"{self.name} {self._model.id}", USUAL)

    def due_work(self, connection: Connection) -> dict[int, float]:
        """Return how many texts the videos have that are due, by their ids."""
        if self._model is None:
            return {}
        return {video.video_id: video.texts for video in unread_videos(connection, self._model.id)}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:  # noqa: ARG002
        """Return what a video will bring: next to nothing, beside what finds its texts."""
        return 0.0

    def run(
        self,
        first: Collection[int] = (),  # noqa: ARG002 - in order of the texts: what was seen is one number
        give_way: Callable[[], bool] = lambda: False,
    ) -> Iterator[IndexingEvent]:
        """Embed, and yield how far it has come.

        Args:
            first: of no account here.
            give_way: whether something is more urgent; what is left is for the next run.

        Raises:
            Cancelled: the next run goes on from there.
        """
        if (model := self._model) is None:
            return
        with self._database.reading() as connection:
            videos = unread_videos(connection, model.id)
        if not videos:
            deque(self._embed(model, give_way), maxlen=0)  # titles and the like are noted as seen
            return
        try:
            model.load()
        except UserError as error:
            self._model = None
            yield Remarked("", str(error))
            return
        yield self.pace.start([video.texts for video in videos])
        yield from self._told(model, deque(videos), give_way)

    def _told(
        self, model: SentenceModel, videos: deque[UnreadVideo], give_way: Callable[[], bool]
    ) -> Iterator[PassProgress]:
        """Embed what is new, and tell how far it has come with these videos."""
        under_way: VideoPace | None = self.pace.begin(videos[0].path)
        for seen in self._embed(model, give_way):
            while under_way is not None:
                share = videos[0].share(seen)
                under_way.advance(share, 0.0)  # the video itself is not looked at
                if share < 1:
                    break
                self.pace.end(under_way)
                videos.popleft()
                under_way = self.pace.begin(videos[0].path) if videos else None
            yield from self.pace.tell()

    def _embed(self, model: SentenceModel, give_way: Callable[[], bool]) -> Iterator[int]:
        """Embed texts, some at a time, and yield the id of the last one up to which all are stored."""
        with self._database.reading() as connection:
            due = has_unread(connection, model.id)
        if not due:
            return
        with self._database.writing() as connection:
            begin_passages(connection, model.id)
        with half_of(self._cores):
            while due and not give_way():
                self._cancel.check()
                with self._database.reading() as connection:
                    unread = unread_texts(connection, model.id, english=model.english)
                vectors = np.empty((0, model.dimension), np.float32)
                if unread.passages:
                    vectors = model.load().embed_all([passage.content for passage in unread.passages])
                with self._database.writing() as connection:
                    store_passages(connection, model.id, unread.passages, vectors, unread.seen)
                    due = has_unread(connection, model.id)
                yield unread.seen
