"""Where a search looks, and how much it returns."""

from dataclasses import dataclass
from pathlib import Path

from retake_core.search.fusion import CUT_OFF, WEAKER, Why


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What narrows every search down, whatever it looks for.

    Attributes:
        limit: how many moments at most.
        folder: only videos that have a file in it.
        video_ids: only these videos.
        weaker: also moments below the calibrated cut-off.
        sources: what may match.
        distinct: put moments that look the same under the best of them.
    """

    limit: int = 20
    folder: Path | None = None
    video_ids: frozenset[int] | None = None
    weaker: bool = False
    sources: frozenset[Why] = frozenset(Why)
    distinct: bool = True

    @property
    def cut_off(self) -> float:
        """The least confidence of a moment, 0..1."""
        return WEAKER if self.weaker else CUT_OFF


EVERYWHERE = SearchOptions()
