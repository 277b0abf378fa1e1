from pathlib import Path

from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file, video_of
from retake_core.library.texts import SPEECH, NewText, TextKind, replace_texts
from retake_core.library.transcript import subtitle_tracks
from retake_core.media.video_file import FoundFile


def test_each_source_is_a_track_and_what_a_person_wrote_comes_first(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.db")
    with database.writing() as connection:
        folder = add_folder(connection, tmp_path)
        put_file(connection, folder, FoundFile(tmp_path / "a.mp4", 1, 1), "f")
        video_id = video_of(connection, "f")
        assert video_id is not None
        for source, line in (
            (SPEECH, NewText("heard one", 1.0, 2.0)),
            ("beside:a.de.srt", NewText("drei Worte hier", 3.0, 4.5, "de")),
            ("inside:2", NewText("a sign", 5.0, 6.0, "en", partial=True)),
        ):
            replace_texts(connection, video_id, source, TextKind.SPOKEN, "1", [line])
        tracks = subtitle_tracks(connection, video_id)
    database.close()
    assert [(track.source, track.language, track.partial) for track in tracks] == [
        ("beside:a.de.srt", "de", False),
        (SPEECH, None, False),
        ("inside:2", "en", True),
    ]
    assert [(cue.start, cue.end, cue.text) for cue in tracks[0].cues] == [(3.0, 4.5, "drei Worte hier")]
