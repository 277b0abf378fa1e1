"""The pass that looks for faces: what it stores, how it goes on, and what indexing again leaves as it was."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, func, select, update

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled
from retake_core.indexing.passes import stretch_pass
from retake_core.indexing.passes.faces import FacesPass
from retake_core.indexing.passes.kits import between_keyframes
from retake_core.library import persons
from retake_core.library.database import Database
from retake_core.library.schema import face, face_reading, keyframe, not_person, person
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import Send
from retake_core.people import faces_task
from retake_core.people.model import FaceModelError
from retake_core.people.registry import InstalledFaces
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import FacesFound, PassProgress, PassStarted, Remarked
from retake_core.settings import Settings
from tests.support.fake_faces import INSTALLED, ColourFaces, use_fake_faces
from tests.support.fakes import FakeEncoder, age
from tests.support.faults import survived
from tests.support.in_process import decode_in_threads
from tests.support.screen_clips import screen_clip
from tests.support.shelf import keyframe_times, only, run_index, video

ON = Settings(faces=True, screen_text=False)
KILLS = int(os.environ.get("RETAKE_FACES_KILLS", "12"))
STATEMENTS = 42  # about as many as a run executes
AGAIN = (9, 5)  # statements before the second and the third kill of a library
PARTY = ("red", "grey", "green", "blue", "grey", "red")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of clips in which two people come and go, and one of nobody."""
    folder = tmp_path_factory.mktemp("films")
    screen_clip(folder / "party.mp4", [], PARTY)
    screen_clip(folder / "walk.mp4", [], ("green", "grey", "yellow"))
    screen_clip(folder / "empty.mp4", [], ("grey", "white", "grey"))
    return folder


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    decode_in_threads(monkeypatch)
    use_fake_faces(monkeypatch)


def copy(films: Path, folder: Path, *names: str) -> None:
    for name in names:
        shutil.copy2(films / name, folder / name)


def groups(database: Database) -> dict[int, list[tuple[str, float]]]:
    """Return by person where the faces are: file name and second."""
    with database.reading() as connection:
        return {
            entry.id: [(name, moment.start) for moment in entry.moments for name in [_name(database, moment)]]
            for entry in persons.people(connection)
        }


def _name(database: Database, moment: persons.Sighting) -> str:
    from retake_core.library.catalog import videos_by_id

    with database.reading() as connection:
        return videos_by_id(connection, [moment.video_id])[moment.video_id].path.name


def rows(database: Database) -> list[tuple[object, ...]]:
    """Return all that is known of faces, but for ids."""
    with database.reading() as connection:
        found = connection.execute(
            select(face.c.video_id, face.c.time_us, face.c.x0, face.c.vector, face.c.picture, person.c.name)
            .outerjoin(person, person.c.id == face.c.person_id)
            .order_by(face.c.video_id, face.c.time_us, face.c.x0)
        )
        return [tuple(row) for row in found]


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(face)) or 0)


def test_who_is_seen_is_found_and_grouped(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder
) -> None:
    copy(films, folder, "party.mp4", "walk.mp4", "empty.mp4")
    events = run_index(database, folder, encoder, settings=ON)
    assert [start.videos for start in only(events, PassStarted) if start.name == "faces"] == [3]
    assert [event for event in only(events, PassProgress) if event.name == "faces"]
    assert {Path(event.path).name: event.faces > 0 for event in only(events, FacesFound)} == {
        "party.mp4": True,
        "walk.mp4": True,
        "empty.mp4": False,
    }
    first, second, third = sorted(groups(database).values(), key=len, reverse=True)
    assert {name for name, _ in first} | {name for name, _ in second} == {"party.mp4", "walk.mp4"}
    assert {name for name, _ in third} == {"walk.mp4"}
    assert not only(run_index(database, folder, encoder, settings=ON), FacesFound), "nothing is looked at twice"
    with database.reading() as connection:
        pictures = connection.execute(select(face.c.time_us, face.c.picture)).all()
    at_keyframes = {round(1e6 * t) for name in ("party.mp4", "walk.mp4") for t in keyframe_times(database, name)}
    assert {row.time_us in at_keyframes for row in pictures if row.picture is not None} == {True}
    assert any(row.picture is None for row in pictures), "also between keyframes"


def test_it_is_off_unless_it_is_asked_for(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder
) -> None:
    copy(films, folder, "party.mp4")
    events = run_index(database, folder, encoder, settings=Settings(screen_text=False))
    assert not only(events, FacesFound)
    assert count(database) == 0


def test_new_videos_join_groups_without_renaming_any(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder
) -> None:
    copy(films, folder, "party.mp4")
    run_index(database, folder, encoder, settings=ON)
    before = groups(database)
    assert len(before) == 2
    with database.writing() as connection:
        for number, name in zip(sorted(before), ("Anna", "Ben"), strict=True):
            persons.name_person(connection, number, name)
    copy(films, folder, "walk.mp4")
    run_index(database, folder, encoder, settings=ON)
    after = groups(database)
    assert {number: [place for place in after[number] if place[0] == "party.mp4"] for number in before} == before
    with database.reading() as connection:
        names = {entry.id: entry.name for entry in persons.people(connection)}
    assert sorted(filter(None, names.values())) == ["Anna", "Ben"]
    assert {places[0][0] for number, places in after.items() if names[number] is None} == {"walk.mp4"}
    joined = [n for n, places in after.items() if names[n] and ("walk.mp4" in {name for name, _ in places})]
    assert len(joined) == 1


def test_a_run_that_was_stopped_goes_on_where_it_was(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(films, folder, "party.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    monkeypatch.setattr(stretch_pass, "STRETCH", 2)
    token = CancelToken()
    asked: list[float] = []
    real = faces_task.FacesTask.run

    def run(task: faces_task.FacesTask, send: Send) -> None:
        asked.extend(task.times)
        real(task, send)
        if len(asked) > 4:
            token.cancel()

    monkeypatch.setattr(faces_task.FacesTask, "run", run)
    with pytest.raises(Cancelled):
        list(FacesPass(database, INSTALLED, token).run())
    with database.reading() as connection:
        assert set(connection.execute(select(face_reading.c.part)).scalars()) >= {0}
    stored = rows(database)
    assert stored
    asked.clear()
    monkeypatch.setattr(token, "cancel", lambda: None)
    assert only(list(FacesPass(database, INSTALLED, CancelToken()).run()), FacesFound)
    assert min(asked) > 0, "the first stretch is not looked at again"
    with database.reading() as connection:
        assert list(connection.execute(select(face_reading.c.part)).scalars()) == [-1]
    assert len(rows(database)) == len({row[:3] for row in rows(database)}), "nothing is doubled"


@pytest.mark.slow
def test_kills_lose_double_and_rename_nothing(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder, tmp_path: Path
) -> None:
    copy(films, folder, "party.mp4")
    run_index(database, folder, encoder, settings=ON)
    with database.writing() as connection:
        for number, name in zip(
            sorted(entry.id for entry in persons.people(connection)), ("Anna", "Ben"), strict=True
        ):
            persons.name_person(connection, number, name)
    copy(films, folder, "walk.mp4", "empty.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    database.reclaim()
    command = [sys.executable, "-m", "tests.support.faces_runner"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdin is not None
        assert runner.stdout is not None
        assert runner.stdout.readline() == "ready\n"

        def look(library: Path, statements: int | None) -> int:
            assert runner.stdin is not None
            assert runner.stdout is not None
            print(json.dumps([str(library), statements]), file=runner.stdin, flush=True)
            return int(runner.stdout.readline())

        whole = tmp_path / "whole.db"
        shutil.copyfile(database.path, whole)
        assert look(whole, None) == 0
        expected = _found(whole)
        kills = 0
        for first in range(1, STATEMENTS, max(1, 3 * STATEMENTS // KILLS)):
            killed = tmp_path / f"{first}.db"
            shutil.copyfile(database.path, killed)
            kills += [look(killed, statements) for statements in (first, *AGAIN)].count(-signal.SIGKILL)
            assert look(killed, None) == 0
            assert _found(killed) == expected
            assert look(killed, 10) == 0, "nothing is left to do"
        runner.stdin.close()
    assert kills >= KILLS // 2
    survived("`kill -9` while faces are looked for", kills)


def _found(path: Path) -> tuple[list[tuple[object, ...]], dict[str | None, int]]:
    """Return all faces of a library with their people's names, and how many faces each person has."""
    with closing(Database(path)) as database, database.reading() as connection:
        names = {entry.name: entry.faces for entry in persons.people(connection)}
        return rows(database), names


def test_it_gives_way(films: Path, folder: Path, database: Database, encoder: FakeEncoder) -> None:
    copy(films, folder, "party.mp4", "walk.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    run = FacesPass(database, INSTALLED, CancelToken()).run(give_way=lambda: True)
    assert len(only(list(run), FacesFound)) == 1
    assert len(only(list(FacesPass(database, INSTALLED, CancelToken()).run()), FacesFound)) == 1


def test_what_was_said_by_hand_stays_when_keyframes_or_the_model_change(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(films, folder, "party.mp4")
    run_index(database, folder, encoder, settings=ON)
    with database.writing() as connection:
        everybody = persons.people(connection)
        anna, ben = everybody[0].id, everybody[1].id
        persons.name_person(connection, anna, "Anna")
        persons.name_person(connection, ben, "Ben")
        number = video(database, "party.mp4").id
        of_anna = select(face.c.id).where(face.c.person_id == anna).order_by(face.c.time_us)
        moved = list(connection.execute(of_anna).scalars())[-2:]
        carl = persons.split_person(connection, anna, moved)
        persons.name_person(connection, carl, "Carl")
    before = [(row[0], row[1], row[2], row[5]) for row in rows(database)]
    assert {"Anna", "Ben", "Carl"} == {row[3] for row in before}
    with database.writing() as connection:  # another choice of keyframes, some of them as they were
        connection.execute(delete(keyframe).where(keyframe.c.video_id == number, keyframe.c.time_us == 0))
        connection.execute(update(face_reading).values(stamp="older"))
    other = ColourFaces(shift=0.3)
    monkeypatch.setattr(faces_task, "_opened", lambda *_: other)
    newer = InstalledFaces("fake", (Path("/nowhere"),), 0.5, "fake-faces-2")
    assert only(list(FacesPass(database, newer, CancelToken()).run()), FacesFound)
    with database.reading() as connection:
        models = set(connection.execute(select(face.c.model)).scalars())
        rejected = connection.execute(select(not_person.c.person_id)).scalars().all()
    assert models == {"fake-faces-2"}
    after = [(row[0], row[1], row[2], row[5]) for row in rows(database)]
    assert set(after) <= set(before)
    assert {"Anna", "Ben", "Carl"} == {row[3] for row in after}
    assert set(rejected) == {anna}


def test_a_stretch_that_ends_the_process_costs_only_itself(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(films, folder, "party.mp4", "walk.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    real = LastingDecoder.messages

    def messages(decoder: object, task: faces_task.FacesTask, cancel: CancelToken) -> object:
        if task.path.name == "walk.mp4":
            raise DecoderDiedError("the decoder ended")
        return real(decoder, task, cancel)  # type: ignore[arg-type]

    monkeypatch.setattr(LastingDecoder, "messages", messages)
    events: list[Event] = list(FacesPass(database, INSTALLED, CancelToken()).run())
    assert [Path(remark.path).name for remark in only(events, Remarked)] == ["walk.mp4"]
    assert {Path(event.path).name for event in only(events, FacesFound)} == {"party.mp4", "walk.mp4"}


def test_what_crashes_at_once_is_told_once_and_ends_the_pass(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(films, folder, "party.mp4", "walk.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))

    def messages(*_: object) -> object:
        raise DecoderDiedError("the decoder ended")

    monkeypatch.setattr(LastingDecoder, "messages", messages)
    (remark,) = only(list(FacesPass(database, INSTALLED, CancelToken()).run()), Remarked)
    assert "crashes on this computer" in remark.text
    assert count(database) == 0


@pytest.mark.parametrize("when", ["found", "opened"])
def test_a_model_that_cannot_be_used_is_told_and_all_else_goes_on(
    films: Path,
    folder: Path,
    database: Database,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    def refuse(*_: object) -> object:
        raise FaceModelError("The face model is damaged; get it again.")

    if when == "opened":
        monkeypatch.setattr(faces_task, "_opened", refuse)
    else:
        monkeypatch.setattr("retake_core.indexing.run.find_face_model", refuse)
    copy(films, folder, "party.mp4", "walk.mp4")
    events = run_index(database, folder, encoder, settings=ON)
    assert [remark.text for remark in only(events, Remarked)] == ["The face model is damaged; get it again."]
    assert keyframe_times(database, "party.mp4")


def test_a_video_that_is_gone_or_changes_is_left_for_the_next_run(
    films: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(films, folder, "party.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    real = faces_task.FacesTask.run

    def run(task: faces_task.FacesTask, send: Send) -> None:
        real(task, send)
        task.path.write_bytes(task.path.read_bytes() + b"more")
        age(task.path)

    monkeypatch.setattr(faces_task.FacesTask, "run", run)
    assert not only(list(FacesPass(database, INSTALLED, CancelToken()).run()), FacesFound)
    assert count(database) == 0


def test_frames_between_keyframes_are_spread_and_few() -> None:
    assert between_keyframes(0.0, 1.9) == []
    assert between_keyframes(0.0, 2.0) == [1.0]
    assert np.allclose(between_keyframes(10.0, 40.0), [20.0, 30.0])
