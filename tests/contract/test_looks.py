"""Colours, fields and transparency: what a screen shows of a recording, by every decoder and every reader."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.export.clip_task import ClipTask
from retake_core.export.cut import FORMATS, Cut
from retake_core.media.decoders.choice import open_source
from retake_core.media.decoders.key_frames import KeyFrameScan
from retake_core.media.decoders.registry import AUTO, DECODERS, DecoderName
from retake_core.media.ffmpeg.probe import probe
from retake_core.playback.copy import make_copy, plays
from tests.contract.clips import ffmpeg
from tests.contract.field_pictures import PICTURE_START, make_field_pictures
from tests.contract.hdr10_plus import add_hdr10_plus
from tests.contract.looks import BARS, FIELDS, HDR, TAGS, TRANSFERS, Image, distance, teeth

NAMES: list[DecoderName] = [AUTO, *(decoder.name for decoder in DECODERS)]

SINGLE_FIELDS = ("single.mpg", "single.ts", "single.mkv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("looks")
    ffmpeg(
        f"{BARS} -c:v libx264 -preset ultrafast {TAGS.format('bt709', 'bt709', 'bt709')}", made / "standard.mp4"
    )
    for name, transfer in TRANSFERS.items():
        tags = TAGS.format("bt2020", transfer, "bt2020nc")
        ffmpeg(f"{BARS}{HDR.format(transfer)}{tags}", made / f"{name}.mp4")
    add_hdr10_plus(made / "pq.mp4", made / "plus.mp4")
    for name, options in FIELDS.items():
        ffmpeg(options, made / name)
    for name in SINGLE_FIELDS:
        make_field_pictures(FIELDS["top.mp4"].partition(" -r 25 ")[0], made / name)
    draw(made / "white.mov", 255)
    draw(made / "black.mov", 0)
    return made


def draw(path: Path, level: int) -> None:
    """Make a recording of a box of one brightness on nothing."""
    image = np.full((180, 320, 4), level, np.uint8)
    image[..., 3] = 0
    image[60:100, 40:240, 3] = 255
    with av.open(str(path), "w") as container:
        stream = container.add_stream("qtrle", rate=5)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "argb"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, "rgba")))
        container.mux(stream.encode(None))


def picture(path: Path, decoder: DecoderName = AUTO, time: float = 1.0) -> Image:
    try:
        source = open_source(path, short_side=1080, decoder=decoder)
    except MediaError:
        assert decoder == "decord", "it refuses what it does not read rightly"
        pytest.skip("not a file for this decoder")
    try:
        return source.frame_at(time).image
    finally:
        source.close()


@pytest.mark.parametrize("transfer", [*TRANSFERS, "plus"])
@pytest.mark.parametrize("decoder", NAMES)
def test_high_dynamic_range_looks_as_the_standard_one(folder: Path, decoder: DecoderName, transfer: str) -> None:
    assert distance(picture(folder / f"{transfer}.mp4", decoder), picture(folder / "standard.mp4")) <= 36


@pytest.mark.parametrize("transfer", [*TRANSFERS, "plus"])
def test_so_it_does_to_the_other_readers(folder: Path, transfer: str, tmp_path: Path) -> None:
    standard = picture(folder / "standard.mp4")
    scan = KeyFrameScan(folder / f"{transfer}.mp4", short_side=180)
    assert distance(next(scan.frames(2.0)).image, standard) <= 36
    copy = tmp_path / "copy.mp4"
    assert not plays(folder / f"{transfer}.mp4"), "Qt's player shows it pale"
    make_copy(folder / f"{transfer}.mp4", copy, 180, CancelToken(), lambda _: None)
    assert distance(picture(copy), standard) <= 36
    clip = tmp_path / "clip.mp4"
    clip.touch()
    ClipTask((Cut(folder / f"{transfer}.mp4", 1.0, 2.0),), clip, FORMATS[".mp4"], exact=True).run(lambda _: None)
    assert distance(picture(clip, time=0.4), standard) <= 36
    assert probe(clip).codec == "h264"
    assert probe(clip).plain, "its tags are those of a standard recording"


@pytest.mark.parametrize("transfer", TRANSFERS)
@pytest.mark.parametrize(
    ("suffix", "codec"),
    [(".mp4", "libx264"), (".mov", "prores_ks"), (".mkv", "libx265 -x265-params log-level=none")],
)
def test_exact_clips_of_richer_pictures_are_for_every_screen(
    folder: Path, suffix: str, codec: str, transfer: str, tmp_path: Path
) -> None:
    """Of 4:2:2 in 10 bit, as cameras write it beside 4:2:0."""
    rich = HDR.partition(" -c:v")[0].replace("yuv420p10le", "yuv422p10le").format(TRANSFERS[transfer])
    tags = TAGS.format("bt2020", TRANSFERS[transfer], "bt2020nc")
    ffmpeg(f"{BARS}{rich} -c:v {codec} {tags}", tmp_path / f"rich{suffix}")
    assert not probe(tmp_path / f"rich{suffix}").plain
    clip = tmp_path / "clip.mp4"
    clip.touch()
    cut = Cut(tmp_path / f"rich{suffix}", 1.0, 2.0)
    assert ClipTask((cut,), clip, FORMATS[".mp4"], exact=True).run(lambda _: None).tone_mapped
    assert distance(picture(clip, time=0.4), picture(folder / "standard.mp4")) <= 36
    with av.open(str(clip)) as container:
        coded = container.streams.video[0].codec_context
        assert (coded.name, coded.pix_fmt) == ("h264", "yuv420p")
        assert (coded.color_primaries, coded.color_trc, coded.colorspace, coded.color_range) == (1, 1, 1, 1)


@pytest.mark.parametrize("name", [*FIELDS, *SINGLE_FIELDS])
@pytest.mark.parametrize("decoder", NAMES)
def test_fields_leave_no_teeth(folder: Path, decoder: DecoderName, name: str) -> None:
    assert 100 < teeth(picture(folder / name, decoder)) < 600, "the edges of the bar are there"


@pytest.mark.parametrize("name", [*FIELDS, *SINGLE_FIELDS])
def test_the_quick_pass_sees_no_teeth(folder: Path, name: str) -> None:
    frames = list(KeyFrameScan(folder / name, short_side=240).frames(2.0))
    assert all(teeth(frame.image) < 600 for frame in frames)


@pytest.mark.parametrize("name", ["top.mp4", *SINGLE_FIELDS])
def test_the_copy_to_play_has_no_teeth(folder: Path, tmp_path: Path, name: str) -> None:
    assert not plays(folder / name)
    make_copy(folder / name, tmp_path / "copy.mp4", 240, CancelToken(), lambda _: None)
    assert teeth(picture(tmp_path / "copy.mp4")) < 600


@pytest.mark.parametrize("name", ["white.mov", "black.mov"])
@pytest.mark.parametrize("decoder", NAMES)
def test_what_is_drawn_on_nothing_is_seen(folder: Path, decoder: DecoderName, name: str) -> None:
    image = picture(folder / name, decoder)
    assert image.std() > 5
    assert (image[80, 100].mean() > 127) == (name == "white.mov")


def test_the_copy_to_play_has_a_ground(folder: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "title.mov"
    ffmpeg("-i IN -c:v prores_ks -pix_fmt yuva444p10le", drawn, folder / "white.mov")
    assert not plays(drawn)
    make_copy(drawn, tmp_path / "copy.mp4", 180, CancelToken(), lambda _: None)
    assert picture(tmp_path / "copy.mp4").std() > 5


def test_the_streams_are_what_they_stand_for(folder: Path) -> None:
    with av.open(str(folder / "plus.mp4")) as container:
        frame = next(container.decode(video=0))
        assert frame.side_data.get("DYNAMIC_HDR_PLUS") is not None
        assert frame.side_data.get("DOVI_METADATA") is None
    for name in SINGLE_FIELDS:
        with av.open(str(folder / name)) as container:
            packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
        assert len(packets) == 75
        assert {packet.count(PICTURE_START) for packet in packets} == {2}, "each frame is two pictures"


def test_a_standard_recording_is_left_as_it_is(folder: Path) -> None:
    assert probe(folder / "standard.mp4").plain
    assert plays(folder / "standard.mp4")
    assert not any(probe(folder / name).plain for name in ("hlg.mp4", "pq.mp4", "top.mpg", "white.mov"))
