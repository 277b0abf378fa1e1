"""How long a whole run takes: the pass that runs by how it goes, those to come by what is known of their speed."""

import time
from collections.abc import Collection, Iterator, Mapping

import msgspec

from retake_core.cancel import CancelToken
from retake_core.indexing.passes.estimate import TELLING, Estimate
from retake_core.indexing.passes.pace import Pace
from retake_core.indexing.passes.speeds import PassSpeed, Speeds
from retake_core.indexing.work_ahead import WorkAhead
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, Switching

LOOKING = (PassName.QUICK, PassName.REFINED, PassName.THOROUGH)  # for keyframes: much alike on every computer
LOOK_EVERY = 3.0  # seconds from one look at what is left to the next, at least
LOOK_SHARE = 0.02  # of the time may go into these looks


class Forecast:
    """Tells in the events of a run how long all of it will take, in place of what each pass knows of itself.

    Nothing is told while a pass is to come of whose speed nothing is known.

    Args:
        ahead: knows what the passes to come have to do.
        passes: what is known of the speed of all passes, by name.
        speeds: from earlier runs; learns from this one.
        cancel: the token of the run.
        elsewhere: whether the speeds are those of other computers.
    """

    def __init__(
        self,
        ahead: WorkAhead,
        passes: Mapping[PassName, PassSpeed],
        speeds: Speeds,
        cancel: CancelToken,
        *,
        elsewhere: bool = False,
    ) -> None:
        self._ahead, self._passes, self._speeds, self._elsewhere = ahead, passes, speeds, elsewhere
        self._estimate = Estimate(cancel)
        self._fraction = 0.0
        self._shown = 0.0  # of the run, or of the pass while nothing is known of the run: in a pass it never falls
        # How many times slower than usual the computer is.
        self._machine = speeds.per_unit(PassName.REFINED) or speeds.per_unit(PassName.QUICK)
        self._works: dict[PassName, float] = {}
        self._look_at = 0.0

    def follow_switch(self, events: Iterator[IndexingEvent]) -> Iterator[IndexingEvent]:
        """Pass on the events of what comes before the passes."""
        for event in events:
            if isinstance(event, Switching) and event.time_left is not None:
                left = self._of_run(event.time_left, None, ())
                yield msgspec.structs.replace(event, time_left=left)
            else:
                yield event

    def follow(
        self, pace: Pace, events: Iterator[IndexingEvent], taken: Collection[int] = ()
    ) -> Iterator[IndexingEvent]:
        """Pass on the events of a pass.

        Args:
            pace: of the pass.
            events: of the pass.
            taken: ids of the videos that it looks at; of no use after those that look for keyframes.
        """
        if pace.name not in self._passes:  # it tells why it cannot run
            yield from events
            return
        self._look_at, self._shown = 0.0, 0.0
        try:
            for event in events:
                yield self._told(event, pace, taken) if isinstance(event, PassProgress) else event
        finally:
            if not (self._elsewhere and pace.worked_here):  # which says little of the others
                self._speeds.learn(self._passes[pace.name].name, *pace.measured)

    def follow_last(self, name: PassName, events: Iterator[IndexingEvent]) -> Iterator[IndexingEvent]:
        """Pass on the events of what comes last, which tells itself how long it takes."""
        for event in events:
            if isinstance(event, PassProgress) and name in self._passes:
                left = event.time_left
                share = self._fraction if left is None else self._share_done(left)
                yield msgspec.structs.replace(event, fraction=share)
            else:
                yield event

    def _share_done(self, left: float) -> float:
        """Return how much of the run is done, 0..1, where so many seconds are left; it never falls."""
        spent = self._estimate.seconds
        self._fraction = max(self._fraction, spent / max(spent + left, 1e-3))
        return self._fraction

    def _told(self, event: PassProgress, pace: Pace, taken: Collection[int]) -> PassProgress:
        self._compare(pace)
        of_pass = pace.left(self._per_unit(pace.name))
        left = None if of_pass is None else self._of_run(of_pass, pace.name, taken)
        self._shown = max(self._shown, event.fraction if left is None else self._share_done(left))
        return msgspec.structs.replace(event, time_left=left, fraction=self._shown)

    def _compare(self, pace: Pace) -> None:
        """Note how fast the computer is, by a pass that looks for keyframes."""
        seconds, work = pace.measured
        if pace.name in LOOKING and seconds >= TELLING and work > 0:
            self._machine = seconds / work / self._passes[pace.name].usual

    def _of_run(self, of_pass: float, now: PassName | None, taken: Collection[int]) -> float | None:
        """Return the seconds of the rest of the pass that runs and of all passes to come."""
        if time.monotonic() >= self._look_at:
            self._look(now, taken)
        left = of_pass
        for name, work in self._works.items():
            if not work:
                continue
            per_unit = self._per_unit(name)
            if per_unit is None:
                return None
            left += per_unit * work / self._passes[name].lanes
        return self._estimate.left(left)

    def _look(self, now: PassName | None, taken: Collection[int]) -> None:
        began = time.monotonic()
        self._works = self._ahead.after(now, taken)
        ended = time.monotonic()
        self._look_at = ended + max(LOOK_EVERY, (ended - began) / LOOK_SHARE)

    def _per_unit(self, name: PassName) -> float | None:
        """Return the seconds that a lane takes for a unit of work of a pass, None where nothing is known of it."""
        known = self._speeds.per_unit(self._passes[name].name)
        if known is not None:
            return known
        return None if self._machine is None else self._passes[name].usual * self._machine
