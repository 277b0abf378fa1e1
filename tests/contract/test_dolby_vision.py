"""Dolby Vision: a base layer is shown as any other recording, and what has none is told of."""

from pathlib import Path

import pytest

from retake_core.media.decoders.choice import open_source
from retake_core.media.ffmpeg.probe import probe
from tests.contract.clips import ffmpeg
from tests.support.dolby_vision import write_mp4, write_ts


@pytest.mark.parametrize(
    ("profile", "compatibility", "alone"),
    [(5, 0, True), (7, 6, False), (8, 1, False), (8, 4, False), (10, 0, True), (10, 1, False), (4, 2, False)],
)
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".first.mp4"])
def test_the_record_in_the_container_is_read(
    profile: int, compatibility: int, alone: bool, suffix: str, tmp_path: Path
) -> None:
    path = write_mp4(tmp_path / "made.mp4", profile, compatibility)
    if suffix != ".mp4":
        path = tmp_path / f"other{suffix}"
        ffmpeg("-i IN -c copy -strict unofficial -movflags faststart", path, source=tmp_path / "made.mp4")
    info = probe(path)
    assert info.own_colours == alone
    assert info.codec == "hevc"
    source = open_source(path)
    assert len(list(source.frames(1.0))) == 3, "it is indexed all the same"
    source.close()


@pytest.mark.parametrize(("profile", "compatibility", "alone"), [(5, 0, True), (8, 4, False), (7, 6, False)])
def test_a_transport_stream_tells_it_in_its_map(
    profile: int, compatibility: int, alone: bool, tmp_path: Path
) -> None:
    path = write_ts(tmp_path / "made.ts", profile, compatibility)
    info = probe(path)
    assert (info.codec, info.width, info.own_colours) == ("hevc", 320, alone)


def test_a_stream_that_is_named_so_needs_no_record(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "made.mp4", 8, 4)
    path.write_bytes(path.read_bytes().replace(b"hvc1", b"dvh1").replace(b"dvvC", b"free"))
    assert probe(path).own_colours


@pytest.mark.parametrize("tail", [b"", b"\0\0\0\1", b"\0\0\0\5moov", b"\0\0\0\1moov\0\0\0\0\0\0\0\1"])
def test_headers_that_are_cut_off_harm_nothing(tail: bytes, tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "made.mp4", 5, 0)
    path.write_bytes(path.read_bytes() + tail)
    assert probe(path).own_colours
