"""Which face models there are, and what is said of those that are not."""

import importlib.util
from pathlib import Path

import pytest
from huggingface_hub import constants

from retake_core.people import dlib_faces
from retake_core.people.dlib_faces import DlibFaces
from retake_core.people.model import FaceModelError
from retake_core.people.registry import faces_status, find_face_model


@pytest.mark.parametrize(
    "name", ["", "dlib:", "opencv-zoo", "opencv-zoo:", "another", "opencv-zoo:/no/such/folder"]
)
def test_what_is_not_there_is_refused_in_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(FaceModelError) as told:
        find_face_model(name)
    assert "\n" not in str(told.value)
    assert faces_status(name) == (name, False, str(told.value))


def test_without_the_extra_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(FaceModelError, match=r"pip install 'retake-desktop\[faces\]'"):
        find_face_model("dlib")


def test_a_damaged_model_is_refused_before_dlib_reads_it(tmp_path: Path) -> None:
    for file in (dlib_faces._LANDMARKS, dlib_faces._DESCRIPTOR):
        (tmp_path / file.name).write_bytes(b"not what it was")
    with pytest.raises(FaceModelError, match="damaged, incomplete or of another version; install it again with"):
        DlibFaces(tmp_path, 1)
