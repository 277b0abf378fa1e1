"""Recordings as people have them, by the command line: how they look, and what is listed, found and written."""

import time
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.schema import keyframe
from tests.contract.clips import ffmpeg
from tests.contract.looks import BARS, FIELDS, HDR, TAGS, TRANSFERS, distance, teeth
from tests.contract.looks import Image as Picture
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder, age
from tests.support.shelf import run_index

pytestmark = pytest.mark.usefixtures("in_process")
PLAIN = "-f lavfi -i color=c={}:s=64x48:r=5:d={}"
CODER = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p"


@pytest.fixture
def retake(capsys: pytest.CaptureFixture[str], data_dir: DataDir) -> Retake:
    return Retake(capsys, data_dir.root)


def clip(path: Path, options: str = "", colour: str = "red", seconds: int = 4) -> Path:
    ffmpeg(f"{PLAIN.format(colour, seconds)} {options}{CODER}", path)
    age(path)
    return path


def read(content: bytes | Path) -> Picture:
    with Image.open(BytesIO(content) if isinstance(content, bytes) else content) as image:
        return np.asarray(image.convert("RGB"))


def pictures(retake: Retake, database: Database, folder: Path, name: str) -> dict[str, Picture]:
    """Return a recording's thumbnail, a frame of it, and its contact sheet."""
    with database.reading() as connection:
        (content,) = connection.execute(select(keyframe.c.thumbnail).order_by(keyframe.c.id.desc()).limit(1)).one()
    frame, sheet = folder.parent / f"{name}.png", folder.parent / f"{name}-sheet.png"
    assert retake(("export", "frame"), f"{name}@0:01", frame).code == 0
    assert retake(("export", "sheet"), "--video", name, "--top", "1", sheet).code == 0
    return {"thumbnail": read(content), "frame": read(frame), "sheet": read(sheet)}


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_high_dynamic_range_looks_as_the_standard_one(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder, transfer: str
) -> None:
    tags = TAGS.format("bt2020", TRANSFERS[transfer], "bt2020nc")
    options = {
        "standard.mp4": f"{BARS}{CODER} {TAGS.format('bt709', 'bt709', 'bt709')}",
        "rich.mp4": f"{BARS}{HDR.format(TRANSFERS[transfer])}{tags}",
    }
    seen = {}
    for name, option in options.items():
        ffmpeg(option, folder / name)
        age(folder / name)
        run_index(database, folder, encoder)
        seen[name] = pictures(retake, database, folder, name)
    standard, rich = seen["standard.mp4"], seen["rich.mp4"]
    assert distance(rich["thumbnail"], standard["thumbnail"]) <= 36
    assert distance(rich["frame"], standard["frame"]) <= 36
    coloured = np.ptp(standard["sheet"], axis=-1) > 60
    off = np.abs(rich["sheet"].astype(int) - standard["sheet"].astype(int)).max(axis=-1)
    assert coloured.mean() > 0.1
    assert off[coloured].mean() <= 36


@pytest.mark.parametrize("name", FIELDS)
def test_fields_leave_no_teeth(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder, name: str
) -> None:
    ffmpeg(FIELDS[name], folder / name)
    age(folder / name)
    run_index(database, folder, encoder)
    seen = pictures(retake, database, folder, name)
    assert {kind: teeth(image) < 600 for kind, image in seen.items()} == dict.fromkeys(seen, True)


def test_the_earlier_instant_is_listed_later(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder
) -> None:
    """Newest first: the clock of the place says the opposite."""
    told = "-metadata com.apple.quicktime.creationdate=2024-06-01T15:23:00+0300 -movflags use_metadata_tags"
    clip(folder / "earlier.mov", told)
    clip(folder / "later.mp4", "-metadata creation_time=2024-06-01T12:37:00Z", "blue")
    clip(folder / "latest.mkv", "-metadata creation_time=2024-06-01T12:38:00Z", "green")
    run_index(database, folder, encoder)
    query, names = "after:2024-06 before:2024-07", ["latest.mkv", "later.mp4", "earlier.mov"]
    assert [
        Path(one["path"]).name for one in retake("videos", query, "--sort", "date", "--json").document
    ] == names
    assert [Path(one["video"]).name for one in retake("search", query, "--json").document] == names


@pytest.mark.parametrize(
    ("place", "minute", "before", "after"),  # a minute for each: days are remembered
    [
        ("America/Los_Angeles", 30, ["new-year.mp4", "tokyo.mov"], []),
        ("UTC", 31, ["tokyo.mov"], ["new-year.mp4"]),
    ],
)
def test_a_recording_has_one_day(
    retake: Retake,
    database: Database,
    folder: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    minute: int,
    before: list[str],
    after: list[str],
) -> None:
    clip(folder / "new-year.mp4", f"-metadata creation_time=2024-01-01T04:{minute}:00Z")
    told = "-metadata com.apple.quicktime.creationdate=2023-12-31T23:30:00+0900 -movflags use_metadata_tags"
    clip(folder / "tokyo.mov", told, "blue")
    run_index(database, folder, encoder)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", place)
        time.tzset()
        found = {
            query: sorted(Path(one["path"]).name for one in retake("videos", query, "--json").document)
            for query in ("before:2024", "after:2024")
        }
        moments = {Path(one["video"]).name for one in retake("search", "before:2024", "--json").document}
    time.tzset()
    assert found == {"before:2024": before, "after:2024": after}
    assert sorted(moments) == before


def test_references_and_voices_are_read_found_and_written(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder
) -> None:
    clip(folder / "shop.mp4")
    (folder / "shop.vtt").write_text(
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Bruna &amp; Co>We went to H&amp;M&nbsp;today</v>\n\n"
        "00:01.000 --> 00:02.000\n<v Otto>five &lt; six, &lt;b&gt; is bold\n"
    )
    run_index(database, folder, encoder)
    found = {
        query: [moment["start"] for moment in retake("search", query, "--json").document]
        for query in ('said:"H&M"', "said:amp", "amp", "said:bruna", "said:otto")
    }
    assert found == {'said:"H&M"': [0.0], "said:amp": [], "amp": [], "said:bruna": [0.0], "said:otto": [1.0]}
    shown = retake("transcript", "shop.mp4").out
    assert "Bruna & Co: We went to H&M" in shown
    assert "Otto: five < six, <b> is bold" in shown
    assert retake(("export", "transcript"), "shop.mp4", folder.parent / "out.vtt").code == 0
    written = (folder.parent / "out.vtt").read_text()
    assert "<v Bruna &amp; Co>We went to H&amp;M" in written
    assert "<v Otto>five &lt; six, &lt;b&gt; is bold" in written


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_named_chapters_are_found_and_exported(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder, suffix: str
) -> None:
    names = ("Introduction", "Kneading the dough")
    head = ";FFMETADATA1\n"
    for start, name in zip((0, 5), names, strict=True):
        head += f"[CHAPTER]\nTIMEBASE=1/1\nSTART={start}\nEND={start + 5}\ntitle={name}\n"
    (folder.parent / "chapters.txt").write_text(head)
    clip(folder / f"lesson{suffix}", f"-i {folder.parent}/chapters.txt -map 0:v -map_metadata 1", seconds=10)
    run_index(database, folder, encoder)
    assert [moment["start"] for moment in retake("search", "kneading", "--json").document] == [5.0]
    assert retake(("export", "chapters"), "--video", f"lesson{suffix}", folder.parent / "out.ffmetadata").code == 0
    written = (folder.parent / "out.ffmetadata").read_text()
    assert [line.removeprefix("title=") for line in written.splitlines() if line.startswith("title=")][1:] == [
        *names
    ]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_clip_keeps_its_title_and_leaves_out_what_is_wished(
    retake: Retake, database: Database, folder: Path, encoder: FakeEncoder, suffix: str
) -> None:
    tags = (
        "-metadata title=Beach -metadata location=+47.3769+008.5417/ -metadata creation_time=2019-07-14T12:00:00Z"
    )
    clip(folder / f"beach{suffix}", tags)
    run_index(database, folder, encoder)
    kept = {}
    for option in ("--place", "--without-place", "--without-date"):
        target = folder.parent / f"{option}{suffix}"
        assert retake(("export", "clip"), f"beach{suffix}@0:01-0:02", target, option).code == 0
        with av.open(str(target)) as container:
            tag = {name.lower(): value for name, value in container.metadata.items()}
            kept[option] = tag["title"], tag.get("location", "")[:8], tag.get("creation_time", "")[:10]
    assert kept == {
        "--place": ("Beach", "+47.3769", "2019-07-14"),
        "--without-place": ("Beach", "", "2019-07-14"),
        "--without-date": ("Beach", "+47.3769", ""),
    }


def test_files_that_tell_nothing_are_counted(retake: Retake, folder: Path) -> None:
    """Names that cameras use are looked into; what is no video there is passed over, and failures are none."""
    clip(folder / "trip.mp4").rename(folder / "MOV001.MOD")
    (folder / "what.qqq").write_bytes(bytes(range(7, 256)) * 400)
    told = " ".join(retake("index", folder).out.split())
    assert "1 video, 1 new" in told
    assert "Passed over: 1 file of which" in told
    (folder / "other").write_bytes(bytes(range(9, 256)) * 400)
    assert "Passed over: 2 files of which" in " ".join(retake("index").out.split())
    assert [one["error"] for one in retake("videos", "--json").document] == [None]
