"""Whatever comes down the pipe, the worker answers or rejects it, and does its work afterwards."""

import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import Buffer

from retake_core import protocol, sync
from retake_core.paths import DataDir
from retake_core.worker import MAX_OPEN, Worker
from tests.core.fakes import FakeEncoder

REQUESTS = ["Index", "RemoveFolder", "Reindex", "Search", "Still", "Cancel", "Pause", "Resume", "Dance"]
FIELDS = ["id", "add", "folder", "video_id", "query", "limit", "time", "version", "holder"]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "/", "user", "a" * 5000, "\udcff", "../..", "1e999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
usual = st.fixed_dictionaries(
    {"request": st.sampled_from(REQUESTS), "version": st.just(protocol.VERSION), "id": st.integers(0, 3)}
)
unusual = st.fixed_dictionaries({}, optional={name: values for name in FIELDS})
messages = st.builds(lambda one, other: one | other, usual, unusual)
LAST = 1 << 40


def as_line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


lines = st.lists(
    messages.map(as_line)
    | messages.map(lambda message: as_line(message)[:-9] + b"\n")
    | st.binary(max_size=60).map(lambda data: data.replace(b"\n", b" ") + b"\n"),
    max_size=12,
)


class Pipe(io.BytesIO):
    """Takes what a worker says."""

    def __init__(self) -> None:
        super().__init__()
        self.is_over = threading.Event()

    def write(self, line: Buffer) -> int:
        if f'"id":{LAST}'.encode() in bytes(line):
            self.is_over.set()
        return super().write(line)


class Requests(io.BytesIO):
    """Gives lines, and comes to its end when the last request was answered."""

    def __init__(self, data: bytes, answers: Pipe) -> None:
        super().__init__(data)
        self._answers = answers

    def readline(self, size: int | None = -1) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\n"):
            assert self._answers.is_over.wait(60), "the worker no longer answers"
        return line


def answers_of(data_dir: DataDir, said: bytes, half: bytes = b"") -> list[protocol.AnyAnswer]:
    """Return what a worker answers; every line must be an answer, the last one to a search that ends well."""
    answers = Pipe()
    resume = [protocol.Resume(id=LAST, holder="user"), protocol.Resume(id=LAST, holder="question")]
    last = b"".join(map(protocol.encode, [*resume, protocol.Search(id=LAST, query="red")]))
    Worker(data_dir, Requests(said + last + half, answers), answers, lambda _name: FakeEncoder()).run()
    *heard, found = [protocol.decode_answer(line) for line in answers.getvalue().splitlines()]
    assert found == protocol.Found(id=LAST, hits=())
    return heard


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataDir]:
    directory = DataDir(tmp_path_factory.mktemp("library") / "data")
    directory.create()
    yield directory


@settings(
    max_examples=120,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=lines, half=st.binary(max_size=30))
def test_anything_is_answered_or_rejected(said: list[bytes], half: bytes, data_dir: DataDir) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sync, "find_videos", lambda *_: ())  # a folder that comes up by chance may be a real one
        heard = answers_of(data_dir, b"".join(said), half.replace(b"\n", b""))
    assert not [answer for answer in heard if isinstance(answer, protocol.Failed) and answer.defect]
    for line in said:  # what is a request is answered, unless its number was taken
        try:
            request = protocol.decode_request(line)
        except protocol.ProtocolError:
            continue
        if not isinstance(request, protocol.Cancel | protocol.Pause | protocol.Resume):
            assert request.id in {answer.id for answer in heard if not isinstance(answer, protocol.Told)}


def test_a_flood_is_stemmed_and_survived(data_dir: DataDir) -> None:
    said = b"".join(protocol.encode(protocol.Search(id=n, query="red")) for n in range(3 * MAX_OPEN))
    heard = answers_of(data_dir, said)
    assert {answer.id for answer in heard} == set(range(3 * MAX_OPEN))
    assert {type(answer) for answer in heard} == {protocol.Found, protocol.Rejected}


def test_an_id_that_is_taken_is_rejected_and_the_first_is_answered(data_dir: DataDir) -> None:
    said = protocol.encode(protocol.Search(id=5, query="red")) * 3
    heard = answers_of(data_dir, said)
    assert sum(answer == protocol.Found(id=5, hits=()) for answer in heard) >= 1
    assert all(isinstance(answer, protocol.Found) or answer.id == -1 for answer in heard)
