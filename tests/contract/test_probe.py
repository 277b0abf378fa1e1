"""Metadata, and the sentences that say what is wrong with a file."""

import os
from pathlib import Path

import pytest

from retake_core.errors import MediaError
from retake_core.media.decoders.choice import open_source
from retake_core.media.ffmpeg.probe import probe
from tests.contract.clips import COUNT, RATE, X264, Recipe, ffmpeg
from tests.contract.conftest import ClipMaker
from tests.contract.special_clips import ALL

UNKNOWN_DURATION = {"h264_no_duration.mkv", "long_no_index.mkv", "h264.h264"}
CODECS = {
    "h264.ts": "h264",
    "hevc.mkv": "hevc",
    "vp9.webm": "vp9",
    "av1.mp4": "av1",
    "mpeg4.mp4": "mpeg4",
    "mpeg2.ts": "mpeg2video",
    "mjpeg.avi": "mjpeg",
    "gif.gif": "gif",
}


@pytest.mark.parametrize("name", ALL)
def test_metadata_is_true(name: str, clip: ClipMaker) -> None:
    truth = clip(name)
    info = probe(truth.path)
    assert (info.width, info.height, info.rotation) == (truth.width, truth.height, truth.rotation)
    assert info.size == truth.path.stat().st_size
    if name in UNKNOWN_DURATION:
        assert info.duration == 0.0
    else:
        last = truth.frames[-1][0]
        assert last - 0.2 <= info.duration <= last + 1.1


@pytest.mark.parametrize("name", CODECS)
def test_codec_and_rate_are_named(name: str, clip: ClipMaker) -> None:
    info = probe(clip(name).path)
    assert info.codec == CODECS[name]
    assert info.frame_rate == pytest.approx(RATE, rel=0.01)


def test_the_date_of_recording_is_read(folder: Path, clip: ClipMaker) -> None:
    for stamp, expected in (
        ("2019-12-20T17:08:32Z", "2019-12-20T17:08:32+00:00"),
        ("1970-01-01T00:00:00Z", None),
    ):
        path = folder / "dated.mp4"
        ffmpeg(f"-i IN -c copy -metadata creation_time={stamp}", path, source=clip("h264.mp4").path)
        assert probe(path).recorded == expected


def test_a_name_may_look_like_anything(folder: Path, clip: ClipMaker) -> None:
    for name in ("http:a.mp4", "concat:a|b.mp4", "%03d 100%.mp4", "día 日本\n\U0001f3a5.mp4", "-i.mp4"):
        path = folder / name
        path.symlink_to(clip("h264.mp4").path)
        source = open_source(path)
        assert len(list(source.frames(1.0))) == COUNT / RATE
        source.close()


def test_a_name_need_not_be_unicode(folder: Path, clip: ClipMaker) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.mp4"))
    path.symlink_to(clip("h264.mp4").path)
    source = open_source(path)
    assert len(list(source.frames(1.0))) == COUNT / RATE


def _sound(folder: Path) -> Path:
    path = folder / "sound.m4a"
    ffmpeg("-f lavfi -i sine=duration=1 -c:a aac", path)
    return path


def _sound_with_cover(folder: Path) -> Path:
    path = folder / "sound.mp4"
    inputs = "-f lavfi -i sine=duration=1 -f lavfi -i testsrc=s=64x64:d=0.04 -map 0 -map 1"
    ffmpeg(f"{inputs} -c:a aac -c:v mjpeg -frames:v 1 -disposition:v attached_pic", path)
    return path


def _picture(folder: Path) -> Path:
    path = folder / "picture.mp4"
    ffmpeg("-f lavfi -i testsrc=s=64x64:d=0.04 -frames:v 1 -f image2 -c:v png", path)
    return path


def _text(folder: Path) -> Path:
    path = folder / "text.mp4"
    path.write_text("Dear diary,\n" * 100)
    return path


def _note(folder: Path) -> Path:
    path = folder / "note.nfo"
    path.write_text("Dear diary,\n" * 100)
    return path


def _playlist(folder: Path) -> Path:
    path = folder / "playlist.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://localhost:9/a.ts\n#EXT-X-ENDLIST\n")
    return path


def _empty(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


def _no_index(folder: Path) -> Path:
    path = Recipe("whole.mp4", X264).encode(folder)
    path.write_bytes(path.read_bytes()[:-3000])  # the index of an MP4 file is at its end
    return path


def _pipe(folder: Path) -> Path:
    path = folder / "pipe.mp4"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_sound, "It has no video, only sound."),
        (_sound_with_cover, "It has no video, only sound."),
        (_empty, "The file is empty."),
        (_text, "It is not a video, or it is too damaged to open."),
        (_note, "It is not a video."),
        (_picture, "It is not a video."),
        (_no_index, "The file is damaged or incomplete."),
        (_pipe, "It is not a file."),
        (lambda folder: folder, "It is not a file."),
        (lambda folder: folder / "missing.mp4", "The file does not exist."),
    ],
)
def test_what_is_no_video_is_named(make: object, sentence: str, folder: Path) -> None:
    assert callable(make)
    path = make(folder)
    for attempt in (probe, open_source):
        with pytest.raises(MediaError) as caught:
            attempt(path)
        assert str(caught.value) == sentence


def test_a_playlist_is_no_video(folder: Path) -> None:
    with pytest.raises(MediaError, match="not a video"):
        probe(_playlist(folder))


def test_a_forbidden_file_is_named(folder: Path) -> None:
    path = _text(folder)
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # nothing is forbidden to root
    try:
        with pytest.raises(MediaError, match=r"^You have no permission to read it\.$"):
            probe(path)
    finally:
        os.seteuid(user)
