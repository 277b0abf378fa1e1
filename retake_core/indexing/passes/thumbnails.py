"""Embedding the stored thumbnails after another encoder was chosen, so that search can change to it soon.

What it makes of thumbnails is a stand-in: each speaks for one picture, where the passes over the videos join all
frames of a scene. Those replace it video by video.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import msgspec
import numpy as np
from numpy.typing import NDArray

from retake_core.cancel import CancelToken
from retake_core.encoders.base import Encoder
from retake_core.encoders.threads import more_encoder_threads
from retake_core.indexing.passes.estimate import Estimate
from retake_core.library.database import Database
from retake_core.library.embeddings import (
    drop_others,
    embedded_by,
    encoder_ids,
    not_embedded_by,
    note_encoder,
    store_of_thumbnails,
)
from retake_core.library.keyframes import thumbnails
from retake_core.media.thumbnails import decode_thumbnail
from retake_core.protocol.indexing_events import IndexingEvent, Switch, Switching
from retake_core.system.processor import usable_cores

BATCH = 32


def embed_thumbnails(
    database: Database, encoder: Encoder, name: str, cancel: CancelToken, cores: int = 0
) -> Iterator[IndexingEvent]:
    """Let an encoder embed the thumbnails of all keyframes that only others know; goes on where it was stopped.

    Args:
        database: the library.
        encoder: what embeds from now on.
        name: what the settings call it.
        cancel: stops it between two batches; what is embedded stays.
        cores: that may be used; 0 is all.

    Raises:
        Cancelled: the next run goes on from there.
    """
    with database.reading() as connection:
        ids = encoder_ids(connection)
        counts = embedded_by(connection)
        missing = not_embedded_by(connection, encoder.id) if set(counts) - {encoder.id} else []
    if ids.get(name) != encoder.id:
        with database.writing() as connection:
            note_encoder(connection, name, encoder.id)
    if not missing:
        return
    names = {encoder_id: of for of, encoder_id in ids.items()}
    before = max(set(counts) - {encoder.id}, key=lambda of: counts[of])
    switch = Switch(names.get(before, ""), name, counts.get(encoder.id, 0), counts[before])
    estimate = Estimate(cancel)
    yield Switching(switch, None)
    with half_of(cores or usable_cores()):
        for start in range(0, len(missing), BATCH):
            cancel.check()
            _embed(database, encoder, missing[start : start + BATCH])
            done = min(start + BATCH, len(missing))
            ready = switch.keyframes - len(missing) + done
            left = estimate.left(estimate.seconds * (len(missing) - done) / done)
            yield Switching(msgspec.structs.replace(switch, ready=ready), left)


def drop_other_encoders(database: Database, encoder: Encoder, cancel: CancelToken) -> None:
    """Delete what other encoders made, now that this one knows all keyframes.

    Raises:
        Cancelled: the next run goes on from there.
    """
    dropped = 1
    while dropped:
        cancel.check()
        with database.reading() as connection:
            if not set(embedded_by(connection)) - {encoder.id}:
                return
        with database.writing() as connection:
            dropped = drop_others(connection, encoder.id)


def _embed(database: Database, encoder: Encoder, ids: list[int]) -> None:
    with database.reading() as connection:
        pictures = thumbnails(connection, ids)
    images = {number: image for number in ids if (image := decoded(pictures[number])) is not None}
    vectors = encoder.encode_frames(list(images.values())).embeddings
    unreadable = [number for number in ids if number not in images]
    with database.writing() as connection:
        store_of_thumbnails(connection, encoder.id, dict(zip(images, vectors, strict=True)), unreadable)


def decoded(thumbnail: bytes) -> NDArray[np.uint8] | None:
    """Return the image of a thumbnail, RGB, uint8 [height, width, 3]; None if it is damaged."""
    try:
        return decode_thumbnail(thumbnail)
    except (OSError, ValueError, SyntaxError):  # Pillow's ways to say that it is damaged
        return None


def half_of(cores: int) -> AbstractContextManager[None]:
    """Let the encoder use more cores, as nothing is decoded now; on busy ones its threads wait for one another."""
    return more_encoder_threads(max(1, cores // 2))
