"""YuNet and SFace, as tiny files of the same shapes: where faces are, how they are cut out, what is refused."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.people.model import FaceModel, FaceModelError, ModelFile
from retake_core.people.opencv_zoo import SFACE, YUNET, OpenCVZooFaces
from retake_core.people.registry import find_face_model
from tests.support.onnx_files import constant_model, mean_model

pytest.importorskip("onnxruntime", reason="the extras faces and ocr are not installed")
SIDE, STRIDES = 640, (8, 16, 32)
PLACES = ((0.34, 0.46), (0.66, 0.46), (0.5, 0.64), (0.37, 0.82), (0.63, 0.82))  # of the marks, in the box


def heads(*faces: tuple[int, tuple[float, float, float, float], float]) -> dict[str, NDArray[np.float32]]:
    """Return what YuNet would say of faces: stride, box in pixels of the square, and score."""
    outputs: dict[str, NDArray[np.float32]] = {}
    for stride in STRIDES:
        cells = (SIDE // stride) ** 2
        for name, size in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            outputs[f"{name}_{stride}"] = np.zeros((1, cells, size), np.float32)
    for stride, (left, top, right, bottom), score in faces:
        column, row = int((left + right) / 2 // stride), int((top + bottom) / 2 // stride)
        cell = row * (SIDE // stride) + column
        outputs[f"cls_{stride}"][0, cell] = outputs[f"obj_{stride}"][0, cell] = score
        middle = np.array([(left + right) / 2, (top + bottom) / 2]) / stride - (column, row)
        outputs[f"bbox_{stride}"][0, cell] = [*middle, *np.log(np.array([right - left, bottom - top]) / stride)]
        marks = [(left + x * (right - left), top + y * (bottom - top)) for x, y in PLACES]
        outputs[f"kps_{stride}"][0, cell] = (np.array(marks) / stride - (column, row)).reshape(-1)
    return outputs


def opened(folder: Path, *faces: tuple[int, tuple[float, float, float, float], float]) -> FaceModel:
    constant_model(folder / "yunet.onnx", (1, 3, SIDE, SIDE), heads(*faces))
    mean_model(folder / "sface.onnx", (1, 3, 112, 112))
    files = [
        ModelFile(n, hashlib.sha256((folder / n).read_bytes()).hexdigest()) for n in ("yunet.onnx", "sface.onnx")
    ]
    return OpenCVZooFaces([folder], 1, *files)


def halves() -> NDArray[np.uint8]:
    """Return a picture, 160 pixels high and 320 wide, that is red on the left and green on the right."""
    picture = np.zeros((160, 320, 3), np.uint8)
    picture[:, :160, 0] = 200
    picture[:, 160:, 1] = 200
    return picture


def test_a_face_is_where_it_is_told_to_be_and_described_by_what_is_there(tmp_path: Path) -> None:
    model = opened(tmp_path, (16, (400, 80, 560, 240), 0.9), (8, (60, 100, 120, 180), 0.8))
    ((right, left), (again, _)) = model.faces([halves(), halves()])
    assert np.allclose(right.box, (400 / 640, 80 / 320, 560 / 640, 240 / 320), atol=1e-3)
    assert np.allclose(left.box, (60 / 640, 100 / 320, 120 / 640, 180 / 320), atol=1e-3)
    assert np.allclose(right.vector, (0, 1, 0), atol=1e-3), "green: the channels are in the order of SFace"
    assert np.allclose(left.vector, (1, 0, 0), atol=1e-3)
    assert again.box == right.box


def test_of_boxes_over_each_other_the_surest_stays_and_doubtful_ones_go(tmp_path: Path) -> None:
    model = opened(
        tmp_path, (16, (400, 80, 560, 240), 0.8), (8, (404, 84, 564, 244), 0.95), (32, (40, 40, 200, 200), 0.5)
    )
    ((only,),) = model.faces([halves()])
    assert np.allclose(only.box[0], 404 / 640, atol=1e-3)


def test_a_face_at_the_edge_stays_in_the_picture(tmp_path: Path) -> None:
    ((face,),) = opened(tmp_path, (32, (-40, 200, 120, 400), 0.9)).faces([halves()])
    assert face.box[0] == 0
    assert face.box[3] == 1
    assert np.isfinite(face.vector).all()


@pytest.mark.parametrize("size", [(1, 1), (640, 3), (3, 640), (1080, 1920)])
def test_pictures_of_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    (faces,) = opened(tmp_path, (16, (10, 10, 100, 100), 0.9)).faces([np.zeros((*size, 3), np.uint8)])
    assert all(0 <= side <= 1 for face in faces for side in face.box)


@pytest.mark.parametrize("break_it", ["gone", "another", "no model"])
def test_files_that_are_gone_damaged_or_of_another_version_are_refused(tmp_path: Path, break_it: str) -> None:
    for file in (YUNET, SFACE):
        (tmp_path / file.name).write_bytes(b"something else")
    if break_it == "gone":
        (tmp_path / SFACE.name).unlink()
    files = (YUNET, SFACE)
    if break_it == "no model":
        digest = hashlib.sha256(b"something else").hexdigest()
        files = (ModelFile(YUNET.name, digest), ModelFile(SFACE.name, digest))
    with pytest.raises(FaceModelError, match="get it again with: retake models download opencv/") as told:
        OpenCVZooFaces([tmp_path], 1, *files)
    assert "\n" not in str(told.value)


def test_its_files_may_lie_in_two_folders(tmp_path: Path) -> None:
    opened(tmp_path, (16, (400, 80, 560, 240), 0.9))
    (tmp_path / "other").mkdir()
    (tmp_path / "sface.onnx").rename(tmp_path / "other" / "sface.onnx")
    places = (tmp_path / "yunet.onnx", tmp_path / "other" / "sface.onnx")
    files = [ModelFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in places]
    ((face,),) = OpenCVZooFaces([path.parent for path in places], 1, *files).faces([halves()])
    assert np.allclose(face.vector, (0, 1, 0), atol=1e-3)


def test_it_is_found_by_its_folder(tmp_path: Path) -> None:
    found = find_face_model(f"opencv-zoo:{tmp_path}")
    assert (found.kind, found.folders) == ("opencv-zoo", (tmp_path,))
    for look in (lambda: found.open(1), found.check):
        with pytest.raises(FaceModelError, match="is missing"):
            look()
