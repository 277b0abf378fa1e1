"""From what a query means to hits: sentences that say it in other words."""

import math
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from retake_core.encoders import packaged
from retake_core.errors import UserError
from retake_core.library.passages import OF_PASSAGES, has_passages, passage_texts, passages_of
from retake_core.library.vectors import VectorIndex
from retake_core.search.by_words import WHY, as_hit
from retake_core.search.fusion import WEAKER, SourceHit

DIMENSION = 384
CANDIDATES = 50
"""Sentences that are looked at for a query."""
ALIKE, SLOPE = 0.47, 0.06
"""The cosine for an even bet among as many sentences as `AMONG`, and how fast it grows surer.

Of 28 questions that nothing answers, one has a sentence so near, in the calibration set of
`python -m tests.benchmarks.search_meaning`.
"""
AMONG = 1000
CROWDING = 0.11
"""How much nearer a sentence comes that is not meant while the root of 2 ln n grows by one, as the largest of n
normal values does: by 0.045 from 1,000 to 5,000 sentences.
"""
SUREST = 0.9
"""Confidence at most: the very words are surer."""
SHORTEST = 3
"""Letters of a query; what is shorter means nothing yet."""


class MeaningSearch:
    """Finds passages by what they mean; the model and the index are loaded for the first search.

    Args:
        directory: where vector indexes lie.
    """

    def __init__(self, directory: Path) -> None:
        self._vectors = VectorIndex(directory, packaged.MINILM_ID, DIMENSION, OF_PASSAGES)
        self._usable = packaged.MINILM_ARCHIVE.find() is not None

    def get_ready(self, connection: Connection) -> None:
        """Load what the next search needs."""
        self.find(connection, "a video", ())

    def find(self, connection: Connection, description: str, videos: Collection[int] | None) -> list[SourceHit]:
        """Return the hits of a description; none without the model, and none where no text was embedded.

        Args:
            connection: sees the library.
            description: the plain words of a query.
            videos: only in these; None is all.
        """
        if not self._usable or sum(sign.isalpha() for sign in description) < SHORTEST:
            return []
        if not has_passages(connection, packaged.MINILM_ID):
            return []
        self._vectors.refresh(connection)
        from retake_core.encoders.minilm import text_vector  # late: torch takes its time

        try:
            query = text_vector(description)
        except UserError:  # the package is damaged; `retake doctor` tells of it
            self._usable = False
            return []
        inside = None if videos is None else passages_of(connection, videos)
        ids, cosines = self._vectors.search(query, CANDIDATES, inside)
        confidence = {
            number: sure
            for number, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)
            if (sure := confidence_of(cosine, len(self._vectors))) >= WEAKER
        }
        return [
            replace(as_hit(entry, confidence[number], ()), by_meaning=True)
            for number, entry in passage_texts(connection, confidence).items()
            if entry.kind in WHY
        ]


def confidence_of(cosine: float, sentences: int) -> float:
    """Return how sure a cosine is, 0..1; the same among more sentences is less sure."""
    higher = math.sqrt(2 * math.log(max(sentences, AMONG))) - math.sqrt(2 * math.log(AMONG))
    return min(1 / (1 + math.exp((ALIKE + CROWDING * higher - cosine) / SLOPE)), SUREST)
