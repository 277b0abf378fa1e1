"""What the passes of a run that have not begun will have to do, as far as it can be known by now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from sqlalchemy import Connection

from retake_core.indexing.passes.cost import START, USUAL_PIXELS, decoding_cost
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, DueVideo, due_videos
from retake_core.library.typical import TypicalVideo, found_quickly, typical_video
from retake_core.protocol.indexing_events import PassName


class LaterPass(Protocol):
    """A pass that comes after those that look for keyframes."""

    @property
    def name(self) -> PassName:
        """What it is called."""

    @property
    def after(self) -> PassName:
        """The pass that has looked at a video when its turn comes."""

    def due_work(self, connection: Connection) -> Mapping[int, float]:
        """Return how much there is to do in the videos whose turn has come, by their ids."""

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:
        """Return how much there will be to do in a video of which length and size of its pictures are known."""


class WorkAhead:
    """Guesses what is left for the passes that have not begun.

    Args:
        database: the library.
        recipe: of the keyframes.
        rate: samples a second.
        deepest: the last pass that looks for keyframes.
        later: the passes after it, in their order.
    """

    def __init__(
        self, database: Database, recipe: str, rate: float, deepest: Depth, later: Sequence[LaterPass]
    ) -> None:
        self._database, self._recipe, self._rate = database, recipe, rate
        self._deepest, self._later = deepest, later

    def after(self, now: PassName | None, taken: Collection[int] = ()) -> dict[PassName, float]:
        """Return the work of the passes to come, in their units.

        Args:
            now: the pass that runs, None before the first one.
            taken: ids of the videos that it looks at.
        """
        names = [entry.name for entry in self._later]
        begun = names.index(now) + 1 if now is not None and now in names else 0
        with self._database.reading() as connection:
            typical = typical_video(connection)
            depths = () if begun else (Depth.QUICK, self._deepest)  # those are over then
            found = found_quickly(connection) if depths else {}
            due = {
                depth: [
                    _completed(video, typical, found.get(video.id))
                    for video in due_videos(connection, depth, self._recipe)
                ]
                for depth in depths
            }
            works = self._looking(due, now, taken, typical)
            for entry in self._later[begun:]:
                waiting = due.get(Depth.QUICK if entry.after == PassName.QUICK else self._deepest, [])
                guessed = {video.id: entry.work_in(video, typical) for video in waiting}
                works[entry.name] = sum((guessed | dict(entry.due_work(connection))).values())
        return works

    def _looking(
        self,
        due: Mapping[Depth, Sequence[DueVideo]],
        now: PassName | None,
        taken: Collection[int],
        typical: TypicalVideo,
    ) -> dict[PassName, float]:
        """Return the work of the passes that look for keyframes."""
        unplanned = {video.id for video in due.get(Depth.QUICK, ())}
        works = {}
        for depth, videos in due.items():
            name = PassName[depth.name]
            left = (video for video in videos if name != now or video.id not in taken)
            works[name] = sum(self._cost(video, depth, typical, video.id in unplanned) for video in left)
        return works

    def _cost(self, video: DueVideo, depth: Depth, typical: TypicalVideo, unplanned: bool) -> float:
        cost = decoding_cost(video, depth, self._rate)
        return START + (cost - START) * typical.decoded if unplanned and depth == Depth.REFINED else cost


def _completed(video: DueVideo, typical: TypicalVideo, found: int | None) -> DueVideo:
    """Add how many keyframes the quick pass found, and guess what is not known of a video yet."""
    duration = video.duration or video.size / max(typical.bytes, 1.0)
    return replace(video, duration=duration, pixels=video.pixels or USUAL_PIXELS, found=found)
