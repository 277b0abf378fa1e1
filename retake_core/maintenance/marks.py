"""What the window asks to be changed of that which a person says of videos."""

from sqlalchemy import Connection

from retake_core.errors import UserError
from retake_core.library.catalog import VIDEO_GONE, videos
from retake_core.library.description_file import keep_description, parse_typed, with_sentences
from retake_core.library.marks import existing, keep_position, set_marks
from retake_core.library.notes import add_note, change_note, delete_note
from retake_core.library.tags import add_tags, remove_tags, rename_tag
from retake_core.protocol import requests


def change_marks(connection: Connection, request: requests.MarkChange) -> None:
    """Do what is asked in a writing transaction; videos that are gone are passed over, but not all of them.

    Raises:
        UserError: a tag, a note or a chapter cannot be so, or is gone; or no video is there any more.
    """
    _check_some_are_there(connection, request)
    match request:
        case requests.MarkVideos():
            set_marks(
                connection,
                request.video_ids,
                stars=request.stars,
                favourite=request.favourite,
                hidden=request.hidden,
            )
            remove_tags(connection, request.video_ids, request.remove_tags)
            add_tags(connection, request.video_ids, request.add_tags)
        case requests.RenameTag():
            rename_tag(connection, request.name, request.new)
        case requests.AddNote():
            add_note(connection, request.video_ids, request.content, request.time)
        case requests.ChangeNote(note_id=note_id, content=str(content)):
            change_note(connection, note_id, content)
        case requests.ChangeNote():
            delete_note(connection, request.note_id)
        case requests.Describe():
            told = parse_typed(request.title, request.summary, request.chapters)
            for video in videos(connection, request.video_id):
                keep_description(connection, video, with_sentences(connection, video, told))
        case requests.KeepPosition():
            keep_position(connection, request.video_ids, request.position)


def _check_some_are_there(connection: Connection, request: requests.MarkChange) -> None:
    """Refuse what a person says of videos that another program has removed meanwhile: it would be lost unsaid."""
    match request:
        case requests.MarkVideos(video_ids=ids) | requests.AddNote(video_ids=ids):
            asked = tuple(ids)
        case requests.Describe(video_id=video_id):
            asked = (video_id,)
        case _:
            return
    if asked and connection.execute(existing(asked)).first() is None:
        raise UserError(VIDEO_GONE)
