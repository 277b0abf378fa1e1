"""dlib's own models on real film: a man in a car, and film without people."""

import os
from pathlib import Path

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.thumbnails import decode_thumbnail
from retake_core.people.faces_task import SHORT_SIDE, FacesSeen, FacesTask
from retake_core.people.model import FaceModelError
from retake_core.people.registry import find_face_model

try:
    DLIB = find_face_model("dlib")
except FaceModelError:
    pytest.skip("the extra faces is not installed", allow_module_level=True)

CLIPS = Path(os.environ.get("RETAKE_DEMO_CLIPS", "build/demo-library"))


def pictures(name: str, *times: float) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    if not (CLIPS / name).exists():
        pytest.skip(f"{name} is not there: packaging/demo_library.py gets it")
    source = PyAVSource(CLIPS / name, SHORT_SIDE)
    try:
        return [source.frame_at(time).image for time in times]
    finally:
        source.close()


def test_a_man_is_found_and_is_the_same_in_every_picture() -> None:
    found = DLIB.open(2).faces(pictures("carphone_pristine.mp4", 0.0, 1.0, 3.0))
    seen = [face for faces in found for face in faces]
    assert len(seen) >= 2
    assert all(len(faces) <= 1 for faces in found)
    for one in seen:
        assert all(np.linalg.norm(one.vector - other.vector) < DLIB.same for other in seen)
        left, top, right, bottom = one.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1


def test_nobody_is_found_where_nobody_is() -> None:
    found = DLIB.open(1).faces([*pictures("bigbuckbunny.mp4", 1.0, 4.0), *pictures("tree.avi", 1.0)])
    assert found == [[], [], []]


def test_faces_are_found_in_the_process_that_decodes() -> None:
    clip = CLIPS / "carphone_pristine.mp4"
    if not clip.exists():
        pytest.skip("the demo library is not there: packaging/demo_library.py gets it")
    decoder = LastingDecoder()
    try:
        sent = list(decoder.messages(FacesTask(clip, (0.0, 1.0, 3.0), 0.5, DLIB, 2), CancelToken()))
    finally:
        decoder.close()
    seen = [message for message in sent if isinstance(message, FacesSeen)]
    assert [message.asked for message in seen] == [0.0, 1.0, 3.0]
    assert all(0 <= message.time - message.asked < 0.5 for message in seen)
    (face,) = seen[0].faces
    assert face.vector.dtype == np.float16
    assert face.picture is not None
    height, width = decode_thumbnail(face.picture).shape[:2]
    assert 20 < min(height, width) <= max(height, width) <= 96
