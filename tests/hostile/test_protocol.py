"""Whatever comes down the pipe, the worker answers or rejects it, and does its work afterwards."""

import contextlib
import json
import random
from typing import Any

import pytest

from retake_core.data_dir import DataDir
from retake_core.media.folder_walk import FolderWalk
from retake_core.protocol import answers, lines, requests
from retake_core.worker.__main__ import MAX_OPEN
from tests.hostile.patient_worker import converse
from tests.support.fakes import FakeEncoder

REQUESTS = [
    "Index", "RemoveFolder", "Reindex", "Retry", "RemoveVideos", "Search", "Similar", "Still", "Cancel", "Pause",
    "Resume", "Dance",
]  # fmt: skip
FIELDS = [
    "id", "add", "folder", "folders", "first", "video_id", "video_ids", "like", "query", "limit", "time",
    "version", "holder", "other",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, 0, 1, -1, 2**31, 2**63, -(2**70), 10**300, 0.5, -0.0, 1e308, float("inf"), float("nan"), "", "red",
    "\0", "\ud800", "\udcff", "/", "../..", "user", "a" * 5000, "\n\x1b[2J", [], ["/nowhere"], ["\0"], {},
    {"a": [1]}, [1, 2], [2**63 - 1], [-1],
]  # fmt: skip
LINES = 400
LAST = 1 << 40


def random_line(chance: random.Random) -> bytes:
    """Return something that may be a request, one with odd values, a torn one, or bytes."""
    message: dict[str, Any] = {
        "request": chance.choice(REQUESTS),
        "version": lines.VERSION,
        "id": chance.randrange(50),
    }
    for name in chance.sample(FIELDS, chance.choice([0, 1, 1, 2, 4])):
        message[name] = chance.choice(VALUES)
    line = json.dumps(message).encode()
    match chance.randrange(8):
        case 0:
            line = line[: chance.randrange(len(line))]
        case 1:
            line = chance.randbytes(chance.randrange(80)).replace(b"\n", b" ")
        case 2:
            line = b"[" * chance.choice([3, 900, 50_000]) + line
    return line + b"\n"


def answers_of(data_dir: DataDir, said: bytes, half: bytes = b"") -> list[answers.AnyReply]:
    """Return what a worker answers to some lines and a last search; every line that it says must be an answer."""
    resume = [requests.Resume(id=LAST, holder="user"), requests.Resume(id=LAST, holder="question")]
    end = b"".join(map(lines.encode, [*resume, requests.Search(id=LAST, query="red")]))
    heard_bytes = converse(data_dir, said + end + half, LAST, lambda _name: FakeEncoder())
    return [answers.decode_answer(line) for line in heard_bytes.splitlines()]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    directory = DataDir(tmp_path_factory.mktemp("library") / "data")
    directory.create()
    return directory


@pytest.mark.parametrize("seed", range(3))
def test_anything_is_answered_or_rejected(seed: int, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderWalk, "videos", lambda _: ())  # a folder that comes up by chance may be a real one
    chance = random.Random(seed)
    said = [random_line(chance) for _ in range(LINES)]
    heard = answers_of(data_dir, b"".join(said), half=chance.randbytes(50).replace(b"\n", b" "))
    assert answers.MomentsReady(id=LAST, hits=()) in heard
    assert not [answer for answer in heard if isinstance(answer, answers.JobFailed) and answer.defect]
    asked = set()
    for line in said:
        with contextlib.suppress(lines.ProtocolError):
            request = requests.decode_request(line)
            if not isinstance(request, requests.Cancel | requests.Pause | requests.Resume):
                asked.add(request.id)
    assert asked <= {answer.id for answer in heard if not isinstance(answer, answers.JobEvent)}
    assert len([answer for answer in heard if isinstance(answer, answers.LineRejected)]) > LINES // 8


def test_a_flood_is_stemmed_and_survived(data_dir: DataDir) -> None:
    said = b"".join(lines.encode(requests.Search(id=n, query="red")) for n in range(3 * MAX_OPEN))
    heard = answers_of(data_dir, said)
    assert sorted(answer.id for answer in heard) == [*range(3 * MAX_OPEN), LAST]  # each once
    assert {type(answer) for answer in heard} <= {answers.MomentsReady, answers.LineRejected, answers.JobCancelled}
    assert sum(isinstance(answer, answers.LineRejected) for answer in heard) > MAX_OPEN


def test_an_id_that_is_taken_is_rejected_and_the_first_is_answered(data_dir: DataDir) -> None:
    said = lines.encode(requests.Search(id=5, query="red")) * 3
    heard = answers_of(data_dir, said)
    assert sum(answer == answers.MomentsReady(id=5, hits=()) for answer in heard) >= 1
    assert all(isinstance(answer, answers.MomentsReady) or answer.id == -1 for answer in heard)
    assert answers.MomentsReady(id=LAST, hits=()) in heard


def test_odd_folders_are_watched_like_any_that_is_gone(data_dir: DataDir) -> None:
    folders = ("/nowhere", "/nowhere/\udcff\n", "/" + "a" * 5000, "not absolute", "/dev/null")
    watch = requests.Watch(id=5, folders=folders)
    heard = answers_of(data_dir, lines.encode(watch) + lines.encode(requests.Cancel(id=5)))
    assert answers.JobCancelled(id=5) in heard
    assert answers.MomentsReady(id=LAST, hits=()) in heard
    with pytest.raises(lines.ProtocolError):
        requests.decode_request(lines.encode(watch).replace(b"not absolute", rb"\u0000"))
