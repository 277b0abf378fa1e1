"""What the window asks to be changed of that which a person says of videos."""

from sqlalchemy import Connection

from retake_core.library.catalog import videos
from retake_core.library.description_file import keep_description, parse_typed, with_sentences
from retake_core.library.marks import keep_position, set_marks
from retake_core.library.notes import add_note, change_note, delete_note
from retake_core.library.tags import add_tags, remove_tags, rename_tag
from retake_core.protocol import requests


def change_marks(connection: Connection, request: requests.MarkChange) -> None:
    """Do what is asked in a writing transaction; videos that are gone are passed over.

    Raises:
        UserError: a tag, a note or a chapter cannot be so, or is gone.
    """
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
