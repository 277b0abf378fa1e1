"""A library of videos that are made of named colours, and of words."""

from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from retake_core.data_dir import DataDir
from retake_core.indexing.passes.names_and_subtitles import NAMES
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, finish_job, store_keyframes
from retake_core.library.schema import file, video
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.library.vectors import VectorIndex
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.media.video_file import FoundFile
from retake_core.search.all_sources import search_moments
from retake_core.search.encoder_choice import Searcher
from retake_core.search.moments import Moment
from retake_core.search.options import SearchOptions
from tests.support.fakes import FakeEncoder, picture


class Library:
    """Videos made of named colours, and a search over them."""

    def __init__(self, database: Database, data_dir: DataDir) -> None:
        self.database = database
        self.encoder = FakeEncoder()
        self.directory = data_dir.vectors
        self.vectors = VectorIndex(data_dir.vectors, self.encoder.id, self.encoder.dimension)

    def add(self, path: str, looks: str, duration: float = 100.0, *, pictures: bool = False, **facts: Any) -> int:
        """Add a video with a keyframe every 10 seconds, and return its id.

        Keyframes have a thumbnail if `pictures` is true; facts are columns of the video's row.
        """
        new = [
            NewKeyframe(
                10.0 * number,
                0.5,
                encode_thumbnail(picture(look)) if pictures else b"",
                self.encoder.encode_text(look),
            )
            for number, look in enumerate(looks.split())
        ]
        with self.database.writing() as connection:
            folder = add_folder(connection, Path(path).parent)
            put_file(connection, folder, FoundFile(Path(path), 1, 1), path)
            statement = select(file.c.video_id).where(file.c.path == Path(path))
            video_id = connection.execute(statement).scalar_one()
            begin_job(connection, video_id, Depth.QUICK, "recipe")
            store_keyframes(connection, video_id, "fake", new, start=0.0, end=None, state=None)
            finish_job(connection, video_id, Depth.QUICK, "recipe", duration)
            if facts:
                connection.execute(update(video).where(video.c.id == video_id).values(**facts))
            replace_texts(connection, video_id, NAMES, TextKind.TITLE, "1", [NewText(Path(path).stem)])
        return int(video_id)

    def say(
        self,
        video_id: int,
        *words: tuple[float, float, str],
        kind: TextKind = TextKind.SPOKEN,
        language: str | None = None,
    ) -> None:
        """Give a video texts: when they begin and end, and what they are."""
        new = [NewText(text, start, end, language) for start, end, text in words]
        with self.database.writing() as connection:
            replace_texts(connection, video_id, kind.value, kind, "1", new)

    def search(self, query: str, limit: int = 20, folder: str | None = None, **options: Any) -> list[Moment]:
        narrowed = SearchOptions(limit, None if folder is None else Path(folder), **options)
        with self.database.reading() as connection:
            return search_moments(connection, Searcher(self.encoder, self.vectors), query, narrowed)

    def spans(self, query: str, limit: int = 20, folder: str | None = None) -> list[tuple[str, float, float]]:
        return [(m.video.path.name, m.start, m.end) for m in self.search(query, limit, folder)]
