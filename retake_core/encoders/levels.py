"""The levels that a model alone suggests, until a library was measured."""

from math import log

from retake_core.encoders.calibrated import Levels

CLIP_FLOOR = 0.25
CLIP_ALIKE, CLIP_ALIKE_SLOPE = 0.85, 25.0
"""Cosines of a picture and a text, and of two pictures, from which they match: guesses, for an empty library.

The loss only compares a pair with other pairs, so that the model itself says nothing of one alone.
"""
CUTOFF = 0.003
"""The probability from which a frame counts as a match.

The sigmoid loss is trained on batches of 32,768 pairs, so the probabilities carry a prior of 1 / 32,768. If
one frame in a hundred shows what is searched for, an even chance takes evidence of 100 to 1, which is 0.003.
"""
ALIKE, ALIKE_SLOPE = 0.8, 25.0
"""Cosine of two pictures from which they count as alike: an estimate."""


def contrastive_levels(slope: float) -> Levels:
    """Return the levels of a model that was trained to tell which pair of many is right, as CLIP was.

    Args:
        slope: how the log odds rise with the cosine.
    """
    return Levels(CLIP_FLOOR, slope, CLIP_ALIKE, CLIP_ALIKE_SLOPE)


def sigmoid_levels(slope: float, bias: float) -> Levels:
    """Return the levels of a model that was trained to tell pairs by a sigmoid, as SigLIP was.

    Args:
        slope: how the log odds rise with the cosine.
        bias: the log odds at a cosine of 0.
    """
    return Levels((log(CUTOFF / (1 - CUTOFF)) - bias) / slope, slope, ALIKE, ALIKE_SLOPE)
