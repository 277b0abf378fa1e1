"""Writes files out of a library, as the window's worker and the command line order them."""

import io
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.export.moments import Collection, collect, pictures
from retake_core.export.target import check, check_name, publish_folder, writing
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.database import Database
from retake_core.library.description import Chapter, description
from retake_core.library.history import find_message
from retake_core.library.keyframes import thumbnails
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import TellFraction
from retake_core.protocol import requests
from retake_core.protocol.answers import ExportDone
from retake_core.protocol.export_order import Note, Order, Report
from retake_core.protocol.indexing_events import CopyProgress
from retake_core.system.files import WRITING

FULL_SIZE = 16_384  # pixels: frames are saved as large as they are


class ExportService:
    """Does one order after another.

    Args:
        database: of the library.
        decoder: reads recordings, in a process of its own.
    """

    def __init__(self, database: Database, decoder: LastingDecoder) -> None:
        self._database = database
        self._decoder = decoder

    def export(
        self, request: requests.Export, cancel: CancelToken, tell: Callable[[CopyProgress], None]
    ) -> ExportDone:
        """Write what an order says.

        Args:
            request: the order.
            cancel: looked at ten times a second; nothing is left behind then.
            tell: hears how far it has come.

        Raises:
            UserError: it cannot be done, with the reason.
            Cancelled: a stop was asked for.
        """
        report = self._write(request.order, cancel, lambda fraction: tell(CopyProgress(fraction)))
        return ExportDone(id=request.id, report=report)

    def _write(self, order: Order, cancel: CancelToken, tell: TellFraction) -> Report:
        target = Path(order.target)
        check_name(order.what, target)
        if order.what == "page":
            return self._page(order, target)
        with self._database.reading() as connection:
            collection = collect(connection, order)
        cancel.check()
        match order.what:
            case "clip":
                report = self._clip(order, collection, cancel, tell)
            case "frame":
                report = self._frame(order, target, collection, cancel)
            case "sheet":
                report = self._sheet(order, target, collection)
            case "chapters":
                report = self._chapters(order, target, collection)
            case "timeline":
                report = self._timeline(order, target, collection, cancel, tell)
            case "transcript":
                report = self._transcript(order, target, collection)
        if not collection.left_out:
            return report
        return msgspec.structs.replace(report, notes=(*report.notes, Note("left out", collection.left_out)))

    def _clip(self, order: Order, collection: Collection, cancel: CancelToken, tell: TellFraction) -> Report:
        from retake_core.export.clip import export_clip

        if not order.moments:
            raise UserError("Name the moment that the clip is to show.")
        chapters = self._chapters_of(collection.items[0].video) if len(collection.items) == 1 else ()
        return export_clip(order, collection.items, chapters, self._decoder, cancel, tell)

    def _frame(self, order: Order, target: Path, collection: Collection, cancel: CancelToken) -> Report:
        from PIL import Image

        if len(collection.items) != 1 or collection.whole:
            raise UserError("Name the one moment whose frame is to be saved.")
        item = collection.items[0]
        check(target, item.video.paths, replace=order.replace)
        frame = self._decoder.frame_at(_present(item.video), item.time, FULL_SIZE, cancel)
        with writing(target, item.video.paths, replace=order.replace) as temporary:
            kind, content = "PNG" if target.suffix.lower() == ".png" else "JPEG", io.BytesIO()
            Image.fromarray(frame.image).save(content, kind, quality=95)
            temporary.write_bytes(content.getvalue())  # Pillow does not say why a file cannot be written
        return _report(target)

    def _sheet(self, order: Order, target: Path, collection: Collection) -> Report:
        from retake_core.export.sheet import write_sheet

        with self._database.reading() as connection:
            thumbnails = pictures(connection, collection.items)
        with writing(target, _recordings(collection), replace=order.replace) as temporary:
            write_sheet(temporary, target.suffix.lower(), collection, thumbnails, order.name)
        return _report(target)

    def _chapters(self, order: Order, target: Path, collection: Collection) -> Report:
        from retake_core.export.chapters import chapters, to_ffmetadata, to_webvtt
        from retake_core.export.youtube import to_youtube

        video = collection.only_video
        duration = 0.0 if video is None else video.duration or 0.0
        parts = chapters(collection.items, duration)
        name = order.name or collection.title
        notes: tuple[Note, ...] = ()
        match target.suffix.lower():
            case ".vtt":
                text = to_webvtt(parts)
            case ".txt":
                text, notes = to_youtube(parts, duration, name)
            case _:
                text = to_ffmetadata(parts, name)
        report = self._text(order, target, collection, text)
        return Report(report.target, report.size, notes)

    def _chapters_of(self, video: VideoEntry) -> tuple[Chapter, ...]:
        """Return the chapters that somebody wrote, or that the recording names itself."""
        with self._database.reading() as connection:
            return description(connection, video.id, video.duration or 0.0).chapters

    def _timeline(
        self, order: Order, target: Path, collection: Collection, cancel: CancelToken, tell: TellFraction
    ) -> Report:
        from retake_core.export import timeline as timelines
        from retake_core.export.edl import to_edl
        from retake_core.export.fcpxml import to_fcpxml
        from retake_core.export.footage import Footage, FootageTask

        check(target, _recordings(collection), replace=order.replace)
        footages: dict[int, Footage] = {}
        for video in {item.video.id: item.video for item in collection.items}.values():
            footages[video.id] = self._decoder.run(FootageTask(_present(video)), cancel)
            tell(len(footages) / len(collection.videos))
        name = order.name or collection.title
        sequence = timelines.timeline(name, collection.items, footages, whole=collection.whole)
        match target.suffix.lower():
            case ".otio":
                text = sequence.to_json_string()
            case ".edl":
                text = to_edl(sequence)
            case _:
                by_url = {
                    timelines.file_url(collection.videos[i].path): footage for i, footage in footages.items()
                }
                text = to_fcpxml(sequence, by_url)
        report = self._text(order, target, collection, text)
        return Report(report.target, report.size, timelines.notes(list(footages.values())))

    def _transcript(self, order: Order, target: Path, collection: Collection) -> Report:
        from retake_core.export.transcript import to_srt, to_text, to_vtt
        from retake_core.library.transcript import spoken

        if len(collection.videos) != 1:
            raise UserError("A transcript belongs to one video; choose one.")
        (video,) = collection.videos.values()
        with self._database.reading() as connection:
            cues = spoken(connection, video.id)
        if not cues:
            raise UserError(
                f"Nothing that is said in {video.path.name} is known: it has no subtitles, nor was speech heard."
            )
        write = {".srt": to_srt, ".vtt": to_vtt, ".txt": to_text}[target.suffix.lower()]
        return self._text(order, target, collection, write(cues))

    def _text(self, order: Order, target: Path, collection: Collection, text: str) -> Report:
        with writing(target, _recordings(collection), replace=order.replace) as temporary:
            temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return _report(target)

    def _page(self, order: Order, target: Path) -> Report:
        from retake_core.export.answer_page import AnswerContent, folder_of, to_html, to_markdown
        from retake_core.export.page_words import PageWords

        with self._database.reading() as connection:
            message, asked_at = find_message(connection, order.message_id)
            cited = {cited.video_id for cited in message.citations}
            cited |= {line.video_id for line in message.details.lines}
            frames = [cited.keyframe_id for cited in message.citations if cited.keyframe_id is not None]
            videos = catalog.videos_by_id(connection, cited)
            answer = AnswerContent(
                message,
                videos,
                thumbnails(connection, frames),
                {i: description(connection, i, video.duration or 0.0).chapters for i, video in videos.items()},
                datetime.fromtimestamp(asked_at).astimezone(),
                PageWords(order.language, dict(order.words)),
            )
        recordings = [path for video in answer.videos.values() for path in video.paths]
        folder = folder_of(target)
        text, files = (
            (to_html(answer), {}) if target.suffix.lower() == ".html" else to_markdown(answer, folder.name)
        )
        with writing(target, recordings, replace=order.replace) as temporary:
            temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            if files:
                _write_pictures(folder, files, replace=order.replace)
        return Report(os.fspath(target), target.stat().st_size + sum(map(len, files.values())))


def _write_pictures(folder: Path, files: dict[str, bytes], *, replace: bool) -> None:
    """Write pictures into a folder that is there as a whole or not at all.

    Raises:
        OSError: it cannot be written.
        UserError: a folder of that name is there.
    """
    fresh = Path(tempfile.mkdtemp(prefix=WRITING, dir=folder.parent))
    try:
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        publish_folder(fresh, folder, replace=replace)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _report(target: Path) -> Report:
    return Report(os.fspath(target), target.stat().st_size)


def _recordings(collection: Collection) -> list[Path]:
    return [path for video in collection.videos.values() for path in video.paths]


def _present(video: VideoEntry) -> Path:
    if video.offline:
        raise UserError(f"{video.path.name} is not there now; connect its drive.")
    return video.path
