"""Other computers in the preferences: the switch, the address, the token, the list, and the command to copy."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from retake_core.cluster import place as places
from retake_core.cluster.place import ClusterPlace
from retake_core.data_dir import DataDir
from retake_core.protocol.cluster_events import ComputerStatus
from retake_core.settings import change_settings, load_settings
from retake_desktop.app import Desktop
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.preferences import computers
from retake_desktop.preferences.computers import ComputersPage
from tests.core.cluster.conftest import WAIT, new_cluster
from tests.gui import scripted_cluster
from tests.gui.driving import SLOW, Opener, index, names
from tests.gui.nursery import PLAIN

ADDRESS = "192.168.1.20:6379"
FREE = ComputerStatus(
    name="workstation",
    address="192.168.1.20",
    cores=32,
    cards=1,
    card="H200",
    memory=137_000_000_000,
    version="0.1.0",
    unseen=("/home/me/Videos",),
)
BUSY = ComputerStatus(name="tower", address="192.168.1.21", cores=4, cards=0, version="0.1.0", works_for="laptop")
OLD = ComputerStatus(
    name="old", address="192.168.1.22", cores=4, cards=0, version="0.0.1", trouble="old does not answer."
)


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that tells what the cluster's computers are; there are two."""
    file = tmp_path / "seen.json"
    scripted_cluster.write(file, [FREE, BUSY])
    monkeypatch.setenv("RETAKE_TEST_CLUSTER", str(file))
    monkeypatch.setattr(computers, "is_installed", lambda: True)
    return file


@pytest.fixture
def desktop(seen: Path, open_desktop: Opener, indexed: Path, tmp_path: Path) -> Desktop:  # noqa: ARG001
    shutil.copytree(indexed, tmp_path / "data")
    return open_desktop(tmp_path / "data")


@pytest.fixture
def page(desktop: Desktop) -> ComputersPage:
    return shown_page(desktop)


def shown_page(desktop: Desktop) -> ComputersPage:
    desktop.preferences.open_page("computers")
    page = desktop.preferences.pages["computers"]
    assert isinstance(page, ComputersPage)
    return page


def write(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def click(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def flip(page: ComputersPage) -> None:
    QTest.mouseClick(page.switch, Qt.MouseButton.LeftButton, pos=QPoint(8, page.switch.height() // 2))


def rows(page: ComputersPage) -> list[Row]:
    return [page.list.item(row).data(RowDelegate.ROW) for row in range(page.list.count())]


def log(seen: Path) -> list[str]:
    """Return the addresses that were looked at, each followed by "end" when that ended."""
    file = seen.with_suffix(".log")
    return file.read_text().splitlines() if file.exists() else []


def setting(tmp_path: Path) -> str:
    return load_settings(tmp_path / "data" / "settings.toml").cluster_address


def test_the_list_follows_the_computers_while_the_page_is_in_view(
    desktop: Desktop, page: ComputersPage, seen: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not page.switch.isEnabled()
    write(page.address, ADDRESS)
    assert setting(tmp_path) == ""
    flip(page)
    assert setting(tmp_path) == ADDRESS
    qtbot.waitUntil(lambda: page.list.count() == 2, timeout=SLOW)
    free, busy = rows(page)
    assert (free.name, free.right) == ("workstation", "free")
    assert free.detail == "32 cores  ·  H200  ·  137.0 GB of memory  ·  does not see all folders"
    assert (busy.detail, busy.right) == ("4 cores", "works for laptop")
    assert page.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole) == "tower, 4 cores, works for laptop"
    assert page.said.text() == "2 computers work along, with 36 cores."
    assert "/home/me/Videos" in page.about.text()
    scripted_cluster.write(seen, [OLD])
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=SLOW)
    assert rows(page)[0].failed
    assert page.about.text() == "old does not answer."
    desktop.preferences.open_page("data")
    qtbot.waitUntil(lambda: log(seen) == [ADDRESS, "end"], timeout=SLOW)
    assert page.list.count() == 0
    desktop.preferences.open_page("computers")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=SLOW)
    desktop.preferences.close()
    qtbot.waitUntil(lambda: log(seen) == [ADDRESS, "end"] * 2, timeout=SLOW)
    qtbot.waitUntil(lambda: not desktop.engine.cluster.pid, timeout=SLOW)


def test_nobody_is_looked_at_before_a_click(page: ComputersPage, seen: Path, qtbot: QtBot, tmp_path: Path) -> None:
    write(page.address, ADDRESS)
    assert page._engine.cluster.pid == 0
    scripted_cluster.write(seen, f"There is no cluster at {ADDRESS}.")
    click(page.test)
    qtbot.waitUntil(page.trouble.isVisible, timeout=SLOW)
    assert page.trouble.text() == f"There is no cluster at {ADDRESS}."
    assert log(seen) == [ADDRESS, "end"]
    scripted_cluster.write(seen, [BUSY])
    click(page.test)
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=SLOW)
    assert not page.trouble.isVisible()
    assert page.said.text() == "One computer works along, with 4 cores."
    click(page.test)
    assert page.list.count() == 0
    qtbot.waitUntil(lambda: log(seen)[2:] == [ADDRESS, "end"], timeout=SLOW)
    assert setting(tmp_path) == ""


def test_what_is_switched_off_keeps_its_address(
    open_desktop: Opener, seen: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    change_settings(tmp_path / "data" / "settings.toml", cluster_address=ADDRESS)
    desktop = open_desktop(tmp_path / "data")
    page = shown_page(desktop)
    assert page.switch.isChecked()
    write(page.address, "studio:7000")
    assert setting(tmp_path) == "studio:7000"
    flip(page)
    assert setting(tmp_path) == ""
    assert page.address.text() == "studio:7000"
    qtbot.waitUntil(lambda: not desktop.engine.cluster.pid, timeout=SLOW)
    assert "studio:7000" not in log(seen)
    desktop.close()
    again = shown_page(open_desktop(tmp_path / "data"))
    assert again.address.text() == "studio:7000"
    assert not again.switch.isChecked()
    write(again.address, "two words")
    flip(again)
    assert not again.switch.isChecked()
    assert again._store.settings.cluster_address == ""


def test_a_token_is_pasted_or_copied_and_never_shown(
    page: ComputersPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, kept = page.token, ClusterPlace.of(DataDir(tmp_path / "data")).token
    assert "There is none yet" in box.state.text()
    assert str(kept) in box.state.text()
    write(box.word, "two words")
    assert box.trouble.isVisible()
    assert not kept.exists()
    word = "0123456789abcdef" * 4
    QGuiApplication.clipboard().setText(f"{word}\n")
    box.word.setFocus()
    QTest.keyClick(box.word, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert word not in box.word.displayText()
    QTest.keyClick(box.word, Qt.Key.Key_Return)
    assert not box.trouble.isVisible()
    assert kept.read_text() == word
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert box.word.text() == ""
    assert "It is kept in" in box.state.text()
    answers = iter((QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes))
    monkeypatch.setattr(QMessageBox, "exec", lambda _: next(answers).value)
    (tmp_path / "copy").write_text("another one 123456\n".replace(" ", "-"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "copy"), ""))
    click(box.choose)
    assert kept.read_text() == word
    click(box.choose)
    assert kept.read_text() == "another-one-123456"


def test_the_command_for_one_more_computer_is_copied(page: ComputersPage, clips: Path) -> None:
    assert page.join.command.text() == "retake cluster start"
    write(page.address, ADDRESS)
    assert page.join.command.text() == f"retake cluster join {ADDRESS}"
    assert page.join.folder.currentText() == str(clips)
    QTest.keyClicks(page.join.there, "/Volumes/my nas")
    click(page.join.copy)
    copied = QGuiApplication.clipboard().text()
    assert copied == f"retake cluster join {ADDRESS} --path '/Volumes/my nas={clips}'"
    page.join.there.clear()
    QTest.keyClicks(page.join.there, "Z:\\")
    assert page.join.command.text() == f'retake cluster join {ADDRESS} --path "Z:\\={clips}"'


def test_without_ray_it_is_said_how_to_get_it(
    open_desktop: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "find_spec", lambda _: None)
    (tmp_path / "data").mkdir()
    change_settings(tmp_path / "data" / "settings.toml", cluster_address=ADDRESS)
    desktop = open_desktop(tmp_path / "data")
    page = shown_page(desktop)
    assert page.missing.isVisible()
    assert page.missing.text().endswith("add it with: pip install 'retake-desktop[cluster]'")
    assert not page.address.isVisible()
    assert not desktop.engine.cluster.pid
    flip(page)
    assert setting(tmp_path) == ""
    assert not page.switch.isEnabled()


def test_without_a_cluster_the_library_is_indexed_all_the_same(
    open_desktop: Opener, clips: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    ClusterPlace.of(DataDir(tmp_path / "data")).make_token()
    change_settings(tmp_path / "data" / "settings.toml", cluster_address="127.0.0.1:9")
    desktop = open_desktop(tmp_path / "data")
    index(desktop, qtbot, clips)
    assert set(names(desktop)) >= {"short.mp4", "many.mp4", "stream.ts"}
    told = [entry.detail for entry in desktop.window.activity.entries if "indexes alone" in entry.detail]
    assert len(told) == 1


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[str]:
    """Return the address of a cluster of two computers, whose token is in the data directory."""
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    made, head = new_cluster(tmp_path_factory.mktemp("cluster"))
    with ExitStack() as stack:
        stack.enter_context(head)
        stack.enter_context(made.node("two", unseen=(".",)))
        ClusterPlace.of(DataDir(tmp_path / "data")).copy_token(made.place.token)
        yield str(made.address)


@pytest.mark.slow
def test_two_real_computers_are_seen(address: str, open_desktop: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    change_settings(tmp_path / "data" / "settings.toml", cluster_address=address)
    page = shown_page(open_desktop(tmp_path / "data", PLAIN))

    def are_seen() -> bool:
        """Return whether both have said what they have: what looks goes on until they do."""
        free = [row for row in rows(page) if row.right == "free" and row.detail.startswith("1 core  ·  ")]
        return [row.name for row in free if "of memory" in row.detail] == ["one", "two"]

    qtbot.waitUntil(lambda: are_seen() or page.trouble.isVisible(), timeout=round(1000 * WAIT))
    assert page.trouble.text() == ""
    assert page.list.count() == 2
