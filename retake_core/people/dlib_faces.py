"""dlib's faces: HOG detector, five landmarks, ResNet descriptor. All comes with the extra `faces`."""

import importlib.util
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retake_core.errors import one_line
from retake_core.people.model import Face, FaceModelError, ModelFile, checked

if TYPE_CHECKING:  # the window reads this module, and starts faster without
    import numpy as np
    from numpy.typing import NDArray

INSTALL_HINT = "pip install 'retake-desktop[faces]'"
_RUNTIME, _CARRIER = "dlib", "face_recognition_models"
_LANDMARKS = ModelFile(
    "shape_predictor_5_face_landmarks.dat", "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"
)
_DESCRIPTOR = ModelFile(
    "dlib_face_recognition_resnet_model_v1.dat",
    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
)
_UPSAMPLED = 1  # times: the detector knows faces of 80 pixels


def find_folder() -> Path | None:
    """Return where the models lie, or None where they, or dlib, are not installed.

    The package that carries them is not imported: it needs setuptools.
    """
    carrier = importlib.util.find_spec(_CARRIER)
    if carrier is None or importlib.util.find_spec(_RUNTIME) is None:
        return None
    return next((Path(place) / "models" for place in carrier.submodule_search_locations or ()), None)


class DlibFaces:
    """Finds faces that look at the camera, from 40 pixels on; loads its models when it is made.

    Args:
        folder: of the models.
        threads: that may look for faces.

    Raises:
        FaceModelError: a file is missing, damaged or of another version, or dlib does not run.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        landmarks, descriptor = checked(folder, _LANDMARKS), checked(folder, _DESCRIPTOR)
        if landmarks is None or descriptor is None:
            raise FaceModelError(
                f"The face model in {folder} is damaged, incomplete or of another version; install it again with: "
                f"{INSTALL_HINT} --force-reinstall"
            )
        try:
            import dlib

            self._dlib: Any = dlib
            self._landmarks = dlib.shape_predictor(str(landmarks))
            self._descriptor = dlib.face_recognition_model_v1(str(descriptor))
        except Exception as error:
            raise FaceModelError(
                f"What finds faces does not run ({one_line(error)}); install it again with: "
                f"{INSTALL_HINT} --force-reinstall"
            ) from error
        self._own = threading.local()  # a detector keeps the picture that it looks at
        self._pool = ThreadPoolExecutor(threads)

    def faces(self, pictures: "Sequence[NDArray[np.uint8]]") -> list[list[Face]]:
        """Return the faces of each picture, RGB [height, width, 3]."""
        boxes = self._pool.map(self._detect, pictures)
        return [
            [self._described(picture, box) for box in found]
            for picture, found in zip(pictures, boxes, strict=True)
        ]

    def _detect(self, picture: "NDArray[np.uint8]") -> Any:
        if not hasattr(self._own, "detector"):
            self._own.detector = self._dlib.get_frontal_face_detector()
        return self._own.detector(picture, _UPSAMPLED)

    def _described(self, picture: "NDArray[np.uint8]", box: Any) -> Face:
        import numpy as np

        height, width = picture.shape[:2]
        vector = self._descriptor.compute_face_descriptor(picture, self._landmarks(picture, box))
        return Face(
            (
                max(0.0, box.left() / width),
                max(0.0, box.top() / height),
                min(1.0, box.right() / width),
                min(1.0, box.bottom() / height),
            ),
            np.array(vector, np.float32),
        )
