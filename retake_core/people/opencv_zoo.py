"""OpenCV Zoo's faces: YuNet finds them, SFace describes them; both as ONNX, run by onnxruntime.

YuNet is under MIT, SFace under Apache-2.0. The first finds also small faces, and those that look aside.
"""

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retake_core.errors import one_line
from retake_core.hub import pinned
from retake_core.media.boxes import overlap
from retake_core.people.model import Face, FaceModelError, ModelFile, checked

YUNET, SFACE = (ModelFile(file.path, file.digest) for file in (pinned.YUNET, pinned.SFACE))
_RUNTIME = "onnxruntime"
_NO_RUNTIME = "This face model needs onnxruntime; install it with: pip install 'retake-desktop[faces]'"
_SIDE = 640  # pixels of the square that YuNet looks at
_STRIDES = (8, 16, 32)
_SURE = 0.7  # how sure a face must be, 0..1
_OVERLAP = 0.3  # of two boxes, from which on they are of one face
_FACE_SIDE = 112  # pixels of the square that SFace looks at
_PLACES = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
"""Where SFace expects the eyes, the nose and the corners of the mouth: x, y."""


class OpenCVZooFaces:
    """Finds faces and describes them; loads its models when it is made.

    Args:
        folders: that hold the two files.
        threads: that it may use.
        detector: the file that finds.
        descriptor: the file that describes.

    Raises:
        FaceModelError: a file is missing, damaged or of another version, or onnxruntime is not installed.
    """

    def __init__(
        self, folders: Sequence[Path], threads: int, detector: ModelFile = YUNET, descriptor: ModelFile = SFACE
    ) -> None:
        self._detector, self._descriptor = (_session(folders, file, threads) for file in (detector, descriptor))

    def faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[list[Face]]:
        """Return the faces of each picture, RGB [height, width, 3]."""
        return [list(self._of_one(picture)) for picture in pictures]

    def _of_one(self, picture: NDArray[np.uint8]) -> Iterator[Face]:
        height, width = picture.shape[:2]
        scale = _SIDE / max(height, width)
        square = np.zeros((_SIDE, _SIDE, 3), np.uint8)
        small = Image.fromarray(picture).resize(
            (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BILINEAR
        )
        square[: small.height, : small.width] = np.asarray(small)
        outputs = _run(self._detector, square[..., ::-1])  # it was trained on blue, green, red
        found = _decoded(dict(zip((o.name for o in self._detector.get_outputs()), outputs, strict=True)))
        for box, marks in zip(*_distinct(*found), strict=True):
            face = _aligned(picture, marks / scale)
            vector = _run(self._descriptor, face)[0].reshape(-1).astype(np.float32)
            left, top, right, bottom = (box / scale / (width, height, width, height)).clip(0, 1).tolist()
            if right > left and bottom > top:
                yield Face((left, top, right, bottom), vector / max(float(np.linalg.norm(vector)), 1e-12))


def check(folders: Sequence[Path]) -> None:
    """See whether all is there that it takes.

    Raises:
        FaceModelError: something is not.
    """
    for file in (YUNET, SFACE):
        _path(folders, file)
    if importlib.util.find_spec(_RUNTIME) is None:
        raise FaceModelError(_NO_RUNTIME)


def _path(folders: Sequence[Path], file: ModelFile) -> Path:
    path = next(filter(None, (checked(folder, file) for folder in folders)), None)
    if path is None:
        raise FaceModelError(
            f"The face model's file {file.name} is missing, damaged or of another version; get it again with: "
            f"retake models download {pinned.FACES}"
        )
    return path


def _session(folders: Sequence[Path], file: ModelFile, threads: int) -> Any:
    path = _path(folders, file)
    try:
        import onnxruntime
    except ImportError as error:
        raise FaceModelError(_NO_RUNTIME) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    card = [name for name in onnxruntime.get_available_providers() if name in ("CUDAExecutionProvider",)]
    try:
        return onnxruntime.InferenceSession(path, options, providers=[*card, "CPUExecutionProvider"])
    except Exception as error:
        raise FaceModelError(
            f"The face model's file {path} does not run ({one_line(error)}); get it again with: "
            f"retake models download {pinned.FACES}"
        ) from error


def _run(session: Any, picture: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    batch = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)
    outputs: list[NDArray[np.float32]] = session.run(None, {session.get_inputs()[0].name: batch})
    return outputs


def _decoded(
    heads: dict[str, NDArray[np.float32]],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the scores [n], boxes [n, 4] and landmarks [n, 5, 2] that are sure enough, in pixels."""
    scores, boxes, marks = [], [], []
    for stride in _STRIDES:
        cells = _SIDE // stride
        of_class, of_object = (heads[f"{name}_{stride}"].reshape(-1).clip(0, 1) for name in ("cls", "obj"))
        score = np.sqrt(of_class * of_object)
        sure = score >= _SURE
        corner = np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), axis=-1).reshape(-1, 2)[sure]
        place = heads[f"bbox_{stride}"].reshape(-1, 4)[sure]
        centre, half = (corner + place[:, :2]) * stride, np.exp(place[:, 2:]) * stride / 2
        scores.append(score[sure])
        boxes.append(np.concatenate([centre - half, centre + half], axis=1))
        marks.append((heads[f"kps_{stride}"].reshape(-1, 5, 2)[sure] + corner[:, None]) * stride)
    return np.concatenate(scores), np.concatenate(boxes), np.concatenate(marks)


def _distinct(
    scores: NDArray[np.float32], boxes: NDArray[np.float32], marks: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the boxes and landmarks of the surest of all that lie over each other."""
    places: list[list[float]] = boxes.tolist()
    left: list[int] = np.argsort(-scores, kind="stable").tolist()
    kept = []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [other for other in left if overlap(places[best], places[other]) < _OVERLAP]
    return boxes[kept], marks[kept]


def _aligned(picture: NDArray[np.uint8], marks: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Cut a face out so that its landmarks lie where SFace expects them: RGB [112, 112, 3]."""
    # Least squares of a similarity, from the square to the picture: x' = a x - b y + c, y' = b x + a y + d.
    x, y = _PLACES[:, 0], _PLACES[:, 1]
    one, none = np.ones(5), np.zeros(5)
    rows = np.concatenate([np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)])
    a, b, c, d = np.linalg.lstsq(rows, marks.T.reshape(-1), rcond=None)[0].tolist()
    cut = Image.fromarray(picture).transform(
        (_FACE_SIDE, _FACE_SIDE), Image.Transform.AFFINE, (a, -b, c, b, a, d), Image.Resampling.BILINEAR
    )
    return np.asarray(cut)
