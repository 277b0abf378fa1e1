"""One pass over one video: stores what looking at it decides, wherever that is done."""

import time

from sqlalchemy import Connection

from retake_core.indexing.passes.cost import share_done
from retake_core.indexing.passes.look import Looked, LookedThrough, Order
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, NewKeyframe, finish_job, set_info, set_plan, store_keyframes
from retake_core.media.video_file import check_unchanged
from retake_core.media.video_info import VideoInfo

STORE_AFTER = 2.0  # seconds of work that a crash may cost
STORE_KEYFRAMES = 100


class VideoPass:
    """Takes the steps of looking at one video and stores the keyframes, window by window.

    Args:
        database: the library.
        encoder: the id of what makes the embeddings.
        recipe: see `PassSettings`.
        order: what is looked at.
    """

    def __init__(self, database: Database, encoder: str, recipe: str, order: Order) -> None:
        self.job = order.job
        self.keyframes = 0
        self.position = self._started_at = order.start
        self._database = database
        self._encoder = encoder
        self._recipe = recipe
        self._depth = order.depth
        self._stored_to = self._started_at
        self._decided: list[NewKeyframe] = []
        self._decided_to = self._stored_to
        self._state: bytes | None = None
        self._stored_at = time.monotonic()
        self._duration = order.job.duration

    @property
    def progressed(self) -> float:
        """Seconds of video that this pass has looked at, not counting an earlier, interrupted one."""
        return self.position - self._started_at

    @property
    def fraction(self) -> float:
        """How much of the video is done, 0..1; 0 while its duration is unknown."""
        return share_done(self.job.spans, self.position, self._duration)

    def opened(self, info: VideoInfo) -> None:
        """Take note of what the file says of itself."""
        self._duration = info.duration
        with self._database.writing() as connection:
            set_info(connection, self.job.video_id, info)

    def take(self, looked: Looked) -> None:
        """Note how far the video was looked at, and what that decided.

        Raises:
            FileChangedError: see `store`.
        """
        if looked.decided is not None:
            self._decided += looked.decided.keyframes
            self._decided_to, self._state = looked.decided.end, looked.decided.state
        self.position = looked.position
        if len(self._decided) >= STORE_KEYFRAMES or time.monotonic() - self._stored_at > STORE_AFTER:
            self.store()

    def store(self) -> None:
        """Write the windows that are decided.

        Raises:
            FileChangedError: they may show what the file holds now. Another copy of the video would go on from
                them, if this process ended here.
        """
        self._stored_at = time.monotonic()
        if self._decided_to == self._stored_to:
            return
        check_unchanged(self.job.file)
        with self._database.writing() as connection:
            self._replace(connection, self._decided, self._decided_to, self._state)
        self._stored_to, self._decided = self._decided_to, []

    def finish(self, last: LookedThrough) -> None:
        """Write the rest, and mark the pass as complete.

        Raises:
            FileChangedError: see `store`.
        """
        check_unchanged(self.job.file)
        self.store()
        video_id, depth, plan = self.job.video_id, self._depth, last.plan
        with self._database.writing() as connection:
            if last.keyframes is not None:
                self._replace(connection, last.keyframes, end=None, state=None)
            if plan is not None:
                set_plan(connection, video_id, plan.spans if plan.needed else [], plan.promise)
                depth = depth if plan.needed else Depth.REFINED
            finish_job(connection, video_id, depth, self._recipe, last.end)

    def _replace(
        self, connection: Connection, new: list[NewKeyframe], end: float | None, state: bytes | None
    ) -> None:
        video_id = self.job.video_id
        store_keyframes(connection, video_id, self._encoder, new, start=self._stored_to, end=end, state=state)
        self.keyframes += len(new)
