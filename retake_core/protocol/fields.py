"""Fields that several messages have, with the limits that a message from outside must keep."""

from typing import Annotated

import msgspec

MAX_FRAMES = 2048
"""Frames that a question reads at most, however long its recording is."""

Id = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Stars = Annotated[int, msgspec.Meta(ge=0, le=5)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Frames = Annotated[int, msgspec.Meta(ge=1, le=MAX_FRAMES)]
KeepRatio = Annotated[float, msgspec.Meta(gt=0, le=1)]
"""The fraction of visual tokens that stays."""
