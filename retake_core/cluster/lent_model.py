"""What runs on a node: a model that answers questions about another computer's videos, and describes them.

An actor of Ray; it knows nothing of the library. It works on one question or video at a time.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import torch

from retake_core.cancel import CancelToken
from retake_core.cluster.far_video import look_for
from retake_core.cluster.feed import Owner, Wanted
from retake_core.cluster.giving_way import Answering, answering_folder
from retake_core.cluster.paths import PathMap
from retake_core.cluster.place import DATA
from retake_core.data_dir import DataDir
from retake_core.describing.describer import DescribingEvent, ExpectedReading, LocalDescriber, VideoToDescribe
from retake_core.protocol.question_events import QuestionEvent, QuestionPlan
from retake_core.questions.answerer import ModelChoice, ModelFacts
from retake_core.questions.question import Question
from retake_core.videollm.planner import Recording
from retake_core.videollm.precision import Precision

Told = QuestionEvent | DescribingEvent | Wanted
_Queue = SimpleQueue[Told | BaseException | None]
"""Of what is told; at its end, why it ends, or None."""

MOMENT = 0.1
"""Seconds of what travels together: Ray takes a thousandth of a second of CPU, on both sides, for each word."""

_Order = TypeVar("_Order", VideoToDescribe, Question)


class LentModel:
    """Answers as this computer would for itself: with its own memories, speeds and graphics card.

    Args:
        cores: that it may use.
    """

    def __init__(self, cores: int) -> None:
        torch.set_num_threads(cores)
        self._paths = PathMap.of_node()
        self._answerer = LocalDescriber(DataDir(Path(os.environ[DATA])))
        self._working = threading.Lock()
        self._answering = Answering(answering_folder())
        self._tokens: dict[int, CancelToken] = {}
        self._owners: dict[int, Owner] = {}

    def open(self, model: str | PurePath, precision: Precision) -> ModelFacts:
        """Open a model: an id, or a folder as the other computer calls it; see `Answerer`."""
        name = model if isinstance(model, str) else os.fspath(self._paths.here(model))
        with self._working:
            facts, _ = self._answerer.open(ModelChoice(name, None, precision), CancelToken())
        assert facts is not None
        return facts

    def plan(self, question: Question) -> QuestionPlan:
        """See `Answerer`."""
        token = CancelToken()
        with self._working:
            return self._answerer.plan(self._seen(question, Owner(_nothing_is_wanted, token)), token)

    def answer(self, number: int, question: Question) -> Iterator[Sequence[Told]]:
        """Answer a question, which is stopped and given to by this number; see `Answerer`.

        Yields:
            What is told and, between that, what is wanted for it: all that comes within a moment travels together.
        """
        yield from self._told(number, question, self._answerer.answer)  # Ray wants to see that it yields

    def describe(self, number: int, wanted: VideoToDescribe) -> Iterator[Sequence[Told]]:
        """Describe a video; see `answer`, and `Describer`."""
        yield from self._told(number, wanted, self._answerer.describe)

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """See `Describer`."""
        with self._working:
            return self._answerer.expect(recordings)

    def forget(self, fingerprint: str) -> None:
        """See `Describer`."""
        with self._working:
            self._answerer.forget(fingerprint)

    def give(self, number: int, feed: int, item: Any) -> bool:
        """Take what was wanted for an answer; returns whether more is wanted."""
        owner = self._owners.get(number)
        return owner is not None and owner.give(feed, item)

    def stop(self, number: int) -> None:
        """Let an answer end, also one that is yet to begin."""
        self._tokens.setdefault(number, CancelToken()).cancel()

    def let_go(self) -> None:
        """See `Answerer`."""
        with self._working:
            self._answerer.let_go()

    def _told(
        self, number: int, order: _Order, do: Callable[[_Order, CancelToken], Iterator[Told]]
    ) -> Iterator[Sequence[Told]]:
        """Do what another computer ordered in a thread of its own, and yield what is told and wanted."""
        token = self._tokens.setdefault(number, CancelToken())
        told: _Queue = SimpleQueue()
        owner = self._owners[number] = Owner(told.put, token)
        seen = self._seen(order, owner)
        work = threading.Thread(target=self._work, args=(partial(do, seen, token), token, told), daemon=True)
        work.start()
        try:
            yield from _gathered(told)
        finally:
            token.cancel()
            work.join()
            del self._owners[number], self._tokens[number]

    def _work(
        self,
        begin: Callable[[], Iterator[Told]],
        token: CancelToken,
        told: _Queue,
    ) -> None:
        try:
            with self._working, self._answering:
                token.check()
                for event in begin():
                    told.put(event)
        except BaseException as error:  # raised again where it is heard
            told.put(error)
        else:
            told.put(None)

    def _seen(self, order: _Order, owner: Owner) -> _Order:
        return order.seen_by(partial(look_for, paths=self._paths, owner=owner))


def _gathered(told: _Queue) -> Iterator[Sequence[Told]]:
    """Yield what is told, moment by moment; what is wanted is told at once."""
    while True:
        word, moment, until = told.get(), list[Told](), time.monotonic() + MOMENT
        while not (word is None or isinstance(word, BaseException)):
            moment.append(word)
            if isinstance(word, Wanted) or (left := until - time.monotonic()) <= 0:
                break
            try:
                word = told.get(timeout=left)
            except Empty:
                break
        if moment:
            yield moment
        if word is None:
            return
        if isinstance(word, BaseException):
            raise word


def _nothing_is_wanted(wanted: Wanted) -> None:
    raise AssertionError(f"a plan wants {type(wanted).__name__}")
