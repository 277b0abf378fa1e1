"""Several computers describe one video each at the same time; this one stores what they tell."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select

from retake_core.cancel import CancelToken
from retake_core.describing.describer import (
    DescribingEvent,
    Desk,
    ExpectedReading,
    LocalDescriber,
    UnusableError,
    VideoToDescribe,
)
from retake_core.errors import Cancelled, DoesNotFitError
from retake_core.library.database import Database
from retake_core.library.described import described_states
from retake_core.library.description import MODEL
from retake_core.library.schema import text, text_reading
from retake_core.protocol.indexing_events import DescribingFailed, DescribingPlanned, Remarked, VideoDescribed
from retake_core.questions.answerer import AnswererLostError
from tests.support.describing import Run, Script, names
from tests.support.shelf import only

MEETING = 120.0  # seconds until two threads that run at once have met, on a busy computer as well


class AtDesk:
    """A computer with a model of its own, and a trouble of its own.

    Args:
        model: describes.
        trouble: is raised instead of describing.
    """

    def __init__(self, model: LocalDescriber, trouble: Exception | None) -> None:
        self._model, self._trouble = model, trouble

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        if self._trouble is not None:
            raise self._trouble
        yield from self._model.describe(wanted, cancel)

    def forget(self, fingerprint: str) -> None:
        self._model.forget(fingerprint)


class Office:
    """Gives the pass desks in place of one model."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.troubles: Sequence[Exception | None] = ()
        office = self

        def desks(self: LocalDescriber, cancel: CancelToken) -> Sequence[Desk]:
            assert self._choice is not None
            made = []
            for number, trouble in enumerate(office.troubles):
                model = LocalDescriber(self._data_dir)
                model.open(self._choice, cancel)
                made.append(Desk(f"desk {number}", AtDesk(model, trouble)))
            return made

        patch.setattr(LocalDescriber, "desks", desks)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def rows(database: Database) -> list[Any]:
    """Return what the library was told, in whatever order."""
    columns = (text.c.video_id, text.c.kind, text.c.source, text.c.start_us, text.c.content)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]


@pytest.fixture
def told_alone(run: Run, database: Database, script: Script) -> list[Any]:  # noqa: ARG001
    """Return what one model tells, and let the library forget it."""
    run()
    told = rows(database)
    with database.writing() as connection:
        connection.execute(delete(text).where(text.c.source == MODEL))
        connection.execute(delete(text_reading).where(text_reading.c.source == MODEL))
    return told


def test_two_describe_at_the_same_time_what_one_would(
    run: Run, script: Script, database: Database, office: Office, told_alone: list[Any]
) -> None:
    office.troubles = (None, None)
    script.during = threading.Barrier(2, timeout=MEETING).wait  # type: ignore[assignment]
    events = run()
    assert sorted(names(events, VideoDescribed)) == ["long.mp4", "short.mp4"]
    assert rows(database) == told_alone
    assert not only(events, Remarked)


@pytest.mark.parametrize(
    ("trouble", "remark"),
    [
        (AnswererLostError("desk 0"), ["desk 0 is gone; its video is described anew."]),
        (UnusableError("desk 0 has too little memory."), ["desk 0 has too little memory."]),
        (DoesNotFitError("desk 0 has no room."), []),
    ],
    ids=["lost", "unusable", "no room"],
)
def test_what_one_cannot_do_another_does(
    run: Run,
    database: Database,
    office: Office,
    told_alone: list[Any],
    trouble: Exception,
    remark: list[str],
) -> None:
    office.troubles = (trouble, None)
    events = run()
    assert sorted(names(events, VideoDescribed)) == ["long.mp4", "short.mp4"]
    assert rows(database) == told_alone
    assert [event.text for event in only(events, Remarked)] == remark
    assert not only(events, DescribingFailed)


def test_what_no_desk_can_do_is_left_to_the_best_computer(
    run: Run, database: Database, office: Office, told_alone: list[Any]
) -> None:
    office.troubles = (UnusableError("desk 0 has too little memory."), UnusableError("desk 1 has none."))
    events = run()
    assert rows(database) == told_alone
    assert {event.text for event in only(events, Remarked)} == {
        "desk 0 has too little memory.",
        "desk 1 has none.",
    }


def test_a_stop_ends_all_of_them_and_loses_nothing(
    run: Run, script: Script, database: Database, office: Office
) -> None:
    office.troubles = (None, None)
    cancel = CancelToken()
    meeting = threading.Barrier(2, timeout=MEETING)

    def stop() -> None:
        meeting.wait()
        cancel.cancel()

    script.during = stop
    with pytest.raises(Cancelled):
        run(cancel=cancel)
    with database.reading() as connection:
        assert {state.begun for state in described_states(connection).values()} == {0}
    script.during = lambda: None
    assert len(only(run(), VideoDescribed)) == 2


@pytest.mark.usefixtures("script")
@pytest.mark.parametrize(("desks", "seconds"), [(0, 200.0), (2, 100.0)])
def test_two_are_expected_to_take_half_the_time(
    run: Run, office: Office, monkeypatch: pytest.MonkeyPatch, desks: int, seconds: float
) -> None:
    monkeypatch.setattr(LocalDescriber, "expect", lambda _, videos: [ExpectedReading(70.0, 1)] * len(videos))
    office.troubles = (None,) * desks
    (planned,) = only(run(), DescribingPlanned)
    assert planned.seconds == pytest.approx(seconds)
