"""Reading the text in a picture: RapidOCR, with the models that its package carries. Nothing is downloaded."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retake_core.errors import UserError
from retake_core.ocr.models import INSTALL_HINT, Models, find_models

SHORT_SIDE = 1080  # pixels of the pictures that are read: text of 12 pixels in full HD still can be
_LONG_SIDE = 1920
_FINDING_SIDE = 1280  # pixels of the longer side at which lines are looked for; they are read at full size
_GLANCE_SIDE = 480  # the same for thumbnails, which are enlarged to it
_BLANK = 0.7  # standard deviation of each colour (0..255) that a single small line on a plain ground exceeds
_LIKELY = 0.35  # how sure a line in a thumbnail must be: measured, 99 % of the pictures with text have one


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A line of text as it was read, and how sure that is, 0..1."""

    text: str
    confidence: float


class EngineError(UserError):
    """No text can be read on this computer. Its text says what to do."""


class Reader:
    """Finds and reads text; loads its models when it is made, in half a second.

    Args:
        threads: that it may use.

    Raises:
        EngineError: it is not installed, or does not run.
    """

    def __init__(self, threads: int) -> None:
        models = find_models()
        if models is None:
            raise EngineError(f"Text on screen cannot be read; install what reads it with: {INSTALL_HINT}")
        try:
            self._glance = _engine(models, _GLANCE_SIDE, threads)
            self._read = _engine(models, _FINDING_SIDE, threads)
            self.lines(np.zeros((32, 32, 3), np.uint8))
        except Exception as error:
            raise EngineError(
                f"What reads text on screen does not run ({error}); "
                f"install it again with: {INSTALL_HINT} --force-reinstall"
            ) from error

    def may_have_text(self, thumbnail: NDArray[np.uint8]) -> bool:
        """Tell from a thumbnail, RGB [height, width, 3], whether its picture is worth reading."""
        if thumbnail.std(axis=(0, 1)).max() < _BLANK:
            return False
        picture = Image.fromarray(thumbnail)
        scale = _GLANCE_SIDE / max(picture.size)
        large = picture.resize(
            (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BILINEAR
        )
        result = self._glance(
            _bgr(np.asarray(large)), use_det=True, use_cls=False, use_rec=False, box_thresh=_LIKELY
        )
        return result.boxes is not None and len(result.boxes) > 0

    def lines(self, image: NDArray[np.uint8]) -> list[ScreenLine]:
        """Return the lines of text in a picture, RGB [height, width, 3], in reading order."""
        result = self._read(_bgr(image), use_det=True, use_cls=False, use_rec=True)
        texts, scores = getattr(result, "txts", None) or (), getattr(result, "scores", None) or ()
        return [ScreenLine(text, float(score)) for text, score in zip(texts, scores, strict=True)]


def _engine(models: Models, side: int, threads: int) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # text upside down is rare, and the look for it costs as much as a line
            "Global.max_side_len": _LONG_SIDE,
            "Det.model_path": str(models.detector),  # what has a path is never downloaded
            "Det.limit_type": "max",
            "Det.limit_side_len": side,
            "Rec.model_path": str(models.recogniser),
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _bgr(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(image[..., ::-1])
