"""Folders and names that no sane person makes, and that every large archive has."""

import os
import shutil
import socket
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from retake_core.display import printable, readable
from retake_core.indexing.passes.look import Looked, Order, VideoLook
from retake_core.indexing.passes.one_video import VideoPass
from retake_core.keyframes.limits import Limits
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, begin_job
from retake_core.library.keyframes import keyframes
from retake_core.media.folder_walk import FolderWalk
from retake_core.media.process.tasks import Batch
from retake_core.media.video_file import FileChangedError, FoundFile
from tests.support.fakes import FakeEncoder
from tests.support.shelf import run_index

NAMES = [
    "new\nline.mp4",
    "tab\tand\rreturn.mp4",
    "quote'\"`$(touch x);.mp4",
    "\x1b[2J\x1b]0;title\x07.mp4",
    "\u202egnp.mp4",
    "<b>bold<img src=x>.mp4",
    "[red]markup.mp4",
    "--option.mp4",
    "-",
    " .mp4 ",
    "%s{0}\\n.mp4",
    "n" * 251 + ".mp4",
    os.fsdecode(b"byte-\xff-\xe9.mp4"),
    "e\u0301.mp4",
    "\u00e9.mp4",
    "Case.MP4",
    "case.mp4",
    "\U0001f3a5 \U0001f468\u200d\U0001f469\u200d\U0001f467.mp4",
]
VIDEOS = [name for name in NAMES if name.lower().endswith(".mp4")]


@pytest.fixture
def videos(folder: Path, clips: Path) -> Path:
    for name in NAMES:
        shutil.copy2(clips / "short.mp4", folder / name)
    return folder


@pytest.mark.usefixtures("in_process")
def test_every_name_is_indexed_and_no_name_steers_the_terminal(
    videos: Path, data_dir: DataDir, capfd: pytest.CaptureFixture[str]
) -> None:
    database = Database(data_dir.database)
    run_index(database, videos, FakeEncoder())
    with database.reading() as connection:
        (entry,) = catalog.videos(connection)
    database.close()
    assert {path.name for path in entry.paths} == set(VIDEOS)
    broken = videos / "\x1b[31mbroken\n.mp4"
    broken.write_bytes(b"no video")
    os.utime(broken, (0, 0))
    for command in (["videos"], ["keyframes", str(entry.id)], ["keyframes", "no\x1b[2Jsuch.mp4"]):
        cli.run([*command, "--data-dir", str(data_dir.root)])
    shown = "".join(capfd.readouterr())
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]


def test_text_is_shown_whole_but_for_what_steers() -> None:
    assert printable("a\n\x1b[2Jb\u202ec\x9b\ud800") == "a\\n\\x1b[2Jb\\u202ec\\x9b\\ud800"
    plain = "Größe 12\u202fPM 🎥\u200d日本 [x] <b> \\n"
    assert printable(plain) == plain
    assert printable("one\ntwo\x07", keep="\n") == "one\ntwo\\x07"


@pytest.fixture
def problems() -> list[OSError]:
    return []


def names(folder: Path, problems: list[OSError]) -> list[str]:
    return [file.path.name for file in FolderWalk(folder, problems.append).videos()]


def test_links_pipes_sockets_and_devices_neither_hang_nor_mislead(
    folder: Path, clips: Path, tmp_path: Path, problems: list[OSError]
) -> None:
    shutil.copy2(clips / "short.mp4", folder / "real.mp4")
    os.mkfifo(folder / "pipe.mp4")
    (folder / "loop").symlink_to(folder)
    (folder / "up").symlink_to("..")
    (folder / "self.mp4").symlink_to("self.mp4")
    (folder / "gone.mp4").symlink_to("nowhere.mp4")
    (folder / "folder.mp4").symlink_to(tmp_path)
    (folder / "zero.mp4").symlink_to("/dev/zero")
    (folder / "linked.mp4").symlink_to(clips / "mpeg4.mkv")
    os.link(folder / "real.mp4", folder / "same.mp4")
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(folder)  # the name of a socket may have 100 bytes
        listener.bind("socket.mp4")
        assert names(folder, problems) == ["linked.mp4", "real.mp4", "same.mp4"]
    assert sorted(Path(problem.filename).name for problem in problems) == [
        "folder.mp4",
        "gone.mp4",
        "self.mp4",
        "up",
    ]


def test_a_tree_deeper_than_a_path_may_be_long_is_told(
    folder: Path, clips: Path, problems: list[OSError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,500 folders in one another: deeper than Python's stack, and beyond what the system takes as a path."""
    monkeypatch.chdir(folder)
    for _ in range(2500):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(folder)
    shutil.copy2(clips / "short.mp4", folder / "z.mp4")
    assert names(folder, problems) == ["z.mp4"]
    assert len(problems) == 1
    assert len(readable(problems[0].filename)) > 4000
    shutil_rmtree_by_steps(folder / "d")


def shutil_rmtree_by_steps(top: Path) -> None:
    """Remove a chain of folders whose whole path cannot be named."""
    os.chdir(top)
    depth = 0
    while Path("d").exists():
        os.chdir("d")
        depth += 1
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()
    os.chdir(top.parent)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is hidden from root")
def test_a_folder_that_cannot_be_read_is_told(folder: Path, problems: list[OSError]) -> None:
    (folder / "locked").mkdir(mode=0)
    assert names(folder, problems) == []
    assert [Path(problem.filename).name for problem in problems] == ["locked"]


@pytest.mark.usefixtures("in_process")
def test_nothing_of_a_file_that_was_replaced_is_stored(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    """A copy of the first content goes on from what is stored, so it must not be of the second one."""
    for name in ("one.mp4", "other.mp4"):
        shutil.copy2(clips / "long.mp4", folder / name)
    run_index(database, folder, encoder)
    limits = Limits()
    with database.writing() as connection:
        (video,) = catalog.videos(connection)
        job = begin_job(connection, video.id, Depth.THOROUGH, "again")
    order = Order(job, Depth.THOROUGH, 2.0, limits)
    run, look = VideoPass(database, encoder.id, "again", order), VideoLook(encoder, order)
    red = [np.full((48, 64, 3), (220, 20, 20), np.uint8)]
    with database.reading() as connection:
        before = keyframes(connection, video.id)
    shutil.copy2(clips / "mpeg4.mkv", job.file.path)
    assert isinstance(job.file, FoundFile)
    for time in (0.0, 100.0):  # the second one decides the window of the first
        looked = look.take(Batch([time], red))
        assert isinstance(looked, Looked)
        assert (looked.decided is not None) == bool(time)
        run.take(looked)
    with pytest.raises(FileChangedError):
        run.store()
    with database.reading() as connection:
        assert keyframes(connection, video.id) == before
