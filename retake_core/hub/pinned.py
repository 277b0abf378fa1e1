"""Models in a format that is taken from nobody else: files whose digests are known, these or nothing."""

from retake_core.hub.cache import CachedModel, RemoteFile

YUNET = RemoteFile(
    "face_detection_yunet_2023mar.onnx",
    232_589,
    "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
)
SFACE = RemoteFile(
    "face_recognition_sface_2021dec.onnx",
    38_696_353,
    "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
)
FACES = "opencv/face_recognition_sface"
"""Stands for all of them: what describes faces is of no use without what finds them."""
PINNED = {"opencv/face_detection_yunet": YUNET, FACES: SFACE}
"""The file of each repository that is used."""


def parts_of(model_id: str) -> tuple[str, ...]:
    """Return the repositories that a model consists of."""
    return tuple(PINNED) if model_id in PINNED else (model_id,)


def is_here(model_id: str) -> bool:
    """Return whether all of a model was downloaded."""
    parts = [CachedModel(part) for part in parts_of(model_id)]
    return all(part.folder is not None and not part.unfinished() for part in parts)
