"""Colours that are looked up stand for those that are computed."""

import numpy as np
import pytest

from retake_core.media.ffmpeg.colour import HLG, PQ, tone_mapped, tone_mapped_quickly

BT709 = 1


@pytest.mark.parametrize("transfer", [HLG, PQ, BT709])
def test_what_is_looked_up_is_near_what_is_computed(transfer: int) -> None:
    rows, columns = np.mgrid[0:270, 0:482] / np.array([270, 482]).reshape(2, 1, 1)  # no multiple of the dither
    signal = (np.stack([columns, rows, (rows + columns) / 2], axis=-1) * 65535).astype(np.uint16)
    exact = tone_mapped(signal, transfer).astype(np.int16)
    difference = tone_mapped_quickly(signal, transfer) - exact
    assert difference.shape == (270, 482, 3)
    assert np.abs(difference).mean() < 1.5
    assert abs(difference.mean()) < 0.1  # neither darker nor brighter


@pytest.mark.parametrize("transfer", [HLG, PQ, BT709])
def test_black_and_white_stay(transfer: int) -> None:
    signal = np.zeros((4, 8, 3), dtype=np.uint16)
    signal[:, 4:] = 65535
    shown = tone_mapped_quickly(signal, transfer)
    assert shown[:, :4].max() <= 1
    assert (shown[:, 4:] == tone_mapped(signal, transfer)[:, 4:]).all()
