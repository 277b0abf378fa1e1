"""Clips show exactly the frames that they say, whatever they are cut out of, and sound where it belongs."""

import hashlib
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

import tests.contract.special_clips  # noqa: F401 - it adds its clips
from retake_core.errors import MediaError
from retake_core.export.clip_task import ClipTask
from retake_core.export.cut import FORMATS, Clip, Cut
from retake_core.export.footage import RATES, FootageTask, known_rate
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.frames import TOLERANCE
from retake_core.media.process.tasks import TaskProgress
from tests.contract import barcode, clips
from tests.contract.clips import Frames, ffmpeg
from tests.contract.conftest import ClipMaker

START, END = 1.30, 2.10
FRAME = 1 / clips.RATE


def cut(target: Path, *cuts: Cut, exact: bool = False, told: list[float] | None = None) -> Clip:
    def send(message: object) -> None:
        if told is not None and isinstance(message, TaskProgress):
            told.append(message.fraction)

    return ClipTask(cuts, target, FORMATS[target.suffix], exact).run(send)


def shown(path: Path) -> Frames:
    """Return the time and the number of every frame; a frame that is damaged or not upright is illegible."""
    source = PyAVSource(path, short_side=1080)
    frames = tuple((frame.time, barcode.read(frame.image)) for frame in source.frames(1000.0))
    source.close()
    return frames


def expected(frames: Frames, start: float, end: float) -> Frames:
    """Return what a clip of a stretch has to show, and when."""
    inside = [(time, number) for time, number in frames if start - TOLERANCE <= time < end - TOLERANCE]
    return tuple((time - inside[0][0], number) for time, number in inside)


def assert_shows(path: Path, wanted: Frames, tolerance: float = 0.001) -> None:
    got = shown(path)
    assert [number for _, number in got] == [number for _, number in wanted]
    assert [time for time, _ in got] == pytest.approx([time for time, _ in wanted], abs=tolerance)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("h264.mp4", ".mp4"),
        ("h264.mkv", ".mov"),
        ("h264_open_group.ts", ".mp4"),
        ("h264_open_pyramid.mp4", ".mkv"),
        ("h264_one_group.ts", ".mp4"),
        ("irregular.mkv", ".mkv"),
        ("turned_90.mp4", ".mp4"),
        ("hevc.mkv", ".mp4"),
        ("late_start.ts", ".mp4"),
    ],
)
def test_a_copy_begins_at_a_key_frame_and_has_every_frame_from_there(
    name: str, suffix: str, clip: ClipMaker, tmp_path: Path
) -> None:
    source = clip(name)
    target = tmp_path / f"clip{suffix}"
    before = (hashlib.sha256(source.path.read_bytes()).digest(), source.path.stat().st_mtime_ns)
    made = cut(target, Cut(source.path, START, END))
    (piece,) = made.pieces
    assert not made.encoded
    assert piece.start <= START + TOLERANCE
    assert piece.end >= END - TOLERANCE
    with av.open(str(target)) as container:
        assert next(container.demux(video=0)).is_keyframe
    last = piece.end if name.startswith("irregular") else min(piece.end, source.frames[-1][0] + FRAME)
    assert_shows(target, expected(source.frames, piece.start, last))
    assert before == (hashlib.sha256(source.path.read_bytes()).digest(), source.path.stat().st_mtime_ns)


@pytest.mark.parametrize(
    "name",
    [
        "h264_open_group.ts",
        "irregular.mkv",
        "turned_270.mp4",
        "mpeg2.mpg",
        "vp9_odd.webm",
    ],
)
def test_an_exact_clip_has_exactly_the_frames_of_its_span(name: str, clip: ClipMaker, tmp_path: Path) -> None:
    source = clip(name)
    target = tmp_path / "clip.mp4"
    told: list[float] = []
    made = cut(target, Cut(source.path, START, END), exact=True, told=told)
    (piece,) = made.pieces
    assert made.encoded
    wanted = expected(source.frames, START, END)
    assert_shows(target, wanted)
    first = next(time for time, number in source.frames if number == wanted[0][1])
    assert piece.start == pytest.approx(first, abs=0.001)
    assert piece.end == pytest.approx(END, abs=0.002)
    assert told == sorted(told)
    assert told[-1] <= 1


@pytest.mark.parametrize("name", ["h264_10bit.mp4", "h264_bt709.mp4"])
@pytest.mark.parametrize("exact", [False, True])
def test_colours_are_kept(name: str, exact: bool, clip: ClipMaker, tmp_path: Path) -> None:
    source, target = clip(name), tmp_path / "clip.mp4"
    (piece,) = cut(target, Cut(source.path, 0.0, 0.5), exact=exact).pieces
    with av.open(str(source.path)) as one, av.open(str(target)) as other:
        was, now = one.streams.video[0].codec_context, other.streams.video[0].codec_context
        assert (now.pix_fmt, now.colorspace, now.color_range) == (was.pix_fmt, was.colorspace, was.color_range)
    assert_shows(target, expected(source.frames, 0.0, piece.end))


def test_several_cuts_of_one_recording_are_copied_one_after_another(clip: ClipMaker, tmp_path: Path) -> None:
    source, target = clip("h264_sound.mp4"), tmp_path / "clip.mp4"
    made = cut(target, Cut(source.path, 2.0, 2.5), Cut(source.path, 0.0, 0.48), Cut(source.path, 1.0, 2.0))
    assert not made.encoded
    assert [piece.at for piece in made.pieces[1:]] == pytest.approx(
        [made.pieces[0].length, made.pieces[0].length + made.pieces[1].length]
    )
    numbers = [number for p in made.pieces for _, number in expected(source.frames, p.start, p.end)]
    assert [number for _, number in shown(target)] == numbers
    assert made.duration == pytest.approx(len(numbers) * FRAME, abs=0.03)
    with av.open(str(target)) as container:
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(made.duration, abs=0.05)


def test_cuts_of_different_recordings_are_encoded_to_the_first_ones_shape(clip: ClipMaker, tmp_path: Path) -> None:
    sources = [clip("h264_sound.mp4"), clip("turned_180.mp4"), clip("mpeg4.mkv")]
    target = tmp_path / "clip.mp4"
    made = cut(target, *(Cut(source.path, 0.4, 1.0) for source in sources))
    assert made.encoded
    assert [piece.length for piece in made.pieces] == pytest.approx([0.6, 0.6, 0.6], abs=0.002)
    assert_shows(target, tuple((0.6 * n + i * FRAME, 10 + i) for n in range(3) for i in range(15)), 0.002)
    with av.open(str(target)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (128, 96)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_stays_with_the_picture(exact: bool, suffix: str, tmp_path: Path) -> None:
    """A recording that is silent but for a tone from 2.0 to 2.5 s, cut from 1.5 s on."""
    recording, target = tmp_path / "beep.mkv", tmp_path / f"clip{suffix}"
    tone = "aevalsrc=if(between(t\\,2\\,2.5)\\,sin(2764*t)\\,0):d=4:s=44100"
    ffmpeg(f"-f lavfi -i testsrc2=s=64x48:r=25:d=4 -f lavfi -i {tone} {clips.X264} -c:a aac", recording)
    made = cut(target, Cut(recording, 1.5, 3.5), exact=exact)
    begin, end = _loud(target)
    assert begin + made.pieces[0].start == pytest.approx(2.0, abs=0.05)
    assert end + made.pieces[0].start == pytest.approx(2.5, abs=0.05)


def test_silence_stands_for_recordings_without_sound(clip: ClipMaker, tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    silent, loud = clip("h264.mkv"), clip("h264_sound.mp4")
    cut(target, Cut(silent.path, 0.0, 0.8), Cut(loud.path, 1.0, 1.6), exact=True)
    begin, end = _loud(target)
    assert (begin, end) == pytest.approx((0.8, 1.4), abs=0.05)


def _loud(path: Path) -> tuple[float, float]:
    """Return from when to when there is sound, in seconds from the first frame."""
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        start = float((video.start_time or 0) * (video.time_base or 0))
        times: list[float] = []
        for frame in container.decode(audio=0):
            level = np.abs(frame.to_ndarray().astype(np.float64)).max(axis=0)
            loud = np.flatnonzero(level > 0.02)
            times += [float(frame.time or 0) + i / frame.sample_rate for i in loud[[0, -1]]] if loud.size else []
    return min(times) - start, max(times) - start


def test_what_a_clip_has_not_is_told(clip: ClipMaker, tmp_path: Path) -> None:
    recording, subtitles = tmp_path / "film.mkv", tmp_path / "film.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:02,000\nHello\n")
    ffmpeg(
        f"-i IN -i {subtitles} -map 0 -map 0:a -map 1 -c copy -c:s srt",
        recording,
        source=clip("h264_sound.mp4").path,
    )
    made = cut(tmp_path / "clip.mp4", Cut(recording, 0.0, 1.0))
    assert made.dropped == ("subtitles", "other sound")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]


@pytest.mark.parametrize("exact", [False, True])
def test_where_nothing_is_a_sentence_says_so(exact: bool, clip: ClipMaker, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip("h264.mp4").path.read_bytes()[:3000])
    with pytest.raises(MediaError, match=r"damaged|incomplete|decoded|copied"):
        cut(tmp_path / "clip.mp4", Cut(broken, 0.0, 1.0), exact=exact)


@pytest.mark.parametrize(
    ("rate", "timecode", "told"),
    [
        ("30000/1001", "01:00:00;02", "01:00:00;02"),
        ("30000/1001", "01:00:00:02", "01:00:00:02"),
        ("24000/1001", "10:00:00:00", "10:00:00:00"),
        ("25", None, None),
    ],
)
def test_footage_has_its_exact_rate_and_time_code(
    rate: str, timecode: str | None, told: str | None, tmp_path: Path
) -> None:
    recording = tmp_path / "take.mov"
    extra = "" if timecode is None else f"-timecode {timecode}"
    ffmpeg(f"-f lavfi -i testsrc2=s=64x48:r={rate}:d=2 {clips.X264} {extra}", recording)
    footage = FootageTask(recording).run(lambda _: None)
    numerator, _, denominator = rate.partition("/")
    assert (footage.rate.numerator, footage.rate.denominator) == (int(numerator), int(denominator or 1))
    assert not footage.variable
    assert not footage.counted_otherwise
    assert footage.timecode == told


def test_variable_rates_are_recognised(clip: ClipMaker) -> None:
    assert FootageTask(clip("irregular.mp4").path).run(lambda _: None).variable
    assert not FootageTask(clip("h264.mkv").path).run(lambda _: None).variable
    assert not FootageTask(clip("h264.ts").path).run(lambda _: None).variable


def test_a_rate_that_varies_only_later_is_recognised(tmp_path: Path) -> None:
    steady, slow = tmp_path / "steady.mp4", tmp_path / "slow.mp4"
    source = "-f lavfi -i testsrc2=s=64x48:r=25:d=60"
    ffmpeg(f"{source} {clips.X264} -vsync vfr", steady)
    ffmpeg(f"{source} -vf select='lt(n,700)+not(mod(n,3))' -vsync vfr {clips.X264}", slow)
    assert not FootageTask(steady).run(lambda _: None).variable
    footage = FootageTask(slow).run(lambda _: None)
    assert footage.variable
    assert footage.rate == 25


def test_rates_that_no_editor_knows_become_multiples() -> None:
    assert [float(known_rate(rate)) for rate in (10, 12.5, 15, 120, 29.97, 23.976)] == pytest.approx(
        [30, 25, 30, 60, 29.97, 23.976], abs=0.001
    )
    assert all(one < other for one, other in pairwise(RATES))
