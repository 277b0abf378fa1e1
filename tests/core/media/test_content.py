"""Which files are videos, by name and by content."""

import shutil
from pathlib import Path

import pytest

from retake_core.media.content import is_video
from retake_core.media.folder_walk import FolderWalk
from tests.contract.clips import ffmpeg
from tests.support.fakes import make_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("content") / "clip.mp4", [(2, "red"), (2, "blue")])


def found(folder: Path) -> set[str]:
    walk = FolderWalk(folder, lambda error: pytest.fail(str(error)))
    return {str(file.path.relative_to(folder)) for file in walk.videos()}


def test_source_code_is_no_video(tmp_path: Path, clip: Path) -> None:
    (tmp_path / "app.ts").write_text("import {a} from './a';\nexport const x = 1;\n" * 50)
    (tmp_path / "mod.mts").write_text("export default 3;\n")
    (tmp_path / "zh.ts").write_text('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS></TS>\n')
    (tmp_path / "Gtypes.ts").write_text("Gtypes\n" * 100)
    (tmp_path / "synth.mod").write_bytes(b"song" * 5000)
    ffmpeg("-i IN -c copy -f mpegts", tmp_path / "camera.ts", clip)
    whole = (tmp_path / "camera.ts").read_bytes()
    (tmp_path / "torn.mts").write_bytes(bytes(100) + whole[50:])
    assert found(tmp_path) == {"camera.ts", "torn.mts"}


def test_the_names_that_cameras_give(tmp_path: Path, clip: Path) -> None:
    ffmpeg("-i IN -c:v mpeg2video -r 25 -f vob", tmp_path / "MOV001.MOD", clip)
    ffmpeg("-i IN -c copy -f mpegts", tmp_path / "MTV001.TOD", clip)
    for name in ("VID_20240101_00_001.insv", "GS010001.360", "GL010001.LRV"):
        shutil.copy(clip, tmp_path / name)
    assert found(tmp_path) == {"MOV001.MOD", "MTV001.TOD", "VID_20240101_00_001.insv", "GS010001.360"}


def test_the_content_tells_where_the_name_does_not(tmp_path: Path, clip: Path) -> None:
    (tmp_path / "recording.xyzzy").write_bytes(clip.read_bytes() + bytes(1 << 16))
    (tmp_path / "other.xyzzy").write_bytes(bytes(1 << 17))
    walk = FolderWalk(tmp_path, lambda error: pytest.fail(str(error)))
    assert [file.path.name for file in walk.videos()] == ["recording.xyzzy"]
    assert walk.unknown == 1


def test_bins_and_caches_are_left_out(tmp_path: Path, clip: Path) -> None:
    left_out = ("$RECYCLE.BIN/S-1-5-21", "#recycle", "@eaDir/clip.mp4", "Cache", ".Trash-1000", "Lost+Found")
    for place in (*left_out, "Trip"):
        (tmp_path / place).mkdir(parents=True)
        shutil.copy(clip, tmp_path / place / "clip.mp4")
    (tmp_path / "Cache" / ".nomedia").touch()
    shutil.copy(clip, tmp_path / ".trashed-1700000000-clip.mp4")
    assert found(tmp_path) == {"Trip/clip.mp4"}


def test_a_folder_names_what_it_leaves_out(tmp_path: Path, clip: Path) -> None:
    for place in ("trip/clip.mp4", "trip/drafts/clip.mp4", "work/clip.mp4", "work/keep/clip.mp4", "clip.mp4"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip, tmp_path / place)
    (tmp_path / ".retakeignore").write_text("# not these\ndrafts/\n/work/*\n!/work/keep/\n[\n")
    (tmp_path / "trip" / ".retakeignore").write_bytes(b"/clip.mp4\n\xff\n")
    assert found(tmp_path) == {"work/keep/clip.mp4", "clip.mp4"}


def test_what_begins_like_nothing_is_no_video(tmp_path: Path) -> None:
    for content in (b"", b"G" * 10_000, b"GGGG" + bytes(1000), bytes(5000)):
        (tmp_path / "x").write_bytes(content)
        assert is_video(tmp_path / "x") == (content == b"G" * 10_000), "all of it could be packets"
