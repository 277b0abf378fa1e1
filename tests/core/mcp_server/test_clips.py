"""Clips go into the folder that the user named, and nowhere else; nothing is ever replaced."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from retake_core.errors import UserError
from retake_core.mcp_server.cutting import target_in
from tests.core.mcp_server.conftest import SECRET
from tests.core.mcp_server.program import Program
from tests.support.command import Retake


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for clips."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def cutter(shared: Path, clips: Path) -> Iterator[Program]:
    """Return a program that may have clips cut into a folder, which it sees by a link."""
    link = clips.with_name(f"{clips.name}-link")
    link.symlink_to(clips)
    with Program.started(shared, "--allow-export", str(link)) as program:
        yield program


def test_a_clip_is_cut_into_the_folder(cutter: Program, clips: Path) -> None:
    tools = {tool.name: tool for tool in cutter.does(cutter.client.list_tools).tools}
    assert tools["cut_clip"].annotations.read_only_hint is False
    clip = cutter.call("cut_clip", video="colours", start=7, end=9, name="green.mp4", exact=True)
    assert Path(clip["path"]) == clips.resolve() / "green.mp4"
    assert (round(clip["start"], 1), round(clip["end"], 1)) == (7.0, 9.0)
    with av.open(clip["path"]) as container:
        assert container.duration is not None
        assert container.duration / av.time_base == pytest.approx(2, abs=0.2)


def test_nothing_is_replaced_and_what_is_hidden_is_not_cut(cutter: Program, clips: Path) -> None:
    (clips / "mine.mp4").write_bytes(b"mine")
    (clips / "nowhere.mp4").symlink_to(clips.parent / "outside.mp4")
    for name in ("mine.mp4", "nowhere.mp4"):
        assert "nothing is ever replaced" in cutter.refused("cut_clip", video="colours", start=0, end=2, name=name)
    assert (clips / "mine.mp4").read_bytes() == b"mine"
    assert not (clips.parent / "outside.mp4").exists()
    assert "is in the library" in cutter.refused("cut_clip", video=SECRET, start=0, end=2, name="a.mp4")
    assert "end" in cutter.refused("cut_clip", video="colours", start=2, end=2, name="a.mp4")
    assert not (clips / "a.mp4").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../out.mp4",
        "/out.mp4",
        "a/../../out.mp4",
        "sub/out.mp4",
        "sub\\out.mp4",
        "C:out.mp4",
        "C:\\out.mp4",
        "..",
        ".hidden.mp4",
        "a\x00.mp4",
        "a\n.mp4",
        "stream.mp4:x.mp4",
        "clip",
        "clip.exe",
        "clip.mp4/",
        "\u202egnp.mp4",
    ],
)
def test_names_that_lead_out_of_the_folder_or_are_no_clip(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(UserError):
        target_in(tmp_path, name)


def test_a_folder_that_is_not_there_is_refused(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retake = Retake(capsys, library)
    assert "does not exist" in retake.refused("mcp", "--allow-export", tmp_path / "none")
