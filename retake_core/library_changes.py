"""What the window asks to be changed in the library, beside indexing."""

from pathlib import Path

from retake_core import protocol
from retake_core.jobs import Freed
from retake_core.library.database import Database
from retake_core.library.ignored import remove_videos
from retake_core.library.videos import forget_index, retry_failed
from retake_core.paths import DataDir
from retake_core.purge import purge, remove_folder

Change = protocol.RemoveFolder | protocol.Reindex | protocol.Retry | protocol.RemoveVideos


def change_library(database: Database, data_dir: DataDir, request: Change) -> Freed | None:
    """Do it, as the only writer, and return what a removal freed.

    Raises:
        UserError: the library cannot be written, or holds no such folder.
    """
    match request:
        case protocol.RemoveFolder():
            return remove_folder(database, data_dir, Path(request.folder))
        case protocol.RemoveVideos():
            return purge(database, data_dir, lambda connection: remove_videos(connection, request.video_ids))
        case protocol.Reindex():
            with database.writing() as connection:
                for video_id in request.video_ids:
                    forget_index(connection, video_id)
        case protocol.Retry():
            with database.writing() as connection:
                retry_failed(connection, request.video_ids)
    return None
