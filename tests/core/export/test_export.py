"""What is exported from a library: whole or not at all, never over a recording, and true to it."""

import errno
import hashlib
import os
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, UserError
from retake_core.export.service import ExportService
from retake_core.library.database import Database
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.protocol.export_order import Note, Order, Wanted
from retake_core.protocol.indexing_events import CopyProgress
from retake_core.protocol.requests import Export
from retake_core.settings import change_settings
from tests.core.export.orders import report_of, run, size
from tests.support.colour_library import Library
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder, age
from tests.support.in_process import decode_in_threads
from tests.support.shelf import keyframe_times, run_index, video


@pytest.fixture
def filled(database: Database, folder: Path, clips: Path, encoder: FakeEncoder, in_process: None) -> Path:  # noqa: ARG001
    """Return the recording in an indexed library: 0 s red, 10 s green, 20 s blue, to 30 s."""
    shutil.copy2(clips / "short.mp4", folder)
    run_index(database, folder, encoder)
    return folder / "short.mp4"


def moment(database: Database, start: float, end: float, time: float | None = None) -> Wanted:
    return Wanted(video(database, "short.mp4").id, start if time is None else time, start, end)


@pytest.mark.parametrize("exact", [False, True])
def test_a_clip_that_is_indexed_has_the_same_keyframes(
    exact: bool,
    exporter: ExportService,
    filled: Path,
    database: Database,
    encoder: FakeEncoder,
) -> None:
    before = (hashlib.sha256(filled.read_bytes()).digest(), filled.stat().st_mtime_ns)
    target = filled.parent / "clip.mp4"
    order = Order("clip", str(target), (moment(database, 9.0, 25.0),), exact=exact, before=0.5)
    report = report_of(exporter, order)
    (part,) = report.parts
    age(target)
    assert (hashlib.sha256(filled.read_bytes()).digest(), filled.stat().st_mtime_ns) == before
    run_index(database, filled.parent, encoder)
    wanted = [t - part.start for t in keyframe_times(database, "short.mp4") if part.start < t < part.end]
    frame = 0.25
    assert len(wanted) >= 2
    assert keyframe_times(database, "clip.mp4") == pytest.approx([0.0, *wanted], abs=frame)
    if exact:
        assert part.start == pytest.approx(8.5, abs=frame)
        assert report.notes == ()
    else:
        assert [note.kind for note in report.notes] == ["starts earlier"]
        assert report.notes[0].value == pytest.approx(8.5 - part.start, abs=0.001)


@pytest.mark.usefixtures("filled")
def test_a_moment_without_an_end_lasts_to_the_next_keyframe(
    exporter: ExportService, database: Database, tmp_path: Path
) -> None:
    times = keyframe_times(database, "short.mp4")
    order = Order("clip", str(tmp_path / "c.mp4"), (moment(database, times[1], times[1]),), exact=True)
    (part,) = report_of(exporter, order).parts
    assert part.end == pytest.approx(min(times[2], times[1] + 10), abs=0.26)


@pytest.mark.usefixtures("filled")
def test_several_moments_make_one_clip(exporter: ExportService, database: Database, tmp_path: Path) -> None:
    target = tmp_path / "c.mp4"
    gone = Wanted(999, 1.0, 1.0, 2.0)
    progress: list[float] = []
    both = (moment(database, 20.0, 23.0), gone, moment(database, 1.0, 3.0))
    report = report_of(exporter, Order("clip", str(target), both, exact=True), progress)
    assert report.notes == (Note("left out", 1),)
    source = PyAVSource(target, short_side=48)
    assert source.info.duration == pytest.approx(5.0, abs=0.05)
    assert source.frame_at(1.0).image.mean(axis=(0, 1)).argmax() == 2  # blue
    assert source.frame_at(4.0).image.mean(axis=(0, 1)).argmax() == 0  # red
    source.close()
    assert progress == sorted(progress)


@pytest.mark.usefixtures("filled")
def test_nothing_is_replaced_unless_it_is_said(
    exporter: ExportService, database: Database, tmp_path: Path
) -> None:
    target = tmp_path / "frame.png"
    target.write_bytes(b"dear to me")
    order = Order("frame", str(target), (moment(database, 12.0, 12.0),))
    with pytest.raises(UserError, match="exists already"):
        run(exporter, order)
    assert target.read_bytes() == b"dear to me"
    run(exporter, msgspec.structs.replace(order, replace=True))
    assert size(target) == (64, 48)


@pytest.mark.parametrize("link", [False, True])
def test_a_recording_is_never_written_to(
    link: bool, exporter: ExportService, filled: Path, database: Database, tmp_path: Path
) -> None:
    target = filled
    if link:
        target = tmp_path / "another name.mp4"
        os.link(filled, target)
    content = filled.read_bytes()
    with pytest.raises(UserError, match="the recording itself"):
        run(exporter, Order("clip", str(target), (moment(database, 1.0, 2.0),), replace=True))
    assert filled.read_bytes() == content


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere/c.mp4", "does not exist"), ("c.xyz", "which format"), ("folder.mp4", "is a folder")],
)
def test_where_it_cannot_go(
    name: str, said: str, exporter: ExportService, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(UserError, match=said):
        run(exporter, Order("clip", str(tmp_path / name), (moment(database, 1.0, 2.0),)))


@pytest.mark.usefixtures("filled")
def test_a_disk_without_room_is_told_of_before(
    exporter: ExportService, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    with pytest.raises(UserError, match=r"It needs about 20\.\d MB, and 1 B are free"):
        run(exporter, Order("clip", str(tmp_path / "c.mp4"), (moment(database, 1.0, 2.0),)))
    assert list(tmp_path.glob("*c.mp4*")) == []


@pytest.mark.usefixtures("filled")
def test_a_disk_that_fills_up_leaves_nothing_behind(
    exporter: ExportService, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("retake_core.export.contact_sheet.Image.Image.save", full)
    with pytest.raises(UserError, match="no space left"):
        run(exporter, Order("sheet", str(out / "s.png"), video_ids=(video(database, "short.mp4").id,)))
    monkeypatch.setattr("retake_core.export.encoding.add_h264", full)
    with pytest.raises(UserError, match="no space left"):
        run(exporter, Order("clip", str(out / "c.mp4"), (moment(database, 1.0, 2.0),), exact=True))
    assert list(out.iterdir()) == []


@pytest.mark.usefixtures("filled")
def test_a_stop_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    """With a process of its own, as that is what has to be ended."""
    out, token, begun = tmp_path / "out", CancelToken(), threading.Event()
    out.mkdir()
    decoder = LastingDecoder()

    def tell(_progress: CopyProgress) -> None:
        begun.set()
        token.cancel()

    many = tuple(moment(database, 0.0, 30.0) for _ in range(200))
    order = Order("clip", str(out / "c.mp4"), many, exact=True)
    try:
        with pytest.raises(Cancelled):
            ExportService(database, decoder).export(Export(id=1, order=order), token, tell)
    finally:
        decoder.close()
    assert begun.is_set()
    assert list(out.iterdir()) == []


def test_a_missing_recording_is_told_of(
    exporter: ExportService, filled: Path, database: Database, tmp_path: Path
) -> None:
    filled.unlink()
    with pytest.raises(UserError, match="does not exist"):
        run(exporter, Order("clip", str(tmp_path / "c.mp4"), (moment(database, 1.0, 2.0),)))
    with pytest.raises(UserError, match="no longer in the library"):
        run(exporter, Order("clip", str(tmp_path / "c.mp4"), (Wanted(999, 1.0, 1.0, 2.0),)))
    assert not (tmp_path / "c.mp4").exists()


def test_sheets_chapters_and_transcripts(exporter: ExportService, library: Library, tmp_path: Path) -> None:
    one = library.add("/videos/one.mp4", "red green blue", pictures=True)
    library.say(one, (9.0, 12.0, "Now the <green> part"))
    run(exporter, Order("sheet", str(tmp_path / "s.pdf"), video_ids=(one,)))
    run(exporter, Order("chapters", str(tmp_path / "c.vtt"), video_ids=(one,)))
    run(exporter, Order("transcript", str(tmp_path / "t.srt"), video_ids=(one,)))
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
    assert "00:00:10.000 --> 00:00:20.000\nNow the &lt;green&gt; part" in (tmp_path / "c.vtt").read_text()
    assert "00:00:09,000 --> 00:00:12,000" in (tmp_path / "t.srt").read_text()
    silent = library.add("/videos/silent.mp4", "red")
    with pytest.raises(UserError, match="no subtitles"):
        run(exporter, Order("transcript", str(tmp_path / "u.srt"), video_ids=(silent,)))
    assert sorted(path.suffix for path in tmp_path.glob("?.*")) == [".pdf", ".srt", ".vtt"]


@pytest.fixture
def retake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path, clips: Path
) -> Retake:
    """Return the command with a library of one recording."""
    decode_in_threads(monkeypatch)
    monkeypatch.setattr("retake_core.cli.context.open_encoder", lambda _name: FakeEncoder())
    monkeypatch.setattr("retake_core.cli.context.log_to", lambda *_: None)
    shutil.copy2(clips / "short.mp4", folder)
    command = Retake(capsys, tmp_path / "library")
    assert command("index", folder).code == 0
    return command


def test_the_command_line(retake: Retake, tmp_path: Path) -> None:
    def export(kind: str, *arguments: str | Path) -> object:
        outcome = retake(("export", kind), *arguments)
        assert outcome.code == 0, outcome.err
        return outcome.document if "--json" in arguments else outcome.out

    clip = export("clip", "--json", "--exact", "short.mp4@0:12-0:15", tmp_path / "c.mp4")
    assert clip["parts"][0]["start"] == pytest.approx(12.0, abs=0.25)  # type: ignore[index]
    assert "earlier" in str(export("clip", "short.mp4@0:12-0:15", tmp_path / "d.mkv"))
    assert "Wrote" in str(export("clip", "--search", "green", "--limit", "1", tmp_path / "e.mp4"))
    export("frame", "short.mp4@21", tmp_path / "f.png")
    assert size(tmp_path / "f.png") == (64, 48)
    for name in ("s.png", "t.otio", "t.fcpxml", "t.edl", "c.txt"):
        kind = {"s": "sheet", "t": "timeline", "c": "chapters"}[name[0]]
        export(kind, "--video", "short.mp4", "--top", "2", tmp_path / name)
    assert "only" not in retake(("export", "page"), "--list").out
    for arguments, said in (
        (("clip", tmp_path / "x.mp4"), "one way"),
        (("clip", "short.mp4@5-3", tmp_path / "x.mp4"), "ends before"),
        (("clip", "short.mp4@99-100", tmp_path / "x.mp4"), "ends before that"),
        (("page", tmp_path / "x.html"), "no such answer"),
        (("transcript", "short.mp4", tmp_path / "x.srt"), "no subtitles"),
    ):
        kind, *rest = arguments
        assert said in retake.refused(("export", str(kind)), *rest)


def test_a_search_exports_what_it_finds_while_the_encoder_changes(
    retake: Retake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoders = {"builtin": FakeEncoder("fake"), "siglip:/models/new": FakeEncoder("new")}
    monkeypatch.setattr("retake_core.cli.context.open_encoder", encoders.__getitem__)
    change_settings(retake.data_dir / "settings.toml", encoder="siglip:/models/new")
    (moment,) = retake("search", "green", "--json").document
    exported = retake(("export", "clip"), "--search", "green", "--exact", tmp_path / "c.mp4", "--json")
    assert exported.code == 0, exported.err
    (part,) = exported.document["parts"]
    assert (part["start"], part["end"]) == pytest.approx((moment["start"], moment["end"]), abs=0.26)
    assert "Search still uses" in exported.err
