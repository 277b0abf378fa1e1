"""The headers of safetensors files, against the library that writes them."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from retake_core.system import safetensors_header
from retake_core.system.safetensors_header import raw_header, read_header


def written(header: bytes, length: int | None = None) -> bytes:
    return (len(header) if length is None else length).to_bytes(8, "little") + header


def test_a_header_says_what_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    save_file({"a": np.zeros((3, 4), np.float32), "b": np.zeros(5, np.int8)}, path, {"note": "yes"})
    header = read_header(path)
    assert (header.numbers, header.metadata) == (17, {"note": "yes"})
    assert header.file_bytes == path.stat().st_size
    assert json.loads(raw_header(path))["a"]["shape"] == [3, 4]


def test_a_file_may_hold_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none.safetensors"
    path.write_bytes(written(b"{}"))
    header = read_header(path)
    assert (header.numbers, header.metadata, header.file_bytes) == (0, {}, 10)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        b"\xff" * 4096,
        written(b""),
        written(b"{}", 3),
        written(b"no json"),
        written(b"[]"),
        written(b'{"a": 1}'),
        written(b'{"a": {"shape": [1], "data_offsets": [0]}}'),
        written(b"[" * 100_000),
    ],
)
def test_a_damaged_header_is_no_header(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="damaged header"):
        read_header(path)


def test_a_length_that_no_header_has_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safetensors_header, "MAX_HEADER", 1)
    path = tmp_path / "long.safetensors"
    path.write_bytes(written(b"{}"))
    with pytest.raises(ValueError, match="damaged header"):
        raw_header(path)


def test_a_missing_file_is_another_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_header(tmp_path / "missing.safetensors")
