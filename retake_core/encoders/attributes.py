"""What the pixels of a picture tell without a network: its colours, how dark it is, and plain shapes.

Every number is kept as it was measured; `LEAST` says from where on it counts. It was set on one set of pictures
and is reported on another, which was looked at only where the first left room: `python -m
tests.benchmarks.attributes`.
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ATTRIBUTES = "attributes-2"
"""Names how they are measured; raise it when the same picture would give other numbers."""
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "black", "white")
SHAPES = ("circle", "square", "triangle")
DARK, BRIGHT = "dark", "bright"
NAMES = (
    DARK,
    BRIGHT,
    *COLOURS,
    *SHAPES,
    *(f"{colour} {shape}" for colour in COLOURS for shape in SHAPES),
)
"""What each number is of."""
DIMENSION = 48
"""Rounded up to a multiple of 16, which vector indexes are fast with."""

LEAST = {
    DARK: 0.33,
    BRIGHT: 0.4,
    "red": 0.02,
    "orange": 0.06,
    "yellow": 0.03,
    "green": 0.06,
    "blue": 0.05,
    "purple": 0.01,
    "pink": 0.04,
    "black": 0.12,
    "white": 0.06,
    "circle": 0.82,
    "square": 0.86,
    "triangle": 0.8,
}
"""The part of a picture from which on it counts as dark, bright or of a colour, and the part of the smallest
circle, square or triangle around it that a region fills if it is one. For colours and brightness it is where what
is found, less four times the false alarms, is most on the first set, with less than 4 % of these."""
STEEPNESS = 20.0
"""How fast doubt ends with shapes, where the numbers of all regions lie close to each other."""

SIDE = 96
"""Pixels that a picture is scaled down to: grain goes, and what a person would call a thing stays."""
BLANK = 0.012
"""Standard deviation of what shows nothing: a fade to black is no night."""
DARK_LUMA, BRIGHT_LUMA = 50, 200
BLACK, WHITE = 0.2, 0.82
"""Value below which every colour looks black; above which a pale one looks white."""
PALE, PASTEL, VIVID = 0.12, 0.25, 0.4
"""Saturation below which there is no colour, from which on there is purple or pink, and any other."""
HUES = ((12, "red"), (43, "orange"), (64, "yellow"), (165, "green"), (252, "blue"), (300, "purple"), (342, "pink"))
"""Degrees up to which a hue has a name; what lies beyond is red again."""
LIGHT = 0.75
"""Value from which on a red that is not saturated looks pink."""
SATURATED = 0.6
"""Saturation below which orange is skin or wood, yellow sand or straw, and red pink or brown."""
DULL = 0.5
"""Value below which orange is brown."""

SMALLEST, LARGEST = 0.004, 0.6
"""Parts of the picture that a shape takes."""
FEWEST = 30
"""Pixels, of which fewer have any shape."""
DIRECTIONS = 60
Image8 = NDArray[np.uint8]


def measure(image: Image8) -> NDArray[np.float32]:
    """Return the numbers of a picture, 0..1 each, float32 [48] in order of `NAMES`.

    Args:
        image: RGB, uint8 [height, width, 3] of any size.
    """
    picture = Image.fromarray(image)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    pixels = np.asarray(picture, np.float32) / np.float32(255)
    numbers = np.zeros(DIMENSION, np.float32)
    if pixels.std(axis=(0, 1)).max() < BLANK:
        return numbers
    luma = pixels @ np.array((0.299, 0.587, 0.114), np.float32) * 255
    named = colour_map(pixels)
    found = {DARK: float((luma < DARK_LUMA).mean()), BRIGHT: float((luma > BRIGHT_LUMA).mean())}
    found |= {colour: float((named == number).mean()) for number, colour in enumerate(COLOURS)}
    for shape, colour, fill in _shapes(named):
        for name in (shape, f"{COLOURS[colour]} {shape}"):
            found[name] = max(fill, found.get(name, 0.0))
    numbers[: len(NAMES)] = [found.get(name, 0.0) for name in NAMES]
    return numbers


def confidence(name: str, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Map numbers of one name, [n], to 0..1; below 0.5 a picture does not show it."""
    last = name.split()[-1]
    odds = np.maximum(numbers, 1e-6) / LEAST[last]
    steepness = STEEPNESS if last in SHAPES else 1.0
    return np.asarray(1 / (1 + np.exp(np.clip(-steepness * np.log(odds), -60, 60))), np.float32)


def colour_map(pixels: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return the colour of each pixel as a number of `COLOURS`, int8 [height, width]; -1 is none that has a name.

    Args:
        pixels: RGB, 0..1, [height, width, 3].
    """
    red, green, blue = np.moveaxis(pixels, -1, 0)
    value = pixels.max(axis=-1)
    chroma = value - pixels.min(axis=-1)
    safe = np.maximum(chroma, 1e-6)
    hue = np.select(
        [value == red, value == green],
        [(green - blue) / safe % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    saturation = chroma / np.maximum(value, 1e-6)
    limits = [limit for limit, _ in HUES]
    names = np.array([COLOURS.index(name) for _, name in HUES] + [COLOURS.index("red")], np.int8)
    named: NDArray[np.int8] = names[np.digitize(hue * 60, limits)]
    reddish = named == COLOURS.index("red")
    washed = (saturation < SATURATED) | (value < DULL)
    named[reddish & (saturation < SATURATED) & (value >= LIGHT)] = COLOURS.index("pink")
    named[(named == COLOURS.index("orange")) & washed] = -1
    named[(named == COLOURS.index("yellow")) & (saturation < SATURATED)] = -1
    named[reddish & (saturation < SATURATED) & (value < LIGHT)] = -1
    pastel = (named == COLOURS.index("purple")) | (named == COLOURS.index("pink"))
    named[saturation < np.where(pastel, PASTEL, VIVID)] = -1
    named[(saturation < PALE) & (value > WHITE)] = COLOURS.index("white")
    named[value < BLACK] = COLOURS.index("black")
    return named


def _shapes(named: NDArray[np.int8]) -> list[tuple[str, int, float]]:
    """Return how well the regions of one colour fill each shape: its name, the colour, and 0..1."""
    labels = _regions(named)
    sizes = np.bincount(labels.ravel(), minlength=named.size)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    sizes[border] = 0  # of what is cut off, nobody knows the shape
    fits = []
    smallest = max(FEWEST, SMALLEST * named.size)
    for label in np.flatnonzero((sizes >= smallest) & (sizes <= LARGEST * named.size)):
        colour = int(named.flat[label])
        if colour >= 0:
            filled = zip(SHAPES, _fills(labels == label), strict=True)
            fits += [(shape, colour, min(1.0, fill)) for shape, fill in filled]
    return fits


def _regions(named: NDArray[np.int8]) -> NDArray[np.int64]:
    """Give every pixel the number of its region, [height, width]: that of its last pixel.

    Neighbours of one colour take the higher number until nothing changes.
    """
    labels = np.arange(named.size).reshape(named.shape)
    joined = [(np.s_[1:, :], np.s_[:-1, :]), (np.s_[:, 1:], np.s_[:, :-1])]
    same = [named[one] == named[other] for one, other in joined]
    while True:
        before = labels
        labels = labels.copy()
        for (one, other), alike in zip(joined, same, strict=True):
            highest = np.where(alike, np.maximum(labels[one], labels[other]), -1)
            labels[one] = np.maximum(labels[one], highest)
            labels[other] = np.maximum(labels[other], highest)
        labels = labels.ravel()[labels]  # what its own representative has learned, too
        if np.array_equal(labels, before):
            return labels


def _fills(region: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return how much a region fills of the smallest circle, square and triangle around it, 0..1 each."""
    rows, columns = np.nonzero(region)
    points = np.stack([columns - columns.mean(), rows - rows.mean()], axis=1)
    cosines, sines, corners, factors = _directions()
    reach = (points @ np.stack([cosines, sines])).max(axis=0) + 0.5  # to the far side of the last pixel
    quarter = DIRECTIONS // 4
    width = reach + np.roll(reach, -2 * quarter)
    across = np.roll(width, -quarter)
    area = len(points)
    triangles = np.square((reach[corners] * factors[:, :3]).sum(axis=1)) / factors[:, 3]
    return (
        area / float(np.pi * np.square(reach.max())),
        area / float(np.square(np.maximum(width, across)).min()),
        area / float(triangles.min()),
    )


@cache
def _directions() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return cosines and sines of all directions, and the triangles whose sides face three of them.

    A triangle whose sides lie h1, h2 and h3 from a point has the area (h1 sin a23 + h2 sin a31 + h3 sin a12)^2 /
    (2 sin a12 sin a23 sin a31), where aij is the angle between two sides' directions.
    """
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    corners = np.array(list(combinations(range(DIRECTIONS), 3)))
    gaps = np.diff(corners, axis=1, append=corners[:, :1] + DIRECTIONS)
    corners, gaps = (part[gaps.max(axis=1) <= 0.42 * DIRECTIONS] for part in (corners, gaps))
    one, two, three = np.sin(gaps * 2 * np.pi / DIRECTIONS).T
    factors = np.stack([two, three, one, 2 * one * two * three], axis=1)
    return np.cos(angles), np.sin(angles), corners, factors
