"""From what a query means to hits: sentences that say it in other words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from retake_core.encoders.sentences import SentenceModel, chosen_sentences
from retake_core.errors import UserError
from retake_core.library.passages import OF_PASSAGES, has_passages, passage_texts, passages_of
from retake_core.library.vectors import VectorIndex
from retake_core.search.by_words import WHY, as_hit
from retake_core.search.fusion import WEAKER, SourceHit
from retake_core.search.noise_floor import UNASKED, NoiseFloor
from retake_core.search.question_frames import asked_for

CANDIDATES = 50
"""Sentences that are looked at for a query."""
SUREST = 0.9
"""Confidence at most: the very words are surer."""
SHORTEST = 3
"""Letters of a query; what is shorter means nothing yet, but in scripts in which a sign is a word."""
GROWN = 1.1
"""How many times as many sentences there may be as when the noise floor was measured."""


@dataclass(slots=True)
class _Known:
    """A model with the index of its vectors.

    Attributes:
        floor: when there were `counted` sentences.
    """

    model: SentenceModel
    vectors: VectorIndex
    floor: NoiseFloor | None = None
    counted: int = 0


class MeaningSearch:
    """Finds passages by what they mean; the model and the index are loaded for the first search.

    Args:
        directory: where vector indexes lie.
        setting: tells the name of the sentence model that the settings name; None is MiniLM.
    """

    def __init__(self, directory: Path, setting: Callable[[], str | None] = lambda: None) -> None:
        self._directory, self._setting = directory, setting
        self._known: _Known | None = None
        self._damaged: set[str] = set()
        self._models: dict[str | None, list[SentenceModel]] = {}  # by the setting, the chosen one first

    def get_ready(self, connection: Connection) -> None:
        """Load what the next search needs."""
        self.find(connection, "a video", ())

    def find(self, connection: Connection, description: str, videos: Collection[int] | None) -> list[SourceHit]:
        """Return the hits of a description; none without a model, and none where no text was embedded.

        Args:
            connection: sees the library.
            description: the plain words of a query.
            videos: only in these; None is all.
        """
        asked = asked_for(description)
        if sum(sign.isalpha() for sign in asked) < (SHORTEST if asked.isascii() else 1):
            return []
        known = self._choose(connection)
        if known is None:
            return []
        known.vectors.refresh(connection)
        try:
            query, floor = known.model.vector(asked), _floor(known)
        except UserError:  # the model is damaged; `retake doctor` tells of it
            self._damaged.add(known.model.id)
            return []
        inside = None if videos is None else passages_of(connection, videos)
        ids, cosines = known.vectors.search(query, CANDIDATES, inside)
        confidence = {
            number: min(sure, SUREST)
            for number, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)
            if (sure := floor.confidence(cosine)) >= WEAKER
        }
        return [
            replace(as_hit(entry, confidence[number], ()), by_meaning=True)
            for number, entry in passage_texts(connection, confidence).items()
            if entry.kind in WHY
        ]

    def _choose(self, connection: Connection) -> _Known | None:
        """Return the model that embedded the texts: the chosen one, or MiniLM until that is ready."""
        setting = self._setting()
        if setting not in self._models:
            here = (chosen_sentences(setting), chosen_sentences(None))
            self._models[setting] = [model for model in dict.fromkeys(here) if model is not None]
        for model in self._models[setting]:
            if model.id in self._damaged or not has_passages(connection, model.id):
                continue
            if self._known is None or self._known.model != model:
                self._known = _Known(model, VectorIndex(self._directory, model.id, model.dimension, OF_PASSAGES))
            return self._known
        return None


def _floor(known: _Known) -> NoiseFloor:
    """Return the noise floor, which is measured again when the library has grown."""
    count = len(known.vectors)
    if known.floor is None or not known.counted / GROWN <= count <= known.counted * GROWN:
        questions = known.model.load().embed_all(UNASKED)
        known.counted = count
        known.floor = NoiseFloor.of(
            lambda question, many: known.vectors.search(question, many)[1], questions, count
        )
    return known.floor
