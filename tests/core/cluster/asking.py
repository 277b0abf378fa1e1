"""A cluster that lends a model, and who asks it."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from retake_core.cancel import CancelToken
from retake_core.cluster.node import Node
from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.history import StoredMessage, find_message
from retake_core.protocol import requests
from retake_core.protocol.question_events import (
    Asked,
    FramesRead,
    PlanMade,
    QuestionEvent,
    QuestionPlan,
    SourcesFound,
    StageBegun,
    Wrote,
)
from retake_core.questions.answerer import Answerer
from retake_core.questions.service import QuestionService
from retake_core.search.encoder_choice import SearchEncoder
from tests.core.cluster.conftest import Cluster, new_cluster
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.shapes import asked_of, make_shapes
from tests.support.shelf import only, video

CLIP = "shapes-01.mp4"


@dataclass(frozen=True)
class Lending(Cluster):
    """A cluster whose first computer computes nothing, and whose second, "two", does not see `unseen`."""

    nodes: tuple[Node, ...]


@contextmanager
def lending_cluster(folder: Path) -> Iterator[Lending]:
    """Run such a cluster during the block, with the clips of `make_shapes` in its folders `seen` and `unseen`."""
    made, head = new_cluster(folder, cores=0)
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        decode_in_threads(patch)
        for name in ("seen", "unseen"):
            (made.root / name).mkdir()
            make_shapes(made.root / name)
    with head, made.node("two", unseen=("unseen",)) as two:
        yield Lending(made.address, made.place, made.root, (head, two))


@contextmanager
def lent(cluster: Cluster) -> Iterator[Answerer]:
    """Have questions answered on a cluster during the block, and forget it then."""
    from retake_core.cluster.service import answerer_at

    before = dict(os.environ)
    try:
        with answerer_at(cluster.data_dir, str(cluster.address)) as answerer:
            yield answerer
    finally:
        os.environ.clear()
        os.environ.update(before)


class Desk:
    """Asks about the videos of a library, and forgets at the end what any computer remembers of them.

    Args:
        root: of the library and its videos, by `make_shapes`.
        elsewhere: answers; None is this computer.
    """

    def __init__(self, root: Path, elsewhere: Answerer | None = None) -> None:
        self.root, self.data = root, DataDir(root / "data")
        self.database = Database(self.data.database)
        encoders = SearchEncoder(self.data.vectors, lambda _: FakeEncoder(), lambda: "builtin")
        self.service = QuestionService(self.database, self.data, encoders, elsewhere)
        self.told: list[QuestionEvent] = []

    def ask(
        self,
        question: str,
        about: str | None = CLIP,
        see: Callable[[QuestionEvent], object] = lambda _: None,
        cancel: CancelToken | None = None,
        **more: Any,
    ) -> list[QuestionEvent]:
        number = None if about is None else video(self.database, about).id
        request = requests.Ask(id=1, question=question, video_id=number, **more)
        self.told = []

        def tell(event: QuestionEvent) -> None:
            self.told.append(event)
            see(event)

        self.service.ask(request, cancel or CancelToken(), tell)
        return self.told

    def message(self) -> StoredMessage:
        """Return what the history has of the last question."""
        (asked,) = only(self.told, Asked)
        with self.database.reading() as connection:
            return find_message(connection, asked.message_id)[0]


Make = Callable[..., Desk]


def text(events: Sequence[QuestionEvent]) -> str:
    return "".join(event.text for event in only(events, Wrote))


def rests_on(events: Sequence[QuestionEvent]) -> list[object]:
    """Return the citations, the times in the text, and the cited lines."""
    (found,) = only(events, SourcesFound)
    cited = [(c.video_id, c.keyframe_id, c.time, c.start, c.end, c.confirmed) for c in found.citations]
    strengths = [pytest.approx(c.strength, abs=1e-3) for c in found.citations]
    return [cited, strengths, found.written, found.lines]


def steps(events: Sequence[QuestionEvent]) -> list[QuestionEvent]:
    """Return what was done; whether the model had to be loaded for it, is of no interest."""
    done = [event for event in events if isinstance(event, StageBegun | FramesRead)]
    return [event for event in done if event != StageBegun("model")]


def plan_of(events: Sequence[QuestionEvent]) -> QuestionPlan:
    (made,) = only(events, PlanMade)
    return made.plan


def when(desk: Desk) -> str:
    question: str = asked_of(desk.root, "when")["text"]
    return question
