"""Downloads from a hub on this computer: whole, interrupted, damaged, refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import save_file

from retake_core.cancel import CancelToken
from retake_core.encoders import registry
from retake_core.errors import Cancelled, UserError
from retake_core.hub.cache import PARTIAL, CachedModel
from retake_core.hub.local_models import SPEECH_FILES, find_model
from retake_core.models import download
from retake_core.models.download import download_model
from retake_core.models.shelf import choose, delete_model, list_models
from retake_core.protocol.model_messages import DownloadProgress, ModelKind, ModelState
from retake_core.settings import Settings, load_settings
from retake_core.speech.model import speech_model
from retake_core.system import throttle
from tests.support.hub_server import Hub
from tests.support.recordings import save_speech_model
from tests.support.tiny import save_tiny

ID = "somebody/tiny-qwen"
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = save_tiny("qwen2_vl", tmp_path_factory.mktemp("published"))
    (folder / "pytorch_model.bin").write_bytes(b"may hold code")
    (folder / "modeling.py").write_text("raise SystemExit")
    return folder


@pytest.fixture
def hub(published: Path) -> Iterator[Hub]:
    hub = Hub()
    hub.add(ID, published)
    server = hub.served()
    yield hub
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(download, "PAUSE", 0.0)
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    return folder


Get = Callable[..., list[DownloadProgress]]


@pytest.fixture
def get(hub: Hub) -> Get:
    def get_it(model_id: str = ID, stop_after: int | None = None) -> list[DownloadProgress]:
        steps: list[DownloadProgress] = []
        cancel = CancelToken()

        def tell(progress: DownloadProgress) -> None:
            steps.append(progress)
            if stop_after is not None and progress.done >= stop_after:
                cancel.cancel()

        download_model(model_id, Settings(hub_endpoint=hub.address), cancel, tell)
        return steps

    return get_it


def state(settings: Settings | None = None) -> ModelState:
    entries = {entry.id: entry for entry in list_models(settings or Settings(model=ID)).models}
    return entries[ID].state


def parts(cache: Path) -> list[Path]:
    return list(cache.rglob(f"*{PARTIAL}"))


def test_a_download_brings_what_is_used_and_no_code(get: Get, published: Path, cache: Path) -> None:
    assert state() is ModelState.ABSENT
    steps = get()
    assert steps[-1].done == steps[-1].total
    assert [progress.done for progress in steps] == sorted(progress.done for progress in steps)
    folder = find_model(ID, "")
    assert folder.is_relative_to(cache)
    assert not (folder / "pytorch_model.bin").exists()
    assert not (folder / "modeling.py").exists()
    for name in ("config.json", WEIGHTS, "tokenizer.json"):
        assert (folder / name).read_bytes() == (published / name).read_bytes()
    assert state() is ModelState.READY
    assert parts(cache) == []


def test_a_connection_that_breaks_is_made_again_and_goes_on(get: Get, hub: Hub) -> None:
    hub.cut[WEIGHTS] = [30_000, 5_000, 1]
    get()
    starts = [span for name, span in hub.asked if name == WEIGHTS]
    assert starts == [None, "bytes=30000-", "bytes=35000-", "bytes=35001-"]
    assert state() is ModelState.READY


def test_a_stopped_download_goes_on_where_it_stopped(get: Get, hub: Hub, cache: Path) -> None:
    size = len(hub.repositories[ID][WEIGHTS])
    hub.cut[WEIGHTS] = [60_000]
    with pytest.raises(Cancelled):
        get(stop_after=60_000)
    assert state() is ModelState.PARTIAL
    with pytest.raises(UserError, match=r"only partly here|not on this computer"):
        find_model(ID, "")
    with pytest.raises(UserError, match="not on this computer"):
        choose(cache / "settings.toml", ID)
    (part,) = parts(cache)
    have = part.stat().st_size
    assert 0 < have <= 60_000 < size
    hub.asked.clear()
    steps = get()
    assert hub.asked[0] == (WEIGHTS, f"bytes={have}-")
    assert steps[0].done >= have
    assert state() is ModelState.READY


def test_a_server_that_cannot_go_on_begins_anew(get: Get, hub: Hub) -> None:
    hub.ranges = False
    hub.cut[WEIGHTS] = [30_000]
    steps = get()
    assert steps[-1].done == steps[-1].total
    assert state() is ModelState.READY


def test_a_wrong_byte_is_noticed_and_the_file_brought_again(get: Get, hub: Hub) -> None:
    hub.damage[WEIGHTS] = 1
    steps = get()
    assert [name for name, _ in hub.asked].count(WEIGHTS) == 2
    assert steps[-1].done == steps[-1].total
    assert (find_model(ID, "") / WEIGHTS).read_bytes() == hub.repositories[ID][WEIGHTS]


@pytest.mark.parametrize("name", [WEIGHTS, "config.json"])
def test_wrong_bytes_again_and_again_are_refused(get: Get, hub: Hub, name: str) -> None:
    hub.damage[name] = 2
    with pytest.raises(UserError, match=f"{name} .*arrived damaged twice"):
        get()
    assert state() is ModelState.PARTIAL


def test_a_hub_that_breaks_off_for_good_is_given_up_and_what_came_is_kept(get: Get, hub: Hub, cache: Path) -> None:
    hub.cut[WEIGHTS] = [40_000] + [0] * 20
    with pytest.raises(UserError, match=r"cannot be reached.*is kept"):
        get()
    assert [part.stat().st_size for part in parts(cache)] == [40_000]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((404, "RepoNotFound"), "There is no model"),
        ((401, "RepoNotFound"), "There is no model"),
        ((403, "GatedRepo"), "accept its licence"),
        ((401, "GatedRepo"), "accept its licence"),
        ((503, ""), "error 503"),
    ],
)
def test_what_the_hub_refuses_is_one_sentence(get: Get, hub: Hub, answer: tuple[int, str], says: str) -> None:
    hub.deny[ID] = answer
    with pytest.raises(UserError, match=says) as raised:
        get()
    assert "\n" not in str(raised.value)
    assert state() is ModelState.ABSENT


def test_a_model_that_does_not_work_here_is_refused_before_its_weights_come(get: Get, hub: Hub) -> None:
    files = hub.repositories[ID]
    files["config.json"] = files["config.json"].replace(b'"qwen2_vl"', b'"llava_qwen"')
    with pytest.raises(UserError, match=f"{ID} is a llava_qwen, which does not work here; these do: SigLIP"):
        get()
    assert [name for name, _ in hub.asked] == ["config.json"]
    assert state() is ModelState.ABSENT


def test_no_hub_at_all() -> None:
    settings = Settings(hub_endpoint="http://127.0.0.1:9")
    with pytest.raises(UserError, match="cannot be reached"):
        download_model(ID, settings, CancelToken(), lambda _: None)


def test_a_disk_without_room_is_noticed_before_anything_comes(
    get: Get, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MARGIN", 1 << 60)
    with pytest.raises(UserError, match="Make room"):
        get()
    assert hub.asked == []


def test_a_disk_that_fills_up_keeps_what_came(get: Get, hub: Hub, cache: Path) -> None:
    def full(progress: DownloadProgress) -> None:
        if progress.done > 100_000:
            raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match=r"No space left.*is kept"):
        download_model(ID, Settings(hub_endpoint=hub.address), CancelToken(), full)
    assert parts(cache)
    get()
    assert state() is ModelState.READY


def test_offline_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    for settings, offline in ((Settings(offline=True), False), (Settings(), True)):
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
        with pytest.raises(UserError, match="Downloads are switched off"):
            download_model(ID, settings, CancelToken(), lambda _: None)
        assert list_models(settings).offline


def test_the_proxy_of_the_settings_is_used(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    from huggingface_hub import close_session

    close_session()
    settings = Settings(hub_endpoint="http://hub.invalid", proxy=hub.address)
    try:
        with pytest.raises(UserError):  # the proxy is asked for the whole address, which our hub does not serve
            download_model(ID, settings, CancelToken(), lambda _: None)
    finally:
        close_session()
    assert hub.lines
    assert hub.lines[0].startswith("http://hub.invalid/api/models/")


def test_a_deleted_model_is_gone_and_gives_its_room_back(get: Get, cache: Path) -> None:
    get()
    (cache / ".locks" / CachedModel(ID).root.name).mkdir(parents=True, exist_ok=True)
    freed = delete_model(ID, Settings(model=ID))
    assert freed > 100_000
    assert state() is ModelState.ABSENT
    assert not [path for path in cache.rglob("*") if path.is_file() and path.name != "CACHEDIR.TAG"]
    with pytest.raises(UserError, match="not on this computer"):
        delete_model(ID, Settings())


def test_two_downloads_of_one_model_do_not_meet(get: Get) -> None:
    from filelock import FileLock

    lock = CachedModel(ID).root / "retake-download.lock"
    lock.parent.mkdir(parents=True)
    with FileLock(lock), pytest.raises(UserError, match="already"):
        get()


def test_a_download_makes_a_model_that_can_be_chosen(get: Get, tmp_path: Path) -> None:
    get()
    choose(tmp_path / "settings.toml", ID)
    assert (tmp_path / "settings.toml").read_text() == f'model = "{ID}"\n'


def test_a_model_of_open_clip_is_told_by_its_own_configuration(
    hub: Hub, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text('{"model_cfg": {}}')
    (folder / "open_clip_pytorch_model.bin").write_bytes(b"may hold code")
    save_file({"logit_scale": torch.ones(())}, folder / "open_clip_model.safetensors")
    hub.add("somebody/clip", folder)
    monkeypatch.setattr(registry, "find_spec", lambda _: None)
    with pytest.raises(UserError, match="needs one more package"):
        get("somebody/clip")
    assert [name for name, _ in hub.asked] == ["open_clip_config.json"]
    monkeypatch.setattr(registry, "find_spec", lambda _: object())
    get("somebody/clip")
    assert choose(tmp_path / "settings.toml", "somebody/clip") is ModelKind.ENCODER
    assert load_settings(tmp_path / "settings.toml").encoder == "open_clip:somebody/clip"
    assert not list(find_model("somebody/clip", "").glob("*.bin"))


def test_a_speech_model_comes_without_safetensors(hub: Hub, get: Get, tmp_path: Path) -> None:
    name = "somebody/faster-whisper"
    folder = save_speech_model(tmp_path / "whisper")
    (folder / "pytorch_model.bin").write_bytes(b"may hold code")
    hub.add(name, folder)
    get(name)
    got = find_model(name, name, SPEECH_FILES)
    assert sorted(path.name for path in got.iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]
    settings = tmp_path / "settings.toml"
    assert choose(settings, name) is ModelKind.SPEECH
    assert speech_model(load_settings(settings)) == got
    (entry,) = [entry for entry in list_models(load_settings(settings)).models if entry.id == name]
    assert (entry.kind, entry.state, entry.chosen, entry.removable) == (
        ModelKind.SPEECH,
        ModelState.READY,
        True,
        True,
    )


def test_a_pickle_of_that_name_does_not_come(hub: Hub, get: Get, tmp_path: Path) -> None:
    name = "somebody/pickle"
    folder = save_speech_model(tmp_path / "pickle")
    (folder / "model.bin").write_bytes(b"\x80\x04 may hold code")
    hub.add(name, folder)
    with pytest.raises(UserError, match="is of an unknown kind, which does not work here"):
        get(name)
    (folder / "vocabulary.txt").unlink()
    hub.add(name, folder)
    with pytest.raises(UserError, match="only format that is safe"):
        get(name)
