"""What makes files of a library."""

from collections.abc import Iterator

import pytest

from retake_core.export.service import ExportService
from retake_core.library.database import Database
from retake_core.media.process.lasting_decoder import LastingDecoder
from tests.support.in_process import decode_in_threads


@pytest.fixture
def exporter(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExportService]:
    decode_in_threads(monkeypatch)
    decoder = LastingDecoder()
    yield ExportService(database, decoder)
    decoder.close()
