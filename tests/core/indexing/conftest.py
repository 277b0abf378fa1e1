"""What the tests of scans, and those of paces, share."""

import time

import pytest

from retake_core.library.database import Database
from tests.support.clock import Clock
from tests.support.scans import Scans


@pytest.fixture
def scan(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scans:
    return Scans(database, monkeypatch)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    return clock
