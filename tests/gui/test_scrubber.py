"""The months beside a grid that goes by date."""

import shutil
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, select

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.schema import file, folder, video
from retake_desktop.app import Desktop
from retake_desktop.library.sorting import Sort
from tests.gui.driving import SLOW, Opener

DAYS = [date(2021, 1, 1) + timedelta(days=20 * i) for i in range(40)]


@pytest.fixture
def desktop(open_desktop: Opener, indexed: Path, tmp_path: Path) -> Desktop:
    """Open a window on four videos, and two of each of forty days."""
    shutil.copytree(indexed, tmp_path / "data")
    with closing(Database(DataDir(tmp_path / "data").database)) as database, database.writing() as connection:
        place = connection.execute(select(folder.c.id)).scalar_one()
        for i, day in enumerate(day for day in DAYS for _ in range(2)):
            values = {"fingerprint": f"day {i}", "size": 1, "depth": 0, "dated": day.isoformat(), "duration_us": 1}
            video_id = connection.execute(insert(video).values(values).returning(video.c.id)).scalar_one()
            path = {"path": f"/films/{i:02}.mp4".encode(), "mtime_ns": 0, "size": 1, "missing": 0}
            connection.execute(insert(file).values(folder_id=place, video_id=video_id, **path))
    return open_desktop(tmp_path / "data")


def go_by_date(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    view.head.sort_order.setCurrentIndex(view.head.sort_order.findData(Sort.DATE))
    qtbot.waitUntil(view.scrubber.isVisible, timeout=SLOW)


def test_a_key_goes_to_a_day_and_a_month(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    scrubber = view.scrubber
    assert not scrubber.isVisible()
    go_by_date(desktop, qtbot)
    days = [day.date for day in scrubber.days if day.date.year in (2021, 2022, 2023)]
    assert days == sorted(DAYS, reverse=True)
    scrubber.setFocus()
    QTest.keyClick(scrubber, Qt.Key.Key_Home)
    for _ in range(12):
        QTest.keyClick(scrubber, Qt.Key.Key_Down)
    chosen = scrubber.days[scrubber.value()]
    row = view.grid.indexAt(QPoint(20, 40)).row()
    assert row <= chosen.row < row + 4  # in the first line of cards
    assert str(chosen.date.day) in scrubber.accessibleDescription()
    month = (chosen.date.year, chosen.date.month)
    QTest.keyClick(scrubber, Qt.Key.Key_PageDown)
    below = scrubber.days[scrubber.value()].date
    assert (below.year, below.month) < month
    QTest.keyClick(scrubber, Qt.Key.Key_PageUp)
    above = scrubber.days[scrubber.value()].date
    assert (above.year, above.month) == month


def test_a_click_goes_there_and_the_grid_takes_it_along(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    go_by_date(desktop, qtbot)
    scrubber, bar = view.scrubber, view.grid.verticalScrollBar()
    QTest.mouseClick(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(30, scrubber.height() // 2))
    half = scrubber.value()
    assert abs(scrubber.days[half].row - 42) <= 4
    assert bar.value() > 0
    QTest.keyClick(view.grid, Qt.Key.Key_Home)
    bar.setValue(0)
    assert scrubber.value() < half
    bar.setValue(bar.maximum() // 2)
    assert scrubber.value() > 5


def test_another_order_has_no_days(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    go_by_date(desktop, qtbot)
    view.head.sort_order.setCurrentIndex(view.head.sort_order.findData(Sort.SIZE))
    qtbot.waitUntil(lambda: not view.scrubber.isVisible(), timeout=SLOW)
