"""ONNX files of a few numbers, written by hand: as much of the format as the models of faces need."""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FLOAT, _INTS = 1, 7


def constant_model(path: Path, shape: tuple[int, ...], outputs: Mapping[str, NDArray[np.float32]]) -> Path:
    """Write a model that gives the same outputs, whatever its input of a shape is."""
    nodes = [_node("Identity", f"{name}.stored", name) for name in outputs]
    stored = [_tensor(f"{name}.stored", values) for name, values in outputs.items()]
    return _write(path, nodes, stored, shape, {name: values.shape for name, values in outputs.items()})


def mean_model(path: Path, shape: tuple[int, int, int, int]) -> Path:
    """Write a model that gives the mean of each channel of a picture: [1, channels]."""
    axes = _field(1, "axes") + _field(8, 2) + _field(8, 3) + _field(20, _INTS)
    nodes = [_node("ReduceMean", "data", "mean", axes, _field(1, "keepdims") + _field(3, 0) + _field(20, 2))]
    return _write(path, nodes, [], shape, {"mean": shape[:2]})


def _write(
    path: Path,
    nodes: list[bytes],
    stored: list[bytes],
    shape: tuple[int, ...],
    outputs: Mapping[str, tuple[int, ...]],
) -> Path:
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, "graph")
    graph += b"".join(_field(5, tensor) for tensor in stored)
    graph += _field(11, _value("data", shape))
    graph += b"".join(_field(12, _value(name, sizes)) for name, sizes in outputs.items())
    path.write_bytes(_field(1, 8) + _field(7, graph) + _field(8, _field(2, 13)))
    return path


def _node(kind: str, source: str, target: str, *attributes: bytes) -> bytes:
    node = _field(1, source) + _field(2, target) + _field(4, kind)
    return node + b"".join(_field(5, attribute) for attribute in attributes)


def _tensor(name: str, values: NDArray[np.float32]) -> bytes:
    sizes = b"".join(_field(1, size) for size in values.shape)
    raw = values.astype("<f4").tobytes()
    return sizes + _field(2, _FLOAT) + _field(8, name) + _field(9, raw)


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    dimensions = b"".join(_field(1, _field(1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, _FLOAT) + _field(2, dimensions)))


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return struct.pack(f"{len(parts) + 1}B", *parts, value)
