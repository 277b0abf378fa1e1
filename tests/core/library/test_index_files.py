"""Files of vector indexes: checked by their content, and read without filling the memory."""

import mmap
import sys
from pathlib import Path

import pytest

from retake_core.library.vectors import files as index_files
from tests.support.vectors import flip_bit


def test_a_large_file_is_checked_by_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "WHOLE", 1000)
    path = tmp_path / "index"
    path.write_bytes(bytes(index_files.SAMPLE * 3))
    before = index_files.digest(path)
    flip_bit(path)
    assert index_files.digest(path) != before


def resident(path: Path) -> int:
    """Return how much of a mapped file is in this process's memory, in KB."""
    lines = iter(Path("/proc/self/smaps").read_text().splitlines())
    assert any(line.endswith(f" {path}") for line in lines)
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is released elsewhere")
def test_pages_of_a_mapped_file_are_released(tmp_path: Path) -> None:
    path = tmp_path.resolve() / "mapped"
    path.write_bytes(b"x" * 2**20)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert mapped[:].count(b"x") == 2**20
        assert resident(path) == 1024
        index_files.release_pages(path)
        assert resident(path) == 0
        assert mapped[:].count(b"x") == 2**20
