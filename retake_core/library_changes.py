"""What the window asks to be changed in the library, beside indexing."""

from pathlib import Path

from sqlalchemy import Connection

from retake_core import protocol
from retake_core.library.folders import remove_folder
from retake_core.library.ignored import remove_videos
from retake_core.library.videos import forget_index, retry_failed

Change = protocol.RemoveFolder | protocol.Reindex | protocol.Retry | protocol.RemoveVideos


def change_library(connection: Connection, request: Change) -> None:
    """Do it, in a writing transaction."""
    match request:
        case protocol.RemoveFolder():
            remove_folder(connection, Path(request.folder))
        case protocol.Reindex():
            for video_id in request.video_ids:
                forget_index(connection, video_id)
        case protocol.Retry():
            retry_failed(connection, request.video_ids)
        case protocol.RemoveVideos():
            remove_videos(connection, request.video_ids)
