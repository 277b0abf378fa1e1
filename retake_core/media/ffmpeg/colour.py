"""From the colours of high dynamic range to those of a screen: HLG and PQ, in BT.2020, become BT.709.

What is no brighter than paper (203 cd/m2, ITU-R BT.2408) keeps its brightness; what is brighter is rolled off.
"""

from functools import lru_cache

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

PQ, HLG = 16, 18
"""FFmpeg's numbers of the transfer functions SMPTE ST 2084 and ARIB STD-B67."""

_BT2020 = 9  # FFmpeg's number of its primaries
_PAPER = 203.0  # cd/m2 of diffuse white
_PEAK = 1000.0  # cd/m2 of the screen that recordings are made for
_KNEE = 0.7  # linear light, paper being 1: up to here nothing changes
_GAMMA = 2.4  # of the screen, ITU-R BT.1886
_HLG_GAMMA = 1.2  # of a screen of 1,000 cd/m2, ITU-R BT.2100
_STEPS = 4096
_CELLS = 128  # of each colour, where colours are looked up
_DITHER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.uint16) * 8 + 4
_TO_BT709 = np.array(
    [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]],
    dtype=np.float32,
)


def is_beyond_screens(picture: VideoFrame) -> bool:
    """Return whether a decoded picture has brightness or colours that `tone_mapped` must bring to a screen's."""
    return are_beyond_screens(picture.color_primaries, picture.color_trc)


def are_beyond_screens(primaries: int, transfer: int) -> bool:
    """Return the same by FFmpeg's numbers of primaries and transfer function."""
    return transfer in (PQ, HLG) or primaries == _BT2020


def is_transparent(coded: VideoFrame) -> bool:
    """Return whether a picture may let its ground show through."""
    return any(component.is_alpha for component in coded.format.components)


def tone_mapped(signal: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """Return a picture of high dynamic range as a screen shows it.

    Args:
        signal: RGB of BT.2020 as it was coded, full range. [height, width, 3]
        transfer: FFmpeg's number: PQ, HLG, or any other for a picture that only has the colours of BT.2020.

    Returns:
        RGB of BT.709 for a screen. [height, width, 3]
    """
    light = _linear(transfer)[signal >> 4]
    light = np.maximum(light @ _TO_BT709.T, 0.0)
    if transfer in (PQ, HLG):
        brightest = light.max(axis=-1)
        light *= (_rolled_off(brightest) / np.maximum(brightest, 1e-6))[..., None]
    steps = np.minimum(light * (_STEPS - 1) + 0.5, _STEPS - 1).astype(np.uint16)
    shown: NDArray[np.uint8] = _display()[steps]
    return shown


def tone_mapped_quickly(signal: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """Return nearly what `tone_mapped` does in a sixth of the time: for the eye, not for what is computed of it.

    Colours are looked up among 128 steps of red, green and blue; which of two steps is taken follows an ordered
    dither, so that skies show no bands.
    """
    height, width = signal.shape[:2]
    dither = np.tile(_DITHER, (height // 4 + 1, width // 4 + 1))[:height, :width, None]
    cell = np.minimum(((signal >> 2) + dither) >> 7, _CELLS - 1).astype(np.uint32)
    number = (cell[..., 0] * _CELLS + cell[..., 1]) * _CELLS + cell[..., 2]
    shown: NDArray[np.uint8] = _cube(transfer)[number].view(np.uint8).reshape(height, width, 4)[..., :3]
    return shown


@lru_cache(maxsize=2)
def _cube(transfer: int) -> NDArray[np.uint32]:
    """Return the colour of each cell, its three bytes and one more in a number: uint32 [128 * 128 * 128]."""
    steps = (np.arange(_CELLS) * (65536 // _CELLS)).astype(np.uint16)
    steps[-1] = 65535
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
    shown = tone_mapped(grid.reshape(_CELLS, -1, 3), transfer).reshape(-1, 3)
    padded = np.zeros((len(shown), 4), dtype=np.uint8)
    padded[:, :3] = shown
    return padded.view(np.uint32)[:, 0]


def _rolled_off(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bend light above the knee so that the peak becomes 1: the curve keeps its slope at the knee."""
    peak = np.float32(_PEAK / _PAPER)
    room, above = np.float32(1 - _KNEE), np.maximum(light - np.float32(_KNEE), 0)
    # room * above * (1 + above / reach) / (room + above) is 0 with slope 1 at the knee, and `room` at the peak.
    reach = (peak - _KNEE) ** 2 / room
    bent = room * above * (1 + above / reach) / (room + above)
    return np.minimum(np.where(light > _KNEE, _KNEE + bent, light), 1).astype(np.float32)


@lru_cache
def _linear(transfer: int) -> NDArray[np.float32]:
    """Return the light of a screen for each of 4,096 signals, paper being 1: float32 [4096]."""
    signal = np.arange(_STEPS) / (_STEPS - 1)
    if transfer == HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
        # To each channel by itself, as FFmpeg's converters do, and not by the luminance of all three.
        light = scene**_HLG_GAMMA * (_PEAK / _PAPER)
    elif transfer == PQ:
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        root = signal ** (1 / m2)
        light = (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) * (10_000 / _PAPER)
    else:
        light = signal**_GAMMA
    return light.astype(np.float32)


@lru_cache
def _display() -> NDArray[np.uint8]:
    """Return the signal of 4,096 steps of light, for a screen."""
    return np.round((np.arange(_STEPS) / (_STEPS - 1)) ** (1 / _GAMMA) * 255).astype(np.uint8)
