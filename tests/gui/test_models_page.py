"""The models page: what it shows of each state, and a real download from a hub on this computer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from huggingface_hub import constants
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from retake_core.hub.pinned import FACES
from retake_core.hub.recommended import (
    RECOMMENDED_SENTENCES,
    RECOMMENDED_SMALL_ENCODER,
    RECOMMENDED_SPEECH,
    RECOMMENDED_VIDEOLLM,
    recommended_encoder,
)
from retake_core.models.catalogue import CATALOGUE, QWEN_RESEARCH
from retake_core.protocol.model_messages import (
    DownloadProgress,
    Listed,
    MachineMeasured,
    ModelEntry,
    ModelKind,
    ModelState,
    Need,
)
from retake_core.settings import change_settings, load_settings
from retake_desktop.app import Desktop
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.preferences.model_row import ModelRow
from retake_desktop.preferences.models import ModelsPage
from tests.gui.driving import Opener
from tests.support.hub_server import Hub
from tests.support.tiny import save_tiny

SLOW = 60_000  # milliseconds: a machine under load
ID = "somebody/tiny-qwen"
ENTRY = ModelEntry(
    id="a/model",
    title="A model",
    kind=ModelKind.VIDEOLLM,
    licence="Apache-2.0",
    disk_bytes=4_400_000_000,
    state=ModelState.ABSENT,
)
NEED = Need(
    id="a/model", compressed_bytes=11_700_000_000, full_bytes=20_000_000_000, frames=512, hour_seconds=16_200.0
)
MACHINE = MachineMeasured(device="", total_bytes=25 * 10**9, free_bytes=18 * 10**9, problem="", needs=(NEED,))

RUNS = (
    "Runs here, and looks at up to 512 moments of a video. "
    "An hour of video takes about 4.5 hours on this processor."
)


def show(entry: ModelEntry, **rest: Any) -> ModelRow:
    row = ModelRow(entry)
    options = {"downloading": False, "offline": False} | rest
    row.show_need(NEED, MACHINE)
    row.show_entry(entry, **options)
    return row


def buttons(row: ModelRow) -> list[str]:
    return [button.text() for button in (row.second, row.first) if not button.isHidden()]


STATES: list[tuple[dict[str, Any], list[str], str]] = [
    (
        {},
        ["Download"],
        RUNS,
    ),
    (
        {"state": ModelState.PARTIAL, "here_bytes": 10**9},
        ["Cancel", "Continue"],
        "Paused: 1.0 GB of 4.4 GB downloaded.",
    ),
    ({"state": ModelState.READY, "removable": True}, ["Delete…", "Use"], "Runs here"),
    ({"state": ModelState.READY, "removable": True, "chosen": True}, ["Delete…"], "Runs here"),
    (
        {"state": ModelState.BROKEN, "reason": "It is cut short.", "removable": True},
        ["Delete…", "Download again"],
        "cut",
    ),
    ({"chosen": True}, ["Download"], "This model is chosen"),
    (
        {"kind": ModelKind.SPEECH, "state": ModelState.READY, "removable": True, "chosen": True},
        ["Delete…", "Stop using"],
        "",
    ),
    ({"kind": ModelKind.SPEECH, "chosen": True}, ["Stop using", "Download"], "This model is chosen"),
    *(
        (
            {"kind": kind, "state": ModelState.READY, "removable": True, "chosen": True},
            ["Delete…", "Stop using"],
            "",
        )
        for kind in (ModelKind.FACES, ModelKind.SENTENCES)
    ),
    ({"id": "/a/folder", "state": ModelState.BROKEN, "reason": "It is damaged."}, [], "damaged"),
]


@pytest.mark.parametrize(("changes", "offers", "says"), STATES)
def test_a_row_says_its_state_and_offers_what_helps(
    qtbot: QtBot, changes: dict[str, Any], offers: list[str], says: str
) -> None:
    row = show(msgspec.structs.replace(ENTRY, **changes))
    qtbot.addWidget(row)
    assert buttons(row) == offers
    assert says in row.state.text()
    assert "11.7 GB of memory" in row.facts.text()
    assert "20.0 GB" in row.facts.toolTip()
    for button in row.findChildren(QPushButton):
        assert button.isHidden() or row.entry.title in button.accessibleName()


def test_a_row_follows_a_download(qtbot: QtBot) -> None:
    row = show(ENTRY, downloading=True)
    qtbot.addWidget(row)
    assert buttons(row) == ["Cancel", "Pause"]
    row.show_progress(
        DownloadProgress(model=ENTRY.id, checking=False, done=11 * 10**8, total=44 * 10**8, speed=11e6)
    )
    assert row.bar.value() == 250
    assert row.state.text() == "1.1 GB of 4.4 GB  ·  11.0 MB a second, 5:00 left"
    row.show_failure("The hub cannot be reached.")
    assert row.state.text() == "The hub cannot be reached."
    row.show_entry(msgspec.structs.replace(ENTRY, state=ModelState.PARTIAL), downloading=False, offline=True)
    assert row.state.text() == "The hub cannot be reached."
    assert not row.first.isEnabled()  # nothing is downloaded while offline


def test_what_does_not_fit_is_said(qtbot: QtBot) -> None:
    row = show(ENTRY)
    qtbot.addWidget(row)
    row.show_need(msgspec.structs.replace(NEED, frames=0, compressed_bytes=40 * 10**9), MACHINE)
    assert row.state.text() == "Cannot run here: it takes 40.0 GB of memory, and this computer has 25.0 GB."
    assert row.state.objectName() == "danger"
    assert buttons(row) == ["Download anyway…"]


def test_what_fits_the_machine_but_not_this_moment_says_what_helps(qtbot: QtBot) -> None:
    row = show(ENTRY)
    qtbot.addWidget(row)
    row.show_need(NEED, msgspec.structs.replace(MACHINE, free_bytes=5 * 10**9))
    assert "Close other programs first" in row.state.text()
    assert row.state.objectName() == "muted"
    assert buttons(row) == ["Download"]


def test_a_licence_that_forbids_commercial_use_says_so(qtbot: QtBot) -> None:
    row = show(msgspec.structs.replace(ENTRY, licence=QWEN_RESEARCH))
    qtbot.addWidget(row)
    assert row.facts.text().startswith("no commercial use")


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub()
    hub.add(ID, save_tiny("qwen2_vl", tmp_path_factory.mktemp("published")))
    server = hub.served()
    yield hub
    server.shutdown()
    server.server_close()


@pytest.fixture
def desktop(open_desktop: Opener, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Yes.value)
    monkeypatch.setattr(ModelsClient, "measure", lambda _: None)  # takes seconds, and is tested beside
    (tmp_path / "data").mkdir()
    change_settings(tmp_path / "data" / "settings.toml", hub_endpoint=hub.address, model=ID)
    return open_desktop(tmp_path / "data")


def test_a_model_is_downloaded_chosen_and_deleted(
    desktop: Desktop, hub: Hub, qtbot: QtBot, tmp_path: Path
) -> None:
    page = desktop.preferences.pages["models"]
    assert isinstance(page, ModelsPage)
    desktop.preferences.open_page("models")
    qtbot.waitUntil(lambda: len(page.findChildren(ModelRow)) == len(CATALOGUE) + 1, timeout=SLOW)
    row = page.row_of(ID)

    def state() -> ModelState:
        return row.entry.state

    assert state() is ModelState.ABSENT
    assert hub.lines == []  # nothing is asked for without a click
    hub.cut["model.safetensors"] = [50_000] + [0] * 10
    downloaded: list[str] = []
    desktop.models.downloaded.connect(downloaded.append)
    row.first.click()
    assert buttons(row) == ["Cancel", "Pause"]
    qtbot.waitUntil(
        lambda: state() is ModelState.PARTIAL and "cannot be reached" in row.state.text(), timeout=SLOW
    )
    hub.cut.clear()
    row.first.click()
    desktop.store.change(model=None)
    qtbot.waitUntil(lambda: state() is ModelState.READY, timeout=SLOW)
    assert ("model.safetensors", "bytes=50000-") in hub.asked
    assert downloaded == [ID]
    # It is the first one, so it answers from now on.
    qtbot.waitUntil(lambda: load_settings(tmp_path / "data" / "settings.toml").model == ID, timeout=SLOW)
    qtbot.waitUntil(lambda: desktop.store.settings.model == ID and row.entry.chosen, timeout=SLOW)
    row.second.click()
    qtbot.waitUntil(lambda: state() is ModelState.ABSENT, timeout=SLOW)


def test_the_model_that_knows_faces_is_used_and_no_longer(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desktop.preferences.pages["models"]
    assert isinstance(page, ModelsPage)
    desktop.preferences.open_page("models")
    qtbot.waitUntil(lambda: len(page.findChildren(ModelRow)) == len(CATALOGUE) + 1, timeout=SLOW)
    row = page.row_of(FACES)
    assert buttons(row) == ["Download"]
    assert "MIT, Apache-2.0  ·  38.9 MB on disk" in row.facts.text()
    downloads: list[str] = []
    monkeypatch.setattr(desktop.models, "download", downloads.append)
    QTest.mouseClick(row.first, Qt.MouseButton.LeftButton)
    assert downloads == [FACES]
    desktop.store.change(face_model="opencv-zoo")
    chosen = msgspec.structs.replace(row.entry, state=ModelState.READY, chosen=True)
    row.show_entry(chosen, downloading=False, offline=False)
    assert buttons(row) == ["Stop using"]
    QTest.mouseClick(row.first, Qt.MouseButton.LeftButton)
    assert desktop.store.settings.face_model == "dlib"


def test_one_model_a_job_is_shown_and_the_others_are_folded_away(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desktop.preferences.pages["models"]
    assert isinstance(page, ModelsPage)
    desktop.preferences.open_page("models")
    qtbot.waitUntil(lambda: len(page.findChildren(ModelRow)) == len(CATALOGUE) + 1, timeout=SLOW)

    def shown() -> set[str]:
        return {row.entry.id for row in page.findChildren(ModelRow) if row.isVisible()}

    recommended = {recommended_encoder(), RECOMMENDED_VIDEOLLM, RECOMMENDED_SPEECH, RECOMMENDED_SENTENCES, FACES}
    # And what is in use or here.
    qtbot.waitUntil(lambda: shown() == recommended | {"builtin", ID}, timeout=SLOW)
    small = page.row_of(RECOMMENDED_SMALL_ENCODER).facts.text()
    assert small.startswith("MIT")
    assert "339.1 MB" in small
    assert small.endswith("reads English only")
    large = "Qwen/Qwen3-VL-8B-Instruct"
    for more in page.findChildren(QPushButton):
        if more.text() == "More models":
            QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown()) == len(CATALOGUE) + 1, timeout=SLOW)
    desktop.models.measured.emit(
        msgspec.structs.replace(MACHINE, needs=(msgspec.structs.replace(NEED, id=large, frames=0),))
    )
    asked: list[str] = []

    def refuse(box: QMessageBox) -> int:
        asked.append(box.text())
        return QMessageBox.StandardButton.No.value

    monkeypatch.setattr(QMessageBox, "exec", refuse)
    monkeypatch.setattr(desktop.models, "download", asked.append)
    QTest.keyClick(page.row_of(large).first, Qt.Key.Key_Space)
    assert ["cannot run here" in text for text in asked] == [True]  # and nothing is downloaded
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Yes.value)
    QTest.keyClick(page.row_of(large).first, Qt.Key.Key_Space)
    assert asked[1:] == [large]


def test_a_folder_that_cannot_be_used_is_explained(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desktop.preferences.pages["models"]
    assert isinstance(page, ModelsPage)
    desktop.preferences.open_page("models")
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    page.folder.click()
    qtbot.waitUntil(lambda: "config.json" in page.trouble.text(), timeout=SLOW)
    assert not page.trouble.isHidden()


def test_the_list_says_where_downloads_go(desktop: Desktop) -> None:
    page = desktop.preferences.pages["models"]
    assert isinstance(page, ModelsPage)
    listing = Listed(models=(ENTRY,), cache="/somewhere", free_bytes=10**9, offline="")
    desktop.models.listed.emit(listing)
    desktop.models.measured.emit(
        msgspec.structs.replace(MACHINE, device="GeForce", problem="Run: pip install torch")
    )
    assert "/somewhere, where 1.0 GB" in page.place.text()
    assert page.machine.text() == "Models run on GeForce, which has 25.0 GB of memory; 18.0 GB are free now."
    assert page.problem.text() == "Run: pip install torch"
    assert not page.problem.isHidden()
