"""What cannot be written is told of in one sentence, whatever is exported, and nothing is left behind."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.export.service import ExportService
from retake_core.export.sheet import write_keyframes
from retake_core.library.database import Database
from retake_core.library.history import Details, begin_message, finish_message
from retake_core.library.texts import SPEECH, NewText, TextKind, replace_texts
from retake_core.maintenance.backup import write_backup
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.protocol.export_order import Order, Wanted, What
from retake_core.protocol.question_events import Cited
from retake_core.protocol.question_outcome import AnswerState
from retake_core.protocol.requests import Export
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.shelf import keyframe_ids, run_index, video

KINDS: list[tuple[What, str]] = [
    ("clip", ".mp4"),
    ("clip", ".mkv"),
    ("frame", ".png"),
    ("frame", ".jpg"),
    ("sheet", ".png"),
    ("sheet", ".pdf"),
    ("chapters", ".vtt"),
    ("timeline", ".otio"),
    ("timeline", ".fcpxml"),
    ("timeline", ".edl"),
    ("transcript", ".srt"),
    ("page", ".html"),
    ("page", ".md"),
]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.fixture
def shelf(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """Return a library of one recording, with something said in it, and an answer about it."""
    decode_in_threads(monkeypatch)
    shutil.copy2(clips / "short.mp4", folder)
    run_index(database, folder, encoder)
    about = video(database, "short.mp4").id
    with database.writing() as connection:
        replace_texts(connection, about, SPEECH, TextKind.SPOKEN, "1", [NewText("word " * 100, 1.0, 5.0)])
        _, message = begin_message(connection, "What?", video_id=about)
        cited = (Cited(about, keyframe_ids(database, "short.mp4")[0], 1.0, 0.0, 2.0, 0.5),)
        finish_message(connection, message, AnswerState.ANSWERED, "This. " * 100, cited, Details((), ()))
    return database


def order(database: Database, what: What, target: Path, *, replace: bool = False, exact: bool = False) -> Order:
    about = video(database, "short.mp4").id
    moments = (Wanted(about, 1.0, 1.0, 9.0),) if what in ("clip", "frame") else ()
    videos = () if moments else (about,)
    return Order(what, str(target), moments, videos, replace=replace, exact=exact)


def refused(made: Order, database: Database) -> str:
    """Return the sentence with which an order is refused."""
    decoder = LastingDecoder()
    try:
        with pytest.raises(UserError) as caught:
            ExportService(database, decoder).export(Export(id=1, order=made), CancelToken(), lambda _: None)
    finally:
        decoder.close()
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert "unknown error" not in said
    return said


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let no file grow beyond some bytes, as a disk that is full does not."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_name_that_is_too_long(shelf: Database, out: Path) -> None:
    for what, suffix in KINDS:
        said = refused(order(shelf, what, out / f"{'long ' * 60}{suffix}"), shelf)
        assert "too long" in said
        assert len(said) < 150
    assert list(out.iterdir()) == []


def test_a_name_whose_folder_of_pictures_would_be_too_long(shelf: Database, out: Path) -> None:
    assert "too long" in refused(order(shelf, "page", out / f"{'x' * 250}.md"), shelf)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("replace", [False, True])
def test_a_folder_in_place_of_the_file(replace: bool, shelf: Database, out: Path) -> None:
    for what, suffix in KINDS:
        target = out / f"there{suffix}"
        target.mkdir(exist_ok=True)
        (target / "dear").write_text("to me")
        assert "is a folder" in refused(order(shelf, what, target, replace=replace), shelf)
    assert {path.name for path in out.rglob("*") if not path.is_dir()} == {"dear"}


def test_a_file_in_place_of_the_folder_of_pictures(shelf: Database, out: Path) -> None:
    (out / "answer-frames").write_text("dear to me")
    assert "is a file" in refused(order(shelf, "page", out / "answer.md", replace=True), shelf)
    assert [path.name for path in out.iterdir()] == ["answer-frames"]


@pytest.mark.parametrize("exact", [False, True])
def test_a_disk_that_is_full(exact: bool, shelf: Database, out: Path) -> None:
    for what, suffix in KINDS if not exact else KINDS[:2]:
        made = order(shelf, what, out / f"some{suffix}", exact=exact)
        with small_files(100):
            said = refused(made, shelf)
        assert "too large" in said, "the system's own word for it"
        assert list(out.iterdir()) == []


def test_a_folder_that_may_not_be_written_to(shelf: Database, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # nothing is forbidden to root
    for what, suffix in KINDS:
        assert "cannot be written to" in refused(order(shelf, what, out / f"some{suffix}"), shelf)
    assert list(out.iterdir()) == []


def test_a_sheet_beside_the_list_of_keyframes(shelf: Database, out: Path) -> None:
    (out / "there.png").mkdir()
    about = video(shelf, "short.mp4").id
    with shelf.reading() as connection, pytest.raises(UserError, match="is a folder"):
        write_keyframes(connection, out / "there.png", about, None)
    with shelf.reading() as connection, pytest.raises(UserError, match="too long"):
        write_keyframes(connection, out / f"{'x' * 300}.png", about, None)


@pytest.mark.usefixtures("shelf")
def test_a_backup(data_dir: DataDir, out: Path) -> None:
    (out / "there.zip").mkdir()
    for name, said in (("there.zip", "is a folder"), (f"{'x' * 300}.zip", "too long")):
        with pytest.raises(UserError, match=said):
            write_backup(data_dir, out / name)
    with small_files(10_000), pytest.raises(UserError, match=r"holds .*out|backup\.zip") as caught:
        write_backup(data_dir, out / "backup.zip")
    assert "doctor" not in str(caught.value), "nothing is wrong with the library"
    with pytest.raises(UserError, match="does not exist"):
        write_backup(data_dir, out / "nowhere" / "backup.zip")
    assert [path.name for path in out.iterdir()] == ["there.zip"]


def test_the_command_line_says_it_in_one_line(
    capsys: pytest.CaptureFixture[str],
    data_dir: DataDir,
    shelf: Database,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("retake_core.cli.context.open_encoder", lambda _name: FakeEncoder())
    monkeypatch.setattr("retake_core.cli.context.log_to", lambda *_: None)
    del shelf
    retake = Retake(capsys, data_dir.root)
    (out / "there.zip").mkdir()
    for name in (out, out / f"{'x' * 300}.png", out / "nowhere" / "a.png"):
        assert retake.refused(("export", "frame"), "short.mp4@1", name)
    for name in (out / "there.zip", out / f"{'x' * 300}.zip"):
        assert retake.refused("backup", name)
