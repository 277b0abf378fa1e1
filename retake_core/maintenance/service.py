"""What the window asks to be changed in the library, beside indexing."""

from pathlib import Path

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.indexing import forget_index, retry_failed
from retake_core.library.removed_videos import remove_videos
from retake_core.maintenance.removal import purge, remove_folder
from retake_core.protocol import requests
from retake_core.protocol.indexing_events import Freed

Change = requests.RemoveFolder | requests.Reindex | requests.Retry | requests.RemoveVideos


def change_library(database: Database, data_dir: DataDir, request: Change) -> Freed | None:
    """Do it, as the only writer, and return what a removal freed.

    Raises:
        UserError: the library cannot be written, or holds no such folder.
    """
    match request:
        case requests.RemoveFolder():
            return remove_folder(database, data_dir, Path(request.folder))
        case requests.RemoveVideos():
            return purge(database, data_dir, lambda connection: remove_videos(connection, request.video_ids))
        case requests.Reindex():
            with database.writing() as connection:
                for video_id in request.video_ids:
                    forget_index(connection, video_id)
        case requests.Retry():
            with database.writing() as connection:
                retry_failed(connection, request.video_ids)
    return None
