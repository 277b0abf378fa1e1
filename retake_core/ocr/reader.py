"""Reading the text in a picture: RapidOCR, with the models that its package carries. Nothing is downloaded."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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
_READABLE = 0.5  # how sure a line must be to be told of
_DOUBTFUL = 0.9  # how sure the lines of a picture are, each by its length, unless it stands on its head
_TRIED = 3  # lines that are read turned to know
_DOWNLOADS = "default_models.yaml"
_LONG = 2  # times as long as it is high, a line must be to be read turned alone: some signs have no head

Box = NDArray[np.float32]
"""[4, 2], the corners of a line, x and y, from the upper left one on."""
Boxes = NDArray[np.float32]
"""[n, 4, 2]."""


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
        """Return the lines of text in a picture, RGB [height, width, 3], in reading order.

        A picture that stands on its head is read as it was meant, and so is a line that runs upwards, or does.
        """
        image = _bgr(image)
        lines, boxes = self._found(image)
        if lines and _sureness(lines) < _DOUBTFUL and self._is_turned(image, boxes, lines):
            image = np.ascontiguousarray(image[::-1, ::-1])
            lines, boxes = self._found(image)
        lines = [self._surer(image, box, line) for box, line in zip(boxes, lines, strict=True)]
        return [line for line in lines if line.confidence >= _READABLE]

    def _found(self, image: NDArray[np.uint8]) -> tuple[list[ScreenLine], Boxes]:
        """Find the lines, and read them: all, as RapidOCR would leave out those that it can make nothing of."""
        boxes = self._read(image, use_det=True, use_cls=False, use_rec=False).boxes
        if boxes is None or not len(boxes):
            return [], np.empty((0, 4, 2), np.float32)
        return self._as_read([_cut_out(image, box) for box in boxes]), np.asarray(boxes, np.float32)

    def _is_turned(self, image: NDArray[np.uint8], boxes: Boxes, lines: list[ScreenLine]) -> bool:
        """Tell whether the longest of a picture's lines can be read far better when they are turned."""
        widths = np.ptp(boxes[..., 0], axis=-1)
        longest = np.argsort(-widths, kind="stable")[:_TRIED]
        turned = [self._turned(image, boxes[i]) for i in longest]
        return _sureness(turned) >= max(_DOUBTFUL, _sureness([lines[i] for i in longest]))

    def _surer(self, image: NDArray[np.uint8], box: Box, line: ScreenLine) -> ScreenLine:
        """Return a line as it is read best: as it stands, or turned."""
        length, height = sorted(np.linalg.norm(box[:2] - box[1:3], axis=1))[::-1]
        if line.confidence >= _DOUBTFUL or length < _LONG * height:
            return line
        turned = self._turned(image, box)
        return turned if turned.confidence >= _DOUBTFUL else line

    def _turned(self, image: NDArray[np.uint8], box: Box) -> ScreenLine:
        """Read a line that stands on its head; one that is higher than long is laid down as it is always done."""
        return self._as_read([np.ascontiguousarray(_cut_out(image, box)[::-1, ::-1])])[0]

    def _as_read(self, parts: list[NDArray[np.uint8]]) -> list[ScreenLine]:
        """Read pictures of one line each; one without a sign is unsure."""
        read = self._read.recognize_txt(parts)
        return [
            ScreenLine(text, float(score) if text.strip() else 0.0)
            for text, score in zip(read.txts, read.scores, strict=True)
        ]


def _cut_out(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    from rapidocr.utils.process_img import get_rotate_crop_image

    return np.asarray(get_rotate_crop_image(image, box.astype(np.float32)), np.uint8)


def _sureness(lines: Sequence[ScreenLine]) -> float:
    """Return how sure lines are, each by its length: some words look the same on their heads."""
    signs = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / signs if signs else 0.0


def _engine(models: Models, side: int, threads: int) -> Any:
    with _without_downloads():
        from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # it turns one upright line in a hundred; a whole picture tells it better
            "Global.max_side_len": _LONG_SIDE,
            "Det.model_path": str(models.detector),  # what has a path is never downloaded
            "Det.limit_type": "max",
            "Det.limit_side_len": side,
            "Rec.model_path": str(models.recogniser),
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


@contextmanager
def _without_downloads() -> Iterator[None]:
    """Leave out RapidOCR's list of models to download: its import reads that, for as long as a picture takes."""
    from omegaconf import OmegaConf

    load = OmegaConf.load

    def load_other(file: str | Path) -> Any:
        return OmegaConf.create() if Path(file).name == _DOWNLOADS else load(file)

    setattr(OmegaConf, "load", load_other)  # noqa: B010 - mypy: a method is not assigned to
    try:
        yield
    finally:
        setattr(OmegaConf, "load", load)  # noqa: B010


def _bgr(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(image[..., ::-1])
