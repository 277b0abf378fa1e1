"""Timelines, read back with OpenTimelineIO's own readers: the times are those of the moments, to the frame."""

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest
import webvtt

from retake_core.display import clock
from retake_core.errors import UserError
from retake_core.export import timeline as timelines
from retake_core.export.chapters import chapters, to_ffmetadata, to_webvtt
from retake_core.export.edl import to_edl
from retake_core.export.fcpxml import to_fcpxml
from retake_core.export.footage import Footage
from retake_core.export.moments import Item
from retake_core.library.catalog import VideoEntry
from retake_core.library.description import Chapter
from retake_core.library.indexing import Depth

FILM, NTSC = Fraction(24000, 1001), Fraction(30000, 1001)
SPANS = ((60.0, 60.5, 65.0), (600.0, 605.0, 610.0), (3.0, 3.0, 4.0))  # start, time, end


def video(number: int = 1, path: str = "/videos/Straße 100% #1 & 自行车.mp4") -> VideoEntry:
    return VideoEntry(
        number, f"f{number}", (Path(path),), False, 1800.0, 640, 480, "h264", None, 3, Depth.REFINED, None, 0.0
    )


def items(entry: VideoEntry | None = None) -> list[Item]:
    entry = entry or video()
    return [Item(entry, time, start, end, f"at <{clock(time)}>", None, 0.5) for start, time, end in SPANS]


def footage(rate: Fraction, timecode: str | None = None, first: float = 0.0) -> Footage:
    return Footage(rate, float(rate), False, timecode, first, 1800.0, (640, 480), (48000, 2))


CASES = [
    (Fraction(25), None, 0),
    (FILM, None, 0),
    (NTSC, None, 0),
    (NTSC, "01:00:00:00", 108_000),
    (NTSC, "01:00:00;00", 107_892),
    (Fraction(60000, 1001), "00:10:00;00", 35_964),
    (Fraction(25), "10:00:00:00", 900_000),
]


@pytest.mark.parametrize(("rate", "timecode", "base"), CASES)
@pytest.mark.parametrize("suffix", ["otio", "edl"])
def test_moments_come_back_to_the_frame(
    rate: Fraction, timecode: str | None, base: int, suffix: str, tmp_path: Path
) -> None:
    made = timelines.timeline("Fête", items(), {1: footage(rate, timecode)}, whole=False)
    written = tmp_path / f"timeline.{suffix}"
    written.write_text(made.to_json_string() if suffix == "otio" else to_edl(made), encoding="utf-8")
    options = {"rate": float(rate)} if suffix == "edl" else {}
    read = otio.adapters.read_from_file(str(written), **options)
    clips = list(read.find_clips())
    assert [clip.source_range.start_time.value for clip in clips] == [base + round(s * rate) for s, _, _ in SPANS]
    assert [clip.source_range.end_time_exclusive().value for clip in clips] == [
        base + round(end * rate) for _, _, end in SPANS
    ]
    at = 0
    for clip, (start, _, end) in zip(clips, SPANS, strict=True):
        assert clip.source_range.start_time.rate == pytest.approx(float(rate))
        assert clip.range_in_parent().start_time.value == at
        at += round(end * rate) - round(start * rate)
        assert clip.media_reference.target_url == video().path.as_uri()
    for clip, (_, time, _) in zip(clips, SPANS, strict=True):
        if suffix == "edl" and timelines.drops_frames(footage(rate, timecode)):
            continue  # its reader takes no marker whose time code drops frames
        (marker,) = clip.markers
        assert marker.name.startswith("at <")
        assert marker.marked_range.start_time.value == base + round(time * rate)


@pytest.mark.parametrize(("rate", "timecode", "base"), CASES)
def test_final_cut_reads_exact_fractions(rate: Fraction, timecode: str | None, base: int, tmp_path: Path) -> None:
    counted = footage(rate, timecode)
    made = timelines.timeline("Fête & <more>", items(), {1: counted}, whole=False)
    written = tmp_path / "timeline.fcpxml"
    written.write_text(to_fcpxml(made, {video().path.as_uri(): counted}), encoding="utf-8")
    root = ET.fromstring(written.read_bytes())  # noqa: S314 - our own file

    def seconds(text: str | None) -> Fraction:
        return Fraction((text or "").removesuffix("s"))

    found = root.findall(".//asset-clip")
    at = Fraction(0)
    for element, (start, time, end) in zip(found, SPANS, strict=True):
        assert seconds(element.get("start")) == (base + round(start * rate)) / rate
        assert seconds(element.get("duration")) == (round(end * rate) - round(start * rate)) / rate
        assert seconds(element.get("offset")) == at
        at += seconds(element.get("duration"))
        (marker,) = element.findall("marker")
        assert seconds(marker.get("start")) == (base + round(time * rate)) / rate
    (sequence,), (asset,) = root.findall(".//sequence"), root.findall(".//asset")
    assert seconds(sequence.get("duration")) == at
    assert (sequence.get("tcFormat") == "DF") == timelines.drops_frames(counted)
    assert asset.get("src") == video().path.as_uri()
    assert seconds(root.findall(".//format")[0].get("frameDuration")) == 1 / rate
    # OpenTimelineIO's reader counts in whole frames a second, so it is a frame off at most.
    read = otio.adapters.read_from_file(str(written))
    clips = list(read.find_clips())
    tolerance = 2.1 / int(rate)
    for clip, (start, _, end) in zip(clips, SPANS, strict=True):
        assert clip.source_range.start_time.to_seconds() == pytest.approx(
            float((base + round(start * rate)) / rate), abs=tolerance
        )
        assert clip.source_range.duration.to_seconds() == pytest.approx(end - start, abs=tolerance)
        assert len(clip.markers) == 1


def test_a_whole_video_gets_a_marker_at_each_keyframe() -> None:
    made = timelines.timeline("all", items(), {1: footage(NTSC, None, 0.5)}, whole=True)
    (clip,) = made.find_clips()
    assert clip.source_range.start_time.value == 0
    assert [m.marked_range.start_time.value for m in clip.markers] == [
        round((t - 0.5) * NTSC) for _, t, _ in SPANS
    ]
    lines = [line for line in to_edl(made).splitlines() if line.startswith("* LOC: ")]
    codes = [otio.opentime.from_timecode(line.split()[2], float(NTSC)).value for line in lines]
    assert codes == [round((t - 0.5) * NTSC) for _, t, _ in SPANS]


@pytest.mark.parametrize(
    ("timecode", "line", "stamp"),
    [(None, "FCM: DROP FRAME", "00:01:00;02"), ("00:00:00:00", "FCM: NON-DROP FRAME", "00:00:59:28")],
)
def test_edls_say_how_they_count(timecode: str | None, line: str, stamp: str) -> None:
    counted = footage(NTSC, timecode)
    moment = replace(items()[0], start=60.06 if timecode is None else 60.0)
    text = to_edl(timelines.timeline("t", [moment], {1: counted}, whole=False))
    assert text.splitlines()[1] == line
    assert stamp in text


def test_recordings_of_several_rates_are_counted_at_the_first_ones() -> None:
    other = video(2, "/videos/b.mp4")
    both = [items()[0], replace(items(other)[0], start=2.0, time=2.0, end=4.0)]
    counted = {1: footage(Fraction(25)), 2: footage(FILM)}
    text = to_edl(timelines.timeline("t", both, counted, whole=False))
    assert "00:00:02:00 00:00:04:00 00:00:05:00 00:00:07:00" in text
    assert [note.kind for note in timelines.notes(list(counted.values()))] == ["several rates"]


@pytest.mark.parametrize("suffix", ["otio", "fcpxml", "edl"])
def test_chapters_are_markers_with_their_sentences(suffix: str) -> None:
    entry, counted = video(), footage(NTSC, "01:00:00:00")
    told = [
        Item(entry, 0.0, 0.0, 60.0, "Flour & water", None, 0.5, "They are mixed.", True),
        Item(entry, 60.0, 60.0, 90.0, "The oven", None, 0.5, "", True),
    ]
    made = timelines.timeline("Bread", told, {1: counted}, whole=True)
    text = written(made, counted, suffix)
    frames = [108_000, 108_000 + round(60 * NTSC)]
    match suffix:
        case "otio":
            (clip,) = otio.adapters.read_from_string(text, "otio_json").find_clips()
            ranges = [marker.marked_range for marker in clip.markers]
            assert [(span.start_time.value, span.duration.value) for span in ranges] == [
                (frames[0], frames[1] - frames[0]),
                (frames[1], round(90 * NTSC) - round(60 * NTSC)),
            ]
            assert [(m.name, m.comment) for m in clip.markers] == [
                ("Flour & water", "They are mixed."),
                ("The oven", ""),
            ]
        case "fcpxml":
            found = ET.fromstring(text.encode()).findall(".//asset-clip/chapter-marker")  # noqa: S314 - our own file
            assert [(m.get("value"), m.get("note")) for m in found] == [
                ("Flour & water", "They are mixed."),
                ("The oven", None),
            ]
            starts = [Fraction(str(m.get("start")).removesuffix("s")) for m in found]
            assert starts == [frame / NTSC for frame in frames]
        case _:
            assert [line for line in text.splitlines() if "LOC" in line] == [
                "* LOC: 01:00:00:00 PURPLE Flour & water",
                "* LOC: 01:00:59:28 PURPLE The oven",
            ]


def test_odd_rates_are_told_of() -> None:
    slow = replace(footage(Fraction(30)), average=10.0)
    varying = replace(footage(Fraction(30)), average=29.2, variable=True)
    assert [note.kind for note in timelines.notes([slow])] == ["other rate"]
    assert [note.kind for note in timelines.notes([varying])] == ["variable rate"]
    assert [note.kind for note in timelines.notes([footage(NTSC)])] == ["drop frame"]


def written(made: otio.schema.Timeline, counted: Footage, suffix: str) -> str:
    if suffix == "otio":
        return str(made.to_json_string())
    (url,) = {clip.media_reference.target_url for clip in made.find_clips()}
    return to_edl(made) if suffix == "edl" else to_fcpxml(made, {url: counted})


@pytest.mark.parametrize("suffix", ["otio", "edl", "fcpxml"])
def test_a_rate_that_varies_is_said_in_the_file(suffix: str) -> None:
    steady = footage(Fraction(30))
    varying = replace(steady, average=29.2, variable=True)
    for counted, said in ((steady, False), (varying, True)):
        made = timelines.timeline("t", items(), {1: counted}, whole=False)
        assert ("Variable frame rate" in written(made, counted, suffix)) == said


def stamp(frame: int, nominal: int, *, drop: bool) -> str:
    """Return a time code by the book: two numbers (four at 59.94) are left out each minute but every tenth."""
    if drop:
        left_out = nominal // 15
        minute, ten = 60 * nominal - left_out, 600 * nominal - 9 * left_out
        tens, rest = divmod(frame, ten)
        frame += 9 * left_out * tens + (left_out * ((rest - left_out) // minute) if rest >= left_out else 0)
    seconds, frames = divmod(frame, nominal)
    clock_ = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{clock_}{';' if drop else ':'}{frames:02}"


@pytest.mark.parametrize("suffix", ["otio", "edl", "fcpxml"])
@pytest.mark.parametrize(
    ("rate", "timecode", "nominal", "drop"),
    [
        (NTSC, None, 30, True),
        (NTSC, "00:00:00:00", 30, False),
        (Fraction(60000, 1001), None, 60, True),
        (FILM, None, 24, False),
        (Fraction(25), None, 25, False),
    ],
)
def test_moments_after_hours_are_right_to_the_frame(
    rate: Fraction, timecode: str | None, nominal: int, drop: bool, suffix: str
) -> None:
    counted = replace(footage(rate, timecode), duration=4 * 3600.0)
    times = (3599.99, 3600.0, 3600.02, 5025.678, 12_345.6789)
    moments = [Item(video(), time, time, time + 5, "here", None, 0.5) for time in times]
    text = written(timelines.timeline("t", moments, {1: counted}, whole=False), counted, suffix)
    frames = [round(time * rate) for time in times]
    assert all(abs(frame / rate - Fraction(time)) <= 1 / rate for frame, time in zip(frames, times, strict=True))
    if suffix == "edl":
        places = [line.split()[2] for line in text.splitlines() if line.startswith("* LOC: ")]
        assert places == [stamp(frame, nominal, drop=drop) for frame in frames]
    elif suffix == "fcpxml":
        markers = ET.fromstring(text).findall(".//marker")  # noqa: S314 - our own file
        assert [Fraction((each.get("start") or "").removesuffix("s")) for each in markers] == [
            frame / rate for frame in frames
        ]
    else:
        read = otio.adapters.read_from_string(text, "otio_json")
        found = [clip.markers[0].marked_range.start_time.value for clip in read.find_clips()]
        assert found == frames


@pytest.mark.parametrize("suffix", ["otio", "edl", "fcpxml"])
@pytest.mark.parametrize(
    "name",
    [
        b"my film.mp4",
        b"100% #1 & a?b=c;d.mp4",
        "自行车 Straße.mp4".encode(),
        b"caf\xe9 \xff.mp4",
        b"bell\x07 tab\t line\n.mp4",
        b"quote\" <a> 'b'.mp4",
    ],
)
def test_links_lead_to_the_recording_whatever_its_name(name: bytes, suffix: str, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    path.touch()
    entry, counted = video(path=str(path)), footage(Fraction(25))
    text = written(timelines.timeline(path.name, items(entry), {1: counted}, whole=False), counted, suffix)
    text.encode()  # it can be written
    if suffix == "edl":
        urls = [line.partition("FROM: ")[2] for line in text.splitlines() if line.startswith("* OTIO REF")]
    elif suffix == "fcpxml":
        root = ET.fromstring(text)  # noqa: S314 - our own file
        urls = [asset.get("src") or "" for asset in root.findall(".//asset")]
    else:
        read = otio.adapters.read_from_string(text, "otio_json")
        urls = [clip.media_reference.target_url for clip in read.find_clips()]
    assert urls
    for url in urls:
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("file", "", "", "")
        assert Path(os.fsdecode(unquote_to_bytes(parts.path))).exists()


def test_chapters_follow_each_other() -> None:
    found = chapters(items(), 1800.0)
    assert [(part.start, part.end) for part in found] == [(3.0, 4.0), (60.0, 65.0), (600.0, 610.0)]
    overlapping = [replace(item, end=900.0) for item in items()] + [items()[0]]
    assert [(part.start, part.end) for part in chapters(overlapping, 1800.0)] == [
        (3.0, 60.0),
        (60.0, 600.0),
        (600.0, 900.0),
    ]


def test_chapters_are_of_one_video() -> None:
    with pytest.raises(UserError, match="one video"):
        chapters([*items(), *items(video(2, "/videos/b.mp4"))], None)
    with pytest.raises(UserError, match="nothing to write"):
        chapters([], None)


def test_ffmpeg_reads_its_metadata(tmp_path: Path) -> None:
    import av

    from tests.contract.clips import ffmpeg
    from tests.support.fakes import make_clip

    labels = ["a = b; #c", "two\\backslashes", "线"]
    named = [
        replace(item, label=label, start=n * 2.0, end=n * 2.0 + 2)
        for n, (item, label) in enumerate(zip(items(), labels, strict=True))
    ]
    metadata = tmp_path / "chapters.txt"
    metadata.write_text(to_ffmetadata(chapters(named, 6.0), "Fête = #1"), encoding="utf-8")
    source = make_clip(tmp_path / "clip.mp4", [(6, "red")])
    ffmpeg(f"-i IN -i {metadata} -map_metadata 1 -c copy", tmp_path / "with.mkv", source=source)
    with av.open(str(tmp_path / "with.mkv")) as container:
        read = [
            (float(c["start"] * base), float(c["end"] * base), c["metadata"]["title"])
            for c in container.chapters()
            if (base := c["time_base"])
        ]
    assert read == [(0.0, 2.0, labels[0]), (2.0, 4.0, labels[1]), (4.0, 6.0, labels[2])]


def test_webvtt_escapes_its_titles() -> None:
    text = to_webvtt([Chapter(0.0, 3661.5, "a <b> & c --> d")])
    assert text == "WEBVTT\n\n1\n00:00:00.000 --> 01:01:01.500\na &lt;b&gt; &amp; c --&gt; d\n"


def test_webvtt_has_sentences_as_comments() -> None:
    text = to_webvtt([Chapter(0.0, 2.0, "Bread", "It rises -->\n\nin the oven."), Chapter(2.0, 4.0, "Butter")])
    assert text.split("\n\n")[1] == "NOTE It rises -> in the oven."
    assert [cue.text for cue in webvtt.from_string(text).captions] == ["Bread", "Butter"]
