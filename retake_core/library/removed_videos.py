"""Videos that were taken out of the library although their folder is in it: scans pass them over."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.folders import folders
from retake_core.library.indexing import bump_generation
from retake_core.library.schema import file, folder, ignored, video


def remove_videos(connection: Connection, video_ids: Sequence[int]) -> None:
    """Forget videos, and remember not to take them in again. The files themselves stay.

    The mark goes by content, so that a file that is renamed stays away; it goes when its folder is removed.
    """
    for video_id in video_ids:
        paths = list(connection.execute(select(file.c.path).where(file.c.video_id == video_id)).scalars())
        content = connection.execute(select(video.c.fingerprint).where(video.c.id == video_id)).scalar()
        for folder_id, place in folders(connection):
            if place in paths:  # a file that joined the library by itself leaves it as a whole
                connection.execute(delete(folder).where(folder.c.id == folder_id))
            elif any(path.is_relative_to(place) for path in paths):
                mark = insert(ignored).values(folder_id=folder_id, fingerprint=content)
                connection.execute(mark.on_conflict_do_nothing())
        connection.execute(delete(video).where(video.c.id == video_id))
    bump_generation(connection)


def is_ignored(connection: Connection, content: str) -> bool:
    """Whether the content of this fingerprint was taken out."""
    return (
        connection.execute(select(ignored.c.folder_id).where(ignored.c.fingerprint == content)).first() is not None
    )


def welcome_back(connection: Connection, content: str) -> None:
    """Take the content in again when a scan meets it."""
    connection.execute(delete(ignored).where(ignored.c.fingerprint == content))
