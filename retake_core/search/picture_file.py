"""Pictures that a person searches with."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from retake_core.display import readable
from retake_core.errors import UserError

LONGEST = 1024  # pixels; encoders look at far fewer


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read a picture file, upright: RGB, uint8 [height, width, 3].

    Raises:
        UserError: it cannot be read, or is no picture.
    """
    name = readable(path)
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (LONGEST, LONGEST))  # JPEG: decodes no more than is needed
            picture.thumbnail((LONGEST, LONGEST))
            return np.array(ImageOps.exif_transpose(picture).convert("RGB"))
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise UserError(f"{name} is not a picture that can be read; take a JPEG or PNG file.") from error
    except OSError as error:
        reason = (error.strerror or "it is damaged").lower()
        raise UserError(f"The picture {name} cannot be read ({reason}); choose another.") from error
