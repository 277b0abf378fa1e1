"""Thumbnails fit a square, keep their picture, and are small."""

import numpy as np
import pytest

from retake_core.media.thumbnails import decode_thumbnail, encode_thumbnail
from tests.contract.barcode import draw, read


@pytest.mark.parametrize(
    ("size", "expected"),
    [((398, 224), (320, 180)), ((224, 398), (180, 320)), ((100, 60), (100, 60)), ((1, 500), (1, 320))],
)
def test_a_thumbnail_fits(size: tuple[int, int], expected: tuple[int, int]) -> None:
    image = decode_thumbnail(encode_thumbnail(np.full((size[1], size[0], 3), 77, np.uint8)))
    assert image.shape == (expected[1], expected[0], 3)
    assert image.dtype == np.uint8
    assert np.abs(image.astype(int) - 77).max() <= 3


def test_a_thumbnail_keeps_the_picture() -> None:
    image = draw(173, 398, 224)
    before = image.copy()
    assert read(decode_thumbnail(encode_thumbnail(image))) == 173
    assert read(decode_thumbnail(encode_thumbnail(image, width=64))) == 173
    assert (image == before).all()


def test_noise_is_no_larger_than_a_picture_may_be() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (224, 398, 3), np.uint8)
    assert len(encode_thumbnail(noise)) < 60_000
