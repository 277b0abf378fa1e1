"""The crew of a pass on a cluster: the computers that see a file and have the models; else, this one."""

import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import Computer
from retake_core.cluster.looker import NotSeen
from retake_core.errors import UserError
from retake_core.indexing.passes.crew import End, Kit, KitUnusable, LocalCrew, Piece, PieceLost
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings

_POLL = 0.1  # seconds


@dataclass(eq=False)
class _Member:
    """A computer that works on the pass, or is asked whether it can.

    Attributes:
        computer: it.
        asked: what it will answer; None when it has.
        count: how many pieces it works on at once.
        unseen: ids of videos that it does not see.
        busy: how many pieces it works on.
        trouble: why it does not work on this pass, in one sentence.
    """

    computer: Computer
    asked: "ray.ObjectRef[Any] | None"
    count: int = 0
    unseen: set[int] = field(default_factory=set)
    busy: int = 0
    trouble: str | None = None

    @property
    def is_coming(self) -> bool:
        return self.asked is not None and self.trouble is None and self.computer.is_ready

    @property
    def is_able(self) -> bool:
        return self.asked is None and self.trouble is None and self.computer.is_ready

    @property
    def free(self) -> int:
        return self.count - self.busy if self.is_able else 0

    def hear_answer(self, kit_id: str) -> None:
        """Take note of whether it has what the pass needs, if it has said so."""
        if not self.is_coming or not ray.wait([self.asked], timeout=0)[0]:
            return
        name = self.computer.facts.name
        try:
            id_, self.count = ray.get(self.asked)
            if id_ != kit_id:
                self.trouble = f"{name} has another model for this pass; install the same on both."
        except RayTaskError as error:
            if not isinstance(error.cause, UserError):
                raise
            self.trouble = f"{name}: {error.cause}"
        except RayError as error:
            self.computer.lose(error)
        self.asked = None


@dataclass(eq=False, slots=True)
class _UnderWay:
    number: int
    video_id: int
    member: _Member


class ClusterCrew:
    """Works on pieces on the computers of a cluster, as many at once as they have cores; see `Crew`.

    What none of them can do is done here.

    Args:
        computers: returns those that can be used now; who joins later is among them.
        remarks: yields what the user should know of them; see `Crew`.
        name: of the pass.
        settings: name its models.
        kit: to work with here; the models of the others have to be the same.
        cancel: stops it within a second.
    """

    def __init__(
        self,
        computers: Callable[[], Sequence[Computer]],
        remarks: Callable[[], Iterator[str]],
        name: PassName,
        settings: Settings,
        kit: Kit,
        cancel: CancelToken,
    ) -> None:
        self._computers, self._of_computers = computers, remarks
        self._name, self._settings = name, settings
        self._kit_id, self._cancel = kit.id, cancel
        self._here = LocalCrew(kit, cancel)
        self._here_number = 0
        self._members: dict[str, _Member] = {}
        self._told: set[str] = set()
        self._numbers = itertools.count(1)
        self._waiting: deque[tuple[int, Piece]] = deque()
        self._streams: dict[ray.ObjectRefGenerator, _UnderWay] = {}
        self._look_around()
        while any(member.is_coming for member in self._members.values()):
            cancel.sleep(_POLL)
            self._look_around()

    @property
    def count(self) -> int:
        """See `Crew`."""
        return max(1, sum(member.count for member in self._members.values() if member.is_able))

    @property
    def is_free(self) -> bool:
        """See `Crew`: one piece may wait for those who can do it."""
        return not self._waiting

    @property
    def worked_here(self) -> bool:
        """See `Crew`."""
        return self._here.worked_here

    def begin(self, piece: Piece) -> int:
        """See `Crew`."""
        number = next(self._numbers)
        self._waiting.append((number, piece))
        self._assign()
        return number

    def hear(self) -> Sequence[tuple[int, object]]:
        """See `Crew`."""
        self._look_around()
        self._assign()
        heard: list[tuple[int, object]] = []
        works_here = not self._here.is_free
        if works_here:
            heard += [(self._here_number, word) for _, word in self._here.hear()]
        if not self._streams:
            if not works_here:
                self._cancel.sleep(_POLL)
            return heard
        streams = list(self._streams)
        spoken, _ = ray.wait(streams, num_returns=1, timeout=0 if works_here else _POLL, fetch_local=False)
        if spoken:
            spoken, _ = ray.wait(streams, num_returns=len(streams), timeout=0, fetch_local=False)
        return heard + [self._receive(stream) for stream in spoken]

    def stop(self, numbers: Collection[int]) -> None:
        """See `Crew`."""
        self._waiting = deque(entry for entry in self._waiting if entry[0] not in numbers)
        if self._here_number in numbers:
            self._here.stop([self._here.number])
        for stream, at in list(self._streams.items()):
            if at.number in numbers:
                at.member.computer.stop_work(self._name, at.number)
                self._forget(stream)

    def remarks(self) -> Iterator[str]:
        """See `Crew`."""
        yield from self._of_computers()
        for id_, member in self._members.items():
            if member.trouble is not None and id_ not in self._told:
                self._told.add(id_)
                yield member.trouble

    def close(self) -> None:
        """See `Crew`."""
        self.stop([at.number for at in self._streams.values()])
        for member in self._members.values():
            member.computer.put_away(self._name)
        self._here.close()

    def _look_around(self) -> None:
        """See who can be used, and ask those who were not asked what they have."""
        for computer in self._computers():
            known = self._members.get(computer.facts.id)
            if known is None or known.computer is not computer:  # it was gone, and is there again
                asked = computer.prepare(self._name, self._settings)
                self._members[computer.facts.id] = _Member(computer, asked)
        for member in self._members.values():
            member.hear_answer(self._kit_id)

    def _assign(self) -> None:
        """Give the piece that waits to who can do it."""
        if not self._waiting:
            return
        number, piece = self._waiting[0]
        able = [member for member in self._members.values() if piece.video_id not in member.unseen]
        member = max(able, key=lambda member: member.free, default=None)
        if member is not None and member.free > 0:
            member.busy += 1
            stream = member.computer.work(self._name, number, piece)
            self._streams[stream] = _UnderWay(number, piece.video_id, member)
        elif self._here.is_free and not any(member.is_able or member.is_coming for member in able):
            self._here_number = number
            self._here.begin(piece)
        else:
            return
        self._waiting.popleft()

    def _receive(self, stream: "ray.ObjectRefGenerator") -> tuple[int, object]:
        at = self._streams[stream]
        word = self._next(stream, at)
        if isinstance(word, End):
            self._forget(stream)
        return at.number, word

    def _next(self, stream: "ray.ObjectRefGenerator", at: _UnderWay) -> object:
        member = at.member
        try:
            # A copy, as arrays would hold on to their places in Ray's store, which is small.
            word: object = deepcopy(ray.get(next(stream)))
        except StopIteration:
            return PieceLost()
        except RayTaskError:
            raise  # a defect of ours
        except RayError as error:
            member.computer.lose(error)
            return PieceLost()
        if isinstance(word, NotSeen):
            member.unseen.add(at.video_id)
            return PieceLost()
        if isinstance(word, KitUnusable):
            member.trouble = member.trouble or f"{member.computer.facts.name}: {word.reason}"
            return PieceLost()
        return word

    def _forget(self, stream: "ray.ObjectRefGenerator") -> None:
        self._streams.pop(stream).member.busy -= 1
