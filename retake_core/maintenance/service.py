"""What the window asks to be changed in the library, beside indexing, and to keep it safe."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.described import retry_descriptions
from retake_core.library.history import forget_conversations
from retake_core.library.indexing import forget_index, retry_failed
from retake_core.library.listening import choose_sound_track
from retake_core.library.persons import (
    faces_at,
    hide_person,
    merge_people,
    name_person,
    people_called,
    split_person,
)
from retake_core.library.removed_videos import remove_videos
from retake_core.library.searches import delete_search, rename_search, save_search
from retake_core.maintenance.backup import restore_backup, write_backup
from retake_core.maintenance.copies import forget_conversations_in_copies, is_due, keep_copy
from retake_core.maintenance.faces import forget_people
from retake_core.maintenance.marks import change_marks
from retake_core.maintenance.moving import move_library
from retake_core.maintenance.removal import purge, remove_folder
from retake_core.protocol import people_requests, requests
from retake_core.protocol.answers import BackupDone, JobDone
from retake_core.protocol.indexing_events import CopyProgress, FacesForgotten, Freed
from retake_core.system.throttle import Throttle
from retake_core.system.writer_lock import only_writer

ServiceChange = (
    requests.VideoChange
    | requests.MarkChange
    | requests.ChooseSoundTrack
    | requests.ForgetConversations
    | requests.ChangeSearch
    | people_requests.PeopleChange
)
Removed = Freed | FacesForgotten
"""What is told of a removal."""


class MaintenanceService:
    """Changes what the library holds.

    Args:
        database: of the library.
        data_dir: the library's.
    """

    def __init__(self, database: Database, data_dir: DataDir) -> None:
        self._database, self._data_dir = database, data_dir

    def change(self, request: ServiceChange, tell: Callable[[Removed], None] = lambda _: None) -> JobDone:
        """Do what is asked, and tell what a removal freed.

        Raises:
            UserError: the library cannot be written, or does not hold what is to be changed.
        """
        match request:
            case requests.ForgetConversations():
                with self._database.writing() as connection:
                    forget_conversations(connection, request.ids)
                forget_conversations_in_copies(self._data_dir, request.ids)
            case requests.ChooseSoundTrack():
                with self._database.writing() as connection:
                    choose_sound_track(connection, request.video_id, request.track)
            case requests.ChangeSearch():
                self._change_search(request)
            case people_requests.ForgetPeople():
                with only_writer(self._data_dir):
                    tell(forget_people(self._database, self._data_dir, request.person_ids))
            case (
                people_requests.NamePerson()
                | people_requests.HidePeople()
                | people_requests.MergePeople()
                | people_requests.SplitPerson()
            ):
                with self._database.writing() as connection:
                    _change_people(connection, request)
            case (
                requests.MarkVideos()
                | requests.RenameTag()
                | requests.AddNote()
                | requests.ChangeNote()
                | requests.Describe()
                | requests.KeepPosition()
            ):
                with self._database.writing() as connection:
                    change_marks(connection, request)
            case _:
                with only_writer(self._data_dir):
                    self._change_videos(request, tell)
        return JobDone(id=request.id)

    def keep(
        self, request: requests.Keeping, token: CancelToken, tell: Callable[[CopyProgress], None]
    ) -> JobDone | BackupDone:
        """Copy the library, back it up, restore or move it, telling of the progress ten times a second.

        Raises:
            UserError: a file cannot be read or written, or another program writes to the library.
            Cancelled: a stop was asked for; nothing is changed.
        """
        throttle = Throttle()

        def step(fraction: float) -> None:
            token.check()
            if throttle.ready():
                tell(CopyProgress(fraction))

        match request:
            case requests.Backup():
                contents = write_backup(
                    self._data_dir, Path(request.file), memories=request.memories, faces=request.faces, step=step
                )
            case requests.Restore():
                with only_writer(self._data_dir):
                    contents = restore_backup(self._data_dir, Path(request.file), replace=True, step=step)
            case requests.MoveLibrary():
                with only_writer(self._data_dir):
                    move_library(self._data_dir, Path(request.folder), step)
                return JobDone(id=request.id)
            case _:
                if is_due(self._data_dir):
                    keep_copy(self._data_dir, step)
                return JobDone(id=request.id)
        return BackupDone(id=request.id, videos=contents.videos, memories=contents.memories, size=contents.size)

    def _change_videos(self, request: requests.VideoChange, tell: Callable[[Removed], None]) -> None:
        match request:
            case requests.RemoveFolder():
                tell(remove_folder(self._database, self._data_dir, Path(request.folder)))
            case requests.RemoveVideos():
                tell(purge(self._database, self._data_dir, lambda c: remove_videos(c, request.video_ids)))
            case requests.Reindex():
                with self._database.writing() as connection:
                    for video_id in request.video_ids:
                        forget_index(connection, video_id)
            case requests.Retry():
                with self._database.writing() as connection:
                    retry_failed(connection, request.video_ids)
                    retry_descriptions(connection, request.video_ids)

    def _change_search(self, request: requests.ChangeSearch) -> None:
        with self._database.writing() as connection:
            match request:
                case requests.ChangeSearch(name=name, query=str(query)):
                    save_search(connection, name, query)
                case requests.ChangeSearch(name=name, new=str(new)):
                    rename_search(connection, name, new)
                case requests.ChangeSearch(name=name):
                    delete_search(connection, name)


def _change_people(
    connection: Connection,
    request: people_requests.NamePerson
    | people_requests.HidePeople
    | people_requests.MergePeople
    | people_requests.SplitPerson,
) -> None:
    match request:
        case people_requests.NamePerson():
            name_person(connection, request.person_id, request.name)
        case people_requests.HidePeople():
            for person_id in request.person_ids:
                hide_person(connection, person_id, hidden=request.hidden)
        case people_requests.MergePeople():
            merge_people(connection, request.person_id, request.others)
        case people_requests.SplitPerson():
            for person_id in sorted(people_called(connection, request.person)):
                if found := faces_at(connection, person_id, request.video_id, request.time):
                    split_person(connection, person_id, found)
