"""`retake people`, as a person types it: who is there, names, merging, splitting, hiding, forgetting; search."""

import json
from pathlib import Path

import click
import pytest
from sqlalchemy import select

from retake_core.data_dir import DataDir
from retake_core.library import faces
from retake_core.library.database import Database
from retake_core.library.schema import video
from retake_core.settings import change_settings, load_settings
from tests.core.library.test_persons import MODEL, SAME, add_face
from tests.support.colour_library import Library
from tests.support.command import Retake


@pytest.fixture
def retake(library: Library, database: Database, data_dir: DataDir, capsys: pytest.CaptureFixture[str]) -> Retake:
    """Return the command, on a library in which 1 is seen in two films, 2 in one, and 3 a single time."""
    for name in ("party", "lake"):
        library.add(f"/videos/{name}.mp4", "red green blue", 90.0)
    with database.writing() as connection:
        party, lake = connection.execute(select(video.c.id).order_by(video.c.id)).scalars()
        for place in ((party, 0, 0), (party, 40, 0), (lake, 30, 0), (party, 4, 1), (party, 6, 1), (lake, 80, 2)):
            add_face(connection, *place)
            faces.group_new_faces(connection, MODEL, SAME)
    return Retake(capsys, data_dir.root)


def summary(retake: Retake, *options: str) -> dict[int, tuple[str | None, int]]:
    people = retake("people", "--json", *options).document["people"]
    return {entry["id"]: (entry["name"], entry["faces"]) for entry in people}


def test_the_document_says_who_and_where(retake: Retake) -> None:
    document = retake("people", "--json").document
    assert document == {
        "people": [
            {
                "id": 1,
                "name": None,
                "faces": 3,
                "hidden": False,
                "moments": [
                    {"video": "/videos/party.mp4", "time": 0.0},
                    {"video": "/videos/party.mp4", "time": 40.0},
                    {"video": "/videos/lake.mp4", "time": 30.0},
                ],
            },
            {
                "id": 2,
                "name": None,
                "faces": 2,
                "hidden": False,
                "moments": [{"video": "/videos/party.mp4", "time": 4.0}],
            },
        ],
        "others": 1,
    }
    assert set(summary(retake, "--all")) == {1, 2, 3}
    shown = retake("people").out
    assert "party.mp4@0:00, party.mp4@0:40" in " ".join(shown.split())
    assert "1 more are hidden, or were seen a single time" in shown


def test_people_are_named_merged_and_hidden(retake: Retake) -> None:
    assert json.loads(retake(("people", "name"), "1", "Anna", "--json").out)["people"][0]["name"] == "Anna"
    retake(("people", "name"), "anna", "Anna Smith")
    assert summary(retake) == {1: ("Anna Smith", 3), 2: (None, 2)}
    assert "merging" in retake.refused(("people", "name"), "2", "ANNA smith")
    retake(("people", "hide"), "2")
    assert summary(retake) == {1: ("Anna Smith", 3)}
    retake(("people", "hide"), "2", "--show")
    retake(("people", "merge"), "Anna Smith", "2", "3")
    assert summary(retake, "--all") == {1: ("Anna Smith", 6)}
    assert "Nobody is called Bob" in retake.refused(("people", "merge"), "Bob", "1")


def test_not_this_person(retake: Retake) -> None:
    retake(("people", "name"), "1", "Anna")
    assert "not seen at lake.mp4@1:20" in retake.refused(("people", "split"), "Anna", "lake.mp4@1:20")
    retake(("people", "split"), "Anna", "lake.mp4@0:30", "party.mp4@0:40")
    people = summary(retake, "--all")
    assert people[1] == ("Anna", 1)
    assert sorted(people.values(), key=str) == [("Anna", 1), (None, 1), (None, 2), (None, 2)]
    assert "all faces" in retake.refused(("people", "split"), "Anna", "party.mp4@0:00")


def test_who_is_forgotten_is_gone_and_asked_for_before(
    retake: Retake, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_settings(data_dir.settings, faces=True)
    retake(("people", "name"), "1", "Anna")
    assert "Name a person" in retake.refused(("people", "forget"))
    assert "Name a person" in retake.refused(("people", "forget"), "Anna", "--all")
    monkeypatch.setattr("click.confirm", lambda *_, **__: (_ for _ in ()).throw(click.Abort()))
    assert retake(("people", "forget"), "Anna").code == 130
    assert summary(retake)[1] == ("Anna", 3)
    assert retake(("people", "forget"), "Anna", "--yes", "--json").document["faces"] == 3
    assert summary(retake, "--all") == {2: (None, 2), 3: (None, 1)}
    assert load_settings(data_dir.settings).faces
    assert "Forgot 3 faces" in retake(("people", "forget"), "--all", "--yes").out
    assert not load_settings(data_dir.settings).faces
    assert "Nobody was found yet" in retake("people").out


def test_a_search_finds_who_is_seen(retake: Retake) -> None:
    retake(("people", "name"), "2", "Ben")
    found = retake("search", "person:ben", "--json").document
    assert [(Path(hit["video"]).name, hit["time"], hit["why"]) for hit in found] == [
        ("party.mp4", 4.0, ["person"])
    ]
    told = retake("search", "people:many cake")
    assert "needs a number such as 2" in told.err


def test_a_backup_says_whether_it_holds_faces(retake: Retake, tmp_path: Path) -> None:
    assert retake("backup", tmp_path / "a.zip", "--json").document["faces"] == 0
    assert retake("backup", tmp_path / "b.zip", "--faces", "--json").document["faces"] == 6
    assert "6 faces" in retake("restore", tmp_path / "b.zip", "--replace").out


def test_the_doctor_says_with_what_faces_are_found(retake: Retake, data_dir: DataDir) -> None:
    change_settings(data_dir.settings, face_model="opencv-zoo:/no/such/folder")
    (entry,) = retake("doctor", "--json").document["faces"]
    assert (entry["name"], entry["available"]) == ("opencv-zoo:/no/such/folder", False)
    assert "does not exist" in entry["detail"]
