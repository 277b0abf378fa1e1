"""Boxes in pictures."""

from collections.abc import Sequence

Box = tuple[float, float, float, float]
"""Left, top, right and bottom: as fractions of the picture, 0..1, unless something else is said."""


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the intersection of two boxes over their union, 0..1."""
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, across) * max(0.0, down)
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / (both - common) if both > common else 0.0
