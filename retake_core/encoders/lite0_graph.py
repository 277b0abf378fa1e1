"""EfficientNet-Lite0 on the processor, by ONNX Runtime: in half of PyTorch's time, and ready at once.

`lite0.onnx` has the network's graph, and its weights lie in their package; `packaging/lite0_graph.py` draws it.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from retake_core.encoders.lite0_shape import CLASSES, ENTROPY_SCALE, MAP_CHANNELS, MAP_SIDE, input_size
from retake_core.encoders.packaged import LITE0_WEIGHTS
from retake_core.encoders.threads import encoder_threads
from retake_core.system.bundled import bundled

GRAPH, WEIGHTS = "lite0.onnx", "weights"
BATCH = 4
"""Frames at a time: their activations stay in the cache."""


class GraphClassifier:
    """Classifies frames of any size, some at a time."""

    def __init__(self) -> None:
        self._graph = (bundled("retake_core.encoders") / GRAPH).read_bytes()
        self._weights = LITE0_WEIGHTS.read_verified()
        self._session = _session(self._graph, self._weights, encoder_threads())
        self._threads = encoder_threads()

    def classify(self, images: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return class probabilities, float32 [batch, 1000], and spatial maps, float32 [batch, 49, 320]."""
        if self._threads != encoder_threads():
            self._threads = encoder_threads()
            self._session = _session(self._graph, self._weights, self._threads)
        probabilities = np.zeros((len(images), CLASSES), np.float32)
        maps = np.zeros((len(images), MAP_SIDE**2, MAP_CHANNELS), np.float32)
        by_size = defaultdict(list)
        for index, image in enumerate(images):
            by_size[image.shape].append(index)
        for (height, width, _), indices in by_size.items():
            size = np.array(input_size(height, width), np.int64)
            for start in range(0, len(indices), BATCH):
                part = indices[start : start + BATCH]
                frames = np.stack([images[index] for index in part])
                regions, whole, spatial = self._session.run(None, {"frames": frames, "size": size})
                probabilities[part] = _mixed(regions, whole)
                maps[part] = _pooled(spatial)
        return probabilities, maps


def _session(graph: bytes, weights: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # decoders want the cores
    options.add_external_initializers_from_files_in_memory([WEIGHTS], [weights], [len(weights)])
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _mixed(regions: NDArray[np.float32], whole: NDArray[np.float32]) -> NDArray[np.float32]:
    """Join what a picture and its regions look like, as `Lite0` does: the surest regions count most.

    Args:
        regions: log odds of the classes, [batch, regions, 1000].
        whole: the same of the picture, [batch, 1000].
    """
    local = _softmax(regions, -1)
    entropy = -(local * np.log(np.maximum(local, np.finfo(np.float32).tiny))).sum(-1, keepdims=True)
    weights = _softmax(-entropy / ENTROPY_SCALE, 1)
    mixed = (_softmax(whole, -1) + (weights * local).sum(1)) / 2
    return np.asarray(mixed, np.float32)


def _softmax(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    powers = np.exp(values - values.max(axis, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(axis, keepdims=True)
    return shares


def _pooled(spatial: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average [batch, channels, rows, columns] over 7 x 7 overlapping parts: [batch, 49, channels]."""
    rows, columns = (_parts(side) for side in spatial.shape[2:])
    means = rows @ spatial @ columns.T
    return np.asarray(means.reshape(*means.shape[:2], -1).transpose(0, 2, 1), np.float32)


def _parts(side: int) -> NDArray[np.float32]:
    """Return the weights of means over seven parts of a side, [7, side], as PyTorch's adaptive pooling cuts it."""
    number, place = np.arange(MAP_SIDE)[:, None], np.arange(side)
    inside = (place >= number * side // MAP_SIDE) & (place < -(-(number + 1) * side // MAP_SIDE))
    return np.asarray(inside / inside.sum(1, keepdims=True), np.float32)
