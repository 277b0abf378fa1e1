"""What lies in the data directory, as the preferences show it: memories, sizes, and what can be made again."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from retake_core.data_dir import DataDir
from retake_core.videollm.memory.header import MemoryHeader
from retake_core.videollm.memory.index import SUFFIX, digest
from retake_desktop.app import Desktop
from retake_desktop.preferences.data import DataPage
from retake_desktop.preferences.memories import MemoriesPage

SLOW = 60_000  # milliseconds: a machine under load


@pytest.fixture
def yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Yes.value)


def page(desktop: Desktop, name: str) -> Any:
    desktop.preferences.open_page(name)
    return desktop.preferences.pages[name]


def remember(data_dir: DataDir, fingerprint: str, model: str, age: float, size: int = 1000) -> Path:
    data_dir.memories.mkdir(exist_ok=True)
    path = data_dir.memories / f"{digest(fingerprint)}-{digest(model)}{SUFFIX}"
    header = MemoryHeader(json.dumps({"fingerprint": fingerprint, "model": model}), {}).metadata()
    save_file({"keys": np.zeros(size, np.uint8)}, path, metadata=header)
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


@pytest.mark.usefixtures("yes")
def test_memories_are_listed_pinned_and_forgotten(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path / "data")
    with desktop.database.reading() as connection:
        from retake_core.library.catalog import find_video

        fingerprint = find_video(connection, "many.mp4").fingerprint
    pinned = remember(data_dir, fingerprint, "Qwen/Qwen2-VL-2B-Instruct", age=0)
    lost = remember(data_dir, "gone", "a/model", age=100)
    memories: MemoriesPage = page(desktop, "memories")

    def titles() -> list[str]:
        return [
            memories.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
            for row in range(memories.list.count())
        ]

    qtbot.waitUntil(lambda: len(titles()) == 2)
    assert titles()[0].startswith("many.mp4, Qwen2-VL-2B-Instruct")
    assert titles()[1].startswith("A video that is no longer in the library")
    assert "2 memories" in memories.used.text()
    memories.list.setCurrentRow(0)
    memories.pin.click()
    qtbot.waitUntil(lambda: "kept always" in titles()[0])
    memories.list.setCurrentRow(1)
    memories.delete.click()
    qtbot.waitUntil(lambda: len(titles()) == 1)
    assert pinned.exists()
    assert not lost.exists()
    other = remember(data_dir, "other", "a/model", age=0)
    memories.quota.setValue(0.0)
    assert pinned.exists()  # pinned
    assert not other.exists()
    memories.delete_all.click()
    qtbot.waitUntil(lambda: titles() == [])
    assert not pinned.exists()


def test_the_data_page_measures_what_lies_there(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    remember(DataDir(tmp_path / "data"), "video", "model", age=0, size=5_000_000)
    data: DataPage = page(desktop, "data")
    qtbot.waitUntil(lambda: data.sizes["memories"].text() == "5.0 MB")
    assert data.sizes["library"].text().endswith(("kB", "MB"))
    assert data.place.text() == str(tmp_path / "data")


def test_what_can_be_made_again_is_emptied_after_a_question(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir = DataDir(tmp_path / "data")
    data_dir.dragged.mkdir()
    (data_dir.dragged / "abc-1-2.mp4").write_bytes(bytes(3_000_000))
    data: DataPage = page(desktop, "data")
    qtbot.waitUntil(lambda: data.sizes["dragged"].text() == "3.0 MB" and data.empty.isEnabled(), timeout=SLOW)
    answer = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "exec", lambda _: answer.value)
    data.empty.click()
    assert data.empty.isEnabled()
    answer = QMessageBox.StandardButton.Yes
    data.empty.click()
    qtbot.waitUntil(lambda: data.said.text() == "3.0 MB of disk are free again.", timeout=SLOW)
    qtbot.waitUntil(lambda: data.sizes["dragged"].text().startswith("0 "), timeout=SLOW)
    assert not data.empty.isEnabled()
    assert list(data_dir.dragged.iterdir()) == []
