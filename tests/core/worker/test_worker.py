"""The worker as its parent sees it: a process with lines going in and out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, indexing_events, lines, requests
from tests.support.fakes import make_clip
from tests.support.worker_talk import Talk


def _environment(pause: float = 0.0) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "RETAKE_TEST_PAUSE": str(pause)}


@pytest.fixture
def talk(data_dir: DataDir) -> Iterator[Talk]:
    worker = Talk(data_dir, _environment())
    yield worker
    if worker.process.stdin is not None and not worker.process.stdin.closed:
        assert worker.end() == 0


def test_it_indexes_then_searches_and_ends_with_its_input(talk: Talk, clips: Path) -> None:
    talk.say(requests.Index(id=1, add=(str(clips),)))
    told, answer = talk.outcome()
    assert answer == answers.JobDone(id=1)
    assert isinstance(
        next(event for event in told if not isinstance(event, indexing_events.Scanning)), indexing_events.Scanned
    )
    assert isinstance(told[-1], indexing_events.Indexed)
    assert told[-1].videos > 0
    talk.say(requests.Search(id=2, query="green"))
    _, found = talk.outcome()
    assert isinstance(found, answers.MomentsReady)
    assert found.hits
    assert all(hit.start <= hit.time <= hit.end for hit in found.hits)
    assert {hit.why for hit in found.hits} == {("picture",)}
    talk.say(requests.Search(id=8, query="short"))
    _, named = talk.outcome()
    assert isinstance(named, answers.MomentsReady)
    (hit,) = named.hits
    assert (hit.why, hit.snippet, hit.marks) == (("title",), "short", ((0, 5),))
    talk.say(requests.Search(id=9, query="", picture=str(clips / "short.mp4")))
    assert isinstance(talk.outcome()[1], answers.JobFailed)
    only = found.hits[0].video_id
    talk.say(requests.Search(id=3, query="green", video_id=only))
    _, found = talk.outcome()
    assert isinstance(found, answers.MomentsReady)
    assert {hit.video_id for hit in found.hits} == {only}
    talk.say(requests.Still(id=4, video_id=only, time=found.hits[0].time))
    _, picture = talk.outcome()
    assert isinstance(picture, answers.StillReady)
    assert picture.time == pytest.approx(found.hits[0].time, abs=0.002)
    assert picture.jpeg[:2] == b"\xff\xd8"
    assert talk.end() == 0


@pytest.mark.parametrize(
    ("line", "words", "job_id"),
    [
        pytest.param(b"hello\n", "not JSON", -1, id="words"),
        pytest.param(b"[" * 100_000 + b"\n", "not JSON", -1, id="deep"),
        (b"\xff\xfe\n", "not JSON", -1),
        (b"[1]\n", "Version None", -1),
        (b'{"version": 99, "request": "Search", "id": 7}\n', "Version 99", 7),
        (b'{"version": 1, "request": "Dance", "id": 7}\n', "not understood", 7),
        (b'{"version": 1, "request": "Search", "id": 7}\n', "not understood", 7),
        pytest.param(b"x" * (lines.MAX_LINE + 9) + b"\n", "longer than", -1, id="long"),
    ],
)
def test_a_line_that_is_no_request_is_answered_and_survived(
    talk: Talk, line: bytes, words: str, job_id: int
) -> None:
    talk.say(line)
    answer = talk.hear()
    assert isinstance(answer, answers.LineRejected)
    assert words in answer.reason
    assert answer.id == job_id
    talk.say(requests.Index(id=8))
    assert talk.outcome()[1] == answers.JobDone(id=8)


def test_a_job_is_cancelled_while_it_runs_and_while_it_waits(data_dir: DataDir, clips: Path) -> None:
    talk = Talk(data_dir, _environment(pause=0.3))
    talk.say(requests.Index(id=1, add=(str(clips),)))
    while not isinstance(answer := talk.hear(), answers.JobEvent) or not isinstance(
        answer.event, indexing_events.PassProgress
    ):
        pass
    talk.say(requests.Search(id=2, query="green"))
    talk.say(requests.Cancel(id=2))
    talk.say(requests.Cancel(id=1))
    talk.say(requests.Cancel(id=99))
    assert talk.outcome()[1] == answers.JobCancelled(id=1)
    assert talk.outcome()[1] == answers.JobCancelled(id=2)
    assert talk.end() == 0


def test_indexing_waits_until_every_holder_lets_it_go_on(talk: Talk, clips: Path) -> None:
    talk.say(requests.Pause(id=0, holder="user"))
    talk.say(requests.Pause(id=0, holder="question"))
    talk.say(requests.Index(id=1, add=(str(clips),)))
    talk.say(requests.Resume(id=0, holder="question"))
    talk.say(b"hello\n")
    assert isinstance(talk.hear(), answers.LineRejected)  # and not a word of the job
    talk.say(requests.Cancel(id=1))
    assert talk.outcome() == ([], answers.JobCancelled(id=1))
    talk.say(requests.Resume(id=0, holder="user"))
    talk.say(requests.Index(id=2, add=(str(clips),)))
    assert talk.outcome()[1] == answers.JobDone(id=2)


def test_the_end_of_the_input_stops_a_running_job(data_dir: DataDir, clips: Path) -> None:
    talk = Talk(data_dir, _environment(pause=0.3))
    talk.say(requests.Index(id=1, add=(str(clips),)))
    talk.hear()
    assert talk.end() == 0


def test_videos_are_tried_again_and_removed_for_good(talk: Talk, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    make_clip(folder / "whole.mp4", [(3, "red"), (3, "blue")])
    (folder / "broken.mp4").write_bytes(b"no video" * 1000)
    talk.say(requests.Index(id=1, add=(str(folder),)))
    told, _ = talk.outcome()
    (failed,) = [event for event in told if isinstance(event, indexing_events.VideoFailed)]
    talk.say(requests.Index(id=2))
    assert not [event for event in talk.outcome()[0] if isinstance(event, indexing_events.VideoFailed)]
    talk.say(requests.Retry(id=3))
    assert talk.outcome() == ([], answers.JobDone(id=3))
    talk.say(requests.Index(id=4))
    assert failed in talk.outcome()[0]
    talk.say(requests.Search(id=5, query="red"))
    found = talk.hear()
    assert isinstance(found, answers.MomentsReady)
    videos = {hit.video_id for hit in found.hits}
    talk.say(requests.RemoveVideos(id=6, video_ids=tuple(videos)))
    (freed,), outcome = talk.outcome()
    assert isinstance(freed, indexing_events.Freed)
    assert freed.videos == len(videos)
    assert freed.size > 0
    assert outcome == answers.JobDone(id=6)
    talk.say(requests.Index(id=7))
    assert talk.outcome()[1] == answers.JobDone(id=7)
    talk.say(requests.Search(id=8, query="red"))
    assert talk.hear() == answers.MomentsReady(id=8, hits=())


def test_only_one_may_write(talk: Talk, data_dir: DataDir) -> None:
    with FileLock(data_dir.lock):
        talk.say(requests.RemoveFolder(id=1, folder="/x"))
        answer = talk.outcome()[1]
        assert isinstance(answer, answers.JobFailed)
        assert "Another ReTaKe is indexing" in answer.reason
        assert not answer.defect


def test_indexing_waits_for_another_program_that_writes(talk: Talk, data_dir: DataDir) -> None:
    with FileLock(data_dir.lock):
        talk.say(requests.Index(id=1))
        waiting = talk.hear()
        assert isinstance(waiting, answers.JobEvent)
        assert isinstance(waiting.event, indexing_events.Waiting)
        assert "Another ReTaKe is indexing" in waiting.event.reason
        talk.say(requests.Cancel(id=1))
        assert talk.outcome()[1] == answers.JobCancelled(id=1)
        talk.say(requests.Index(id=2))
        assert isinstance(talk.hear(), answers.JobEvent)
    assert talk.outcome()[1] == answers.JobDone(id=2)


def test_a_missing_folder_is_the_users_error(talk: Talk, tmp_path: Path) -> None:
    talk.say(requests.Index(id=1, add=(str(tmp_path / "nowhere"),)))
    answer = talk.outcome()[1]
    assert isinstance(answer, answers.JobFailed)
    assert "There is no folder" in answer.reason
    assert not answer.defect


def test_messages_survive_odd_file_names() -> None:
    odd = "/videos/caf\udce9.mp4"
    answer = answers.JobEvent(id=1, event=indexing_events.VideoFailed(odd, "It is broken."))
    line = lines.encode(answer)
    json.loads(line)
    assert answers.decode_answer(line) == answer
