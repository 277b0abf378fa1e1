"""Names of files are shown as they are, wherever the window shows them."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.protocol.question_events import Cited
from retake_desktop.app import Desktop
from retake_desktop.ask.citation_chip import CitationChip
from retake_desktop.common import safe_text
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.indexing.activity import Entry
from retake_desktop.library.model import VideoGridModel
from retake_desktop.preferences.folders import FoldersPage
from tests.gui.driving import Opener, choose_shelf, shelves
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.shelf import run_index

STEM = b"<b>x<i>\nl\x1b[31m\xe2\x80\xaefdp\xff<img src=x>"
SHOWN = r"<b>x<i>\nl\x1b[31m\u202efdp\xff<img src=x>"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")


@pytest.fixture
def desktop(open_desktop: Opener, tmp_path: Path) -> Desktop:
    """Return a window on one video in one folder, both of a hostile name."""
    folder = tmp_path / os.fsdecode(STEM)
    folder.mkdir()
    make_clip(tmp_path / "clip.mp4", [(6, "red"), (6, "green")])
    os.rename(tmp_path / "clip.mp4", os.fsencode(folder) + b"/" + STEM + b".mp4")  # noqa: PTH104 - bytes
    data_dir = DataDir(tmp_path / "data")
    data_dir.create()
    database = Database(data_dir.database)
    run_index(database, folder, FakeEncoder())
    database.close()
    return open_desktop(data_dir.root)


def labels_with_the_name(widget: QWidget) -> list[QLabel]:
    """Return the labels that show the name, all of which must take it for plain text."""
    found = [label for label in widget.findChildren(QLabel) if SHOWN in label.text()]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in found)
    return found


@pytest.mark.qt_log_ignore("Could not open media", extend=True)  # Qt cannot; a copy is made for the player
def test_a_hostile_name_is_only_shown(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    model = window.library.model
    index = model.index(0)
    item = index.data(VideoGridModel.ITEM)

    assert index.data() == SHOWN
    described = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert SHOWN in described
    assert is_harmless(index.data(Qt.ItemDataRole.ToolTipRole))
    shelf = shelves(desktop)[1]
    assert shelf.text(0) == SHOWN
    assert is_harmless(shelf.toolTip(0))

    choose_shelf(desktop, 1)
    assert labels_with_the_name(window.library)
    filters = window.search.filters
    filters.aboutToShow.emit()
    qtbot.waitUntil(filters.folders.isEnabled, timeout=60_000)
    assert any(SHOWN in action.text() for action in filters.folders.actions())

    window.open_video(item.entry)
    assert labels_with_the_name(window.page)
    assert all(is_harmless(label.toolTip()) for label in window.page.findChildren(QLabel))

    window.search.box.setText("red")
    qtbot.waitUntil(lambda: window.search.list.results.rowCount() > 1, timeout=60_000)
    assert window.search.list.results.index(0).data() == SHOWN
    assert SHOWN in window.search.list.results.index(1).data()

    window.notice.tell(f"“{item.entry.path.name}” was removed.")
    assert any("removed" in label.text() for label in window.notice.findChildren(QLabel))
    for label in window.notice.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert not set(label.text()) & set("\x1b\u202e\udcff")

    desktop.preferences.open_page("folders")
    page = desktop.preferences.pages["folders"]
    assert isinstance(page, FoldersPage)
    row: Row = page.list.item(0).data(RowDelegate.ROW)
    assert row.name.endswith(SHOWN)
    for picture in (window, desktop.preferences):
        assert not picture.grab().isNull()


def test_hostile_names_in_jobs(desktop: Desktop) -> None:
    window = desktop.window
    path = os.fsdecode(b"/videos/" + STEM + b".mp4")
    window.activity.note(Path(path).name, "<i>no</i>\nvideo", failed=True)
    newest: Entry = window.activity.entries[0]
    assert newest.title == SHOWN.replace(r"\xff", r"\udcff") + ".mp4"
    assert newest.detail == r"<i>no</i>\nvideo"
    panel = window.activity_panel.list
    row = next(panel.item(i) for i in range(panel.count()) if panel.item(i).text() == newest.title)
    assert is_harmless(row.toolTip())


def test_hostile_names_in_chips(desktop: Desktop) -> None:
    item = desktop.window.library.model.items[0]
    cited = Cited(item.entry.id, None, 1.0, 0.0, 2.0, 0.5)
    chip = CitationChip(cited, safe_text.stem(item.entry.path), Thumbnails(desktop.background))
    assert is_harmless(chip.toolTip())
    assert SHOWN in chip.accessibleName()
    assert not chip.grab().isNull()


def is_harmless(tip: str) -> bool:
    """Whether a tool tip holds no mark-up but Qt's own around escaped text."""
    return "<b>" not in tip and "<img" not in tip and "<i>" not in tip and not set(tip) & set("\x1b\u202e")
