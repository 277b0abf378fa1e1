"""Embedding what is said and written, so that search finds it in other words, too."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders import packaged
from retake_core.errors import UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.indexing.passes.thumbnails import half_of
from retake_core.library.database import Database
from retake_core.library.indexing import DueVideo
from retake_core.library.passages import (
    NewPassage,
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
    """Embeds the passages of texts that are new. Without MiniLM, texts are found by their words alone.

    Args:
        database: the library.
        cancel: stops it within a second; what is embedded stays.
        cores: that may be used.
    """

    name: Final = PassName.MEANING
    after: Final = PassName.QUICK

    def __init__(self, database: Database, cancel: CancelToken, cores: int) -> None:
        self._database, self._cancel, self._cores = database, cancel, cores
        self._encoder = packaged.MINILM_ID
        self._usable = packaged.MINILM_ARCHIVE.find() is not None
        self.pace = Pace(PassName.MEANING, cancel)

    @property
    def pass_speed(self) -> PassSpeed | None:
        """What is known of its speed; None without the model."""
        return PassSpeed(f"{self.name} {self._encoder}", USUAL) if self._usable else None

    def due_work(self, connection: Connection) -> dict[int, float]:
        """Return how many texts the videos have that are due, by their ids."""
        return {video.video_id: video.texts for video in unread_videos(connection, self._encoder)}

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
        if not self._usable:
            return
        with self._database.reading() as connection:
            videos = unread_videos(connection, self._encoder)
        if not videos:
            deque(self._embed(give_way), maxlen=0)  # titles and the like are noted as seen
            return
        from retake_core.encoders.minilm import shared_minilm  # late: most runs find nothing new

        try:
            shared_minilm()
        except UserError as error:
            self._usable = False
            yield Remarked("", str(error))
            return
        yield self.pace.start([video.texts for video in videos])
        yield from self._told(deque(videos), give_way)

    def _told(self, videos: deque[UnreadVideo], give_way: Callable[[], bool]) -> Iterator[PassProgress]:
        """Embed what is new, and tell how far it has come with these videos."""
        under_way: VideoPace | None = self.pace.begin(videos[0].path)
        for seen in self._embed(give_way):
            while under_way is not None:
                share = videos[0].share(seen)
                under_way.advance(share, share * videos[0].duration)
                if share < 1:
                    break
                self.pace.end(under_way)
                videos.popleft()
                under_way = self.pace.begin(videos[0].path) if videos else None
            yield from self.pace.tell()

    def _embed(self, give_way: Callable[[], bool]) -> Iterator[int]:
        """Embed texts, some at a time, and yield the id of the last one up to which all are stored."""
        with self._database.reading() as connection:
            due = has_unread(connection, self._encoder)
        if not due:
            return
        with self._database.writing() as connection:
            begin_passages(connection, self._encoder)
        with half_of(self._cores):
            while due and not give_way():
                self._cancel.check()
                with self._database.reading() as connection:
                    unread = unread_texts(connection, self._encoder)
                vectors = _vectors(unread.passages)
                with self._database.writing() as connection:
                    store_passages(connection, self._encoder, unread.passages, vectors, unread.seen)
                    due = has_unread(connection, self._encoder)
                yield unread.seen


def _vectors(passages: Sequence[NewPassage]) -> NDArray[np.float32]:
    """Return what passages mean, float32 [n, dimension]; the model is not touched for none, as titles have."""
    from retake_core.encoders.minilm import DIMENSION, shared_minilm

    if not passages:
        return np.empty((0, DIMENSION), np.float32)
    return shared_minilm().embed_all([passage.content for passage in passages])
