"""`retake chapters`: what files name, what a person writes, and where it is found and goes."""

import json
from pathlib import Path

import av
import pytest

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.contract.clips import ffmpeg
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder, age
from tests.support.shelf import run_index

pytestmark = pytest.mark.usefixtures("in_process")
NAMED = [(0.0, 5.0, "Introduction"), (5.0, 10.0, "Kneading the dough")]


@pytest.fixture
def retake(capsys: pytest.CaptureFixture[str], data_dir: DataDir) -> Retake:
    return Retake(capsys, data_dir.root)


@pytest.fixture(autouse=True)
def lesson(database: Database, folder: Path, encoder: FakeEncoder) -> None:
    """A recording of ten seconds whose file names two chapters."""
    head = ";FFMETADATA1\n" + "".join(
        f"[CHAPTER]\nTIMEBASE=1/1\nSTART={start:.0f}\nEND={end:.0f}\ntitle={name}\n" for start, end, name in NAMED
    )
    (folder.parent / "chapters.txt").write_text(head)
    source = f"-f lavfi -i testsrc2=s=64x48:r=5:d=10 -i {folder.parent}/chapters.txt -map 0:v -map_metadata 1"
    ffmpeg(f"{source} -c:v libx264 -g 10 -preset ultrafast -pix_fmt yuv420p", folder / "lesson.mp4")
    age(folder / "lesson.mp4")
    run_index(database, folder, encoder)


def parts(document: dict[str, object]) -> list[tuple[float, float, str]]:
    return [(each["start"], each["end"], each["title"]) for each in document["chapters"]]  # type: ignore[attr-defined]


def found(retake: Retake, query: str) -> list[tuple[float, list[str]]]:
    return [(moment["start"], moment["why"]) for moment in retake("search", query, "--json").document]


def test_a_person_s_chapters_take_the_place_of_the_file_s(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder
) -> None:
    before = retake("chapters", "lesson.mp4", "--json").document
    assert (parts(before), before["by"]) == (NAMED, "file")
    assert found(retake, "kneading") == [(5.0, ["chapter"])]
    wanted = before | {
        "title": "Bread",
        "summary": "Grandma bakes sourdough.",
        "chapters": [
            {"start": 1, "title": "Flour"},
            {"start": 6, "title": "The oven", "text": "It takes forty minutes."},
        ],
    }
    (folder.parent / "mine.json").write_text(json.dumps(wanted))
    after = retake("chapters", "lesson.mp4", "--edit", folder.parent / "mine.json", "--json").document
    assert (parts(after), after["by"]) == ([(1.0, 6.0, "Flour"), (6.0, 10.0, "The oven")], "hand")
    assert (after["title"], after["summary"]) == ("Bread", "Grandma bakes sourdough.")
    assert after["chapters"][1]["text"] == "It takes forty minutes."
    assert found(retake, "oven") == [(6.0, ["chapter"])]
    assert found(retake, "forty minutes") == [(6.0, ["described"])]
    assert found(retake, "sourdough match:described") == [(0.0, ["described"])]
    assert found(retake, "kneading") == []
    shown = retake("chapters", "lesson.mp4").out
    assert "0:06" in shown
    assert "The oven" in shown
    run_index(database, folder, encoder)
    assert parts(retake("chapters", "lesson.mp4", "--json").document) == parts(after), (
        "an edit is never overwritten"
    )
    assert "next: retake index" in retake("chapters", "lesson.mp4", "--undo").out
    run_index(database, folder, encoder)
    again = retake("chapters", "lesson.mp4", "--json").document
    assert (parts(again), again["by"], again["title"]) == (NAMED, "file", "")
    assert found(retake, "oven") == []


def test_an_edit_that_is_none_changes_nothing(retake: Retake, folder: Path) -> None:
    (folder.parent / "diary.txt").write_text("dear diary")
    assert "holds no chapters" in retake.refused("chapters", "lesson.mp4", "--edit", folder.parent / "diary.txt")
    assert "cannot be read" in retake.refused("chapters", "lesson.mp4", "--edit", folder.parent / "nothing.txt")
    assert "cannot be read" in retake.refused("chapters", "lesson.mp4", "--edit", folder.parent)
    (folder.parent / "late.txt").write_text("0:10 After the end\n1:00 Long after it\n")
    late = retake.refused("chapters", "lesson.mp4", "--edit", folder.parent / "late.txt")
    assert "ends at 0:10, before the first chapter begins. Nothing was changed." in late
    assert parts(retake("chapters", "lesson.mp4", "--json").document) == NAMED


def test_what_had_to_be_put_right_is_said(retake: Retake, folder: Path) -> None:
    (folder.parent / "list.txt").write_text("0:04 Second\n0:00 First\n0:30 Never\n")
    said = retake("chapters", "lesson.mp4", "--edit", folder.parent / "list.txt").out
    assert "They are put in order of time." in said
    assert "after the end of the recording is left out" in " ".join(said.split())
    assert parts(retake("chapters", "lesson.mp4", "--json").document) == [
        (0.0, 4.0, "First"),
        (4.0, 10.0, "Second"),
    ]


def test_exports_take_chapters_or_the_keyframes_that_are_asked_for(retake: Retake, folder: Path) -> None:
    def export(kind: str, name: str, *arguments: str) -> tuple[str, list[str]]:
        target = folder.parent / name
        done = retake(("export", kind), "--video", "lesson.mp4", *arguments, "--replace", target, "--json")
        assert done.code == 0, done.err
        return target.read_text("utf-8"), [note["kind"] for note in done.document["notes"]]

    assert "Kneading the dough" in export("chapters", "out.vtt")[0]
    assert "Kneading the dough" not in export("chapters", "out.vtt", "--keyframes")[0]
    assert "Kneading the dough" not in export("chapters", "out.vtt", "--top", "1")[0]
    assert export("chapters", "out.txt") == ("0:00 Introduction\n0:05 Kneading the dough\n", ["few entries"])
    for name in ("out.otio", "out.fcpxml", "out.edl"):
        assert "Kneading the dough" in export("timeline", name)[0]
        assert "Kneading the dough" not in export("timeline", name, "--keyframes")[0]
    assert "--notes alone" in retake.refused(
        ("export", "timeline"), "--video", "lesson.mp4", "--notes", "--top", "2", folder.parent / "x.otio"
    )


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("exact", [True, False])
def test_a_clip_has_the_chapters_that_it_shows(retake: Retake, folder: Path, suffix: str, exact: bool) -> None:
    (folder.parent / "list.txt").write_text("0:00 Flour\n0:06 The oven\n0:09 Eating\n")
    retake("chapters", "lesson.mp4", "--edit", folder.parent / "list.txt")
    target = folder.parent / f"clip{suffix}"
    assert retake(("export", "clip"), "lesson.mp4@0:04-0:08", target, *(["--exact"] if exact else [])).code == 0
    with av.open(str(target)) as container:
        told = [
            (round(each["start"] * float(each["time_base"] or 1), 1), each["metadata"]["title"])
            for each in container.chapters()
        ]
    assert told == [(0.0, "Flour"), (2.0, "The oven")]
