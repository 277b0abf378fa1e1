"""Face models by name.

To add one, write a class with the method of `FaceModel` in a file beside this one, and name it in
`find_face_model` and `InstalledFaces.open`.
"""

from dataclasses import dataclass
from pathlib import Path

from retake_core.hub.cache import CachedModel
from retake_core.hub.pinned import FACES, is_here, parts_of
from retake_core.people import dlib_faces
from retake_core.people.model import FaceModel, FaceModelError

DLIB, OPENCV_ZOO = "dlib", "opencv-zoo"


@dataclass(frozen=True, slots=True)
class InstalledFaces:
    """A face model on this computer.

    Attributes:
        kind: "dlib" or "opencv-zoo".
        folders: that hold its files.
        same: how far apart two vectors of one person are at most, as Euclidean distance.
        id: names what decides which vectors come out of a picture.
    """

    kind: str
    folders: tuple[Path, ...]
    same: float
    id: str

    def open(self, threads: int) -> FaceModel:
        """Load it.

        Raises:
            FaceModelError: a file is missing, damaged or of another version.
        """
        if self.kind == DLIB:
            return dlib_faces.DlibFaces(self.folders[0], threads)
        from retake_core.people.opencv_zoo import OpenCVZooFaces

        return OpenCVZooFaces(self.folders, threads)

    def check(self) -> None:
        """See whether all is there that it takes, without loading it.

        Raises:
            FaceModelError: something is not.
        """
        if self.kind == OPENCV_ZOO:
            from retake_core.people import opencv_zoo

            opencv_zoo.check(self.folders)


def find_face_model(name: str) -> InstalledFaces:
    """Return the face model of a name.

    Args:
        name: "dlib"; "opencv-zoo" for what was downloaded; or "opencv-zoo:" and the folder of its two files.

    Raises:
        FaceModelError: no such model, or it is not on this computer.
    """
    kind, _, place = name.partition(":")
    if name == DLIB:
        folder = dlib_faces.find_folder()
        if folder is None:
            raise FaceModelError(f"No faces can be found; install what finds them with: {dlib_faces.INSTALL_HINT}")
        return InstalledFaces(DLIB, (folder,), 0.46, "dlib-resnet-v1")
    if name == OPENCV_ZOO:
        parts = [CachedModel(part).folder for part in parts_of(FACES)]
        if not is_here(FACES):
            raise FaceModelError(
                f"The face model {FACES} is not on this computer. Get it with: retake models download {FACES}"
            )
        return _opencv_zoo(*(folder for folder in parts if folder is not None))
    if kind == OPENCV_ZOO and place:
        folder = Path(place).expanduser()
        if not folder.is_dir():
            raise FaceModelError(f"The folder {folder} of the face model does not exist; name it anew.")
        return _opencv_zoo(folder)
    raise FaceModelError(
        f"There is no face model named {name}. Use {DLIB}, {OPENCV_ZOO}, or {OPENCV_ZOO}:<folder>."
    )


def faces_status(name: str) -> tuple[str, bool, str]:
    """Say with what faces are found here, or what is missing, as (name, available, detail)."""
    try:
        found = find_face_model(name)
    except FaceModelError as error:
        return name, False, str(error)
    return name, True, f"{found.id} in {', '.join(map(str, found.folders))}"


def _opencv_zoo(*folders: Path) -> InstalledFaces:
    return InstalledFaces(OPENCV_ZOO, folders, 1.05, "opencv-sface-2021dec")
