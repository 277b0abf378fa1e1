"""What a person says of videos without words: stars, favourites, what is hidden, where watching stopped."""

import json
import time
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, Select, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.dates import DateSource
from retake_core.library.description import hand_description_over
from retake_core.library.indexing import to_microseconds
from retake_core.library.schema import face, file, mark, note, tag, text, video, watching

MOST_STARS = 5
NOTE_SOURCE = "note:"
"""What the sources of notes among the texts begin with; the note's id follows."""


def existing(video_ids: Collection[int]) -> Select[tuple[int]]:
    """Select the ids of those of some videos that are in the library; there may be any number of them."""
    return select(video.c.id).where(video.c.id.in_(_as_rows(video_ids)))


def set_marks(
    connection: Connection,
    video_ids: Collection[int],
    *,
    stars: int | None = None,
    favourite: bool | None = None,
    hidden: bool | None = None,
) -> None:
    """Change the marks of videos in a writing transaction; None leaves one as it is.

    Args:
        connection: a writing transaction.
        video_ids: those that are gone are passed over.
        stars: 0 to `MOST_STARS`.
        favourite: whether they are favourites.
        hidden: whether they are left out of lists and searches.
    """
    given = {"stars": stars, "favourite": favourite, "hidden": hidden}
    values = {name: int(value) for name, value in given.items() if value is not None}
    if not values:
        return
    new = insert(mark).from_select(["video_id"], existing(video_ids)).on_conflict_do_nothing()
    connection.execute(new)
    connection.execute(update(mark).where(mark.c.video_id.in_(_as_rows(video_ids))).values(values))
    connection.execute(delete(mark).where(mark.c.stars == 0, mark.c.favourite == 0, mark.c.hidden == 0))


def keep_position(connection: Connection, video_ids: Collection[int], seconds: float | None) -> None:
    """Remember where a person stopped to watch, and that it was now; None forgets it."""
    connection.execute(delete(watching).where(watching.c.video_id.in_(_as_rows(video_ids))))
    if seconds is not None:
        now = to_microseconds(time.time())
        rows = [
            {"video_id": video_id, "position_us": to_microseconds(seconds), "watched_us": now}
            for video_id in connection.execute(existing(video_ids)).scalars()
        ]
        if rows:
            connection.execute(insert(watching), rows)


def videos_of_stars(connection: Connection, least: int) -> set[int]:
    """Return the videos that have so many stars, or more."""
    return set(connection.execute(select(mark.c.video_id).where(mark.c.stars >= least)).scalars())


def favourites(connection: Connection) -> set[int]:
    """Return the videos that are favourites."""
    return set(connection.execute(select(mark.c.video_id).where(mark.c.favourite == 1)).scalars())


def hidden_videos(connection: Connection) -> set[int]:
    """Return the videos that are left out of lists and searches."""
    # As text: every search asks it.
    return set(connection.exec_driver_sql("SELECT video_id FROM mark WHERE hidden = 1").scalars())


def hand_on(connection: Connection, replaced: Iterable[tuple[int, int]]) -> None:
    """Give what a person said of videos to those that took the place of their files.

    A program that mends a recording's tags makes other content of it; for a person it is the same recording.

    Args:
        connection: a writing transaction.
        replaced: the video that a file held, and the one that it holds now. One that lies elsewhere keeps its own.
    """
    for old, new in replaced:
        if connection.execute(select(file.c.id).where(file.c.video_id == old)).first() is not None:
            continue
        # Faces are looked for anew, and then hand on whom they show.
        for table in (mark, tag, note, watching, face):
            connection.execute(
                update(table).prefix_with("OR IGNORE").where(table.c.video_id == old).values(video_id=new)
            )
        notes = (text.c.video_id == old) & text.c.source.startswith(NOTE_SOURCE)
        connection.execute(update(text).where(notes).values(video_id=new))
        hand_description_over(connection, old, new)
        dates = (video.c.dated, video.c.dated_us, video.c.dated_by)
        by_hand = select(*dates).where(video.c.id == old, video.c.dated_by == DateSource.HAND)
        if (date := connection.execute(by_hand).first()) is not None:
            connection.execute(update(video).where(video.c.id == new).values(date._asdict()))
        track = connection.scalar(select(video.c.sound_track).where(video.c.id == old))
        if track is not None:
            connection.execute(update(video).where(video.c.id == new).values(sound_track=track))


def _as_rows(video_ids: Collection[int]) -> Select[tuple[int]]:
    return select(func.json_each(json.dumps(list(video_ids))).table_valued("value").c.value)
