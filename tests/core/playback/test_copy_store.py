import stat
from array import array
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, MediaError
from retake_core.playback.copy_store import CopyStore, Playable
from tests.support.fakes import make_clip


def nothing(_fraction: float) -> None:
    pass


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "stream.ts", [(3, "red"), (3, "white")])


@pytest.fixture
def store(tmp_path: Path) -> CopyStore:
    return CopyStore(tmp_path / "proxies")


def prepare(store: CopyStore, path: Path, name: str = "one", *, failed: bool = False) -> Playable:
    return store.prepare(name, path, 480, CancelToken(), nothing, failed=failed)


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
    encoded = prepare(store, stream, failed=True)
    assert encoded.copy is not None
    assert encoded.copy.stat().st_size != size
    changed = encoded.copy.stat().st_mtime_ns
    assert prepare(store, stream, failed=True) == encoded  # there is nothing better to try
    assert encoded.copy.stat().st_mtime_ns == changed


def test_a_stopped_copy_leaves_nothing(store: CopyStore, stream: Path, tmp_path: Path) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        store.prepare("one", stream, 480, token, lambda _: token.cancel(), failed=True)
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
