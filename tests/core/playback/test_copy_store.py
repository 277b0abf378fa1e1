import stat
from array import array
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, MediaError
from retake_core.media.ffmpeg.container import open_container, video_stream
from retake_core.playback.copy import frame_times
from retake_core.playback.copy_store import CopyStore, Playable
from retake_core.protocol.requests import Unplayable
from tests.contract.clips import ffmpeg
from tests.support.fakes import make_clip


def nothing(_fraction: float) -> None:
    pass


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "stream.ts", [(3, "red"), (3, "white")])


@pytest.fixture
def store(tmp_path: Path) -> CopyStore:
    return CopyStore(tmp_path / "proxies")


def prepare(store: CopyStore, path: Path, name: str = "one", *, failed: Unplayable = "") -> Playable:
    return store.prepare(name, path, 480, CancelToken(), nothing, failed)


def names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "proxies").iterdir() if path.name != "lock")


def test_what_plays_is_not_copied(store: CopyStore, tmp_path: Path) -> None:
    playable = prepare(store, make_clip(tmp_path / "clip.mp4", [(2, "red")]))
    assert playable.copy is None
    times = array("q", playable.frames.read_bytes())
    assert list(times) == [n * 250_000 for n in range(8)]


def test_a_copy_is_made_once_and_is_private(store: CopyStore, stream: Path, tmp_path: Path) -> None:
    before = stream.read_bytes()
    playable = prepare(store, stream)
    assert playable.copy is not None
    made = playable.copy.stat().st_mtime_ns
    again = prepare(store, stream)
    assert again == playable
    assert playable.copy.stat().st_mtime_ns == made
    assert names(tmp_path) == ["one.frames", "one.json", "one.mp4"]
    for path in (tmp_path / "proxies").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "proxies").stat().st_mode) == 0o700
    assert stream.read_bytes() == before


def test_where_a_copy_of_the_packets_fails_it_is_encoded(store: CopyStore, stream: Path) -> None:
    copied = prepare(store, stream)
    assert copied.copy is not None
    size = copied.copy.stat().st_size
    encoded = prepare(store, stream, failed="copy")
    assert encoded.copy is not None
    assert encoded.copy.stat().st_size != size
    changed = encoded.copy.stat().st_mtime_ns
    assert prepare(store, stream, failed="copy") == encoded  # there is nothing better to try
    assert encoded.copy.stat().st_mtime_ns == changed


def test_a_stopped_copy_leaves_nothing(store: CopyStore, stream: Path, tmp_path: Path) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        store.prepare("one", stream, 480, token, lambda _: token.cancel(), "copy")
    assert names(tmp_path) == []


def test_a_killed_copy_is_not_taken_for_a_whole_one(store: CopyStore, stream: Path, tmp_path: Path) -> None:
    folder = tmp_path / "proxies"
    folder.mkdir()
    (folder / "one.part").write_bytes(b"half")
    (folder / "one.mp4").write_bytes(b"published, but its note was not")
    assert store.find("one", 480) is None
    playable = prepare(store, stream)
    assert playable.copy is not None
    assert playable.copy.stat().st_size > 1000
    assert names(tmp_path) == ["one.frames", "one.json", "one.mp4"]


def test_the_least_recently_used_copy_gives_way(stream: Path, tmp_path: Path) -> None:
    sizes = CopyStore(tmp_path / "proxies")
    prepare(sizes, stream, "one")
    room = sum(path.stat().st_size for path in (tmp_path / "proxies").iterdir())
    store = CopyStore(tmp_path / "proxies", quota=round(room * 2.5))
    prepare(store, stream, "two")
    assert store.find("one", 480) is not None  # used again
    prepare(store, stream, "three")
    assert store.find("two", 480) is None
    assert store.find("one", 480) is not None
    assert store.find("three", 480) is not None


def test_a_copy_that_has_no_room_is_not_made(stream: Path, tmp_path: Path) -> None:
    store = CopyStore(tmp_path / "proxies", quota=10)
    with pytest.raises(MediaError, match="more room"):
        prepare(store, stream)
    assert names(tmp_path) == []


def test_copies_of_videos_that_are_gone_go_too(store: CopyStore, stream: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        prepare(store, stream, name)
    store.keep_only({"two"})
    assert names(tmp_path) == ["two.frames", "two.json", "two.mp4"]


def test_what_is_no_video_says_so(store: CopyStore, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ts"
    broken.write_bytes(b"nothing" * 1000)
    with pytest.raises(MediaError):
        prepare(store, broken)
    assert names(tmp_path) == []


def test_packets_are_copied_before_anything_is_encoded(store: CopyStore, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", [(2, "red")])
    assert prepare(store, clip).copy is None
    copied = prepare(store, clip, failed="original")
    assert copied.copy is not None
    size = copied.copy.stat().st_size
    assert abs(size - clip.stat().st_size) < size // 4
    assert prepare(store, clip, failed="original") == copied  # it was not what failed
    encoded = prepare(store, clip, failed="copy")
    assert encoded.copy is not None
    assert encoded.copy.stat().st_size != size
    assert array("q", encoded.frames.read_bytes()) == array("q", copied.frames.read_bytes())


def test_packets_of_matroska_with_reordered_frames_are_copied(store: CopyStore, tmp_path: Path) -> None:
    clip = make_h264(tmp_path / "clip.mkv", "yuv420p -bf 2 -b_strategy 0")
    original = list(frame_times(clip))
    copied = prepare(store, clip, failed="original")
    assert copied.copy is not None
    assert '"made":"copied"' in copied.frames.with_suffix(".json").read_text()
    assert [time + round(copied.shift * 1e6) for time in frame_times(copied.copy)] == original


def test_packets_that_no_player_paints_are_not_copied(store: CopyStore, tmp_path: Path) -> None:
    deep = make_h264(tmp_path / "deep.mp4", "yuv420p10le")
    assert prepare(store, deep).copy is None  # with a graphics card it can be shown
    copy = prepare(store, deep, failed="original").copy
    assert copy is not None
    with open_container(copy) as container:
        assert video_stream(container).pix_fmt == "yuv420p"


def make_h264(path: Path, pixels: str) -> Path:
    ffmpeg(f"-f lavfi -i testsrc2=size=64x48:rate=10:duration=1 -c:v libx264 -pix_fmt {pixels}", path)
    return path


def test_the_last_frame_of_a_copy_lasts_as_long_as_it_did(store: CopyStore, stream: Path) -> None:
    copy = prepare(store, stream).copy
    assert copy is not None
    with open_container(copy) as container:
        last = list(container.demux(video_stream(container)))[-2]
        assert last.duration is not None
        assert last.time_base is not None
        assert float(last.duration * last.time_base) == pytest.approx(0.25)
