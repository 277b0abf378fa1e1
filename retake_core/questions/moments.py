"""The moments of the library that a question is asked about."""

import math
from collections.abc import Sequence
from pathlib import Path

from retake_core.library.database import Database
from retake_core.questions.asked_video import AskedVideo
from retake_core.search.all_sources import search_moments
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.moments import Moment
from retake_core.search.options import SearchOptions
from retake_core.search.query import in_plain_words, parse

CLIPS = 8
"""How many moments a question about the library reads at most."""
SHORTEST_CLIP, LONGEST_CLIP = 4.0, 30.0


def find_moments(
    database: Database,
    encoders: SearchEncoder,
    question: str,
    *,
    video_ids: frozenset[int] | None = None,
    folder: Path | None = None,
    limit: int = 10,
) -> list[Moment]:
    """Return the moments of the library, of a folder or of some videos that match a question, best first."""
    # What looks the same at its best keyframe may go on differently, and the model is to see all of it.
    options = SearchOptions(limit, folder, video_ids, distinct=False)
    with database.reading() as connection:
        return search_moments(connection, encoders.choose(connection), in_plain_words(parse(question)), options)


def stretch(moment: Moment) -> tuple[float, float]:
    """Return what is read of a moment: around where it matches best, not too short to see what happens."""
    start = max(moment.start, moment.time - LONGEST_CLIP / 2)
    end = min(moment.end, start + LONGEST_CLIP)
    missing = max(0.0, SHORTEST_CLIP - (end - start)) / 2
    last = moment.video.duration or math.inf
    return max(0.0, start - missing), min(max(last, end), end + missing)


def join(stretches: Sequence[tuple[AskedVideo, float, float]]) -> list[tuple[AskedVideo, float, float]]:
    """Join stretches of one video that overlap; the order stays that of the first of each."""
    joined: list[tuple[AskedVideo, float, float]] = []
    for video, start, end in stretches:
        same = [
            index
            for index, (other, first, last) in enumerate(joined)
            if other.entry.id == video.entry.id and start <= last and first <= end
        ]
        for index in reversed(same):
            _, first, last = joined.pop(index)
            start, end = min(start, first), max(end, last)
        joined.insert(same[0] if same else len(joined), (video, start, end))
    return joined
