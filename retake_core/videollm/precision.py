"""Whether a model is loaded as it is, or in 4 bit."""

from typing import Literal

from retake_core.errors import UserError
from retake_core.videollm.families.base import Family
from retake_core.videollm.four_bit import HALF, four_bit_problem
from retake_core.videollm.planner import TYPICAL, USABLE, frames_that_fit

Precision = Literal["auto", "full", "4bit"]


def in_four_bit(precision: Precision, family: Family, parameters: int, total: int) -> bool:
    """Return whether a model is to be loaded in 4 bit.

    Args:
        precision: what the settings say; "auto" takes 4 bit where nothing else fits.
        family: of the model; its weights need not be loaded.
        parameters: of the model.
        total: bytes of memory that this computer has for models, free or not: the choice must not change from
            one question to the next, as the memories of the one are of no use to the other.

    Raises:
        UserError: the settings want 4 bit, which cannot be had here.
    """
    problem = four_bit_problem()
    if precision == "4bit" and problem:
        raise UserError(f"{problem} Or choose another precision in the settings.")
    if precision != "auto" or problem:
        return precision == "4bit"
    return not frames_that_fit(family, TYPICAL, int(total * USABLE), parameters * HALF.itemsize)
