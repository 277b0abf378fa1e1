"""Measuring the thumbnails of keyframes for an encoder that knows neither colours nor shapes: see `measure`."""

import numpy as np

from retake_core.cancel import CancelToken
from retake_core.encoders.attribute_words import needs_attributes
from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION, measure
from retake_core.encoders.base import Encoder
from retake_core.indexing.passes.thumbnails import decoded
from retake_core.library.attributes import not_measured, store_attributes
from retake_core.library.database import Database
from retake_core.library.keyframes import thumbnails

BATCH = 64


def measure_attributes(database: Database, encoder: Encoder, cancel: CancelToken) -> None:
    """Measure what is new: 5 ms a keyframe, in libraries of earlier versions once for all of them.

    Args:
        database: the library.
        encoder: that is searched with.
        cancel: stops it between two batches; what is measured stays.

    Raises:
        Cancelled: the next run goes on from there.
    """
    if not needs_attributes(encoder):
        return
    with database.reading() as connection:
        missing = not_measured(connection, ATTRIBUTES)
    for start in range(0, len(missing), BATCH):
        cancel.check()
        with database.reading() as connection:
            pictures = thumbnails(connection, missing[start : start + BATCH])
        nothing = np.zeros(DIMENSION, np.float32)  # of a damaged thumbnail
        images = {number: decoded(picture) for number, picture in pictures.items()}
        found = {number: nothing if image is None else measure(image) for number, image in images.items()}
        with database.writing() as connection:
            store_attributes(connection, ATTRIBUTES, found)
