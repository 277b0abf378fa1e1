"""The tags that a person gives to videos. They are the same whatever their case and width, in any script."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.errors import UserError
from retake_core.library.marks import existing
from retake_core.library.schema import mark, tag

LONGEST_TAG = 100  # characters


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many videos have it."""

    name: str
    videos: int


def tag_key(name: str) -> str:
    """Return what is the same of all spellings of a tag."""
    folded = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFKC", folded)


def tag_counts(connection: Connection) -> list[TagCount]:
    """Return the tags of the videos that are not hidden, in order of name."""
    hidden = select(mark.c.video_id).where(mark.c.hidden == 1)
    rows = connection.execute(
        select(func.min(tag.c.name).label("name"), func.count().label("videos"))
        .where(tag.c.video_id.not_in(hidden))
        .group_by(tag.c.key)
        .order_by(tag.c.key)
    )
    return [TagCount(row.name, row.videos) for row in rows]


def videos_tagged(connection: Connection, name: str) -> set[int]:
    """Return the videos that have a tag."""
    return set(connection.execute(select(tag.c.video_id).where(tag.c.key == tag_key(name))).scalars())


def add_tags(connection: Connection, video_ids: Collection[int], names: Collection[str]) -> None:
    """Give tags to videos in a writing transaction; a tag that others have is spelled as theirs.

    Raises:
        UserError: a name cannot be one.
    """
    for name in map(_checked, names):
        key = tag_key(name)
        known = connection.execute(select(tag.c.name).where(tag.c.key == key).limit(1)).scalar()
        rows = [
            {"video_id": video_id, "key": key, "name": known or name}
            for video_id in connection.execute(existing(video_ids)).scalars()
        ]
        if rows:
            connection.execute(insert(tag).on_conflict_do_nothing(), rows)


def remove_tags(connection: Connection, video_ids: Collection[int], names: Collection[str]) -> None:
    """Take tags from videos in a writing transaction; those that they have not are passed over."""
    for name in names:
        own = tag.c.video_id.in_(existing(video_ids))
        connection.execute(delete(tag).where(own, tag.c.key == tag_key(name)))


def rename_tag(connection: Connection, name: str, new: str | None) -> None:
    """Call a tag otherwise wherever it is, or, with None, take it from all videos; two of one name become one.

    Raises:
        UserError: no video has it, or the new name cannot be one.
    """
    if not (video_ids := videos_tagged(connection, name)):
        raise UserError(f"No video has the tag {name}; `retake tag` lists the tags.")
    checked = None if new is None else _checked(new)
    connection.execute(delete(tag).where(tag.c.key == tag_key(name)))
    if checked is not None:
        add_tags(connection, video_ids, [checked])
        connection.execute(update(tag).where(tag.c.key == tag_key(checked)).values(name=checked))


def _checked(name: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name or len(name) > LONGEST_TAG:
        raise UserError(f"A tag is a word or some, of {LONGEST_TAG} characters at most.")
    if '"' in name or not name.isprintable():
        raise UserError("A tag is written without quotation marks and control characters; choose other words.")
    return name
