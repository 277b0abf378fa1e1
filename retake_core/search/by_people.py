"""From people to hits: where somebody is seen, or so many at once."""

from collections.abc import Collection

from sqlalchemy import Connection

from retake_core.library.catalog import videos_by_id
from retake_core.library.persons import people_called, sightings_of, sightings_of_several
from retake_core.search.fusion import SourceHit, Why
from retake_core.search.query import Field, Term, as_count

SEEN = 0.98  # confidence: the model was sure enough to name the face
STAYS = 4.0  # seconds for which who was seen in a picture is taken to stay


def find_people(connection: Connection, term: Term, videos: Collection[int] | None) -> list[SourceHit]:
    """Return where a term's person is seen, or as many people as it says.

    Args:
        connection: sees the library.
        term: of the fields PERSON or PEOPLE.
        videos: only in these; None is all.
    """
    if term.field == Field.PERSON:
        sightings = sightings_of(connection, people_called(connection, term.value), videos)
        text = term.value
    else:
        sightings = sightings_of_several(connection, as_count(term.value) or 1, videos)
        text = ""
    entries = videos_by_id(connection, {sighting.video_id for sighting in sightings})
    hits = []
    for seen in sightings:
        if seen.video_id not in entries:
            continue
        end = max(seen.end, min(seen.end + STAYS, entries[seen.video_id].duration or seen.end))
        hits.append(SourceHit(seen.video_id, seen.start, end, seen.start, Why.PERSON, SEEN, None, text))
    return hits
