"""From colours, brightness, plain shapes and people to hits, for an encoder that knows none of these words."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.encoders.attribute_words import PERSON, TALKING, Asked, read_attributes
from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION, LEAST, NAMES, confidence
from retake_core.library.attributes import attributes_of
from retake_core.library.faces import looked_for_faces
from retake_core.library.texts import anything_said, said_while
from retake_core.search.by_people import find_people
from retake_core.search.encoder_choice import Searcher
from retake_core.search.fusion import CUT_OFF, WEAKER, SourceHit
from retake_core.search.moments import as_hits
from retake_core.search.query import Field, Term

CANDIDATES = 500
"""Keyframes that are looked at for attributes alone."""


def asked_beside(connection: Connection, searcher: Searcher, description: str) -> Asked:
    """Return what a description asks for beside what the encoder knows, as far as this library can tell."""

    def can_see(name: str) -> bool:
        if name == PERSON:
            return looked_for_faces(connection)
        if name == TALKING:
            return anything_said(connection)
        if searcher.attributes is None:
            return False
        searcher.attributes.refresh(connection)
        return len(searcher.attributes) > 0

    return read_attributes(description, searcher.encoder, can_see)


def find_attributes(
    connection: Connection,
    searcher: Searcher,
    asked: Asked,
    videos: Collection[int] | None,
    inside: NDArray[np.int64] | None,
) -> list[SourceHit]:
    """Return what has all that is asked for, where that is nothing else.

    Args:
        connection: sees the library.
        searcher: has the index of what was measured.
        asked: for some attributes, people, or both.
        videos: only in these; None is all.
        inside: their keyframes.
    """
    if not asked.attributes:
        return _people(connection, asked, videos)
    assert searcher.attributes is not None  # else there are no attributes to ask for
    query = np.zeros(DIMENSION, np.float32)
    for name in asked.attributes:
        query[NAMES.index(name)] = 1 / LEAST[name.split()[-1]]
    ids, _ = searcher.attributes.search(query / np.linalg.norm(query), CANDIDATES, inside)
    found = as_hits(connection, _confidence(connection, asked.attributes, ids.tolist()))
    return narrowed(connection, asked, found, videos)


def narrowed(
    connection: Connection, asked: Asked, hits: Sequence[SourceHit], videos: Collection[int] | None
) -> list[SourceHit]:
    """Return the keyframes that have all that is asked for, each as sure as the least sure of that.

    Args:
        connection: sees the library.
        asked: for some attributes, people, or both.
        hits: keyframes that show the rest.
        videos: that they are of; None is all.
    """
    if asked.attributes:
        known = _confidence(connection, asked.attributes, [hit.keyframe_id or 0 for hit in hits])
        sure = [min(hit.confidence, known.get(hit.keyframe_id or 0, 0.0)) for hit in hits]
        hits = [
            replace(hit, confidence=value, shows=asked.attributes)
            for hit, value in zip(hits, sure, strict=True)
            if value >= WEAKER
        ]
    if asked.people:
        seen = _people(connection, asked, videos)
        hits = [hit for hit in hits if any(_overlap(hit, other) for other in seen)]
    return list(hits)


def having(connection: Connection, asked: Asked, ids: Sequence[int]) -> set[int]:
    """Return which of some keyframes have all of the attributes that are asked for, if any are."""
    if not asked.attributes:
        return set()
    known = _confidence(connection, asked.attributes, ids)
    return {number for number, sure in known.items() if sure >= CUT_OFF}


def _people(connection: Connection, asked: Asked, videos: Collection[int] | None) -> list[SourceHit]:
    seen = find_people(connection, Term(Field.PEOPLE, str(asked.people)), videos)
    if not asked.talking:
        return seen
    said = said_while(connection, [(hit.video_id, hit.start, hit.end) for hit in seen])
    return [hit for hit, here in zip(seen, said, strict=True) if here]


def _confidence(connection: Connection, names: Sequence[str], ids: Sequence[int]) -> dict[int, float]:
    """Return how sure it is that keyframes have all of some attributes, 0..1."""
    measured = attributes_of(connection, ATTRIBUTES, ids)
    if not measured:
        return {}
    numbers = np.stack(list(measured.values()))
    least = np.min([confidence(name, numbers[:, NAMES.index(name)]) for name in names], axis=0)
    return dict(zip(measured, least.tolist(), strict=True))


def _overlap(one: SourceHit, other: SourceHit) -> bool:
    return one.video_id == other.video_id and one.start <= other.end and other.start <= one.end
