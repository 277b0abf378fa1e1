"""Reading what videos are called and what their subtitles say: no model is needed for it."""

import logging
import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError
from retake_core.library.database import Database
from retake_core.library.description import is_described, prefer_file_chapters
from retake_core.library.folders import folders
from retake_core.library.indexing import Depth, set_info
from retake_core.library.schema import Presence, file, video
from retake_core.library.texts import (
    FILE_CHAPTERS,
    INSIDE,
    NewText,
    TextKind,
    forget_texts,
    readings,
    replace_texts,
)
from retake_core.media.ffmpeg.subtitles import FileTexts, Subtitles
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import Opened, TextsTask
from retake_core.media.subtitles.cues import Cue
from retake_core.media.subtitles.file import SUFFIXES, read_subtitle_file
from retake_core.media.subtitles.labels import Owners, read_labels
from retake_core.media.video_file import VIDEO_SUFFIXES

log = logging.getLogger(__name__)

READER = "3"  # part of every stamp: raise it when the same file would give other texts, or tell more of itself
NAMES, BESIDE = "names", "beside:"
SUBTITLE_FOLDERS = ("subs", "subtitles")  # beside a video, in lower case


class TextPass:
    """Brings the texts of all videos up to date; use it once."""

    def __init__(self, database: Database, cancel: CancelToken, log_file: Path | None = None) -> None:
        self._database = database
        self._cancel = cancel
        self._log_file = log_file
        with database.reading() as connection:
            self._known = readings(connection)
            self._files = _present_files(connection)
            self._roots = [path for _, path in folders(connection)]
        self._stems: dict[Path, set[str]] = defaultdict(set)
        for paths in self._files.values():
            for path in paths:
                self._stems[path.parent].add(path.stem)

    def read_names(self) -> None:
        """Store file and folder names that are new or have changed."""
        changed = {}
        for video_id, paths in self._files.items():
            names = list(dict.fromkeys(name for path in paths for name in self._names(path)))
            stamp = "\n".join((READER, *names))
            if self._known.get((video_id, NAMES)) != stamp:
                changed[video_id] = (stamp, [NewText(name) for name in names])
        if changed:
            with self._database.writing() as connection:
                for video_id, (stamp, names_found) in changed.items():
                    replace_texts(connection, video_id, NAMES, TextKind.TITLE, stamp, names_found)

    def read_sidecars(self) -> None:
        """Store the subtitle files that are new or have changed, and drop those that are gone.

        Raises:
            Cancelled: what was read by then is stored.
        """
        listed: dict[Path, dict[str, list[os.DirEntry[str]]]] = {}
        beside: dict[int, set[str]] = defaultdict(set)
        for video_id, source in self._known:
            if source.startswith(BESIDE):
                beside[video_id].add(source)
        for video_id, paths in self._files.items():
            seen = set()
            for path in paths:
                if path.parent not in listed:
                    listed[path.parent] = self._subtitles_by_video(path.parent)
                for entry in listed[path.parent].get(path.stem, ()):
                    self._cancel.check()
                    seen.add(source_of(Path(entry.path)))
                    self._read_sidecar(video_id, path, entry)
            gone = beside[video_id] - seen
            if gone:
                with self._database.writing() as connection:
                    for source in gone:
                        forget_texts(connection, video_id, source)

    def read_inside(self) -> None:
        """Store what video files say of themselves, and their subtitle streams: once for each content.

        Raises:
            Cancelled: what was read by then is stored.
        """
        with self._database.reading() as connection:
            statement = select(video.c.id).where(video.c.depth > Depth.NONE, video.c.error.is_(None))
            sound = set(connection.execute(statement).scalars())
        due = [i for i in self._files if i in sound and self._known.get((i, INSIDE)) != READER]
        decoder = LastingDecoder(self._log_file)
        try:
            for video_id in due:
                self._cancel.check()
                self._read_one(decoder, video_id, self._files[video_id][0])
            decoder.leave()
        finally:
            decoder.close()

    def _subtitles_by_video(self, folder: Path) -> dict[str, list[os.DirEntry[str]]]:
        """Return the subtitle files of a folder, by the names of the videos that they belong to."""
        stems = self._stems[folder]
        owners = Owners(stems)
        found: dict[str, list[os.DirEntry[str]]] = defaultdict(list)
        for entry in subtitle_files(folder):
            name = Path(entry.name).stem
            suffix = Path(name).suffix.lower()
            if suffix in VIDEO_SUFFIXES and Path(name).stem in stems:  # film.mp4.srt
                found[Path(name).stem].append(entry)
            elif (stem := owners.owner(name)) is not None:
                found[stem].append(entry)
            elif len(stems) == 1 and Path(entry.path).parent != folder:  # the films of a shop: Subs/2_English.srt
                found[next(iter(stems))].append(entry)
        return found

    def _names(self, path: Path) -> Iterator[str]:
        """Yield a file's name, and the way to it from the folder that the user added."""
        yield _composed(path.stem)
        root = max(
            (root for root in self._roots if path != root and path.is_relative_to(root)),
            key=lambda root: len(root.parts),
            default=None,
        )
        if root is not None:
            way = Path(root.name) / path.parent.relative_to(root)
            yield " / ".join(map(_composed, way.parts))

    def _read_sidecar(self, video_id: int, path: Path, entry: os.DirEntry[str]) -> None:
        source = source_of(Path(entry.path))
        try:
            status = entry.stat()
        except OSError:
            return  # it went away just now; the next run sees that
        stamp = f"{READER} {status.st_size} {status.st_mtime_ns}"
        if self._known.get((video_id, source)) == stamp:
            return
        name = Path(entry.name).stem
        labels = read_labels(name, path.stem if name.casefold().startswith(path.stem.casefold()) else "")
        try:
            cues = read_subtitle_file(Path(entry.path), labels.language)
        except MediaError as error:
            log.info("%s: %s", source, error)
            cues = []
        texts = _texts(cues, labels.language, partial=labels.partial)
        with self._database.writing() as connection:
            replace_texts(connection, video_id, source, TextKind.SPOKEN, stamp, texts)

    def _read_one(self, decoder: LastingDecoder, video_id: int, path: Path) -> None:
        # A pass over the pictures stored what the first reading would tell; a later one may tell something else.
        again = (video_id, INSIDE) in self._known
        about = FileTexts([], [])
        streams: dict[int, list[NewText]] = defaultdict(list)
        try:
            for message in decoder.messages(TextsTask(path, with_info=again), self._cancel):
                match message:
                    case Opened(info):
                        with self._database.writing() as connection:
                            set_info(connection, video_id, info)
                    case FileTexts():
                        about = message
                    case Subtitles(stream, language, partial, cues):
                        streams[stream] += _texts(cues, language, partial=partial)
        except DecoderDiedError:
            about, streams = FileTexts([], []), {}
        except MediaError:
            if not path.exists():
                return  # its drive went away; the next run tries again
        self._store_inside(video_id, about, streams)

    def _store_inside(self, video_id: int, about: FileTexts, streams: dict[int, list[NewText]]) -> None:
        with self._database.writing() as connection:
            present = select(video.c.id).where(video.c.id == video_id)
            if connection.execute(present).first() is None:
                return
            titles = [NewText(title) for title in about.titles]
            replace_texts(connection, video_id, INSIDE, TextKind.TITLE, READER, titles)
            if not is_described(connection, video_id):
                chapters = [NewText(chapter.text, chapter.start, chapter.end) for chapter in about.chapters]
                replace_texts(connection, video_id, FILE_CHAPTERS, TextKind.CHAPTER, READER, chapters)
                prefer_file_chapters(connection, video_id)
            for stream, texts in streams.items():
                replace_texts(connection, video_id, f"{INSIDE}:{stream}", TextKind.SPOKEN, READER, texts)
        self._known[video_id, INSIDE] = READER


def _present_files(connection: Connection) -> dict[int, list[Path]]:
    """Return the files that are there, by video; a missing one keeps what was read of it."""
    found: dict[int, list[Path]] = defaultdict(list)
    statement = select(file.c.video_id, file.c.path).where(file.c.missing == Presence.HERE).order_by(file.c.path)
    for row in connection.execute(statement):
        found[row.video_id].append(row.path)
    return found


def _composed(name: str) -> str:
    """Return a name as people type it: some systems store letters and their accents apart."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode(errors="replace"))


def subtitle_files(folder: Path) -> list[os.DirEntry[str]]:
    """Return the subtitle files in a folder, and in those inside it that hold nothing else."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        found = [entry for entry in inside if Path(entry.name).suffix.lower() in SUFFIXES and entry.is_file()]
        for entry in inside:
            if entry.name.lower() in SUBTITLE_FOLDERS and entry.is_dir():
                found += subtitle_files(Path(entry.path))
    except OSError:
        return []
    return found


def source_of(path: Path) -> str:
    """Return what the texts of a subtitle file have as their source."""
    folder = path.parent.name
    return BESIDE + (f"{folder}/" if folder.lower() in SUBTITLE_FOLDERS else "") + readable(path.name)


def _texts(cues: Sequence[Cue], language: str | None, *, partial: bool) -> list[NewText]:
    return [NewText(cue.text, cue.start, cue.end, language, cue.speaker, partial) for cue in cues]
