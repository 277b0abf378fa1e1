"""Descriptions of what hardly any recording shows, encoded once for each encoder, and kept beside its index."""

import hashlib
import logging
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from retake_core.cancel import CancelToken
from retake_core.encoders.calibrated import CalibratedEncoder, Vectors
from retake_core.system.bundled import bundled
from retake_core.system.files import replacing

log = logging.getLogger(__name__)
WORDS = 64
"""Half of them are names of things; half join two, as people's descriptions are longer, too."""
BATCH = 16
SUFFIX = ".words.npy"


@cache
def noise_texts() -> tuple[str, ...]:
    """Return the descriptions: things from all over the built-in encoder's thousand, always the same ones."""
    text = (bundled("retake_core.encoders") / "concepts.txt").read_text(encoding="utf-8")
    names = [line.split(" < ")[0] for line in text.splitlines() if not line.startswith("#")]
    things = [names[i * len(names) // (3 * WORDS // 2)] for i in range(3 * WORDS // 2)]
    joined = zip(things[1::3], reversed(things[2::3]), strict=True)
    return (*things[0::3], *(f"{one} and {other}" for one, other in joined))


def write_noise(directory: Path, encoder: CalibratedEncoder, cancel: CancelToken) -> None:
    """Encode the descriptions, unless that was done before. A failure costs accuracy, nothing else.

    Raises:
        Cancelled: it was stopped.
    """
    if read_noise(directory, encoder) is not None:
        return
    parts = []
    for start in range(0, WORDS, BATCH):
        cancel.check()
        parts.append(encoder.encode_texts(noise_texts()[start : start + BATCH]))
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with replacing(_place(directory, encoder.id)) as temporary, temporary.open("wb") as file:
            np.save(file, np.concatenate(parts), allow_pickle=False)
    except OSError as error:
        log.warning("the words that calibrate search could not be saved: %s", error)


def read_noise(directory: Path, encoder: CalibratedEncoder) -> Vectors | None:
    """Return the encoded descriptions, float32 [words, dimension]; None where they are missing or damaged."""
    try:
        words: Vectors = np.load(_place(directory, encoder.id), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    sound = words.dtype == np.float32 and words.shape == (WORDS, encoder.dimension) and np.isfinite(words).all()
    return words if sound else None


def forget_other_noise(directory: Path, encoder_id: str) -> None:
    """Delete what other encoders made of the descriptions."""
    for path in directory.glob(f"*{SUFFIX}"):
        if path != _place(directory, encoder_id):
            with suppress(OSError):
                path.unlink()


def _place(directory: Path, encoder_id: str) -> Path:
    """Name the file by the encoder and the descriptions: others make another one."""
    name = hashlib.sha256("\n".join([encoder_id, *noise_texts()]).encode()).hexdigest()[:16]
    return directory / f"{name}{SUFFIX}"
