"""What comes near a description by chance, and how sure one is of what comes nearer.

Pictures and sentences share these statistics, but not a measurement. A picture encoder's floor and slope are read
off a sample of the library, and nothing was chosen on questions. Sentences are asked for through their index, all
of them, and from where on one is meant was chosen on a set of questions, together with the part by which their
spread is measured: by that of pictures, 4 of 40 questions that nothing answers find something, in place of none.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray


def lower_half(highest: ArrayLike, part: float) -> tuple[float, float]:
    """Return the middle and the standard deviation of how near each of many descriptions comes at best.

    The lower half tells how far they spread: in the upper one is what something in the library does show or say.

    Args:
        highest: the nearest cosine of each.
        part: of them, that lies below the point by which the deviation is measured.
    """
    below, middle = np.quantile(np.asarray(highest, np.float64), [part, 0.5])
    return float(middle), float(middle - below) / NormalDist().inv_cdf(1 - part)


def highest_of(count: int) -> float:
    """Return about how many standard deviations the highest of so many normal values lies above their mean."""
    return float(np.sqrt(2 * np.log(max(count, 1))))


def chance(cosine: ArrayLike, even: float, slope: float) -> NDArray[np.float32]:
    """Map cosines to 0..1: 0.5 at `even`, from where the log odds rise by `slope`."""
    log_odds = (np.asarray(cosine, np.float64) - even) * slope
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -60, 60))), np.float32)
