"""What reads text on this computer: the models that RapidOCR's package carries. Imports none of it."""

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

INSTALL_HINT = "pip install 'retake-desktop[ocr]'"
_CARRIER, _RUNTIME = "rapidocr", "onnxruntime"


@dataclass(frozen=True, slots=True)
class Models:
    """The files that find lines of text in a picture, and read a line."""

    detector: Path
    recogniser: Path

    @property
    def id(self) -> str:
        """Name what decides what is read."""
        return f"{self.detector.stem} {self.recogniser.stem}"


@lru_cache(1)
def find_models() -> Models | None:
    """Return the models that are installed, or None when text cannot be read here."""
    carrier = importlib.util.find_spec(_CARRIER)
    if carrier is None or importlib.util.find_spec(_RUNTIME) is None:
        return None
    for place in carrier.submodule_search_locations or ():
        folder = Path(place) / "models"
        detectors, recognisers = sorted(folder.glob("*_det_*.onnx")), sorted(folder.glob("*_rec_*.onnx"))
        if detectors and recognisers:
            return Models(detectors[-1], recognisers[-1])
    return None


def ocr_status() -> tuple[str, bool, str]:
    """Say with what text is read here, or what is missing, as (name, available, detail)."""
    models = find_models()
    if models is None:
        return "rapidocr", False, f"to have text on screen read, run: {INSTALL_HINT}"
    return "rapidocr", True, f"{models.detector.stem} and {models.recogniser.stem}, installed"
