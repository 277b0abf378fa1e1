"""The log of a process, where the disk is full."""

import errno
import io
import logging
from pathlib import Path

import pytest

from retake_core.system.log_file import log_to


class _Full(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_takes_the_log_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(logging.getLogger("retake_core"), "level", logging.NOTSET)
    log_to(tmp_path / "retake.log", "index")
    (handler,) = root.handlers
    assert isinstance(handler, logging.FileHandler)
    logging.getLogger("retake_core.test").warning("written down: %s", "好")
    handler.close()
    assert "WARNING index retake_core.test: written down: 好" in (tmp_path / "retake.log").read_text(
        encoding="utf-8"
    )
    monkeypatch.setattr(handler, "stream", _Full())
    logging.getLogger("retake_core.test").warning("lost")
    assert capsys.readouterr().err == ""
