"""Probabilities under another prior than the one that was learned."""

import numpy as np
from numpy.typing import NDArray


def shift_odds(log_odds: NDArray[np.float32], cutoff: float) -> NDArray[np.float32]:
    """Turn log odds into a probability under another prior, so that `cutoff` becomes 0.5.

    Args:
        log_odds: of a match, under the prior that the model learned; any shape.
        cutoff: the probability under that prior at which a match is as likely as not.

    Returns:
        0..1, float32, same shape; rises with log_odds.
    """
    shifted = np.asarray(log_odds, np.float64) - np.log(cutoff / (1 - cutoff))
    return np.asarray(1 / (1 + np.exp(-np.clip(shifted, -60, 60))), np.float32)
