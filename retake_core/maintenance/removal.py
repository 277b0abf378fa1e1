"""Removing videos from the library, and every trace of them from the data directory."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, delete

from retake_core.data_dir import DataDir
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library import folders
from retake_core.library.catalog import VideoEntry
from retake_core.library.database import Database
from retake_core.library.history import forget_cited_lines
from retake_core.library.indexing import bump_generation
from retake_core.library.schema import video
from retake_core.library.texts import erase_deleted
from retake_core.maintenance.copies import list_copies
from retake_core.protocol.indexing_events import Freed
from retake_core.system import files
from retake_core.videollm.memory.index import digest


def remove_folder(database: Database, data_dir: DataDir, folder: Path) -> Freed:
    """Forget a folder and the videos that lie nowhere else. The files themselves stay.

    Raises:
        UserError: the folder is not in the library, or the library cannot be written.
    """
    with database.reading() as connection:
        if folder not in [path for _, path in folders.folders(connection)]:
            raise UserError(f"{readable(folder)} is no folder of the library.")
    return purge(database, data_dir, lambda connection: folders.remove_folder(connection, folder))


def remove_video(database: Database, data_dir: DataDir, entry: VideoEntry) -> Freed:
    """Forget a video whose files are gone.

    Raises:
        UserError: one of its files is there, or the library cannot be written.
    """
    if not entry.offline:
        raise UserError(
            f"{readable(entry.path)} is there, and the next run would index it again; "
            "delete the file, or remove its folder from the library."
        )

    return _remove(database, data_dir, [entry.id])


def remove_gone(database: Database, data_dir: DataDir, entries: Sequence[VideoEntry]) -> Freed:
    """Forget videos whose files are all gone; those that have come back by now stay.

    Raises:
        UserError: the library cannot be written.
    """
    return _remove(database, data_dir, [entry.id for entry in entries if entry.offline])


def remove_left_out(database: Database, data_dir: DataDir) -> Freed:
    """Forget the videos that are left out.

    Raises:
        UserError: the library cannot be written.
    """
    with database.reading() as connection:
        left_out = folders.left_out_videos(connection)
    return _remove(database, data_dir, sorted(left_out))


def _remove(database: Database, data_dir: DataDir, video_ids: Sequence[int]) -> Freed:
    def forget(connection: Connection) -> None:
        for video_id in video_ids:
            connection.execute(delete(video).where(video.c.id == video_id))
        bump_generation(connection)

    return purge(database, data_dir, forget)


def purge(database: Database, data_dir: DataDir, forget: Callable[[Connection], None]) -> Freed:
    """Forget videos in the library, and delete all that was made of them.

    Args:
        database: the library.
        data_dir: its data directory.
        forget: changes the library in a writing transaction; what is made of the videos that are gone then, goes.

    Raises:
        UserError: the library cannot be written, or a file not be deleted; nothing was forgotten.
    """
    before = database.size()
    with database.writing() as connection:
        videos = set(folders.fingerprints(connection).values())
        forget(connection)
        gone = videos.difference(folders.fingerprints(connection).values())
        forget_cited_lines(connection)
        erase_deleted(connection)
        # Before the commit: who dies in between leaves videos without a memory, never a memory without its video.
        freed = sum(map(delete_file, _traces(data_dir, gone) if gone else ()))
    database.reclaim()
    return Freed(len(gone), freed + max(0, before - database.size()))


def _traces(data_dir: DataDir, fingerprints: set[str]) -> list[Path]:
    """Return the files of these videos, and those of all videos that can be made anew."""
    memories = [path for one in fingerprints for path in data_dir.memories.glob(f"{digest(one)}*")]
    copies = [path for one in fingerprints for path in data_dir.proxies.glob(f"{one}.*")]
    clips = [path for one in fingerprints for path in data_dir.dragged.glob(f"{one}-*")]
    return [
        *memories,
        *copies,
        *clips,
        *data_dir.vectors.glob("*"),
        data_dir.citations,
        *(copy.path for copy in list_copies(data_dir)),
    ]


def delete_file(path: Path) -> int:
    """Delete a file or a folder, and return how many bytes it took.

    Raises:
        UserError: it cannot be deleted.
    """
    size = files.size_of(path)
    try:
        files.delete(path)
    except OSError as error:
        raise UserError(f"{path} cannot be deleted ({error.strerror}), so nothing was removed.") from error
    return size
