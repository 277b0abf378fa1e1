"""What the tests of scans share."""

import pytest

from retake_core.library.database import Database
from tests.support.scans import Scans


@pytest.fixture
def scan(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scans:
    return Scans(database, monkeypatch)
