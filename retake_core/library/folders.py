"""Which folders the library watches over, and which file holds which video."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from retake_core.library.indexing import bump_generation
from retake_core.library.schema import Presence, file, folder, text_reading, video
from retake_core.library.texts import CHANGED, INSIDE
from retake_core.media.video_file import FoundFile


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of the library: as the last scan that saw it found it, and where it was since."""

    id: int
    video_id: int
    file: FoundFile
    presence: Presence


def add_folder(connection: Connection, path: Path) -> int:
    """Return the folder's id; a folder inside or around another one is an entry of its own."""
    connection.execute(insert(folder).values(path=path).on_conflict_do_nothing())
    return int(connection.execute(select(folder.c.id).where(folder.c.path == path)).scalar_one())


def remove_folder(connection: Connection, path: Path) -> None:
    """Forget a folder, its files, and the videos that lie nowhere else. The files themselves stay."""
    others = [(other_id, other) for other_id, other in folders(connection) if other != path]
    for file_path, entry in known_files(connection).items():
        # A folder inside or around this one keeps what it holds.
        keeper = next((i for i, other in others if file_path.is_relative_to(other)), None)
        if keeper is not None and file_path.is_relative_to(path):
            connection.execute(update(file).where(file.c.id == entry.id).values(folder_id=keeper))
    connection.execute(delete(folder).where(folder.c.path == path))
    connection.execute(delete(video).where(video.c.id.not_in(select(file.c.video_id))))
    bump_generation(connection)


def move_folder(connection: Connection, old: Path, new: Path) -> None:
    """Record that a folder, or a single file, lies at another path with all that is in it."""
    connection.execute(update(folder).where(folder.c.path == old).values(path=new))
    for path, entry in known_files(connection).items():
        if path.is_relative_to(old):
            moved = update(file).where(file.c.id == entry.id)
            connection.execute(moved.values(path=new / path.relative_to(old)))


def fingerprints(connection: Connection) -> dict[int, str]:
    """Return what every video's content is known by."""
    return {row.id: row.fingerprint for row in connection.execute(select(video.c.id, video.c.fingerprint))}


def folders(connection: Connection) -> list[tuple[int, Path]]:
    """Return every folder's id and path, oldest first."""
    return [(row.id, row.path) for row in connection.execute(select(folder).order_by(folder.c.id))]


def known_files(connection: Connection, video_id: int | None = None) -> dict[Path, KnownFile]:
    """Return every file by path, or those of one video."""
    statement = select(file)
    if video_id is not None:
        statement = statement.where(file.c.video_id == video_id)
    rows = connection.execute(statement)
    return {
        row.path: KnownFile(
            row.id, row.video_id, FoundFile(row.path, row.size, row.mtime_ns), Presence(row.missing)
        )
        for row in rows
    }


def present_files(connection: Connection) -> dict[Path, FoundFile]:
    """Return every file that was there at the last scan, by path."""
    return {path: entry.file for path, entry in known_files(connection).items() if entry.presence == Presence.HERE}


def left_out_videos(connection: Connection) -> set[int]:
    """Return the ids of the videos of which every file is left out."""
    # As text: every search asks it.
    found = set(connection.exec_driver_sql("SELECT video_id FROM file WHERE missing = 2").scalars())
    if not found:
        return found
    return found.difference(connection.exec_driver_sql("SELECT video_id FROM file WHERE missing < 2").scalars())


# Built once: to build a statement takes longer than to execute it, and a scan may store a hundred thousand files.
_VIDEO_OF = select(video.c.id).where(video.c.fingerprint == bindparam("content"))
_NEW_VIDEO = insert(video).returning(video.c.id)
_FILE = insert(file)
_FILE_VALUES = ("folder_id", "video_id", "size", "mtime_ns", "missing")
_PUT_FILE = _FILE.on_conflict_do_update(
    index_elements=[file.c.path], set_={name: _FILE.excluded[name] for name in _FILE_VALUES}
)


def video_of(connection: Connection, content: str) -> int | None:
    """Return the id of the video of this fingerprint, or None."""
    return connection.execute(_VIDEO_OF, {"content": content}).scalar()


def put_file(connection: Connection, folder_id: int, new: FoundFile, content: str) -> None:
    """Record that a file holds the content of this fingerprint; content that the library has keeps its video."""
    video_id = video_of(connection, content)
    if video_id is None:
        row = {"fingerprint": content, "size": new.size, "depth": 0}
        video_id = connection.execute(_NEW_VIDEO, row).scalar_one()
    values = (folder_id, video_id, new.size, new.mtime_ns, 0)
    connection.execute(_PUT_FILE, {"path": new.path} | dict(zip(_FILE_VALUES, values, strict=True)))


def look_inside_again(connection: Connection, video_id: int) -> None:
    """Have what a video's file says of itself read anew, without its keyframes."""
    inside = (text_reading.c.video_id == video_id) & (text_reading.c.source == INSIDE)
    connection.execute(update(text_reading).where(inside).values(stamp=CHANGED))


def set_presence(connection: Connection, files: Iterable[KnownFile], presence: Presence) -> None:
    """Mark files as gone, left out, or back; those renamed since they were looked up stay as they are."""
    if rows := [{"file_id": entry.id, "known": entry.file.path} for entry in files]:
        same = (file.c.id == bindparam("file_id")) & (file.c.path == bindparam("known"))
        connection.execute(update(file).where(same).values(missing=presence), rows)


def rename_file(connection: Connection, old: Path, new: Path) -> None:
    """Record that a file of the library has another name; what was known of a file of that name goes."""
    connection.execute(delete(file).where(file.c.path == new))
    connection.execute(update(file).where(file.c.path == old).values(path=new))
    connection.execute(update(folder).where(folder.c.path == old).values(path=new))


def forget_stale(connection: Connection) -> None:
    """Drop what no longer says anything: old paths of moved files, and content that was overwritten.

    A video whose every file is missing stays: its drive may come back, and what is left out may be taken again.
    """
    present = select(file.c.video_id).where(file.c.missing == Presence.HERE)
    connection.execute(delete(file).where(file.c.missing != Presence.HERE, file.c.video_id.in_(present)))
    if connection.execute(delete(video).where(video.c.id.not_in(select(file.c.video_id)))).rowcount:
        bump_generation(connection)
