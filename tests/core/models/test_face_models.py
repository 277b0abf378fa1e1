"""YuNet and SFace from a hub on this computer: both or none, and nothing but the two files that are known."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.hub import pinned
from retake_core.hub.cache import CachedModel, RemoteFile
from retake_core.hub.pinned import FACES, PINNED, SFACE, YUNET, is_here
from retake_core.models import download
from retake_core.models.check import check_folder
from retake_core.models.download import download_model
from retake_core.models.shelf import choose, delete_model, list_models, stop_using
from retake_core.people import opencv_zoo
from retake_core.people.model import FaceModelError, ModelFile
from retake_core.people.registry import find_face_model
from retake_core.protocol.model_messages import DownloadProgress, ModelEntry, ModelKind, ModelState
from retake_core.settings import Settings, load_settings
from tests.support.hub_server import Hub

FINDER = "opencv/face_detection_yunet"
CONTENT = {FINDER: b"finds" * 4000, FACES: b"describes" * 8000}  # large enough to be stored by their SHA-256


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the files that are known be small ones."""
    for repository, content in CONTENT.items():
        name, digest = PINNED[repository].path, hashlib.sha256(content).hexdigest()
        monkeypatch.setitem(PINNED, repository, RemoteFile(name, len(content), digest))
        role = "YUNET" if repository == FINDER else "SFACE"
        monkeypatch.setattr(opencv_zoo, role, ModelFile(name, digest))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(download, "PAUSE", 0.0)
    monkeypatch.setattr(opencv_zoo, "_RUNTIME", "json")  # is installed everywhere


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    for repository, content in CONTENT.items():
        others = {"README.md": b"words", "demo.py": b"raise SystemExit", "model_int8.onnx": b"x" * 20_000}
        hub.repositories[repository] = others | {PINNED[repository].path: content}
    server = hub.served()
    yield hub
    server.shutdown()
    server.server_close()


Get = Callable[..., list[DownloadProgress]]


@pytest.fixture
def get(hub: Hub) -> Get:
    def get_it(model_id: str = FACES) -> list[DownloadProgress]:
        steps: list[DownloadProgress] = []
        download_model(model_id, Settings(hub_endpoint=hub.address), CancelToken(), steps.append)
        return steps

    return get_it


def entry() -> ModelEntry:
    (found,) = [entry for entry in list_models(Settings()).models if entry.kind is ModelKind.FACES]
    return found


@pytest.mark.parametrize("asked", [FACES, FINDER])
def test_either_name_brings_both_files_and_no_other(get: Get, hub: Hub, asked: str) -> None:
    assert entry().state is ModelState.ABSENT
    steps = get(asked)
    assert {step.model for step in steps} == {asked}, "the row of the model follows"
    assert {name for name, _ in hub.asked} == {YUNET.path, SFACE.path}
    assert entry().state is ModelState.READY
    assert entry().here_bytes >= sum(map(len, CONTENT.values()))
    found = find_face_model("opencv-zoo")
    assert [path.name for folder in found.folders for path in folder.iterdir()] == [YUNET.path, SFACE.path]
    found.check()


def test_it_is_chosen_given_up_and_deleted(get: Get, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    with pytest.raises(UserError, match="not on this computer; get it with"):
        choose(settings, FACES)
    get()
    assert choose(settings, FINDER) is ModelKind.FACES
    assert load_settings(settings).face_model == "opencv-zoo"
    assert [e.id for e in list_models(load_settings(settings)).models if e.chosen] == ["builtin", FACES]
    stop_using(settings, FACES)
    assert load_settings(settings).face_model == "dlib"
    assert delete_model(FACES, load_settings(settings)) >= sum(map(len, CONTENT.values()))
    assert entry().state is ModelState.ABSENT
    with pytest.raises(FaceModelError, match="Get it with: retake models download opencv/"):
        find_face_model("opencv-zoo")


@pytest.mark.parametrize("repository", [FINDER, FACES])
def test_another_file_of_that_name_is_refused_before_it_comes(get: Get, hub: Hub, repository: str) -> None:
    hub.repositories[repository][PINNED[repository].path] = b"another" * 4000
    with pytest.raises(UserError, match="than the one that works here"):
        get()
    assert PINNED[repository].path not in {name for name, _ in hub.asked}
    assert not is_here(FACES)


def test_half_of_it_is_none(get: Get, hub: Hub, tmp_path: Path) -> None:
    hub.cut[SFACE.path] = [30_000] + [0] * 20
    with pytest.raises(UserError, match="cannot be reached"):
        get()
    assert entry().state is ModelState.PARTIAL
    assert entry().disk_bytes - entry().here_bytes == len(CONTENT[FACES]) - 30_000
    with pytest.raises(FaceModelError, match="not on this computer"):
        find_face_model("opencv-zoo")
    with pytest.raises(UserError, match="not on this computer"):
        choose(tmp_path / "settings.toml", FACES)
    hub.cut.clear()
    get()
    assert entry().state is ModelState.READY


def test_a_folder_with_both_files_is_taken_too_and_one_with_a_damaged_file_is_not(tmp_path: Path) -> None:
    for repository, content in CONTENT.items():
        (tmp_path / PINNED[repository].path).write_bytes(content)
    settings = tmp_path / "settings.toml"
    assert check_folder(tmp_path) is ModelKind.FACES
    assert choose(settings, str(tmp_path)) is ModelKind.FACES
    assert load_settings(settings).face_model == f"opencv-zoo:{tmp_path}"
    changed = bytearray(CONTENT[FACES])
    changed[0] ^= 1
    (tmp_path / SFACE.path).write_bytes(changed)
    with pytest.raises(UserError, match="damaged or of another version"):
        choose(settings, str(tmp_path))
    (tmp_path / SFACE.path).write_bytes(CONTENT[FACES][:-5])
    with pytest.raises(UserError, match="is cut short"):
        check_folder(tmp_path)
    (tmp_path / SFACE.path).unlink()
    with pytest.raises(UserError, match=r"sface_2021dec\.onnx is missing"):
        choose(settings, str(tmp_path))


def test_without_what_runs_it_nothing_is_chosen(get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    get()
    monkeypatch.setattr(opencv_zoo, "_RUNTIME", "no_such_package")
    with pytest.raises(UserError, match="pip install"):
        choose(tmp_path / "settings.toml", FACES)


def test_the_parts_of_a_model() -> None:
    assert pinned.parts_of("somebody/model") == ("somebody/model",)
    assert pinned.parts_of(FACES) == pinned.parts_of(FINDER) == (FINDER, FACES)
    assert CachedModel(FINDER).revision is None
